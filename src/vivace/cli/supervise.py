"""uvicorn's supervisors, whose child processes take no notice of Ctrl-C before they serve.

A terminal sends SIGINT to the whole group, also to a process that is still importing, which would show a traceback. It
is held back there until the process is `ready` to end well, and delivered then.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from uvicorn.supervisors import ChangeReload, Multiprocess

_CTRL_C = {signal.SIGINT}


@contextmanager
def held_back() -> Iterator[None]:
    """Processes that are started meanwhile begin with SIGINT blocked, as their parent is for this time."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _CTRL_C)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ready() -> None:
    """From now on this process has a handler for SIGINT."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _CTRL_C)


class Reloader(ChangeReload):  # type: ignore[valid-type, misc]  # typed as a variable there
    """One process, started again when a file changes."""

    def startup(self) -> None:
        with held_back():
            super().startup()

    def restart(self) -> None:
        with held_back():
            super().restart()


class Workers(Multiprocess):
    """Several processes on one socket."""

    def init_processes(self) -> None:
        with held_back():
            super().init_processes()

    def keep_subprocess_alive(self) -> None:
        with held_back():
            super().keep_subprocess_alive()

    def restart_all(self) -> None:
        with held_back():
            super().restart_all()

    def handle_ttin(self) -> None:
        with held_back():
            super().handle_ttin()
