"""Programs on stage: built once for each framework and door, and sent cases.

DIFFERENTIAL_SUBJECT=fastapi puts the oracle in the place of Vivace, to show what the harness itself makes different.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pkgutil
import time
import warnings
from dataclasses import dataclass, field
from types import ModuleType, TracebackType
from typing import Any, Self

from tests.differential import programs
from tests.differential.case import Case

SUBJECT = os.environ.get("DIFFERENTIAL_SUBJECT", "vivace")
ORACLE = "oracle"
DOORS = ("asgi",) if SUBJECT == "fastapi" else ("asgi", "wire")

# What a server adds on its own account.
_SERVERS_OWN = ("date", "server")


@dataclass(frozen=True)
class Reply:
    """Everything of an answer that is compared."""

    status: int
    headers: dict[str, list[str]]
    body: bytes
    events: list[Any] = field(default_factory=list)  # what the program put into app.state.events
    raised: str | None = None  # the exception that reached the server, with its text when it is a validation error
    at: float = field(default_factory=time.time, compare=False)  # seconds since the epoch


def program_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(programs.__path__))


def load(name: str) -> ModuleType:
    return importlib.import_module(f"{programs.__name__}.{name}")


def framework(door: str) -> ModuleType:
    return importlib.import_module("fastapi" if door == ORACLE else SUBJECT)


class Actor:
    """An application behind one door, and the client that speaks to it."""

    def __init__(self, program: ModuleType, door: str) -> None:
        f = framework(door)
        self.door, self.package = door, f.__name__
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            self.app = program.build(f)
        # Starlette's own come when one of its modules is first imported: on one side only.
        told = [w for w in caught if not w.category.__module__.startswith("starlette")]
        self.warnings = [w.category.__name__ for w in told]  # their texts may say more here
        self.app.state.events = []
        client = importlib.import_module(f"{self.package}.testclient").TestClient
        options = {"door": door} if self.package == "vivace" else {}
        options |= getattr(program, "CLIENT", {})
        self.client = client(self.app, raise_server_exceptions=False, follow_redirects=False, **options)
        self.raising = client(self.app, follow_redirects=False, **options)

    def __enter__(self) -> Self:
        self.client.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.client.__exit__(kind, error, tb)

    def reply(self, case: Case) -> Reply:
        self.client.cookies.clear()
        self.app.state.events.clear()
        response = self._send(self.client, case)
        headers: dict[str, list[str]] = {}
        for name, value in response.headers.multi_items():
            if name not in _SERVERS_OWN:
                headers.setdefault(name, []).append(value)
        events = list(self.app.state.events)
        raised = self._raised(case) if response.status_code == 500 and self.door != "wire" else None
        return Reply(response.status_code, headers, response.content, events, raised)

    def _send(self, client: Any, case: Case) -> Any:
        return client.request(case.method, case.url, headers=list(case.headers), content=case.content)

    def _raised(self, case: Case) -> str | None:
        self.raising.cookies.clear()
        try:
            self._send(self.raising, case)
        except Exception as error:  # noqa: BLE001 - whatever the program lets through is the result
            name = type(error).__name__
            return f"{name}: {self._neutral(str(error))}" if name.endswith("ValidationError") else name
        return None

    def _neutral(self, text: str) -> str:
        return text.replace(self.package, "framework")


class Stage:
    """The actors of a test session, made when first asked for."""

    def __init__(self) -> None:
        self._actors: dict[tuple[str, str], Actor | Exception] = {}
        self._expected: dict[tuple[str, Case], Reply] = {}
        self._open = contextlib.ExitStack()

    def actor(self, program: str, door: str) -> Actor:
        key = program, door
        if key not in self._actors:
            try:
                self._actors[key] = self._open.enter_context(Actor(load(program), door))
            except Exception as error:  # noqa: BLE001 - told for every case, found out once
                self._actors[key] = error
        actor = self._actors[key]
        if isinstance(actor, Exception):
            raise AssertionError(f"{program} can't be declared: {actor!r}") from actor
        return actor

    def expected(self, program: str, case: Case) -> Reply:
        """What FastAPI answers, asked once."""
        key = program, case
        if key not in self._expected:
            self._expected[key] = self.actor(program, ORACLE).reply(case)
        return self._expected[key]

    def close(self) -> None:
        self._open.close()
