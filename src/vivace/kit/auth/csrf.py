"""CSRF protection of what a cookie authenticates (OWASP: synchronizer token, and verification of the origin).

A browser sends cookies along with whatever another site has it send. So what changes something has to come from here,
and has to bring the token of its session in a header, which another site can neither read nor set. A WebSocket begins
with GET and without headers of one's own: there the origin is what counts.
"""

from __future__ import annotations

from vivace import HTTPException
from vivace.kit.auth.sessions import Session, SessionPolicy, same_token
from vivace.kit.secure.origin import checked_origins, comes_from_here
from vivace.requests import HTTPConnection

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})  # RFC 9110 section 9.2.1


class Csrf:
    """Refuses what another site has a browser send."""

    def __init__(self, policy: SessionPolicy) -> None:
        self._header = policy.csrf_header
        self._origins = checked_origins(policy.origins)

    def check(self, connection: HTTPConnection, session: Session) -> None:
        """Let pass what changes nothing, and what our own pages send.

        Raises:
            HTTPException: 403.
        """
        if connection.scope["type"] == "websocket":
            self.check_origin(connection)
        elif connection.scope["method"] not in _SAFE:
            self.check_origin(connection)
            if not same_token(connection.headers.get(self._header, ""), session.csrf_token):
                raise HTTPException(403, f"CSRF token missing or wrong: send the session's in {self._header}")

    def check_origin(self, connection: HTTPConnection) -> None:
        """The same where there is no session yet, such as at login.

        Raises:
            HTTPException: 403.
        """
        if not comes_from_here(connection.scope["headers"], self._origins):
            raise HTTPException(403, "Cross-origin request refused")
