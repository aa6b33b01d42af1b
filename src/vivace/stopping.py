"""Whether the server is stopping: for answers without an end, which would keep it from ending.

A server that is told to stop takes no new connections, and waits for the answers under way. Only when they have ended
it tells the application (`lifespan`). Vivace's own protocol tells them before: what it puts into `scope["extensions"]`
is a `Stopping`. Other servers don't, and end such answers by their timeout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import Scope

EXTENSION = "vivace.stopping"


class Stopping:
    """A server's side: told once, by the event loop's thread."""

    def __init__(self) -> None:
        self.told = False
        self._callbacks: dict[object, Callable[[], object]] = {}

    def tell(self) -> None:
        """The server has been told to stop."""
        self.told = True
        while self._callbacks:
            _, callback = self._callbacks.popitem()
            callback()

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        if self.told:
            callback()
            yield
            return
        key = object()
        self._callbacks[key] = callback
        try:
            yield
        finally:
            self._callbacks.pop(key, None)


@contextmanager
def at_stop(scope: Scope, callback: Callable[[], object]) -> Iterator[None]:
    """Within the block, have `callback` called as soon as the server of this request is told to stop.

    ```python
    async def ticks(request: Request):
        stopping = asyncio.Event()
        with at_stop(request.scope, stopping.set):
            while not stopping.is_set():
                yield ...
    ```

    Args:
        scope: of the request.
        callback: called on the event loop, once; at once if the server is stopping already. It should raise nothing.
    """
    stopping: Stopping | None = scope.get("extensions", {}).get(EXTENSION)
    if stopping is None:
        yield
        return
    with stopping.calling(callback):
        yield
