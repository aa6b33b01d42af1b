"""The names that an application answers to: any other `Host` is 400, before anything is made of it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from vivace.kit.secure.refuse import refuse


class TrustedHosts:
    """Lets in requests whose `Host` is one of `hosts`. `*.example.com` is any name below `example.com`.

    Args:
        app: what it is around.
        hosts: names, without ports.
        exempt: paths that answer to any name: whoever checks a container's health knows only its address.

    Raises:
        ValueError: a wildcard stands elsewhere than at the beginning.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str], exempt: Sequence[str] = ()) -> None:
        for host in hosts:
            if "*" in host.removeprefix("*.") or ("/" in host):
                raise ValueError(f"{host!r} is no host: write 'example.com', or '*.example.com' for any name below it")
        self.app = app
        self._exempt = frozenset(exempt)
        self._names = frozenset(host.lower() for host in hosts if not host.startswith("*."))
        self._below = tuple(host[1:].lower() for host in hosts if host.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or self._trusts(scope):
            await self.app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 400, "Invalid host header")

    def _trusts(self, scope: Scope) -> bool:
        name = host_name(next((value for name, value in scope["headers"] if name == b"host"), b""))
        return name in self._names or name.endswith(self._below or "\n") or scope["path"] in self._exempt


def host_name(authority: bytes) -> str:
    """The name without the port (RFC 9110 section 7.2); an IPv6 address keeps its brackets."""
    text = authority.decode("latin-1").lower()
    if text.startswith("["):
        return text.partition("]")[0] + "]"
    return text.partition(":")[0]
