"""Dependencies: every callable kind, graphs, caching, teardown, scopes, levels, overrides."""

import contextlib
import functools
from typing import Annotated, Any

from pydantic import BaseModel

from tests.differential.case import get, post


class Item(BaseModel):
    name: str


class Paging:
    """A class as dependency: its parameters are the constructor's."""

    def __init__(self, skip: int = 0, limit: int = 10):
        self.skip, self.limit = skip, limit


class Checker:
    def __init__(self, word):
        self.word = word

    def __call__(self, q: str = ""):
        return self.word in q

    async def method(self, q: str = ""):
        return [self.word, q]

    @classmethod
    def made(cls, n: int = 1):
        return n

    @staticmethod
    def static(n: int = 2):
        return n

    def __iter__(self):
        return iter(())


class AsyncChecker:
    async def __call__(self, n: int = 0):
        return n


class GeneratorCallable:
    def __init__(self, events):
        self.events = events

    async def __call__(self):
        self.events().append("callable open")
        yield "generated"
        self.events().append("callable close")


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return ["wrapped", function(*args, **kwargs)]

    return wrapper


def build(f):
    app = f.FastAPI(dependencies=[f.Depends(_noting(f, "app level"))])
    note = _noter(app)
    _kinds(f, app, note)
    _graphs(f, app, note)
    _levels(f, app, note)
    return app


def _noter(app):
    return lambda text: app.state.events.append(text)


def _noting(f, text):
    def dependency(request: f.Request):
        request.app.state.events.append(text)

    return dependency


def _kinds(f, app, note):
    Depends = f.Depends

    def function(a: int, b: str = "b"):
        return [a, b]

    async def coroutine(x_token: Annotated[str, f.Header()] = "none"):
        return x_token

    @decorated
    def wrapped(n: int = 3):
        return n

    @app.get("/function")
    def use_function(dep: Annotated[list, Depends(function)]):
        return dep

    @app.get("/function-default")
    async def use_function_default(dep: list = Depends(function), a: str = "endpoint's own"):
        return [dep, a]

    @app.get("/coroutine")
    def use_coroutine(dep: str = Depends(coroutine)):
        return dep

    @app.get("/class")
    def use_class(page: Annotated[Paging, Depends()], other: Paging = Depends(Paging)):
        return [page.skip, page.limit, page is other]

    @app.get("/untyped-class")
    def use_untyped(page: Annotated[Any, Depends(Paging)]):
        return page.limit

    @app.get("/callables")
    async def use_callables(
        a: Annotated[bool, Depends(Checker("w"))],
        b: Annotated[list, Depends(Checker("m").method)],
        c: Annotated[int, Depends(Checker.made)],
        d: Annotated[int, Depends(Checker.static)],
        e: Annotated[int, Depends(AsyncChecker())],
        g: Annotated[Any, Depends(wrapped)],
        h: Annotated[Any, Depends(functools.partial(function, b="partial"))],
        i: Annotated[Any, Depends(functools.partial(coroutine, "bound"))],
        j: Annotated[Any, Depends(lambda n=1: n)],
    ):
        return [a, b, c, d, e, g, h, i, j]

    @app.get("/generator-callable")
    def use_generator_callable(g: Annotated[str, Depends(GeneratorCallable(lambda: app.state.events))]):
        note("endpoint")
        return g

    @app.post("/everything/{n}")
    def everything(
        dep: Annotated[list, Depends(_everything(f))], n: int, item: Item, request: f.Request, response: f.Response
    ):
        response.headers["x-endpoint"] = "1"
        return [dep, n, item, request.method]

    @app.get("/non-annotated")
    def non_annotated(dep=Depends(function)):
        return dep


def _everything(f):
    def dependency(
        n: int,
        request: f.Request,
        response: f.Response,
        tasks: f.BackgroundTasks,
        item: Item,
        q: str = "q",
        session: Annotated[str | None, f.Cookie()] = None,
        x_a: Annotated[list[str] | None, f.Header()] = None,
    ):
        response.headers["x-dependency"] = "1"
        tasks.add_task(request.app.state.events.append, "task")
        return [n, request.url.path, q, session, x_a, item]

    return dependency


