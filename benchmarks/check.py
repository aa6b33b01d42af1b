"""Is a peer's answer right? Asked of every server before it is put under load; a wrong answer fails the run."""

from __future__ import annotations

import http.client
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.scenarios import Ask, Scenario


class WrongAnswer(BenchmarkError):
    """A peer answered a scenario wrongly; the message says what was asked, what came, and what should have come."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask_server(host: str, port: int, ask: Ask) -> Answer:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request(ask.method, ask.path, ask.payload(), ask.all_headers())
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


def same_json(one: Any, other: Any) -> bool:
    """Equal as JSON: 1 and 1.0 are the same number, but neither is `true`."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)


def without(value: Any, names: Collection[str]) -> Any:
    """JSON without the members of these names, at any depth."""
    if isinstance(value, dict):
        return {key: without(one, names) for key, one in value.items() if key not in names}
    return [without(one, names) for one in value] if isinstance(value, list) else value


def check_answer(scenario: Scenario, answer: Answer) -> None:
    """Raises WrongAnswer unless status, media type, headers and JSON are what the scenario says."""
    if answer.status != scenario.status:
        raise WrongAnswer(f"{scenario.name}: status {answer.status}, not {scenario.status}: {answer.body[:300]!r}")
    if not answer.headers.get("content-type", "").startswith("application/json"):
        raise WrongAnswer(f"{scenario.name}: content-type {answer.headers.get('content-type')!r}, not JSON")
    for name in scenario.answer_headers:
        if name not in answer.headers:
            raise WrongAnswer(f"{scenario.name}: the header {name} is missing")
    if not same_json(*(without(value, scenario.varies) for value in (json.loads(answer.body), scenario.answer))):
        raise WrongAnswer(f"{scenario.name}: another JSON than expected: {answer.body[:300]!r}")


def check_server(host: str, port: int, scenario: Scenario) -> None:
    """The scenario answered rightly, and everything it names as wrong refused with a 4xx. Raises WrongAnswer."""
    check_answer(scenario, ask_server(host, port, scenario.ask))
    for ask in scenario.refuses:
        answer = ask_server(host, port, ask)
        if not 400 <= answer.status < 500:
            raise WrongAnswer(f"{scenario.name}: {ask.method} {ask.path} was not refused, but got {answer.status}")
