"""How credentials are refused: 401 and 403 with the challenge that RFC 6750 section 3 wants."""

from __future__ import annotations

from collections.abc import Iterable

from vivace import HTTPException

NOT_AUTHENTICATED = "Not authenticated"


class InvalidToken(Exception):
    """A token that is not one of ours, or no longer. The message says why, for tests and logs; no client sees it."""


def unauthorized(detail: str = NOT_AUTHENTICATED, *, error: str | None = None) -> HTTPException:
    """401. A client that sent no credential is told no error (RFC 6750 section 3.1)."""
    challenge = "Bearer" if error is None else f'Bearer error="{error}"'
    return HTTPException(401, detail, headers={"WWW-Authenticate": challenge})


def invalid_credential(detail: str = "The credential is not valid, or no longer") -> HTTPException:
    """401 for whatever was sent and doesn't hold: which of the reasons it is, nobody is told."""
    return unauthorized(detail, error="invalid_token")


def lacks_scopes(missing: Iterable[str]) -> HTTPException:
    """403: the token is good, but not for this."""
    names = " ".join(missing)
    challenge = f'Bearer error="insufficient_scope", scope="{names}"'
    return HTTPException(403, f"Not enough permissions: needs {names}", headers={"WWW-Authenticate": challenge})
