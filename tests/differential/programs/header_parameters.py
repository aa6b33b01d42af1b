"""Header parameters: underscore conversion, repetitions, case, aliases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from tests.differential import strategies
from tests.differential.case import get


def build(f):
    app = f.FastAPI()
    Header = f.Header

    @app.get("/one")
    def one(user_agent: Annotated[str | None, Header()] = None, x_token: str = Header("none")):
        return [user_agent, x_token]

    @app.get("/typed")
    async def typed(
        x_int: Annotated[int, Header()],
        x_float: Annotated[float, Header(ge=0)] = 1.5,
        x_bool: Annotated[bool, Header()] = False,
        x_uuid: Annotated[UUID | None, Header()] = None,
        x_when: Annotated[datetime | None, Header()] = None,
        x_text: Annotated[str | None, Header(min_length=2, max_length=6, pattern="^[a-z]+$")] = None,
    ):
        return [x_int, x_float, x_bool, x_uuid, x_when, x_text]

    @app.get("/repeated")
    def repeated(
        x_list: Annotated[list[str] | None, Header()] = None,
        x_ints: Annotated[list[int], Header()] = [],
        x_set: Annotated[set[str], Header()] = set(),
        x_last: Annotated[str, Header()] = "",
    ):
        return [x_list, x_ints, sorted(x_set), x_last]

    @app.get("/names")
    def names(
        strange_header: Annotated[str | None, Header(convert_underscores=False)] = None,
        aliased: Annotated[str | None, Header(alias="X-Alias")] = None,
        under: Annotated[str | None, Header(alias="x_under")] = None,
        validation: Annotated[str | None, Header(validation_alias="x-validation")] = None,
        Mixed_Case: Annotated[str | None, Header()] = None,
    ):
        return [strange_header, aliased, under, validation, Mixed_Case]

    @app.get("/hidden")
    def hidden(x_hidden: Annotated[str | None, Header(include_in_schema=False, deprecated=True)] = None):
        return x_hidden

    return app


CASES = [
    get("/one"),
    get("/one", {"User-Agent": "me", "X-Token": "t"}),
    get("/one", {"user_agent": "me", "x_token": "t"}),
    get("/one", {"X-TOKEN": ""}),
    get("/one", {"x-token": "two  words"}),
    get("/one", {"x-token": b"\xff\xe9"}),
    get("/one", [("x-token", "a"), ("x-token", "b")]),
    get("/typed"),
    get("/typed", {"x-int": "1"}),
    get(
        "/typed", {"x-int": "1", "x-float": "-1", "x-bool": "yes", "x-uuid": "x", "x-when": "2024-01-01", "x-text": "A"}
    ),
    get("/typed", {"x-int": "x", "x-text": "abcdefgh"}),
    get("/typed", {"x-int": ""}),
    get("/repeated"),
    get(
        "/repeated",
        [("x-list", "a"), ("X-List", "b"), ("x-ints", "1"), ("x-ints", "x"), ("x-set", "a"), ("x-set", "a")],
    ),
    get("/repeated", [("x-list", "a, b"), ("x-last", "1"), ("x-last", "2")]),
    get("/names"),
    get("/names", {"strange_header": "1", "x-alias": "2", "x_under": "3", "x-validation": "4", "mixed-case": "5"}),
    get("/names", {"strange-header": "1", "x-under": "3", "validation": "4", "Mixed_Case": "5"}),
    get("/hidden", {"x-hidden": "1"}),
]

DRAWN = strategies.header_requests(
    {
        "/one": ["user-agent", "x-token"],
        "/typed": "x-int x-float x-bool x-uuid x-when x-text".split(),
        "/repeated": "x-list x-ints x-set x-last".split(),
        "/names": "strange_header strange-header x-alias x_under x-validation mixed-case".split(),
    }
)
