"""What goes wrong, as clients are told (RFC 9457). Services raise these; no route has to translate them."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy.exc import DBAPIError

from vivace import FastAPI, Request, Response
from vivace.kit.problem import ProblemException, ProblemResponse

_NO_SUCH_CHARACTER = "22021"  # PostgreSQL's code `character_not_in_repertoire`


class Refusal(ProblemException):
    """What was asked for is not done. `detail` says why, in words for people; further members are for programs."""

    status: ClassVar[int]
    kind: ClassVar[str]

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(self.status, type=f"urn:food:{self.kind}", detail=detail, **members)


class PaymentRefused(Refusal):
    status, kind = 402, "payment-refused"


class NotYours(Refusal):
    status, kind = 403, "not-yours"


class NotFound(Refusal):
    status, kind = 404, "not-found"


class Conflict(Refusal):
    """It was possible in another state, or will be."""

    status, kind = 409, "conflict"


class OutOfStock(Conflict):
    kind = "out-of-stock"


class PriceChanged(Conflict):
    kind = "price-changed"


def refuse_null_characters(app: FastAPI) -> None:
    """Have the NUL character in a text be the client's mistake: JSON has it, PostgreSQL doesn't.

    Here for all texts that there are: a pattern on each would be forgotten on the next.
    """

    @app.exception_handler(DBAPIError)
    async def refused(_: Request, error: DBAPIError) -> Response:
        if getattr(error.orig, "sqlstate", None) != _NO_SUCH_CHARACTER:
            raise error
        told = {"type": "urn:food:null-character", "title": "Bad Request", "status": 400}
        return ProblemResponse(told | {"detail": "A text has the character U+0000 in it"}, status_code=400)
