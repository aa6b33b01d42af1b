"""The rounds: every peer in every scenario, interleaved, on one core, loaded from another. `python -m benchmarks`

What is compared is a `Benchmark`; this file has the one of the framework, `benchmarks.kit` that of the production kit.

First every peer must answer every scenario rightly. Then a fresh server process answers each window: it is started,
warmed up, left to settle, measured, ended.
Interleaving (round, then scenario, then peer, the order of peers turning with each round) spreads whatever else the
machine does over all peers alike.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import cpu, load, machine, report
from benchmarks.check import check_server
from benchmarks.declare import declare_all
from benchmarks.errors import BenchmarkError
from benchmarks.measurements import Results, Sample
from benchmarks.paths import BUILD, HERE, REPOSITORY
from benchmarks.peers import PEERS_IN_ORDER, Missing, Peer, choose_peers, shorten
from benchmarks.scenarios import SCENARIOS, Scenario, Variant, choose_scenarios
from benchmarks.server import HOST, Server, free_port, pinned, running


@dataclass(frozen=True)
class Settings:
    """How a run is made. Lengths in whole seconds, as wrk takes them; cores by their number."""

    rounds: int = 3
    seconds: int = 4
    warm_up: int = 2
    server_core: int = 0
    load_core: int = 1
    connections: int = load.CONNECTIONS

    def described(self) -> dict[str, str]:
        return {
            "rounds": f"{self.rounds}, interleaved; the figures are medians",
            "window": f"{self.seconds} s after {self.warm_up} s of warm-up, a fresh server process each",
            "load": f"{self.connections} keep-alive connections from one wrk thread",
            "cores": f"server on core {self.server_core}, load generator on core {self.load_core}",
        }


@dataclass(frozen=True)
class Benchmark:
    """What is compared, and where its report goes.

    `besides` adds to the results what a whole run has beside the scenarios. `publish` writes the report into a folder;
    `table` is what the terminal shows of it. `packages` are those whose versions are told beside the usual ones.
    `connections` are open at once.
    """

    command: str
    about: str | None
    peers: tuple[Peer, ...]
    scenarios: tuple[Scenario, ...]
    besides: Callable[[Results, Settings], None]
    publish: Callable[[Results, Path], Path]
    table: Callable[[Results], str]
    packages: tuple[str, ...] = ()
    connections: int = load.CONNECTIONS


def check_all(peers: list[Peer], scenarios: list[Scenario], settings: Settings) -> None:
    """Every peer's answer to every scenario, before any is measured. Raises BenchmarkError at the first wrong one."""
    for peer in peers:
        for variant in dict.fromkeys(scenario.variant for scenario in scenarios):
            with about(peer, f"its {variant} program"), start(peer, variant, settings) as server:
                for scenario in scenarios:
                    if scenario.variant == variant and scenario.name not in peer.lacks:
                        check_server(HOST, server.port, scenario)


def measure(peer: Peer, scenario: Scenario, settings: Settings, number: int) -> Sample:
    """One sample. CPU time is read when the server is idle before the window, and as soon as wrk has ended."""
    body = load.write_body(scenario.name, scenario.ask)
    with start(peer, scenario.variant, settings) as server:

        def wrk(seconds: int) -> load.Load:
            return load.make_load(
                load.wrk_command(scenario.ask, server.url, body, seconds, settings.load_core, settings.connections)
            )

        idle_bytes = cpu.resident_bytes(server.pid)
        wrk(settings.warm_up)
        cpu.wait_until_idle(server.pid)
        before = cpu.cpu_seconds(server.pid)
        window = wrk(settings.seconds)
        cpu_seconds = cpu.cpu_seconds(server.pid) - before
        loaded_bytes = cpu.resident_bytes(server.pid)
    return Sample(
        round=number,
        scenario=scenario.name,
        peer=peer.name,
        cpu_seconds=cpu_seconds,
        idle_bytes=idle_bytes,
        loaded_bytes=loaded_bytes,
        **vars(window),
    )


def start(peer: Peer, variant: Variant, settings: Settings) -> AbstractContextManager[Server]:
    port = free_port()
    return running(pinned(peer.command(port, variant), settings.server_core), port, peer.full_environment())


@contextmanager
def about(peer: Peer, what: str) -> Iterator[None]:
    """An error raised inside tells whom it is about."""
    try:
        yield
    except BenchmarkError as error:
        error.add_note(f"(about {peer.title}, {what})")
        raise


def measure_all(peers: list[Peer], scenarios: list[Scenario], settings: Settings, results: Results) -> None:
    for number in range(1, settings.rounds + 1):
        for scenario in scenarios:
            for peer in turned([peer for peer in peers if scenario.name not in peer.lacks], number - 1):
                with about(peer, f"in the scenario {scenario.name}"):
                    sample = measure(peer, scenario, settings, number)
                results.samples.append(sample)
                print(f"round {number}  {describe(sample)}", flush=True)


def turned(peers: list[Peer], by: int) -> list[Peer]:
    """The peers in an order that starts `by` places later, so that none is always first."""
    start = by % len(peers) if peers else 0
    return peers[start:] + peers[:start]


def describe(sample: Sample) -> str:
    return (
        f"{sample.scenario:<11} {sample.peer:<12} {sample.cpu_us:9.1f} us of CPU  "
        f"{sample.requests_per_second:9,.0f} requests/s  {sample.loaded_bytes / 2**20:6.1f} MiB"
    )


