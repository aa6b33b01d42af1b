"""uvicorn's lifespan protocol, with an ear for when the application has started, and no noise when it is broken off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any


def telling(lifespan: type[Any], started: Callable[[], None]) -> type[Any]:
    """A subclass of `lifespan` that calls `started` when the server listens."""

    class Telling(lifespan):  # type: ignore[misc]
        async def startup(self) -> None:
            await super().startup()
            if not self.should_exit:  # the server listens before it gives way to the loop again
                asyncio.get_running_loop().call_soon(started)

        async def send(self, message: Any) -> None:
            """A second Ctrl-C cancels this task; that is no failure of the application to be shown with a traceback."""
            task = asyncio.current_task()
            if message["type"] == "lifespan.shutdown.failed" and task is not None and task.cancelling():
                message = {**message, "message": ""}
            await super().send(message)

    return Telling
