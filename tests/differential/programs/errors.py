"""Errors raised, handled and unhandled: HTTPException, exception handlers, validation errors, 500s."""

from typing import Annotated

from pydantic import BaseModel
from starlette.exceptions import HTTPException as StarletteHTTPException

from tests.differential.case import get, post, request, sub


class Item(BaseModel):
    name: str


class Unicorn(Exception):
    pass


class Winged(Unicorn):
    pass


DETAILS = {
    "none": None,
    "text": "detail",
    "dict": {"error": [1, None]},
    "list": ["a", 1],
    "int": 5,
    "empty": "",
    "model": Item(name="x"),
    "set": {1},
}


def build(f):
    app = f.FastAPI()

    @app.get("/http/{code}/{detail}")
    def http(code: int, detail: str):
        raise f.HTTPException(code, DETAILS[detail])

    @app.get("/http-async/{code}")
    async def http_async(code: int):
        raise f.HTTPException(status_code=code, headers={"x-error": "yes", "content-type": "text/odd"})

    @app.get("/starlette/{code}")
    def starlette(code: int):
        raise StarletteHTTPException(code, detail="from starlette", headers={"x-a": "b"})

    @app.get("/crash/{kind}")
    def crash(kind: str):
        raise {"unicorn": Unicorn, "winged": Winged, "value": ValueError, "key": KeyError, "base": RuntimeError}[kind](
            "text"
        )

    @app.get("/validation")
    def validation(n: int, item: Item | None = None):
        return n

    @app.post("/items")
    def items(item: Item, x: Annotated[int, f.Query(gt=1)] = 2):
        return item

    def failing(fail: bool = False):
        if fail:
            raise f.HTTPException(401, "from a dependency", headers={"www-authenticate": "Basic"})
        return "ok"

    @app.get("/dependency")
    def dependency(dep: Annotated[str, f.Depends(failing)]):
        return dep

    @app.get("/raised-validation")
    def raised():
        raise sub(f, "exceptions").RequestValidationError(
            [{"type": "own", "loc": ("x",), "msg": "m", "input": {1: 2}}], body={"b": 1}
        )

    @app.get("/response-validation", response_model=Item)
    def response_validation():
        return {"no": "name"}

    @app.get("/group")
    async def group():
        raise ExceptionGroup("several", [ValueError("a"), f.HTTPException(400)])

    return app


CASES = [
    *(get(f"/http/{code}/{detail}") for code in (400, 404, 422, 503) for detail in DETAILS),
    *(get(f"/http/{code}/text") for code in (200, 204, 304, 301, 599, 999)),
    *(get(f"/http-async/{code}") for code in (400, 204, 304, 500, 418)),
    *(get(f"/starlette/{code}") for code in (400, 404, 204)),
    *(get(f"/crash/{kind}") for kind in ("unicorn", "winged", "value", "key", "base")),
    get("/validation"),
    get("/validation?n=x"),
    post("/items?x=0", {}),
    post("/items", raw="{"),
    get("/dependency"),
    get("/dependency?fail=1"),
    get("/dependency?fail=x"),
    get("/raised-validation"),
    get("/response-validation"),
    get("/group"),
    get("/nowhere"),
    request("DELETE", "/items"),
]
