"""Middleware: functions and classes, Starlette's own, their order, and errors passing through them."""

import asyncio
import time

from pydantic import BaseModel
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware

from tests.differential.case import get, post, request, sub


class Item(BaseModel):
    name: str


class Tagging:
    """A plain ASGI middleware."""

    def __init__(self, app, tag):
        self.app, self.tag = app, tag

    async def __call__(self, scope, receive, send):
        async def tagged(message):
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-tag", self.tag)]
            await send(message)

        await self.app(scope, receive, tagged)


class Counting(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.seen = getattr(request.state, "seen", 0) + 1
        return await call_next(request)


def build(f):
    r = sub(f, "responses")
    app = f.FastAPI(middleware=[Middleware(Tagging, tag=b"from the constructor")])
    app.add_middleware(sub(f, "middleware.gzip").GZipMiddleware, minimum_size=200)
    app.add_middleware(
        sub(f, "middleware.cors").CORSMiddleware,
        allow_origins=["https://good.example"],
        allow_origin_regex=r"https://.*\.sub\.example",
        allow_methods=["GET", "POST"],
        allow_headers=["X-Custom"],
        allow_credentials=True,
        expose_headers=["x-tag"],
        max_age=5,
    )
    app.add_middleware(
        sub(f, "middleware.trustedhost").TrustedHostMiddleware, allowed_hosts=["testserver", "*.example"]
    )
    app.add_middleware(Tagging, tag=b"added")
    app.add_middleware(Counting)

    @app.middleware("http")
    async def outer(request: f.Request, call_next):
        app.state.events.append("outer in")
        if request.url.path == "/short-circuit":
            return r.PlainTextResponse("short", 299)
        request.state.outer = "set by outer"
        request.scope["extra"] = 1
        response = await call_next(request)
        app.state.events.append(f"outer out {response.status_code}")
        response.headers["x-outer"] = "1"
        return response

    @app.middleware("http")
    async def inner(request, call_next):
        start = time.perf_counter()
        try:
            response = await call_next(request)
        except LookupError as error:
            app.state.events.append(f"inner caught {type(error).__name__}")
            return r.PlainTextResponse("caught", 555)
        response.headers["x-fast"] = str(time.perf_counter() - start < 5)
        if request.url.path == "/replaced":
            return r.PlainTextResponse("replaced", headers={"x-was": str(response.status_code)})
        return response

    @app.get("/plain")
    def plain(request: f.Request):
        return [getattr(request.state, "outer", None), getattr(request.state, "seen", None), request.scope.get("extra")]

    @app.get("/big")
    async def big():
        return {"text": "x" * 5000}

    @app.get("/stream")
    def stream():
        return r.StreamingResponse((b"x" * 100 for _ in range(10)), media_type="text/plain")

    @app.get("/crash/{kind}")
    def crash(kind: str):
        raise {"key": KeyError, "value": ValueError, "http": f.HTTPException}[kind](404)

    @app.post("/items")
    async def items(item: Item, request: f.Request):
        return [item, (await request.body()).decode()]

    @app.get("/replaced")
    def replaced(tasks: f.BackgroundTasks):
        tasks.add_task(app.state.events.append, "background")
        return "original"

    def resource():
        app.state.events.append("open")
        yield "r"
        app.state.events.append("close")

    @app.get("/resource")
    async def with_resource(tasks: f.BackgroundTasks, x: str = f.Depends(resource)):
        tasks.add_task(app.state.events.append, "background")
        await asyncio.sleep(0)
        return x

    return app


_ORIGINS = ("https://good.example", "https://bad.example", "https://a.sub.example", "null", "")

CASES = [
    *(
        get(path)
        for path in "/plain /big /stream /short-circuit /replaced /resource /nowhere /crash/key /crash/value /crash/http".split()
    ),
    *(get("/big", {"accept-encoding": value}, note=value) for value in ("gzip", "identity", "br", "gzip;q=0")),
    *(get(path, {"accept-encoding": "identity"}) for path in ("/stream", "/plain")),
    *(get("/plain", {"origin": origin}, note=origin) for origin in _ORIGINS),
    *(get(path, {"origin": _ORIGINS[0]}) for path in ("/nowhere", "/crash/value", "/crash/http")),
    *(
        request(
            "OPTIONS",
            "/items",
            {"origin": origin, "access-control-request-method": method, "access-control-request-headers": headers},
            note=f"{origin} {method} {headers}",
        )
        for origin in _ORIGINS[:3]
        for method in ("POST", "DELETE")
        for headers in ("x-custom", "x-other, x-custom", "")
    ),
    request("OPTIONS", "/items", {"origin": _ORIGINS[0]}),
    request("OPTIONS", "/items"),
    get("/plain", {"origin": _ORIGINS[0], "cookie": "a=b"}),
    get("/plain", {"host": "evil.test"}),
    get("/plain", {"host": "a.example:81"}),
    post("/items", {"name": "a"}),
    post("/items", {"name": 1}),
    post("/items", {"name": "a"}, headers={"origin": _ORIGINS[0]}),
]
