"""What goes wrong, as clients are told (RFC 9457). Services raise these; no route has to translate them."""

from __future__ import annotations

from typing import Any, ClassVar

from vivace.kit.problem import ProblemException


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
