"""Whose a request is, told by its credential alone: for `by=` of limits, which are asked before any dependency.

Nothing is let in by it. Whether the login has ended, and whether there is such a user, the guard says.
"""

from __future__ import annotations

from vivace.kit.auth.refusal import InvalidToken
from vivace.kit.auth.tokens import Verifier
from vivace.requests import HTTPConnection


class Subject:
    """A function of a request.

    Args:
        verifier: of access tokens.
        header: in which API keys come, if they do.
        cookie: in which sessions come, if they do.
    """

    def __init__(self, verifier: Verifier, header: str | None, cookie: str | None) -> None:
        self._verifier, self._header, self._cookie = verifier, header, cookie

    def __call__(self, connection: HTTPConnection) -> str:
        token = connection.headers.get("authorization")
        if token:
            return self._of_token(token)
        key = connection.headers.get(self._header) if self._header else None
        if key:
            return f"key {key}"
        session = connection.cookies.get(self._cookie) if self._cookie else None
        return f"session {session}" if session else ""

    def _of_token(self, token: str) -> str:
        """The user's name; of what does not verify, and is refused later, the token itself."""
        try:
            return f"user {self._verifier.verify(token.partition(' ')[2].strip())['sub']}"
        except InvalidToken:
            return f"token {token}"
