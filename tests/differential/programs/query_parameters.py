"""Query parameters one by one: types, requiredness, constraints, aliases, sequences."""

import enum
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Optional, Union
from uuid import UUID

from pydantic import AfterValidator, AliasChoices, BeforeValidator

from tests.differential import strategies
from tests.differential.case import get


class Size(str, enum.Enum):
    SMALL = "s"
    LARGE = "l"


def _even(value: int) -> int:
    if value % 2:
        raise ValueError(f"{value} is odd")
    return value


def _asserted(value: str) -> str:
    assert value.startswith("ok"), "must start with ok"
    return value


def build(f):
    app = f.FastAPI()
    Query = f.Query

    @app.get("/scalars")
    def scalars(
        s: str,
        i: int = 1,
        x: float = 0.5,
        b: bool = False,
        d: date | None = None,
        at: Optional[datetime] = None,
        span: timedelta = timedelta(seconds=1),
        money: Decimal = Decimal("1.50"),
        u: UUID | None = None,
        size: Size = Size.SMALL,
        lit: Literal["a", 1, True] = "a",
        either: Union[int, bool, str] = 0,
        anything: Any = None,
        bare="bare",
    ):
        return locals()

    @app.get("/required")
    async def required(a: int, b: str, c: bool | None):
        return [a, b, c]

    @app.get("/sequences")
    def sequences(
        items: Annotated[list[int], Query()],
        names: list[str] = Query(["x"]),
        unique: Annotated[set[int], Query()] = frozenset(),
        pair: Annotated[tuple[int, str] | None, Query()] = None,
        many: Annotated[tuple[float, ...], Query()] = (),
        frozen: Annotated[frozenset[str], Query()] = frozenset(),
        optional: Annotated[list[str] | None, Query(max_length=2)] = None,
        untyped: Annotated[list, Query()] = [],
    ):
        return {
            "items": items,
            "names": names,
            "unique": sorted(unique),
            "pair": pair,
            "many": many,
            "frozen": sorted(frozen),
            "optional": optional,
            "untyped": untyped,
        }

    @app.get("/bounds")
    def bounds(
        n: Annotated[int, Query(gt=0, lt=10, multiple_of=3)] = 3,
        x: Annotated[float | None, Query(ge=0, le=1, allow_inf_nan=False)] = None,
        s: Annotated[str, Query(min_length=2, max_length=5, pattern="^a.*z$")] = "az",
        money: Annotated[Decimal | None, Query(max_digits=4, decimal_places=2)] = None,
        strict: Annotated[int | None, Query(strict=True)] = None,
        even: Annotated[int, AfterValidator(_even)] = 2,
        ok: Annotated[str, AfterValidator(_asserted), Query(description="starts with ok")] = "ok",
        stripped: Annotated[str, BeforeValidator(str.strip)] = "",
    ):
        return [n, x, s, money, strict, even, ok, stripped]

    @app.get("/aliases")
    def aliases(
        plain: Annotated[str | None, Query(alias="item-query")] = None,
        validation: Annotated[str | None, Query(validation_alias="v-alias")] = None,
        both: Annotated[str | None, Query(alias="one", validation_alias="two", serialization_alias="three")] = None,
        choices: Annotated[str | None, Query(validation_alias=AliasChoices("first", "second"))] = None,
    ):
        return [plain, validation, both, choices]

    @app.get("/default-style")
    def default_style(
        required: list[str] = Query(alias="re-quired"),
        given: list[str] = Query(["x"], alias="gi-ven", max_length=2),
        optional: list[int] | None = Query(None, alias="op-tional"),
        scalar: int = Query(1, alias="sca-lar", gt=0),
    ):
        return [required, given, optional, scalar]

    @app.get("/default-style-alone")
    def default_style_alone(p: list[str] = Query(["7"], alias="p-alias")):
        return p

    @app.get("/default-style-choices")
    def default_style_choices(choices: set[str] = Query(set(), validation_alias=AliasChoices("one", "two"))):
        return sorted(choices)

    @app.get("/documented")
    def documented(
        old: Annotated[str | None, Query(deprecated=True, title="Old", description="Don't")] = None,
        hidden: Annotated[str | None, Query(include_in_schema=False)] = None,
        shown: Annotated[str, Query(examples=["one", "two"], json_schema_extra={"x-extra": 1})] = "one",
        open_: Annotated[str, Query(alias="open", openapi_examples={"a": {"summary": "A", "value": "a"}})] = "a",
        made: Annotated[list[int], Query(default_factory=lambda: [1, 2])] = ...,
    ):
        return [old, hidden, shown, open_, made]

    @app.get("/ellipsis")
    def ellipsis(q: str = Query(...), p: Annotated[str | None, Query()] = ...):
        return [q, p]

    return app


