"""The scenarios, and the Python program that must answer them: on FastAPI, and on Vivace without an edit."""

import importlib
import json
from typing import Any

import pytest

from benchmarks.check import Answer, WrongAnswer, check_answer, same_json
from benchmarks.errors import BenchmarkError
from benchmarks.peers import choose_peers
from benchmarks.peers.python_app import build
from benchmarks.scenarios import GREETING, SCENARIOS, Ask, Scenario, choose_scenarios

NAMES = ["json", "typed", "post", "list", "bulk", "depends", "sync", "middleware"]


def ask_app(framework: str, scenario: Scenario, ask: Ask) -> Answer:
    module = importlib.import_module(framework)
    test_client: Any = importlib.import_module(f"{framework}.testclient").TestClient
    with test_client(build(module, middleware=scenario.variant == "middleware")) as client:
        response = client.request(ask.method, ask.path, headers=ask.all_headers(), content=ask.payload())
    return Answer(response.status_code, dict(response.headers), response.content)


def test_the_scenarios_are_those_of_the_report() -> None:
    assert [scenario.name for scenario in SCENARIOS] == NAMES


@pytest.mark.parametrize("framework", ["fastapi", "vivace"])
@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_the_program_answers_each_scenario_on_either_framework(framework: str, scenario: Scenario) -> None:
    check_answer(scenario, ask_app(framework, scenario, scenario.ask))


@pytest.mark.parametrize("framework", ["fastapi", "vivace"])
@pytest.mark.parametrize("scenario", [s for s in SCENARIOS if s.refuses], ids=lambda s: s.name)
def test_the_program_refuses_what_a_scenario_calls_wrong(framework: str, scenario: Scenario) -> None:
    for ask in scenario.refuses:
        assert 400 <= ask_app(framework, scenario, ask).status < 500


def test_a_subset_keeps_the_order_of_the_whole() -> None:
    assert [scenario.name for scenario in choose_scenarios(["bulk", "json"])] == ["json", "bulk"]
    assert [peer.name for peer in choose_peers(["go", "vivace-wire"])] == ["vivace-wire", "go"]


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BenchmarkError, match=r"'xml'.*json, typed"):
        choose_scenarios(["xml"])
    with pytest.raises(BenchmarkError, match=r"'nginx'.*vivace-wire"):
        choose_peers(["nginx"])


def test_a_body_is_sent_compactly_with_its_content_type() -> None:
    ask = Ask("POST", "/", body={"a": [1, 2]})
    assert ask.payload() == b'{"a":[1,2]}'
    assert ask.all_headers() == {"content-type": "application/json"}
    assert Ask("GET", "/").payload() is None


JSON_TYPE = {"content-type": "application/json; charset=utf-8"}
GOOD = Answer(200, JSON_TYPE, json.dumps(GREETING).encode())


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (Answer(500, GOOD.headers, GOOD.body), "status 500"),
        (Answer(200, {"content-type": "text/plain"}, GOOD.body), "content-type"),
        (Answer(200, GOOD.headers, b'{"message": "Hi"}'), "another JSON"),
    ],
)
def test_a_wrong_answer_is_named(answer: Answer, complaint: str) -> None:
    check_answer(SCENARIOS[0], GOOD)
    with pytest.raises(WrongAnswer, match=complaint):
        check_answer(SCENARIOS[0], answer)


def test_a_missing_header_is_a_wrong_answer() -> None:
    behind_middleware = choose_scenarios(["middleware"])[0]
    with pytest.raises(WrongAnswer, match="access-control-allow-origin is missing"):
        check_answer(behind_middleware, GOOD)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (True, 1, False),
        ({"a": [0, None]}, {"a": [0.0, None]}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], [1], False),
        ("1", 1, False),
    ],
)
def test_same_json(one: Any, other: Any, same: bool) -> None:
    assert same_json(one, other) is same


def test_what_varies_is_not_compared() -> None:
    scenario = Scenario("order", "", "", Ask("GET", "/"), {"lines": [{"id": 1, "name": "a"}]}, varies=("id",))
    json_type = {"content-type": "application/json"}
    check_answer(scenario, Answer(200, json_type, b'{"id": 7, "lines": [{"id": 8, "name": "a"}]}'))
    with pytest.raises(WrongAnswer):
        check_answer(scenario, Answer(200, json_type, b'{"id": 7, "lines": [{"id": 8, "name": "b"}]}'))
