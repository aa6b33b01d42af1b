"""Starlette's `TrustedHostMiddleware`, and the form of it that an application runs."""

from __future__ import annotations

from typing import Any

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["TrustedHostMiddleware"]

_KNOWN = 100  # a wildcard lets in any number of hosts


class FastTrustedHost(TrustedHostMiddleware):
    """Remembers the hosts that were let in: a `Host` header is parsed only as long as it is new."""

    def __init__(self, app: ASGIApp, *args: Any, **options: Any) -> None:
        super().__init__(app, *args, **options)
        self._judge = TrustedHostMiddleware(self._let_in, *args, **options)
        self._known: set[bytes | None] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        judged = _host(scope) in self._known
        await (self.app if judged else self._judge)(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = _host(scope)
        if host is not None and len(self._known) < _KNOWN:
            self._known.add(host)
        await self.app(scope, receive, send)


def _host(scope: Scope) -> bytes | None:
    return next((value for name, value in scope.get("headers", ()) if name == b"host"), None)
