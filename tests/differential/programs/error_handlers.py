"""The program's own exception handlers: by class, by status, for validation errors, for everything."""

from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from tests.differential.case import get, post, request, sub


class Item(BaseModel):
    name: str


class Unicorn(Exception):
    def __init__(self, name):
        super().__init__(name)
        self.name = name


class Winged(Unicorn):
    pass


def build(f):
    exceptions, r = sub(f, "exceptions"), sub(f, "responses")
    defaults = sub(f, "exception_handlers")

    async def on_teapot(request, exc):
        return r.PlainTextResponse(f"teapot {exc.detail}", 418)

    app = f.FastAPI(exception_handlers={418: on_teapot})

    @app.exception_handler(Unicorn)
    async def on_unicorn(request: f.Request, exc: Unicorn):
        return r.JSONResponse({"oops": exc.name, "path": request.url.path}, 420, headers={"x-unicorn": "yes"})

    @app.exception_handler(exceptions.RequestValidationError)
    async def on_validation(request, exc):
        if "default" in request.query_params:
            return await defaults.request_validation_exception_handler(request, exc)
        return r.JSONResponse({"errors": [list(e["loc"]) for e in exc.errors()], "body": exc.body}, 400)

    @app.exception_handler(StarletteHTTPException)
    async def on_http(request, exc):
        if exc.status_code == 409:
            return await defaults.http_exception_handler(request, exc)
        return r.PlainTextResponse(f"own: {exc.detail}", exc.status_code)

    @app.exception_handler(exceptions.ResponseValidationError)
    def on_response(request, exc):
        return r.JSONResponse({"bad answer": [list(e["loc"]) for e in exc.errors()]}, 500)

    @app.exception_handler(ValueError)
    def on_value(request, exc):
        app.state.events.append(f"handled {exc}")
        return r.PlainTextResponse("value", 400)

    @app.exception_handler(404)
    def on_404(request, exc):
        return r.JSONResponse({"no": request.url.path}, 404)

    @app.exception_handler(Exception)
    async def on_everything(request, exc):
        app.state.events.append(type(exc).__name__)
        return r.PlainTextResponse("everything", 500)

    @app.get("/raise/{kind}")
    def raises(kind: str):
        raise {
            "unicorn": Unicorn("u"),
            "winged": Winged("w"),
            "value": ValueError("v"),
            "unicode": UnicodeDecodeError("utf-8", b"", 0, 1, "r"),
            "key": KeyError("k"),
            "409": f.HTTPException(409, "conflict"),
            "418": f.HTTPException(418, "short"),
            "404": f.HTTPException(404, "thing"),
            "401": StarletteHTTPException(401, "who"),
        }[kind]

    @app.get("/response", response_model=Item)
    def response():
        return {}

    @app.post("/items")
    def items(item: Item, n: int = 1):
        return item

    def cleans_up():
        try:
            yield "dep"
        except Exception as error:
            app.state.events.append(f"saw {type(error).__name__}")
            raise
        finally:
            app.state.events.append("cleaned")

    @app.get("/yield/{kind}")
    def with_yield(kind: str, dep: str = f.Depends(cleans_up)):
        if kind != "none":
            raises(kind)
        return dep

    sub_app = f.FastAPI()

    @sub_app.get("/raise")
    def sub_raise():
        raise f.HTTPException(404, "in the sub application")

    @sub_app.get("/unicorn")
    def sub_unicorn():
        raise Unicorn("sub")

    app.mount("/sub", sub_app)
    return app


_KINDS = "unicorn winged value unicode key 409 418 404 401".split()

CASES = [
    *(get(f"/{path}/{kind}") for path in ("raise", "yield") for kind in _KINDS),
    get("/yield/none"),
    get("/response"),
    post("/items?n=x", {"no": 1}),
    post("/items?n=x&default=1", {"no": 1}),
    post("/items", raw="{"),
    get("/nowhere"),
    request("PATCH", "/items"),
    get("/sub/raise"),
    get("/sub/nowhere"),
    get("/sub/unicorn"),
]
