"""The command line itself."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from tests.cli.conftest import HELLO, Project
from vivace.cli.program import program

RUNNER = CliRunner(env={"TERMINAL_WIDTH": "200", "NO_COLOR": "1"})

# Every option of FastAPI's own command, so that it can be replaced in a Procfile by its name alone.
FASTAPIS = "host port reload root-path app entrypoint proxy-headers forwarded-allow-ips".split()


@pytest.mark.parametrize(("command", "more"), [("run", ["workers"]), ("dev", ["reload-dir"])])
def test_the_options_of_fastapis_command_are_there(command: str, more: list[str]) -> None:
    text = RUNNER.invoke(program, [command, "--help"]).output
    assert [option for option in [*FASTAPIS, *more] if f"--{option}" not in text] == []


def test_dev_has_one_process() -> None:
    assert "--workers" not in RUNNER.invoke(program, ["dev", "--help"]).output


def test_the_version() -> None:
    assert RUNNER.invoke(program, ["--version"]).output.startswith("vivace 0.")


def test_routes_as_a_command(project: Project) -> None:
    project({"named.py": HELLO})
    done = RUNNER.invoke(program, ["routes", "named:app"])
    assert done.exit_code == 0
    assert "named.home" in done.output


def test_explain_as_a_command(project: Project) -> None:
    project({"named.py": HELLO})
    done = RUNNER.invoke(program, ["explain", "named.py", "GET", "/"])
    assert done.exit_code == 0
    assert "async def serve_home(x):" in done.output


def test_a_level_that_is_not_there_is_a_usage_error() -> None:
    assert RUNNER.invoke(program, ["run", "--log-level", "loud"]).exit_code == 2
