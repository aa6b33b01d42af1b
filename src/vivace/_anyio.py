"""What Vivace takes of anyio's private names, all of it, and how it does where they are gone.

anyio says neither whether a task is in a cancel scope, nor how a thread becomes one from which `anyio.from_thread`
finds its event loop. Whoever asks here gets an answer that is safe without those names: any task may be in a scope, and
only anyio's own threads can do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from functools import cache
from threading import Thread
from typing import Any

from anyio import from_thread

_backend: Any = None
_eventloop: Any = None
_TASK_STATES: Any = None
try:
    from anyio._backends import _asyncio as _backend
    from anyio._core import _eventloop

    _TASK_STATES = _backend._task_states
except (ImportError, AttributeError):
    pass


def in_cancel_scope(task: asyncio.Task[Any]) -> bool:
    """Whether somebody has opened a cancel scope around the task's code, as far as can be told."""
    if _TASK_STATES is None:
        return True
    state = _TASK_STATES.get(task)
    return state is not None and state.cancel_scope is not None


@contextmanager
def anyio_worker(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Makes this thread one of the loop's workers to all that is in `anyio.from_thread`, outside of cancel scopes."""
    with _eventloop.claim_worker_thread(_backend.AsyncIOBackend, loop):
        _eventloop.threadlocals.current_cancel_scope = None
        try:
            yield
        finally:
            del _eventloop.threadlocals.current_cancel_scope


@cache
def workers_can_be_made() -> bool:
    """Whether `anyio_worker` does what it says. A thread tries, once in a process, and asks a public function."""
    outcome: list[bool] = []

    def attempt() -> None:
        loop = asyncio.new_event_loop()
        try:
            with anyio_worker(loop):
                from_thread.check_cancelled()
            outcome.append(callable(_backend.find_root_task))
        except Exception:  # noqa: BLE001  # whatever it is, anyio has changed
            outcome.append(False)
        finally:
            loop.close()

    thread = Thread(target=attempt, name="Vivace asks anyio")
    thread.start()
    thread.join()
    return outcome == [True]


def when_loop_ends(callback: Callable[[Any], object]) -> None:
    """Have `callback` called when the task ends that the running loop was started for, as anyio stops its threads."""
    _backend.find_root_task().add_done_callback(callback, context=Context())
