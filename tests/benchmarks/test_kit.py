"""The kit's benchmark: its programs answer its scenarios rightly, and its report says what is met. No load is made."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.check import Answer, check_answer
from benchmarks.kit import report
from benchmarks.kit.__main__ import KIT
from benchmarks.kit.parts import measure_parts
from benchmarks.kit.scenarios import CACHED, CONSTANT, GUARDED, KIT_SCENARIOS, LIMITED, REMEMBERED
from benchmarks.measurements import Part, Results
from benchmarks.paths import PEERS, REPOSITORY
from benchmarks.peers import Peer
from benchmarks.peers.kit_token import CLAIMS, FORGED, SECRET, TOKEN
from benchmarks.scenarios import Ask, Scenario
from tests.benchmarks.canned import canned_results, make_sample

pytestmark = [
    pytest.mark.once,
    # slowapi asks for what Python 3.14 deprecates.
    pytest.mark.filterwarnings("ignore:'asyncio.iscoroutinefunction' is deprecated:DeprecationWarning"),
]

CASES = [
    pytest.param(peer, scenario, id=f"{peer.name}-{scenario.name}")
    for peer in KIT.peers
    for scenario in KIT_SCENARIOS
    if scenario.name not in peer.lacks
]
PROGRAMS = {"vivace-wire": ("kit_on_vivace", "vivace"), "fastapi": ("kit_on_fastapi", "fastapi")}


@pytest.fixture(autouse=True)
def _programs_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(PEERS)


def answers_of(peer: Peer, *asks: Ask) -> list[Answer]:
    program, framework = PROGRAMS[peer.name]
    test_client: Any = importlib.import_module(f"{framework}.testclient").TestClient
    with test_client(importlib.import_module(program).build(None)) as client:
        made = [client.request(ask.method, ask.path, headers=ask.all_headers()) for ask in asks]
    return [Answer(one.status_code, dict(one.headers), one.content) for one in made]


@pytest.mark.parametrize(("peer", "scenario"), CASES)
def test_each_program_answers_rightly_and_as_often_as_it_is_asked(peer: Peer, scenario: Scenario) -> None:
    for answer in answers_of(peer, *[scenario.ask] * 100):
        check_answer(scenario, answer)


@pytest.mark.parametrize(("peer", "scenario"), CASES)
def test_each_program_refuses_what_a_scenario_calls_wrong(peer: Peer, scenario: Scenario) -> None:
    for answer in answers_of(peer, *scenario.refuses):
        assert 400 <= answer.status < 500


@pytest.mark.parametrize("peer", KIT.peers, ids=lambda peer: peer.name)
def test_both_limits_tell_what_is_left(peer: Peer) -> None:
    (answer,) = answers_of(peer, Ask("GET", "/limited"))
    assert any("ratelimit" in name for name in answer.headers)


def test_an_endpoint_that_is_not_cached_after_all_fails() -> None:
    made = importlib.import_module("benchmarks.peers.kit_token").Made()
    for _ in range(made.most):
        made.one_more()
    with pytest.raises(Exception, match="it ran 65 times"):
        made.one_more()


def test_the_token_is_one_that_pyjwt_takes_and_the_forged_one_is_not() -> None:
    jwt = importlib.import_module("jwt")
    assert jwt.decode(TOKEN, SECRET, algorithms=["HS256"]) == CLAIMS
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(FORGED, SECRET, algorithms=["HS256"])


@pytest.mark.parametrize("peer", KIT.peers, ids=lambda peer: peer.name)
def test_shown_commands_hold_nothing_of_this_machine(peer: Peer) -> None:
    shown = peer.shown_command(core=0)
    assert "--program kit_on_" in shown
    assert str(REPOSITORY) not in shown


def test_parts_are_measured_in_a_process_of_their_own() -> None:
    parts = {part.name: part for part in measure_parts(core=0, rounds=1, calls=5)}
    assert {"nothing", "limit", "slowapi", "pyjwt", "verify", "remembered", "authx"} == set(parts)
    assert all(len(part.rounds_us) == 5 for part in parts.values())


# -- the report, from figures made up by hand

PER_REQUEST = {
    "vivace-wire": {CONSTANT: 10.0, CACHED: 12.5, LIMITED: 14.0, GUARDED: 90.0, REMEMBERED: 20.0},
    "fastapi": {CONSTANT: 100.0, CACHED: 180.0, LIMITED: 150.0, GUARDED: 300.0},
}
BY_ITSELF = {"nothing": 0.1, "limit": 2.6, "slowapi": 5.1, "pyjwt": 50.1, "verify": 55.1, "remembered": 2.1}


def canned_kit() -> Results:
    return replace(
        canned_results(),
        peers={peer.name: peer.title for peer in KIT.peers},
        scenarios={scenario.name: scenario.title for scenario in KIT_SCENARIOS},
        abouts={scenario.name: scenario.about for scenario in KIT_SCENARIOS},
        samples=[
            make_sample(scenario, peer, 1, value)
            for peer, values in PER_REQUEST.items()
            for scenario, value in values.items()
        ],
        declarations=[],
        parts=[Part(name, f"about {name}", [us, us + 1, us - 1]) for name, us in BY_ITSELF.items()],
    )


def test_the_goals_are_held_against_the_figures() -> None:
    assert report.goals_table(canned_kit()).splitlines()[2:] == [
        "| cached hit ÷ constant | 1.30 | 1.25 | yes | 1.80 |",
        "| cached hit, asked first ÷ constant | 1.30 |  |  |  |",
        "| rate limit in memory, by itself | 3.0 us | 2.5 us | yes | 5.0 us |",
        "| rate limit in memory, what it adds to a request | 3.0 us | 4.0 us | no | 50.0 us |",
        "| JWT check ÷ PyJWT's `decode` | 1.20 | 1.10 | yes |  |",
        "| JWT check when it is remembered, less than one that is not | 55.0 us | 2.0 us | yes |  |",
    ]


def test_what_each_part_adds_is_told_without_the_constant_response() -> None:
    lines = report.added_table(canned_kit()).splitlines()
    assert "| cached hit | 2.5 | 80.0 |" in lines
    assert "| guarded by JWT, remembered | 10.0 |  |" in lines


def test_without_parts_their_goals_are_open() -> None:
    results = replace(canned_kit(), parts=[])
    assert "| JWT check ÷ PyJWT's `decode` | 1.20 |  |  |  |" in report.goals_table(results)
    assert "by themselves" not in report.markdown(results)


def test_the_report_survives_json(tmp_path: Path) -> None:
    page = report.publish(canned_kit(), tmp_path)
    again = Results.from_json(json.loads((tmp_path / "report-kit.json").read_text()))
    assert again == canned_kit()
    assert page.read_text() == report.markdown(again)
    assert "what each part adds to a request" in page.read_text().lower()