def _graphs(f, app, note):
    Depends = f.Depends

    def leaf(q: str = "leaf"):
        note(f"leaf {q}")
        return q

    def left(x: Annotated[str, Depends(leaf)]):
        note("left")
        return f"left {x}"

    async def right(x: Annotated[str, Depends(leaf)], n: int = 0):
        note("right")
        return f"right {x} {n}"

    def fresh(x: Annotated[str, Depends(leaf, use_cache=False)]):
        note("fresh")
        return x

    def opened(name, after=None):
        def resource(q: str = ""):
            note(f"{name} open")
            if q == f"fail-{name}":
                raise f.HTTPException(400, name)
            try:
                yield name
            except f.HTTPException as error:
                note(f"{name} saw {error.status_code}")
                raise
            except Exception as error:
                note(f"{name} saw {type(error).__name__}")
                if q == f"convert-{name}":
                    raise f.HTTPException(418, f"{name} converted") from error
                raise
            finally:
                note(f"{name} close")
                if q == f"late-{name}":
                    raise RuntimeError(f"late in {name}")

        return resource

    a, b = opened("a"), opened("b")

    async def c(x: Annotated[str, Depends(b)]):
        note("c open")
        yield f"c over {x}"
        note("c close")

    @contextlib.asynccontextmanager
    async def context():
        note("context in")
        yield "context"
        note("context out")

    async def uses_context():
        async with context() as value:
            yield value

    @app.get("/diamond")
    def diamond(x: Annotated[str, Depends(left)], y: Annotated[str, Depends(right)]):
        return [x, y]

    @app.get("/uncached")
    def uncached(
        x: Annotated[str, Depends(leaf)],
        y: Annotated[str, Depends(fresh)],
        z: Annotated[str, Depends(leaf, use_cache=False)],
    ):
        return [x, y, z]

    def endpoint(first, second, path):
        @app.get(path, name=path)
        async def run(x: first, y: second, tasks: f.BackgroundTasks, fail: str = ""):
            note("endpoint")
            tasks.add_task(note, "background")
            if fail == "http":
                raise f.HTTPException(409)
            if fail:
                raise ValueError(fail)
            return [x, y]

    request_a, function_a = Annotated[str, Depends(a)], Annotated[str, Depends(a, scope="function")]
    request_c, function_c = Annotated[str, Depends(c, scope="request")], Annotated[str, Depends(c, scope="function")]
    endpoint(request_a, request_c, "/yields/request-request")
    endpoint(request_a, function_c, "/yields/request-function")
    endpoint(function_a, request_c, "/yields/function-request")
    endpoint(function_a, function_c, "/yields/function-function")
    endpoint(Annotated[str, Depends(uses_context)], request_a, "/yields/context")

    @app.get("/swallow")
    def swallow(x: Annotated[str, Depends(_swallowing)]):
        raise ValueError("swallowed")

    @app.get("/yields-nothing")
    def yields_nothing(x: Annotated[str, Depends(_yields_nothing)]):
        return x

    @app.get("/yields-twice")
    def yields_twice(x: Annotated[str, Depends(_yields_twice)]):
        return x


def _swallowing():
    with contextlib.suppress(ValueError):
        yield "x"


def _yields_nothing():
    return
    yield


def _yields_twice():
    yield 1
    yield 2


def _levels(f, app, note):
    def original():
        note("original")
        return "original"

    def replacement(q: str = "replaced", n: int = 1):
        note("replacement")
        return [q, n]

    def yielding():
        note("yielding")
        yield "y"
        note("closed")

    router = f.APIRouter(prefix="/router", dependencies=[f.Depends(_noting(f, "router level")), f.Depends(yielding)])

    @router.get("/plain")
    def plain():
        note("endpoint")
        return "plain"

    @router.get("/own", dependencies=[f.Depends(_noting(f, "route level"))])
    def own(x: Annotated[str, f.Depends(original)]):
        return x

    def guard(x_key: Annotated[str, f.Header()]):
        if x_key != "key":
            raise f.HTTPException(403, "no key")

    @router.get("/guarded", dependencies=[f.Depends(guard)])
    def guarded(n: int):
        return n

    inner = f.APIRouter(dependencies=[f.Depends(_noting(f, "inner level"))])

    @inner.get("/inner")
    def inner_get():
        return "inner"

    router.include_router(inner, dependencies=[f.Depends(_noting(f, "include level"))])
    app.include_router(router, dependencies=[f.Depends(_noting(f, "app include level"))])

    def nested(x: Annotated[str, f.Depends(original)]):
        return ["nested", x]

    @app.get("/overridden")
    def overridden(x: Annotated[Any, f.Depends(original)], y: Annotated[Any, f.Depends(nested)]):
        return [x, y]

    app.dependency_overrides[original] = replacement


_FAILURES = (
    "",
    "?fail=http",
    "?fail=value",
    "?q=fail-a",
    "?q=fail-b",
    "?q=late-a",
    "?q=late-b",
    "?q=convert-a&fail=v",
    "?q=convert-b&fail=v",
)

CASES = [
    *(
        get(path)
        for path in (
            "/function /function?a=1 /function?a=x&b=y /function-default?a=5 /function-default /coroutine /class "
            "/class?skip=1&limit=2 /class?skip=x /untyped-class?limit=3 /callables /callables?a=1&q=wm&n=4 /generator-callable "
            "/non-annotated?a=1 /diamond /diamond?q=a&n=2 /diamond?n=x /uncached /uncached?q=1 /swallow /yields-nothing "
            "/yields-twice /router/plain /router/own /router/guarded /router/guarded?n=1 /router/inner /overridden "
            "/overridden?q=a&n=x"
        ).split()
    ),
    *(get(f"/router/guarded?n={n}", {"x-key": key}) for n in ("1", "x") for key in ("key", "no")),
    *(
        get(f"/yields/{kind}{failure}")
        for kind in ("request-request", "request-function", "function-function", "context")
        for failure in _FAILURES
    ),
    get("/coroutine", {"x-token": "t"}),
    post("/everything/1?q=a", {"name": "a"}, headers=[("cookie", "session=s"), ("x-a", "1"), ("x-a", "2")]),
    post("/everything/x", {"no": "a"}),
    post("/everything/1", raw="{"),
]