CASES = [
    get("/scalars"),
    get("/scalars?s="),
    get("/scalars?s=a&s=b"),
    get(
        "/scalars?s=a&i=2&x=1e2&b=on&d=2024-01-01&at=2024-01-01T00:00:00Z&span=PT5M&money=2.5&size=l&lit=1&either=5&anything=q&bare=1"
    ),
    get("/scalars?s=a&i=x&x=y&b=z&d=0&at=never&span=long&money=much&u=1&size=m&lit=b&either=q"),
    get("/scalars?i=&x=&b=&d="),
    get("/scalars?s=%F0%9F%90%8D&anything=%FF%FE"),
    get("/scalars?s=a+b%2Bc"),
    get("/scalars?s=a;i=3"),
    get("/scalars?S=upper"),
    get("/scalars?s=%ud800"),
    get("/scalars?s&i=1"),
    get("/scalars?&&s=1&"),
    get("/scalars?s=1=2"),
    get("/scalars?s=" + "x" * 5000),
    get("/scalars?s=a&i=" + "9" * 4400),
    get("/scalars?s=a&x=nan"),
    get("/scalars?s=a&x=-inf"),
    get("/scalars?s=a&money=NaN"),
    get("/scalars?s=a&i=1.0&b=1.0"),
    get("/scalars?s=a&lit=True"),
    get("/scalars?s=a&either=true"),
    *(get(f"/scalars?s=a&b={b}") for b in ("1", "0", "t", "F", "yes", "NO", "On", "off", "TRUE", "2", "")),
    get("/required"),
    get("/required?a=1&b=2"),
    get("/required?a=1&b=2&c="),
    get("/required?a=1&b=2&c=null"),
    get("/required?a=1&b=2&c=true"),
    get("/sequences"),
    get("/sequences?items=1"),
    get("/sequences?items=1&items=2&items=x"),
    get("/sequences?items=1,2"),
    get(
        "/sequences?items=1&names=a&names=b&unique=2&unique=1&unique=2&pair=1&pair=a&many=1&many=2.5&frozen=q&untyped=1"
    ),
    get("/sequences?items=1&pair=1"),
    get("/sequences?items=1&pair=x&pair=y&pair=z"),
    get("/sequences?items=1&optional=1&optional=2&optional=3"),
    get("/sequences?items[]=1"),
    get("/sequences?items="),
    get("/bounds"),
    get("/bounds?n=9&x=1&s=abz&money=12.34&even=4&ok=okay&stripped=%20a%20"),
    get("/bounds?n=10&x=1.1&s=abbbbz&money=123.45&strict=1&even=3&ok=no"),
    get("/bounds?n=0&x=-0.1&s=a&money=1.234"),
    get("/bounds?n=4&x=nan&s=zz&money=1e9"),
    get("/aliases"),
    get("/aliases?item-query=a&v-alias=b&two=c&first=d"),
    get("/aliases?plain=a&validation=b&both=c&one=c1&second=d"),
    get("/aliases?first=1&second=2"),
    get("/default-style"),
    get("/default-style?re-quired=a&gi-ven=b&gi-ven=c&op-tional=1&sca-lar=5"),
    get("/default-style?re-quired=a&required=b&given=c&optional=1&scalar=5"),
    get("/default-style?re-quired=a&gi-ven=b&gi-ven=c&gi-ven=d&op-tional=x&sca-lar=0"),
    get("/default-style-alone"),
    get("/default-style-alone?p-alias=a&p-alias=b"),
    get("/default-style-choices?one=a&one=b"),
    get("/default-style-choices?two=a&two=b"),
    get("/documented"),
    get("/documented?old=1&hidden=2&shown=3&open=4&made=5"),
    get("/documented?made=x"),
    get("/ellipsis"),
    get("/ellipsis?q=1"),
    get("/ellipsis?q=1&p=2"),
]

DRAWN = strategies.query_requests(
    {
        "/scalars": "s i x b d at span money u size lit either anything bare".split(),
        "/required": ["a", "b", "c"],
        "/sequences": "items names unique pair many frozen optional untyped".split(),
        "/bounds": "n x s money strict even ok stripped".split(),
        "/aliases": "item-query v-alias one two three first second plain".split(),
    }
)
