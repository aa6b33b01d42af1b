"""Path, query, header and cookie parameters of every type that has a schema of its own."""

# ruff: noqa: B006, PLR0917  # what is under test are signatures

import datetime as dt
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AnyUrl, BeforeValidator, Field, Json, SecretStr, StringConstraints


class Color(str, Enum):  # noqa: UP042  # as most programs have it
    """What it looks like."""

    red = "red"
    green = "green"


class Level(IntEnum):
    low = 1
    high = 2


class Single(Enum):
    only = "only"


Slug = Annotated[str, StringConstraints(pattern="^[a-z]+$", to_lower=True, max_length=9)]


def build(f):
    app = f.FastAPI()
    Cookie, Header, Path, Query = f.Cookie, f.Header, f.Path, f.Query

    @app.get("/path/{text}/{number}/{when}/{color}/{rest:path}")
    def path(text, number: int, when: dt.date, color: Color, rest: str): ...

    @app.get("/convertors/{a:int}/{b:float}/{c:uuid}")
    def convertors(a: int, b: float, c: UUID): ...

    @app.get("/constrained-path/{a}/{b}")
    def constrained_path(
        a: Annotated[int, Path(gt=0, le=1000, title="A", description="The a")], b: float = Path(lt=3)
    ): ...

    @app.get("/bare")
    def bare(a, b=None, c="x", d=3, e=2.5, g=True, h=None): ...

    @app.get("/types")
    def types(
        i: int,
        x: float,
        flag: bool,
        text: str,
        raw: bytes,
        day: dt.date,
        moment: dt.datetime,
        clock: dt.time,
        span: dt.timedelta,
        amount: Decimal,
        key: UUID,
        url: AnyUrl,
        color: Color,
        level: Level,
        single: Single,
        mode: Literal["a", "b"],
        mixed: Literal["a", 1, None],  # noqa: PYI061  # not a union
        secret: SecretStr,
        slug: Slug,
        anything: Any,
        doubled: Annotated[int, BeforeValidator(lambda v: v)],
    ): ...

    @app.get("/optional")
    def optional(
        a: int | None,
        b: str | None = None,
        c: int | str | None = "x",
        color: Color | None = Color.red,
        level: Level = Level.high,
        day: dt.date | None = dt.date(2024, 1, 2),
        amount: Decimal = Decimal("1.50"),
        key: UUID = UUID(int=5),
        mode: Literal["a"] | None = None,
        span: dt.timedelta = dt.timedelta(seconds=90),
    ): ...

    @app.get("/collections")
    def collections(
        a: Annotated[list[int], Query()],
        b: Annotated[list[str], Query(min_length=1, max_length=3)] = [],
        c: Annotated[set[int], Query()] = {1},
        d: Annotated[tuple[int, str], Query()] = (1, "a"),
        e: Annotated[tuple[int, ...], Query()] = (),
        g: Annotated[list[Color] | None, Query()] = None,
        h: Annotated[frozenset[str], Query()] = frozenset(),
        i: Annotated[list, Query()] = [],
        j: Annotated[list[Annotated[int, Field(gt=3)]], Query()] = [],
    ): ...

    @app.get("/constraints")
    def constraints(
        a: Annotated[int, Query(gt=1, lt=10)],
        b: Annotated[int, Query(ge=1, le=10, multiple_of=3)],
        c: Annotated[float, Query(gt=0.5, lt=1e300, allow_inf_nan=False)],
        d: Annotated[str, Query(min_length=2, max_length=5, pattern="^x")],
        e: Annotated[Decimal, Query(max_digits=5, decimal_places=2, gt=0)],
        g: Annotated[int | None, Query(gt=1)] = None,
        h: Annotated[str, Query(strict=True)] = "",
        j: Annotated[Json[list[int]], Query()] = "[]",
    ): ...

    @app.get("/headers")
    def headers(
        user_agent: Annotated[str | None, Header()] = None,
        x_token: Annotated[list[str] | None, Header()] = None,
        under_score: Annotated[str, Header(convert_underscores=False)] = "x",
        aliased: Annotated[str, Header(alias="X-Other", description="Another")] = "y",
        number: int = Header(gt=0),
    ): ...

    @app.get("/cookies")
    def cookies(
        session: Annotated[str, Cookie()],
        tracking: Annotated[int | None, Cookie(alias="track-me", deprecated=True)] = None,
    ): ...

    return app
