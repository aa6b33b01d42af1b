"""Several body parameters, embedding, and bodies beside path, query, header and cookie parameters."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from tests.differential import strategies
from tests.differential.case import post, send


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)


class User(BaseModel):
    username: str
    full_name: str | None = None


def build(f):
    app = f.FastAPI()
    Body = f.Body

    @app.post("/two")
    async def two(item: Item, user: User):
        return {"item": item, "user": user}

    @app.post("/mixed")
    def mixed(
        item: Item,
        user: User | None = None,
        importance: Annotated[int, Body(gt=0)] = 1,
        note: str = Body("", alias="the-note", max_length=5),
        flags: Annotated[list[bool], Body()] = [],
    ):
        return [item, user, importance, note, flags]

    @app.post("/all-optional")
    def all_optional(item: Item | None = None, user: Annotated[User | None, Body()] = None, n: int = Body(0)):
        return [item, user, n]

    @app.post("/scalars")
    def scalars(a: Annotated[int, Body()], b: Annotated[str, Body(min_length=2)], c: Annotated[Any, Body()] = None):
        return [a, b, c]

    @app.put("/everything/{item_id}")
    def everything(
        item_id: Annotated[int, f.Path(ge=0)],
        item: Item,
        user: User,
        q: str | None = None,
        x_token: Annotated[str | None, f.Header()] = None,
        session: Annotated[str | None, f.Cookie()] = None,
    ):
        return [item_id, item, user, q, x_token, session]

    def body_dependency(user: User, level: Annotated[int, Body()] = 0):
        return [user, level]

    @app.post("/through-dependency")
    def through_dependency(item: Item, dep: Annotated[list, f.Depends(body_dependency)]):
        return [item, dep]

    @app.post("/same-name-twice")
    def same_name(user: User, dep: Annotated[list, f.Depends(body_dependency)]):
        return [user, dep]

    def only_here(item: Item):
        return item

    @app.post("/only-in-dependency")
    def only_in_dependency(item: Annotated[Item, f.Depends(only_here)]):
        return item

    return app


_ITEM, _USER = {"name": "a", "price": 1.5}, {"username": "u", "full_name": "U"}
_BOTH = {"item": _ITEM, "user": _USER}

EXAMPLES = {
    "/two": _BOTH,
    "/mixed": _BOTH | {"importance": 2, "the-note": "abc", "flags": [True, "no"]},
    "/all-optional": _BOTH | {"n": 3},
    "/scalars": {"a": 1, "b": "bb", "c": {"d": 1}},
    "/through-dependency": _BOTH | {"level": 1},
    "/same-name-twice": {"user": _USER, "level": 1},
    "/only-in-dependency": _ITEM,
}
_WRONG = (
    None,
    {},
    [],
    "x",
    1,
    {"item": None},
    {"item": {}, "user": {}},
    {"item": _ITEM},
    _ITEM,
    {"importance": 0, "the-note": "too long"},
    {"a": None, "b": "b"},
)

CASES = [
    *(post(path, example) for path, example in EXAMPLES.items()),
    *(post(path, wrong) for path in EXAMPLES for wrong in _WRONG),
    *(send("POST", path, content_type=None, note="no body") for path in EXAMPLES),
    *(post(path, raw=raw) for path in ("/two", "/all-optional") for raw in strategies.HOSTILE[:12]),
    send("PUT", "/everything/1?q=a", _BOTH, headers={"x-token": "t", "cookie": "session=s"}),
    send("PUT", "/everything/-1", {"item": 1}),
    send("PUT", "/everything/x", raw="[1"),
]

DRAWN = strategies.body_requests(EXAMPLES)
