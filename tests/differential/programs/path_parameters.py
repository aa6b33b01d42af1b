"""Path parameters: every type, constraints, converters, and the order of routes."""

import enum
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from tests.differential import strategies
from tests.differential.case import get

TYPES = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "uuid": UUID,
    "date": date,
    "datetime": datetime,
    "time": time,
    "timedelta": timedelta,
    "decimal": Decimal,
    "literal": Literal["a", "b", 3],
    "union": int | str,
    "number": int | float,
    "bytes": bytes,
}


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


def build(f):
    app = f.FastAPI()

    def typed(name, kind):
        @app.get(f"/typed/{name}/{{value}}", name=f"typed {name}")
        def read(value: kind):
            return {"value": value, "type": type(value).__name__}

    for name, kind in {**TYPES, "colour": Colour, "level": Level}.items():
        typed(name, kind)

    @app.get("/users/me")
    def me():
        return "me"

    @app.get("/users/{user_id}")
    def user(user_id: int):
        return user_id

    @app.get("/users/{user_id}/items/{item_id}")
    async def item(item_id: str, user_id: int, q: bool = False):
        return [item_id, user_id, q]

    @app.get("/unannotated/{value}")
    def unannotated(value):
        return value

    @app.get("/ignored/{value}")
    def ignored():
        return "the path parameter is not asked for"

    @app.get("/bounded/{n}")
    def bounded(n: Annotated[int, f.Path(title="N", gt=0, le=10, multiple_of=2)]):
        return n

    @app.get("/old-style/{n}")
    def old_style(n: float = f.Path(ge=0, lt=1, allow_inf_nan=False)):
        return n

    @app.get("/text/{s}")
    def text(s: Annotated[str, f.Path(min_length=2, max_length=4, pattern="^[a-zß]+$", description="a word")]):
        return s

    @app.get("/aliased/{item-id}")
    def aliased(item_id: Annotated[int, f.Path(alias="item-id")]):
        return item_id

    @app.get("/files/{path:path}")
    def files(path: str):
        return path

    @app.get("/converted/int/{n:int}")
    def converted_int(n: int):
        return n

    @app.get("/converted/float/{x:float}")
    def converted_float(x: float):
        return x

    @app.get("/converted/uuid/{u:uuid}")
    def converted_uuid(u: UUID):
        return u

    @app.get("/converted/as-str/{n:int}")
    def converted_as_str(n: str):
        return n

    @app.get("/strict/{n}")
    def strict(n: Annotated[int, f.Path(strict=True)]):
        return n

    @app.get("/mixed-{kind}-{n}.json")
    def mixed(kind: str, n: int):
        return [kind, n]

    return app


_VALUES = (
    "1",
    "-1",
    "007",
    "+5",
    "1.0",
    "1.5",
    "1e3",
    "nan",
    "inf",
    "true",
    "on",
    "red",
    "a",
    "3",
    "x y",
    "%20",
    "%2F",
    "%00",
)
_SPECIAL = {
    "uuid": (
        "8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11",
        "{8b1b2a1c8b3e4a0e9f0b0d6a5e9b7f11}",
        "urn:uuid:8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11",
    ),
    "date": ("2024-02-29", "2023-02-29", "2024-02-29T00:00:00", "0", "86400"),
    "datetime": ("2024-02-29T12:30:00Z", "2024-02-29 12:30:00+02:00", "1709210000", "1709210000.5", "2024-02-29"),
    "time": ("12:30", "12:30:59.123456", "24:00", "12:30:00Z"),
    "timedelta": ("P1DT2H", "3600", "-1.5", "1 day, 2:00:00", "PT"),
    "decimal": ("1.10", "1e-7", "NaN", "Infinity", "123456789012345678901234567890.5"),
    "bool": ("yes", "off", "0", "TRUE", "2"),
    "str": ("ü", "%C3%BC", "%FF", "a%2Fb", "a+b", "%25", "%E2%82", "x" * 300),
    "int": ("9" * 30, "9" * 5000, "1_000", "%EF%BC%91", "%201%20", "0x10"),
    "level": ("2", "LOW"),
    "colour": ("RED", "green"),
}

CASES = [
    *(
        get(f"/typed/{name}/{value}")
        for name in (*TYPES, "colour", "level")
        for value in (*_VALUES[::2], *_SPECIAL.get(name, ()))
    ),
    *(get(f"/typed/str/{value}") for value in _VALUES),
    *(
        get(f"/users/{tail}")
        for tail in ("me", "1", "me/", "x", "", "1/items/a", "x/items/a?q=1", "1/items/a?q=maybe", "1/items/")
    ),
    *(get(path) for path in ("/unannotated/1", "/ignored/1", "/aliased/1", "/aliased/x", "/strict/1")),
    *(get(f"/bounded/{n}") for n in (0, 1, 2, 10, 12, "x")),
    *(get(f"/old-style/{x}") for x in ("0", "1", "0.5", "nan", "inf", "-inf", "1e-400")),
    *(get(f"/text/{s}") for s in ("a", "ab", "abcd", "abcde", "AB", "%C3%9F%C3%9F", "ab%0A")),
    *(get(f"/files/{p}") for p in ("", "a", "a/b/c.txt", "/abs", "a%2Fb", "..", "a//b", "%2e%2e/x")),
    *(get(f"/converted/int/{n}") for n in ("1", "-1", "x", "1.0", "9" * 40)),
    *(get(f"/converted/float/{x}") for x in ("1", "1.5", "-1", "1e3", ".5")),
    *(
        get(f"/converted/uuid/{u}")
        for u in ("8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11", "8B1B2A1C-8B3E-4A0E-9F0B-0D6A5E9B7F11", "x")
    ),
    *(get(f"/converted/as-str/{n}") for n in ("1", "01")),
    *(get(p) for p in ("/mixed-a-1.json", "/mixed-a-b-1.json", "/mixed-a-x.json", "/mixed-a-1xjson")),
]

DRAWN = strategies.path_requests("/typed", [*TYPES, "colour", "level"])
