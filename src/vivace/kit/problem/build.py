"""From an exception to a problem. No request is known here, and no response."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException as AnyHTTPException

from vivace import HTTPException
from vivace.encoders import jsonable_encoder
from vivace.exceptions import ValidationException
from vivace.kit.problem.models import BLANK

_STANDARD = ("type", "title", "status", "detail", "instance")
_INVALID = "The request is not valid"
_PART = {"type", "loc", "msg"}  # how FastAPI tells one thing that is wrong


class ProblemException(HTTPException):
    """Answer with a problem of a kind of your own.

    ```python
    raise ProblemException(
        403, type="https://shop.example/out-of-credit", title="You don't have enough credit", balance=30
    )
    ```

    Args:
        status: the HTTP status.
        type: URI of the kind of problem. Its title should then not change.
        title: the kind of problem in words; by default the status phrase.
        detail: this occurrence in words.
        instance: URI of this occurrence.
        headers: headers to add to the response.
        extensions: further members. Anything that JSON can hold.

    Raises:
        ValueError: an extension has the name of one of RFC 9457's own members.
    """

    def __init__(
        self,
        status: int,
        *,
        type: str = BLANK,
        title: str | None = None,
        detail: str | None = None,
        instance: str | None = None,
        headers: Mapping[str, str] | None = None,
        **extensions: Any,
    ) -> None:
        super().__init__(status, detail=detail, headers=headers)
        if "status_code" in extensions:
            raise ValueError("`status_code` is called `status` here")
        given = {"type": type, "title": title, "detail": detail, "instance": instance}
        self.members = {name: value for name, value in given.items() if value is not None} | extensions


def problem_of(error: AnyHTTPException) -> dict[str, Any]:
    """The members for an `HTTPException`: a string is the detail, a mapping's keys are members, a list is `errors`.

    A list of what is wrong, each as FastAPI tells it, becomes what it would be had the framework refused the request.
    """
    if isinstance(error, ProblemException):
        return problem(error.status_code, jsonable_encoder(error.members))
    detail: Any = error.detail  # typed as a string, and whatever a program gives
    if detail is None or detail == _phrase(error.status_code):
        return problem(error.status_code, {})
    if isinstance(detail, Mapping):
        encoded = jsonable_encoder(detail)
        own = {name: value for name, value in encoded.items() if name not in _STANDARD or _may_replace(name, value)}
        return problem(error.status_code, own)
    if isinstance(detail, str):
        return problem(error.status_code, {"detail": detail})
    if isinstance(detail, Sequence) and not isinstance(detail, bytes):
        if detail and all(isinstance(one, Mapping) and one.keys() >= _PART for one in detail):
            return _not_valid(error.status_code, detail)
        return problem(error.status_code, {"errors": jsonable_encoder(detail)})
    return problem(error.status_code, {"detail": str(detail)})


def invalid(error: ValidationException, status: int = 422) -> dict[str, Any]:
    """The members for a request that doesn't fit, with an entry for each thing that is wrong."""
    return _not_valid(status, error.errors())


def _not_valid(status: int, parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return problem(status, {"title": _INVALID, "errors": [_part(one) for one in parts]})


def problem(status: int, members: Mapping[str, Any]) -> dict[str, Any]:
    """All members in RFC 9457's order, with what the status says where nothing else is said."""
    merged = {"type": BLANK, "title": _phrase(status), **members, "status": status}
    standard = {name: merged.pop(name) for name in _STANDARD if name in merged}
    return standard | merged


def _may_replace(name: str, value: Any) -> bool:
    return name != "status" and isinstance(value, str)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error" if status >= 400 else "Response"


def _part(error: Mapping[str, Any]) -> dict[str, Any]:
    """Without `input` and `ctx`: what the client sent may be a secret of its own, and ends up in logs on the way."""
    location, *rest = error.get("loc") or ("body",)
    part = {"detail": error["msg"], "type": error["type"], "location": str(location)}
    if location == "body":
        return part | {"pointer": "#" + "".join(f"/{_pointer_step(step)}" for step in rest)}
    return part | {"parameter": ".".join(map(str, rest))} if rest else part


def _pointer_step(step: object) -> str:
    """RFC 6901 section 3 and 6: `~` and `/` escaped, then percent-encoded as in a fragment."""
    escaped = str(step).replace("~", "~0").replace("/", "~1")
    return quote(escaped, safe="!$&'()*+,;=:@-._~/?")
