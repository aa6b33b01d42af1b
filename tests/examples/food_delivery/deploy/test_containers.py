"""The image and Compose: judged by hadolint and the schema of Compose, and the image's command really run."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft202012Validator

from examples.food_delivery.deploy.make_secrets import make
from examples.food_delivery.settings import Settings
from tests.examples.food_delivery.deploy.files import DEPLOY, VARIABLES, instructions, load, tool
from tests.servers import BIN, ROOT, serving

DOCKERFILE = DEPLOY / "Dockerfile"


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    assert tool("hadolint", DOCKERFILE) == (0, "")


def test_hadolint_would_say_it(tmp_path: Path) -> None:
    worse = tmp_path / "Dockerfile"
    worse.write_text(DOCKERFILE.read_text().replace("python:3.13-slim", "python:latest"))
    status, said = tool("hadolint", worse)
    assert (status, "DL3007" in said) == (1, True)


def test_compose_fits_its_schema() -> None:
    """The schema is Compose's own, as check-jsonschema ships it."""
    schema = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))
    assert [error.message for error in schema.iter_errors(load("compose.yaml"))] == []
    worse = load("compose.yaml")
    worse["services"]["nginx"]["depends_on"]["app"]["condition"] = "service_fine"
    assert not schema.is_valid(worse)


def test_compose_names_only_what_there_is() -> None:
    compose = load("compose.yaml")
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", {})) <= set(compose["services"]), name
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        assert "healthcheck" in service or name == "nginx", name
        for variable in service.get("environment", {}):
            assert not variable.startswith("FOOD_") or variable.lower() in VARIABLES, variable
    for volume in (volume for service in compose["services"].values() for volume in service.get("volumes", [])):
        source = volume.partition(":")[0]
        assert source in compose["volumes"] or (DEPLOY / source).is_file(), volume


def test_what_is_asked_to_drain_is_given_the_time() -> None:
    command = json.loads(dict(instructions(DOCKERFILE))["CMD"])
    graceful = int(command[command.index("--timeout-graceful-shutdown") + 1])
    assert int(load("compose.yaml")["services"]["app"]["stop_grace_period"].removesuffix("s")) >= graceful + 5


def test_secrets_are_made_once_and_read_from_their_files(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    wanted = {Path(secret["file"]).name for secret in load("compose.yaml")["secrets"].values()}
    assert set(make(folder)) == wanted
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert make(folder) == [], "a database keeps the password that it was made with"
    settings = Settings(_env_file=None, _secrets_dir=folder)
    assert settings.secret_key.get_secret_value() == (folder / "food_secret_key").read_text()
    assert (folder / "postgres_password").read_text() in settings.database_url.get_secret_value()


@pytest.mark.socket
def test_the_images_command_serves_from_what_the_image_has(tmp_path: Path) -> None:
    """Nothing but what is copied into it, as another user would have it: the folder can't be written to."""
    said = list(instructions(DOCKERFILE))
    last = max(index for index, (name, _) in enumerate(said) if name == "FROM")
    copied = [rest.split() for name, rest in said[last:] if name == "COPY" and not rest.startswith("--from")]
    for source, target in copied:
        shutil.copytree(ROOT / source, tmp_path / target, ignore=shutil.ignore_patterns("deploy", "__pycache__"))
    (tmp_path / "data").mkdir()
    command = json.loads(dict(said)["CMD"])
    options = [*command[: command.index("--host")], *command[command.index("--port") + 2 :]]
    env = {
        "PYTHONPATH": f"{ROOT / 'src'}:{tmp_path}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "FOOD_LOG_FORMAT": "json",
        "FOOD_DATABASE_URL": f"sqlite:///{tmp_path}/data/city.db",
        "FOOD_SEED": "false",
        "FOOD_SIMULATION": "false",
    }
    before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    with serving([BIN / options[0], *options[1:]], cwd=tmp_path, env=env) as server:
        assert httpx2.get(f"{server.url}/health/ready").json()["status"] == "ok"
        httpx2.get(f"{server.url}/cuisines", headers={"X-Request-ID": "mine"})
        _check(said, server.port)
        _, output = server.stop()
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    [told] = [line for line in lines if line["request_id"] == "mine"]
    assert (told["route"], told["status"]) == ("/cuisines", 200)
    assert {"uvicorn.error", "food_delivery.requests"} <= {line["logger"] for line in lines}
    assert before == {path for path in tmp_path.rglob("*") if "data" not in path.parts}


def _check(said: list[tuple[str, str]], port: int) -> None:
    """The image's own healthcheck, on another port."""
    _, _, check = dict(said)["HEALTHCHECK"].partition("CMD ")
    _, option, program = json.loads(check)

    def status(asked: str) -> int:
        return subprocess.run([sys.executable, option, asked], capture_output=True, check=False).returncode

    here = program.replace(":8000", f":{port}")
    assert status(here) == 0
    assert status(here.replace("live", "nowhere")) != 0
