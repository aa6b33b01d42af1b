"""The security headers: which there are, with which values, and which answer gets which.

A header that the program has set itself stays as it is. Nothing here knows of requests beyond their scheme and path.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

RawHeaders = list[tuple[bytes, bytes]]

# Of data, a browser has nothing to load, and nobody has a frame to show it in.
DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# Of pages: scripts and styles from files of this host. No inline script: that is what injected ones are.
PAGES = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Of Vivace's own documentation pages: they have inline scripts, show nothing that somebody has sent, and ask only this
# host.
DOCUMENTATION = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True)
class Policy:
    """The values of the headers. None: the header is not sent.

    Args:
        data: Content-Security-Policy of whatever is no HTML page.
        pages: Content-Security-Policy of HTML pages.
        documentation: Content-Security-Policy of the application's own documentation pages.
        hsts: Strict-Transport-Security (RFC 6797); sent over HTTPS only.
        nosniff: whether to forbid guessing at media types.
        frame_options: X-Frame-Options, for browsers that don't know `frame-ancestors`.
        referrer: Referrer-Policy.
        permissions: Permissions-Policy.
    """

    data: str | None = DATA
    pages: str | None = PAGES
    documentation: str | None = DOCUMENTATION
    hsts: str | None = "max-age=31536000"
    nosniff: bool = True
    frame_options: str | None = "DENY"
    referrer: str | None = "no-referrer"
    permissions: str | None = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"

    def headers(self, content_security: str | None, *, https: bool) -> RawHeaders:
        """The headers of one kind of answer.

        Raises:
            ValueError: a value has a line break.
        """
        values = {
            "content-security-policy": content_security,
            "strict-transport-security": self.hsts if https else None,
            "x-content-type-options": "nosniff" if self.nosniff else None,
            "x-frame-options": self.frame_options,
            "referrer-policy": self.referrer,
            "permissions-policy": self.permissions,
        }
        for name, value in values.items():
            if value is not None and ("\r" in value or "\n" in value):
                raise ValueError(f"{name}: a header has no line breaks: {value!r}")
        return [(name.encode(), value.encode("latin-1")) for name, value in values.items() if value is not None]


class SecurityHeaders:
    """Adds a policy's headers to every HTTP answer.

    Args:
        app: what it is around.
        policy: the values.
        documentation: paths of the application's documentation pages, without the root path.
    """

    def __init__(self, app: ASGIApp, *, policy: Policy, documentation: Collection[str] = ()) -> None:
        self.app = app
        self._documentation = frozenset(documentation)
        self._data, self._pages, self._documents = (
            {https: policy.headers(security, https=https) for https in (False, True)}
            for security in (policy.data, policy.pages, policy.documentation)
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = list(message.get("headers", ()))
                message["headers"] = present + self._missing(scope, present)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _missing(self, scope: Scope, present: RawHeaders) -> RawHeaders:
        there = {name.lower(): value for name, value in present}
        wanted = self._data
        if there.get(b"content-type", b"").startswith((b"text/html", b"application/xhtml+xml")):
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            wanted = self._documents if path in self._documentation else self._pages
        return [pair for pair in wanted[scope.get("scheme") == "https"] if pair[0] not in there]
