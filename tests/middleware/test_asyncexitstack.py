"""A stack in the scope, closed after the application has answered."""

from __future__ import annotations

import pytest
from starlette.types import Receive, Scope, Send

from vivace.middleware.asyncexitstack import AsyncExitStackMiddleware

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("fails", [False, True])
async def test_what_is_pushed_is_closed_in_the_end(fails: bool) -> None:
    events: list[str] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scope["stack"].callback(events.append, "closed")
        events.append("answered")
        if fails:
            raise ValueError("failed")

    middleware = AsyncExitStackMiddleware(application, context_name="stack")
    call = middleware({"type": "http"}, None, None)  # type: ignore[arg-type]
    if fails:
        with pytest.raises(ValueError, match="failed"):
            await call
    else:
        await call
    assert events == ["answered", "closed"]


async def test_the_usual_key_is_fastapis() -> None:
    scope: Scope = {"type": "http"}

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        assert "fastapi_middleware_astack" in scope

    await AsyncExitStackMiddleware(application)(scope, None, None)  # type: ignore[arg-type]
