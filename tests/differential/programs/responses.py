"""Response classes, responses returned and injected, headers, cookies, files, streams."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import orjson
from pydantic import BaseModel

from tests.differential.case import get, request, sub

_FOLDER = Path(tempfile.mkdtemp(prefix="differential-"))
_FILE = _FOLDER / "hello ü.txt"
_FILE.write_bytes(b"0123456789" * 10)


class Item(BaseModel):
    name: str = "a"
    price: float = 1.5


def build(f):
    app = f.FastAPI()
    r = sub(f, "responses")
    _injected(f, app)
    _returned(f, r, app)

    class Pretty(r.JSONResponse):
        media_type = "application/pretty+json"

        def render(self, content):
            return orjson.dumps(content, option=orjson.OPT_INDENT_2)

    class NoMedia(f.Response):
        media_type = None

        def render(self, content):
            return repr(content).encode()

    classes = {
        "json": r.JSONResponse,
        "html": r.HTMLResponse,
        "text": r.PlainTextResponse,
        "plain": f.Response,
        "pretty": Pretty,
        "nomedia": NoMedia,
        "redirect": r.RedirectResponse,
        "file": r.FileResponse,
        "stream": r.StreamingResponse,
    }
    values = {
        "str": "/text",
        "bytes": b"bytes",
        "dict": {"a": 1},
        "model": Item(),
        "none": None,
        "int": 1,
        "file": str(_FILE),
    }

    def route(name, cls, kind, value):
        @app.get(f"/class/{name}/{kind}", response_class=cls, name=f"{name} {kind}")
        def read():
            return value

        @app.get(
            f"/class-typed/{name}/{kind}", response_class=cls, name=f"{name} {kind} typed", response_model=type(value)
        )
        async def typed():
            return value

    for name, cls in classes.items():
        for kind, value in values.items():
            route(name, cls, kind, value)

    router = f.APIRouter(default_response_class=r.PlainTextResponse)

    @router.get("/default-class")
    def default_class():
        return "plain"

    @router.get("/default-class-overridden", response_class=r.HTMLResponse)
    def default_class_overridden():
        return "<b>"

    app.include_router(router)
    return app


def _injected(f, app):
    def sets(response: f.Response):
        response.headers["x-dependency"] = "1"
        response.set_cookie("from", "dependency")

    def sets_status(response: f.Response):
        response.status_code = 202

    @app.get("/injected")
    def injected(response: f.Response):
        response.headers["x-endpoint"] = "1"
        response.headers.append("x-many", "a")
        response.headers.append("x-many", "b")
        response.set_cookie("c", "v w", max_age=5, path="/p", httponly=True, samesite="strict")
        response.delete_cookie("d")
        response.status_code = 201
        return Item()

    @app.get("/injected-async", response_model=Item, status_code=206)
    async def injected_async(response: f.Response, change: bool = False):
        if change:
            response.status_code = 299
        response.headers["content-language"] = "de"
        return {"name": "b"}

    @app.get("/injected-overrides")
    def injected_overrides(response: f.Response):
        response.headers["content-type"] = "text/odd"
        return "abc"

    @app.get("/dependency", dependencies=[f.Depends(sets), f.Depends(sets_status)])
    def dependency():
        return "x"

    @app.get("/dependency-and-endpoint")
    def both(response: f.Response, dep: Annotated[None, f.Depends(sets_status)], other: None = f.Depends(sets)):
        response.headers["x-dependency"] = "2"
        response.set_cookie("from", "endpoint")
        return "x"

    @app.get("/dependency-then-returned", dependencies=[f.Depends(sets), f.Depends(sets_status)])
    def returned():
        return f.Response("own", headers={"x-own": "1"}, status_code=203)

    @app.get("/injected-then-returned")
    def injected_then_returned(response: f.Response):
        response.headers["x-lost"] = "1"
        response.status_code = 201
        return f.Response("own")

    @app.get("/injected-204")
    def injected_204(response: f.Response):
        response.status_code = 204
        return {"dropped": True}

    @app.get("/injected-then-error")
    def injected_then_error(response: f.Response):
        response.headers["x-lost"] = "1"
        raise f.HTTPException(409)


def _returned(f, r, app):
    async def chunks():
        for part in (b"a", "b", b"", "ü"):
            await asyncio.sleep(0)
            yield part

    makers = {
        "json": lambda: r.JSONResponse({"a": [1, "ü"]}, status_code=201, headers={"x-a": "b"}),
        "json-nan": lambda: r.JSONResponse(float("nan")),
        "html": lambda: r.HTMLResponse("<p>ü"),
        "text": lambda: r.PlainTextResponse("text", 404),
        "bytes": lambda: f.Response(b"\x00\xff", media_type="application/octet-stream"),
        "empty": lambda: f.Response(),
        "no-content": lambda: f.Response(status_code=204),
        "not-modified": lambda: f.Response(status_code=304, headers={"etag": '"a"'}),
        "redirect": lambda: r.RedirectResponse("/elsewhere?a=ü&b=c d"),
        "redirect-301": lambda: r.RedirectResponse("http://other/", 301, headers={"x-a": "b"}),
        "stream": lambda: r.StreamingResponse(chunks(), media_type="text/plain"),
        "stream-sync": lambda: r.StreamingResponse(iter(["a", "b"]), headers={"x-a": "b"}),
        "stream-length": lambda: r.StreamingResponse(iter([b"abc"]), headers={"content-length": "3"}),
        "file": lambda: r.FileResponse(_FILE),
        "file-named": lambda: r.FileResponse(_FILE, filename="ü.txt", media_type="text/odd", stat_result=_FILE.stat()),
        "file-inline": lambda: r.FileResponse(_FILE, filename="a.txt", content_disposition_type="inline"),
        "file-missing": lambda: r.FileResponse(_FOLDER / "none"),
        "cookies": lambda: _with_cookies(f.Response("c")),
        "duplicate-headers": lambda: _with_duplicates(f.Response("d")),
    }

    @app.get("/returned/{name}")
    def returned(name: str):
        return makers[name]()

    @app.get("/returned-async/{name}")
    async def returned_async(name: str):
        return makers[name]()

    app.state.makers = makers


def _with_cookies(response):
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", secure=True, domain="x.y", expires=0)
    return response


def _with_duplicates(response):
    response.headers.append("x-many", "a")
    response.headers.append("x-many", "b")
    return response


# A stream that fails behind its head: what a client sees of it depends on when the server sent the head.
_BROKEN_STREAMS = {("stream", "none"), ("stream", "int")}

_RETURNED = (
    "json json-nan html text bytes empty no-content not-modified redirect redirect-301 stream stream-sync stream-length "
    "file file-named file-inline file-missing cookies duplicate-headers"
).split()
_RANGES = ("bytes=0-9", "bytes=90-", "bytes=-5", "bytes=0-0,5-6", "bytes=200-", "lines=1-2", "bytes=x", "bytes=5-1")

CASES = [
    *(
        get(f"/{kind}/{name}/{value}")
        for kind in ("class", "class-typed")
        for name in "json html text plain pretty nomedia redirect stream".split()
        for value in "str bytes dict model none int".split()
        if (name, value) not in _BROKEN_STREAMS
    ),
    *(get(f"/class/file/{value}") for value in ("file", "str")),
    *(get(f"/{kind}/{name}") for kind in ("returned", "returned-async") for name in _RETURNED),
    *(request("HEAD", f"/returned/{name}") for name in ("json", "file")),
    *(get("/returned/file", {"range": value}, note=value) for value in _RANGES if "," not in value),
    get("/returned/file", {"range": "bytes=0-4", "if-range": '"no"'}),
    *(
        get(path)
        for path in (
            "/injected /injected-async /injected-async?change=1 /injected-overrides /dependency "
            "/dependency-and-endpoint /dependency-then-returned /injected-then-returned /injected-204 "
            "/injected-then-error /default-class /default-class-overridden"
        ).split()
    ),
]
