"""An `AsyncExitStack` in the scope of each request, left when the application below has answered."""

from __future__ import annotations

from contextlib import AsyncExitStack

from starlette.types import ASGIApp, Receive, Scope, Send


class AsyncExitStackMiddleware:
    """Whoever has the scope can put something on the stack: the files of a form, for instance.

    Args:
        context_name: the key in the scope.
    """

    def __init__(self, app: ASGIApp, context_name: str = "fastapi_middleware_astack") -> None:
        self.app = app
        self.context_name = context_name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open the stack around the application."""
        stack = scope[self.context_name] = AsyncExitStack()
        async with stack:
            await self.app(scope, receive, send)
