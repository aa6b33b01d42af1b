"""Routers and routes: prefixes, order, methods, slashes, HEAD and OPTIONS, route classes, hosts, url_for."""

import functools
import re
from typing import Annotated

from tests.differential.case import get, post, request, send, sub


def build(f):
    routing, r = sub(f, "routing"), sub(f, "responses")
    app = f.FastAPI()

    @app.get("/")
    def root():
        return "root"

    @app.get("/slash/")
    def slash():
        return "slash"

    @app.get("/no-slash")
    def no_slash():
        return "no slash"

    @app.post("/no-slash")
    def no_slash_post():
        return "posted"

    for method in ("put", "delete", "options", "head", "patch", "trace"):
        getattr(app, method)(f"/method/{method}")(functools.partial(lambda m: {"method": m}, m=method))

    @app.api_route("/several", methods=["GET", "POST", "PURGE"])
    async def several(request: f.Request):
        return request.method

    @app.head("/own-head")
    def own_head(response: f.Response):
        response.headers["x-head"] = "1"

    @app.get("/own-head")
    def own_head_get():
        return "get"

    @app.get("/same")
    def first():
        return "first"

    @app.get("/same")
    def second():
        return "second"

    @app.get("/url-for/{name}")
    def url_for(name: str, request: f.Request):
        return [str(request.url_for("item", item_id=name)), str(app.url_path_for("item", item_id="1"))]

    @app.get("/request/{rest:path}")
    async def inspect(request: f.Request, rest: str):
        route = request.scope["route"]
        return {
            "url": str(request.url),
            "base": str(request.base_url),
            "path": request.scope["path"],
            "params": request.path_params,
            "root": request.scope["root_path"],
            "route": route.path,
            "endpoint": request.scope["endpoint"].__name__,
            "query": str(request.query_params),
            "client": request.client and request.client.host,
            "raw": repr(request.scope["raw_path"]),
        }

    @app.api_route("/body", methods=["GET", "POST"])
    async def body(request: f.Request):
        return {"body": (await request.body()).decode("latin-1"), "type": request.headers.get("content-type")}

    router = f.APIRouter(prefix="/api", tags=["api"])

    @router.get("")
    def empty_path():
        return "empty"

    @router.get("/items/{item_id}", name="item")
    def item(item_id: str):
        return item_id

    inner = f.APIRouter(prefix="/inner/{outer}")

    @inner.get("/{n}")
    def inner_get(outer: str, n: int):
        return [outer, n]

    router.include_router(inner)
    router.include_router(inner, prefix="/again", tags=["again"], deprecated=True, include_in_schema=False)
    app.include_router(router)
    app.include_router(router, prefix="/v2")

    class Timed(routing.APIRoute):
        def get_route_handler(self):
            original = super().get_route_handler()

            async def handler(request: f.Request):
                response = await original(request)
                response.headers["x-timed"] = self.path
                return response

            return handler

    timed = f.APIRouter(route_class=Timed)

    @timed.get("/timed/{n}")
    def timed_get(n: int):
        return n

    app.include_router(timed)

    class Endpoint:
        def __call__(self, q: str = "called"):
            return q

        async def method(self, n: int = 1):
            return n

    app.get("/callable")(Endpoint())
    app.get("/bound")(Endpoint().method)
    app.get("/partial")(functools.partial(lambda a, b: [a, b], b=2))
    app.add_api_route("/added", lambda: "added", methods=["GET", "DELETE"], status_code=202)
    app.add_route("/plain", lambda request: r.PlainTextResponse("plain"), methods=["GET"])

    @app.get("/regex/{name}.{ext}")
    def regex(name: str, ext: Annotated[str, f.Path(pattern=re.compile("^[a-z]+$").pattern)]):
        return [name, ext]

    strict = f.FastAPI(redirect_slashes=False)

    @strict.get("/a/")
    def strict_a():
        return "a"

    app.mount("/strict", strict)
    app.host("other.example", strict)
    return app


_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PURGE", "get")

CASES = [
    *(
        get(path)
        for path in (
            "/ /slash /slash/ /no-slash /no-slash/ /no-slash/?a=1&b /no-slash// //no-slash /several /own-head /same /nowhere "
            "/nowhere/ /url-for/x /request/ /request/a/b?c=d /request/a%2Fb /request/%C3%BC /request/a%20b /api /api/ "
            "/api/items/1 /api/items/1/ /api/items/ /api/inner/a/1 /api/inner/a/x /api/again/inner/a/1 /v2/api/items/2 "
            "/v2/api /timed/1 /timed/x /callable /callable?q=a /bound /bound?n=2 /partial /partial?a=1 /added /plain "
            "/regex/a.b /regex/a.b.c /regex/a.B /strict /strict/ /strict/a /strict/a/ /a /a/ /API /no-slash%2F "
            "/no-slash? /no-slash?%20 /openapi.json/ /request"
        ).split()
    ),
    *(
        request(method, path)
        for path in (
            "/",
            "/several",
            "/own-head",
            "/no-slash",
            "/slash",
            "/plain",
            "/added",
            "/nowhere",
            "/timed/1",
            "/openapi.json",
        )
        for method in _METHODS
    ),
    *(
        request(method.upper(), f"/method/{method}")
        for method in ("put", "delete", "options", "head", "patch", "trace", "get")
    ),
    get("/a/", {"host": "other.example"}),
    get("/a", {"host": "other.example:80"}),
    get("/no-slash/", {"host": "example.com:8080", "x-forwarded-proto": "https"}),
    post("/body", raw="abc", content_type="text/odd"),
    send("GET", "/body", raw="with get", content_type=None),
    post("/body", content_type=None),
]
