"""The run around the measuring: who takes part, in which order, under which command. No load is made."""

import sys
from dataclasses import dataclass

import pytest

from benchmarks import run
from benchmarks.errors import BenchmarkError
from benchmarks.measurements import Sample
from benchmarks.paths import REPOSITORY
from benchmarks.peers import PEERS_IN_ORDER, Missing, Peer, python_peer
from benchmarks.scenarios import Scenario, choose_scenarios
from tests.benchmarks.canned import canned_results, make_sample


@dataclass(frozen=True)
class AbsentPeer(Peer):
    def prepare(self) -> None:
        raise Missing("install it")


READY, ABSENT = Peer("ready", "Ready", ("true",)), AbsentPeer("absent", "Absent", ("true",))


def test_the_order_of_peers_turns_with_each_round() -> None:
    peers = list(PEERS_IN_ORDER)
    orders = [run.turned(peers, by) for by in range(len(peers) + 1)]
    assert {order[0].name for order in orders} == {peer.name for peer in peers}
    assert orders[-1] == peers


def test_server_and_load_need_a_core_each() -> None:
    with pytest.raises(BenchmarkError, match="two cores"):
        run.require_cores(run.Settings(server_core=0, load_core=0))
    with pytest.raises(BenchmarkError, match="two cores"):
        run.require_cores(run.Settings(server_core=0, load_core=100_000))


def test_a_missing_peer_fails_the_run_with_what_to_do() -> None:
    with pytest.raises(BenchmarkError, match="Absent: install it"):
        run.prepare([READY, ABSENT], skip_missing=False)


def test_a_missing_peer_may_be_skipped_and_is_named() -> None:
    assert run.prepare([READY, ABSENT], skip_missing=True) == ([READY], {"Absent": "install it"})


def test_a_python_peer_is_missing_while_a_module_it_needs_is() -> None:
    with pytest.raises(Missing, match=r"no_such_framework\.wire can't be imported"):
        python_peer("x", "X", "fastapi", "asgi", "no_such_framework.wire").prepare()
    with pytest.raises(Missing, match=r"no_such_add_on can't be imported by .*: pip install its-name$"):
        python_peer("x", "X", "fastapi", "asgi", "no_such_add_on", install="its-name").prepare()
    python_peer("x", "X", "fastapi", "asgi", "json.decoder").prepare()


def test_a_peer_is_not_asked_for_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def measure(peer: Peer, scenario: Scenario, settings: run.Settings, number: int) -> Sample:
        asked.append((peer.name, scenario.name))
        return make_sample(scenario.name, peer.name, number, 10.0)

    monkeypatch.setattr(run, "measure", measure)
    lacking = Peer("lacking", "Lacking", ("true",), lacks=("json",))
    run.measure_all([READY, lacking], choose_scenarios(["json", "post"]), run.Settings(rounds=1), canned_results())
    assert asked == [("ready", "json"), ("ready", "post"), ("lacking", "post")]


@pytest.mark.parametrize("peer", PEERS_IN_ORDER, ids=lambda peer: peer.name)
def test_shown_commands_hold_nothing_of_this_machine(peer: Peer) -> None:
    shown = peer.shown_command(core=0)
    assert shown.endswith("--port $PORT")
    assert str(REPOSITORY) not in shown
    assert sys.executable not in shown


def test_the_middleware_variant_is_asked_for_by_a_flag() -> None:
    assert "--middleware" in READY.command(8000, "middleware")
    assert READY.command(8000, "plain") == ["true", "--port", "8000"]


def test_an_error_tells_whom_it_is_about() -> None:
    with pytest.raises(BenchmarkError) as caught, run.about(READY, "in the scenario json"):
        raise BenchmarkError("wrong")
    assert caught.value.__notes__ == ["(about Ready, in the scenario json)"]
