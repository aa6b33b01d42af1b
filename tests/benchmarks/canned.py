"""A run's results made up by hand: three peers, two scenarios, three rounds. No figure here was measured."""

from benchmarks.measurements import Declaration, Results, Sample

CPU_US = {
    ("json", "vivace-wire"): (12.0, 13.0, 12.5),
    ("json", "go"): (16.0, 17.0, 25.0),
    ("json", "fastapi"): (100.0, 90.0, 110.0),
    ("bulk", "vivace-wire"): (1000.0, 1100.0, 1200.0),
    ("bulk", "go"): (1200.0, 1210.0, 1220.0),
    ("bulk", "fastapi"): (5000.0, 5500.0, 5250.0),
}


def make_sample(scenario: str, peer: str, number: int, cpu_us: float, core_used: float = 1.0) -> Sample:
    requests = 10_000
    cpu_seconds = requests * cpu_us / 1e6
    return Sample(
        round=number,
        scenario=scenario,
        peer=peer,
        requests=requests,
        seconds=cpu_seconds / core_used,
        cpu_seconds=cpu_seconds,
        idle_bytes=50 * 2**20,
        loaded_bytes=(60 + number) * 2**20,
        p50_us=900,
        p99_us=1500,
    )


def make_declaration(framework: str, declare_seconds: float) -> Declaration:
    return Declaration(
        framework=framework,
        routes=3000,
        import_seconds=0.5,
        declare_seconds=declare_seconds,
        compile_seconds=0.25,
        imported_bytes=60 * 2**20,
        peak_bytes=150 * 2**20,
    )


def canned_results() -> Results:
    return Results(
        date="2026-01-02 03:04 UTC",
        machine={"CPU": "Some <CPU>", "cores": "2", "memory": "8 GiB", "system": "Debian, Linux 6.1"},
        versions={"vivace": "0.1.0", "go": "1.27.3"},
        settings={"rounds": "3, interleaved; the figures are medians", "cores": "server on core 0"},
        commands={"this run": "python -m benchmarks"},
        peers={"vivace-wire": "Vivace, wire door", "go": "Go net/http", "fastapi": "FastAPI on uvicorn"},
        scenarios={"json": "GET json", "bulk": "body of 1,000 models"},
        abouts={"json": "a small dict", "bulk": "a large body"},
        samples=[
            make_sample(scenario, peer, number, value)
            for (scenario, peer), values in CPU_US.items()
            for number, value in enumerate(values, 1)
        ],
        declarations=[make_declaration("vivace", 2.0), make_declaration("fastapi", 4.0)],
    )
