"""Cookie parameters, and cookie headers as browsers and others write them."""

from typing import Annotated

from tests.differential import strategies
from tests.differential.case import get


def build(f):
    app = f.FastAPI()
    Cookie = f.Cookie

    @app.get("/cookies")
    def cookies(
        ads_id: Annotated[str | None, Cookie()] = None,
        n: int = Cookie(0, ge=0),
        flag: Annotated[bool, Cookie()] = False,
        aliased: Annotated[str | None, Cookie(alias="the-alias")] = None,
        items: Annotated[list[str] | None, Cookie()] = None,
    ):
        return [ads_id, n, flag, aliased, items]

    @app.get("/required")
    async def required(session: Annotated[str, Cookie(min_length=3)]):
        return session

    return app


_HEADERS = (
    "ads_id=a",
    "ads_id=a; n=5; flag=1; the-alias=x",
    "n=-1",
    "n=x; flag=y",
    "ads_id=",
    "ads_id",
    "=a",
    'ads_id="quoted value"; n="3"',
    'ads_id="a\\"b\\054c"',
    "ads_id=a; ads_id=b",
    "ads_id=a;n=1",
    "ads_id=a,n=1",
    " ads_id = a ; n = 1 ",
    "ads_id=a=b=c",
    "ads_id=%7B%22a%22%7D",
    "items=1; items=2",
    ";;;",
    "aliased=x",
    "Ads_Id=a",
)

CASES = [
    get("/cookies"),
    *(get("/cookies", {"cookie": header}, note=header) for header in _HEADERS),
    get("/cookies", [("cookie", "ads_id=a"), ("cookie", "n=1")], note="two cookie headers"),
    get("/cookies", {"cookie": b"ads_id=\xc3\xbc"}, note="not ASCII"),
    get("/required"),
    get("/required", {"cookie": "session=ab"}),
    get("/required", {"cookie": "session=abc"}),
]

DRAWN = strategies.cookie_requests({"/cookies": "ads_id n flag the-alias items".split(), "/required": ["session"]})
