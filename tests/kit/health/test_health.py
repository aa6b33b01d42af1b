"""Live and ready: checks run side by side, within their limits, once for all who ask."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator

import pytest

from tests.doors import Call
from vivace import FastAPI
from vivace.kit.health import Health

HIDDEN = "hunter2-xyzzy"


def served(health: Health) -> FastAPI:
    app = FastAPI()
    health.install(app, include_in_schema=True)
    return app


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What a thread waits for, that hangs until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_ready_tells_of_each_check(call: Call) -> None:
    health = Health()

    @health.check("async")
    async def one() -> None: ...

    @health.check("sync")
    def other() -> bool:
        return True

    response = call(served(health)).get("/health/ready")
    told = response.json()
    assert (response.status_code, told["status"]) == (200, "ok")
    assert {name: check["status"] for name, check in told["checks"].items()} == {"async": "ok", "sync": "ok"}
    assert response.headers["cache-control"] == "no-store"


def test_a_failing_check_is_503_and_its_reason_is_in_the_log_only(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    health = Health()

    @health.check("database")
    async def database() -> None:
        raise ConnectionError(f"no way to postgresql://me:{HIDDEN}@db/app")

    response = call(served(health)).get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["database"]["status"] == "failed"
    assert "postgresql" not in response.text
    assert "health check database: ConnectionError: no way to postgresql://me:**********@db/app" in caplog.text
    assert HIDDEN not in caplog.text


def test_a_check_may_fail_by_returning_false(call: Call) -> None:
    health = Health()
    health.check("disk")(lambda: False)
    assert call(served(health)).get("/health/ready").status_code == 503


def test_a_check_that_is_not_critical_leaves_the_process_ready(call: Call) -> None:
    health = Health()
    health.check("mail", critical=False)(lambda: False)
    response = call(served(health)).get("/health/ready")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")


def test_live_runs_no_check(call: Call) -> None:
    health = Health()
    health.check("database")(lambda: False)
    response = call(served(health)).get("/health/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_checks_run_side_by_side() -> None:
    health = Health(timeout=30)
    both = threading.Barrier(2)  # each waits for the other: one after the other, they would hang

    health.check("one")(lambda: both.wait(20) >= 0)
    health.check("two")(lambda: both.wait(20) >= 0)

    assert asyncio.run(health.report()).status == "ok"


def test_a_check_that_hangs_is_given_up(call: Call) -> None:
    health = Health(timeout=0.01)
    ended: list[str] = []

    @health.check("queue")
    async def queue() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    with call(served(health)) as client:
        response = client.get("/health/ready")
        assert client.get("/health/live").status_code == 200
    assert response.status_code == 503
    assert response.json()["checks"]["queue"]["status"] == "timed out"
    assert ended == ["cancelled"]


def test_a_thread_that_hangs_is_not_joined_by_another(stuck: threading.Event) -> None:
    health = Health(timeout=0.01, keep=0)
    runs: list[int] = []

    @health.check("disk")
    def disk() -> None:
        runs.append(1)
        stuck.wait(30)

    async def poll() -> list[str]:
        found = [(await health.report()).checks["disk"].status for _ in range(3)]
        stuck.set()
        return found

    assert asyncio.run(poll()) == ["timed out"] * 3
    assert runs == [1]


def test_a_check_recovers_without_a_restart(call: Call) -> None:
    health = Health(keep=0)
    up: list[bool] = []
    health.check("database")(lambda: bool(up))
    client = call(served(health))
    assert client.get("/health/ready").status_code == 503
    up.append(True)
    assert client.get("/health/ready").status_code == 200


def test_a_result_is_kept_for_a_moment() -> None:
    clock = Clock()
    health = Health(keep=1.0, clock=clock)
    runs: list[float] = []
    health.check("counted")(lambda: runs.append(clock.now))

    async def poll() -> None:
        for clock.now in (0.0, 0.5, 0.9, 1.1):
            await health.report()

    asyncio.run(poll())
    assert runs == [0.0, 1.1]


def test_all_who_ask_at_once_share_one_run() -> None:
    health = Health(keep=0)
    runs: list[int] = []

    @health.check("counted")
    async def counted() -> None:
        runs.append(1)
        await asyncio.sleep(0)

    async def crowd() -> None:
        await asyncio.gather(*(health.report() for _ in range(10)))

    asyncio.run(crowd())
    assert runs == [1]


def test_one_who_leaves_does_not_end_the_run_for_others() -> None:
    health = Health(keep=0)

    async def leave() -> str:
        begun, go = asyncio.Event(), asyncio.Event()

        @health.check("slow")
        async def slow() -> None:
            begun.set()
            await go.wait()

        first = asyncio.create_task(health.report())
        second = asyncio.create_task(health.report())
        await begun.wait()
        first.cancel()
        await asyncio.wait([first])
        go.set()
        return (await second).status

    assert asyncio.run(leave()) == "ok"


def test_a_check_has_a_name_and_a_limit_of_its_own() -> None:
    health = Health()
    health.check("one")(lambda: True)
    with pytest.raises(ValueError, match="There is a health check 'one' already"):
        health.check("one")
    with pytest.raises(ValueError, match="a timeout of 0 s is none"):
        health.check("two", timeout=0)


def test_the_endpoints_are_in_the_document_if_asked_for() -> None:
    paths = served(Health()).openapi()["paths"]
    assert set(paths["/health/ready"]["get"]["responses"]) == {"200", "503"}
    app = FastAPI()
    Health().install(app)
    assert app.openapi()["paths"] == {}


def test_a_failure_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    health = Health()
    health.check("disk")(lambda: False)
    asyncio.run(health.report())
    assert [record.levelno for record in caplog.records if record.name == "vivace.health"] == [logging.WARNING]