def require_cores(settings: Settings) -> None:
    wanted, usable = {settings.server_core, settings.load_core}, os.sched_getaffinity(0)
    if len(wanted) < 2 or not wanted <= usable:
        raise BenchmarkError(f"two cores of {sorted(usable)} are needed, by --server-core and --load-core")


def prepare(peers: list[Peer], skip_missing: bool) -> tuple[list[Peer], dict[str, str]]:
    """The peers that are ready, and why the others are not. Raises Missing unless those may be skipped."""
    ready, missing = [], {}
    for peer in peers:
        try:
            peer.prepare()
            ready.append(peer)
        except Missing as reason:
            if not skip_missing:
                raise Missing(f"{peer.title}: {reason}\n(--skip-missing goes on without it)") from None
            missing[peer.title] = str(reason)
            print(f"skipped: {peer.title}: {reason}", file=sys.stderr)
    return ready, missing


def new_results(
    benchmark: Benchmark, peers: list[Peer], scenarios: list[Scenario], settings: Settings, missing: dict[str, str]
) -> Results:
    first = scenarios[0]
    wrk = load.wrk_command(
        first.ask, f"http://{HOST}:$PORT", None, settings.seconds, settings.load_core, settings.connections
    )
    commands = {peer.title: peer.shown_command(settings.server_core) for peer in peers}
    commands = {
        "this run": shown_run(benchmark.command),
        **commands,
        f"load ({first.name})": " ".join(map(shorten, wrk)),
    }
    return Results(
        date=machine.date_now(),
        machine=machine.describe_machine(),
        versions=machine.describe_versions(benchmark.packages),
        settings=settings.described(),
        commands=commands,
        peers={peer.name: peer.title for peer in peers},
        scenarios={scenario.name: scenario.title for scenario in scenarios},
        abouts={scenario.name: scenario.about for scenario in scenarios},
        missing=missing,
    )


def shown_run(command: str) -> str:
    return " ".join([command, *map(shorten, sys.argv[1:])])


def read_arguments(benchmark: Benchmark) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=benchmark.command, description=benchmark.about)
    names = lambda text: [name.strip() for name in text.split(",")]  # noqa: E731
    peers, scenarios = (", ".join(x.name for x in every) for every in (benchmark.peers, benchmark.scenarios))
    parser.add_argument("--only", type=names, metavar="NAMES", help=f"scenarios, by comma; of {scenarios}")
    parser.add_argument("--peers", type=names, metavar="NAMES", help=f"peers, by comma; of {peers}")
    parser.add_argument("--quick", action="store_true", help="one round of 1 s windows: to try it, not to believe it")
    parser.add_argument("--rounds", type=int, default=Settings.rounds)
    parser.add_argument("--seconds", type=int, default=Settings.seconds, help="the length of a window")
    parser.add_argument("--warm-up", type=int, default=Settings.warm_up, help="seconds before it")
    parser.add_argument("--server-core", type=int, default=Settings.server_core)
    parser.add_argument("--load-core", type=int, default=Settings.load_core)
    parser.add_argument("--skip-missing", action="store_true", help="go on without peers that can't be set up here")
    parser.add_argument("--out", type=Path, help="where the report goes; default: here for a whole run, else .build/")
    return parser.parse_args()


def settings_of(args: argparse.Namespace, connections: int = load.CONNECTIONS) -> Settings:
    rounds, seconds, warm_up = (1, 1, 1) if args.quick else (args.rounds, args.seconds, args.warm_up)
    return Settings(rounds, seconds, warm_up, args.server_core, args.load_core, connections)


def run(benchmark: Benchmark) -> int:
    """Measure what the command line asks for, and publish it. The exit status."""
    args = read_arguments(benchmark)
    settings = settings_of(args, benchmark.connections)
    try:
        scenarios, chosen = choose_scenarios(args.only, benchmark.scenarios), choose_peers(args.peers, benchmark.peers)
        require_cores(settings)
        load.require_wrk()
        peers, missing = prepare(chosen, args.skip_missing)
        os.sched_setaffinity(0, {settings.load_core})  # the runner must not disturb the server's core
        check_all(peers, scenarios, settings)
        results = new_results(benchmark, peers, scenarios, settings, missing)
        if not (args.only or args.peers or missing):
            benchmark.besides(results, settings)
        measure_all(peers, scenarios, settings, results)
    except BenchmarkError as error:
        print("benchmark failed:", *traceback.format_exception_only(error), file=sys.stderr)
        return 1
    written = benchmark.publish(results, args.out or (HERE if is_whole(args, missing) else BUILD / "report"))
    print(f"{benchmark.table(results)}\n\nreport: {written}")
    return 0


def is_whole(args: argparse.Namespace, missing: dict[str, str]) -> bool:
    """Whether this run has everything in it that the published report shows."""
    return not (args.only or args.peers or args.quick or missing)


def declare(results: Results, settings: Settings) -> None:
    results.declarations = declare_all(settings.server_core, settings.rounds)


def publish(results: Results, folder: Path) -> Path:
    report.write(results, folder)
    if folder == HERE:
        report.update_readme(REPOSITORY / "README.md", results)
    return folder / "report.md"


FRAMEWORK = Benchmark(
    command="python -m benchmarks",
    about=__doc__,
    peers=PEERS_IN_ORDER,
    scenarios=SCENARIOS,
    besides=declare,
    publish=publish,
    table=report.cpu_table,
)


def main() -> int:
    return run(FRAMEWORK)
