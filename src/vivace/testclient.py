"""Starlette's test client, with the choice of the door that it goes in by. It needs `httpx2` (or `httpx`)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, get_args

from starlette.testclient import TestClient as ASGITestClient
from starlette.types import ASGIApp

from vivace.testing.door import WireDoor

if TYPE_CHECKING:
    from httpx2._types import CookieTypes

Door = Literal["asgi", "wire"]


class TestClient(ASGITestClient):
    """Calls an application as a client would, without a network.

    `door="asgi"` hands it scopes, as Starlette's client does. `door="wire"` speaks HTTP/1.1, in memory, to the protocol
    that serves in production (`vivace.wire`); WebSocket sessions go by ASGI there too. Without `door` the environment
    variable `VIVACE_DOOR` decides, for test suites that can't be edited; it is "asgi" by default.

    Raises:
        ValueError: there is no such door, or it can't be reached from this event loop.
    """

    __test__ = False

    def __init__(  # noqa: PLR0917 - Starlette's signature
        self,
        app: ASGIApp,
        base_url: str = "http://testserver",
        raise_server_exceptions: bool = True,
        root_path: str = "",
        backend: Literal["asyncio", "trio"] = "asyncio",
        backend_options: dict[str, Any] | None = None,
        cookies: CookieTypes | None = None,
        headers: dict[str, str] | None = None,
        follow_redirects: bool = True,
        client: tuple[str, int] = ("testclient", 50000),
        *,
        door: Door | None = None,
    ) -> None:
        super().__init__(
            app,
            base_url=base_url,
            raise_server_exceptions=raise_server_exceptions,
            root_path=root_path,
            backend=backend,
            backend_options=backend_options,
            cookies=cookies,
            headers=headers,
            follow_redirects=follow_redirects,
            client=client,
        )
        self.door = _door(door, backend)
        if self.door == "wire":
            self._transport = WireDoor(
                self.app,
                self._portal_factory,
                sessions=self._transport,
                raise_server_exceptions=raise_server_exceptions,
                root_path=root_path,
                client=client,
                app_state=self.app_state,
            )


def _door(asked: str | None, backend: str) -> Door:
    door = asked or os.environ.get("VIVACE_DOOR") or "asgi"
    if door not in get_args(Door):
        named = "door" if asked else "VIVACE_DOOR"
        raise ValueError(f"{named}={door!r}: there are the doors {' and '.join(map(repr, get_args(Door)))}")
    if door == "wire" and backend != "asyncio":
        if asked:
            raise ValueError(f"The wire door runs on asyncio, not on {backend}: use door='asgi' with this backend")
        return "asgi"
    return "wire" if door == "wire" else "asgi"
