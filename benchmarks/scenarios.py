"""The scenarios: what is asked of every peer, and what counts as a right answer. Stated here and nowhere else.

Nothing here knows how a peer is started or how load is made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks.errors import BenchmarkError

Variant = Literal["plain", "middleware"]
"""Which program of a peer answers: the bare routes, or the same routes behind CORS and one http middleware."""


@dataclass(frozen=True)
class Ask:
    """One HTTP request. `path` includes the query; `body` is a JSON value, sent compactly, or None for no body.

    `unique` is a header that has another value each time it is sent.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    unique: str | None = None

    def payload(self) -> bytes | None:
        if self.body is None:
            return None
        return json.dumps(self.body, separators=(",", ":")).encode()

    def all_headers(self) -> dict[str, str]:
        """The headers as sent: those named, and the content type when there is a body."""
        typed = {"content-type": "application/json"} if self.body is not None else {}
        return {**typed, **self.headers}


@dataclass(frozen=True)
class Scenario:
    """A request put under load, the answer every peer must give, and requests every peer must refuse with a 4xx.

    `refuses` keeps a peer from being fast by not validating. `answer_headers` are names that must be present. `varies`
    are names of members, at any depth, that are not compared.
    """

    name: str
    title: str
    about: str
    ask: Ask
    answer: Any
    status: int = 200
    refuses: tuple[Ask, ...] = ()
    answer_headers: tuple[str, ...] = ()
    variant: Variant = "plain"
    varies: tuple[str, ...] = ()


def make_item(number: int) -> dict[str, Any]:
    """Make the item with this id, as JSON: 3 is named "item 3", costs 4.5 and, being odd, is not in stock."""
    return {
        "id": number,
        "name": f"item {number}",
        "price": number * 1.5,
        "tags": ["a", "b"],
        "in_stock": number % 2 == 0,
    }


def _without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k != key}


GREETING = {"message": "Hello, World!"}
STUDENT = {"name": "Ada", "age": 36, "marks": 9.5}
HUNDRED = [make_item(n) for n in range(100)]
THOUSAND = [make_item(n) for n in range(1000)]
BEARER = {"authorization": "Bearer 5f2c9a"}

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(
        "json",
        "GET json",
        "an `async def` that returns a small dict",
        Ask("GET", "/"),
        GREETING,
    ),
    Scenario(
        "typed",
        "GET typed path + query",
        "an int from the path, an optional str and an int from the query",
        Ask("GET", "/items/42?q=hello&limit=5"),
        {"item_id": 42, "q": "hello", "limit": 5},
        refuses=(Ask("GET", "/items/forty?limit=5"), Ask("GET", "/items/42?limit=many")),
    ),
    Scenario(
        "post",
        "POST model",
        "a body of three typed fields, answered back",
        Ask("POST", "/student", body=STUDENT),
        {"status": "received", "data": STUDENT},
        refuses=(
            Ask("POST", "/student", body={**STUDENT, "age": "old"}),
            Ask("POST", "/student", body=_without(STUDENT, "marks")),
        ),
    ),
    Scenario(
        "list",
        "list of 100 models",
        "100 items through the response model",
        Ask("GET", "/list"),
        HUNDRED,
    ),
    Scenario(
        "bulk",
        "body of 1,000 models",
        "a validated JSON body of 1,000 items, answered with their number",
        Ask("POST", "/bulk", body=THOUSAND),
        {"n": 1000},
        refuses=(
            Ask("POST", "/bulk", body=[*THOUSAND[:-1], {**THOUSAND[-1], "price": "dear"}]),
            Ask("POST", "/bulk", body=[*THOUSAND[:-1], _without(THOUSAND[-1], "in_stock")]),
        ),
    ),
    Scenario(
        "depends",
        "dependency chain with `yield`",
        "a session that is closed afterwards, a token from a header, a user made of both",
        Ask("GET", "/me", BEARER),
        {"id": 7, "token": "5f2c9a", "open": True},
        refuses=(Ask("GET", "/me"), Ask("GET", "/me", {"authorization": "Basic 5f2c9a"})),
    ),
    Scenario(
        "sync",
        "sync `def`",
        "a plain `def` endpoint, which Python frameworks run in a thread",
        Ask("GET", "/sync"),
        GREETING,
    ),
    Scenario(
        "middleware",
        "CORS + one http middleware",
        "the first scenario behind CORS and a middleware that adds the time taken",
        Ask("GET", "/", {"origin": "https://app.example"}),
        GREETING,
        answer_headers=("access-control-allow-origin", "x-process-time"),
        variant="middleware",
    ),
)


def choose_scenarios(names: list[str] | None, among: tuple[Scenario, ...] = SCENARIOS) -> list[Scenario]:
    """The scenarios with these names in their own order, or all. Raises BenchmarkError naming an unknown one."""
    known = {scenario.name: scenario for scenario in among}
    for name in names or []:
        if name not in known:
            raise BenchmarkError(f"no scenario {name!r}; there are: {', '.join(known)}")
    return [scenario for scenario in among if not names or scenario.name in names]
