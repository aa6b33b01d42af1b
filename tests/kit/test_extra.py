"""A part whose extra is missing says so in one line, with the command that mends it."""

from __future__ import annotations

import pytest

from tests.kit.programs import python

BLOCKED = """
import importlib.util, sys
genuine = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == {module!r} else genuine(name, package)
import vivace.kit.{part}
"""


@pytest.mark.parametrize(
    ("part", "extra", "module"),
    [
        ("settings", "settings", "pydantic_settings"),
        ("auth", "auth", "jwt"),
        ("auth", "auth", "pwdlib"),
        ("auth", "auth", "argon2"),
        ("auth", "auth", "cryptography"),
        ("metrics", "metrics", "prometheus_client"),
        ("sql", "sql", "sqlalchemy"),
        ("sql.migrations", "sql", "alembic"),
    ],
)
def test_a_missing_extra_is_named(part: str, extra: str, module: str) -> None:
    last = python(BLOCKED.format(part=part, module=module)).stderr.splitlines()[-1]
    assert last == f"vivace.kit.extras.MissingExtra: vivace.kit.{part} needs {module}: pip install 'vivace[{extra}]'"


@pytest.mark.parametrize(("scheme", "extra", "module"), [("redis", "channels", "redis"), ("nats", "nats", "nats")])
def test_a_broker_whose_extra_is_missing_is_named(scheme: str, extra: str, module: str) -> None:
    program = f"""
import sys
from importlib.abc import MetaPathFinder
class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError(name=name)
sys.meta_path.insert(0, Missing())
from vivace.kit.channels import Channels
Channels.from_url("memory://")
Channels.from_url("{scheme}://localhost")
"""
    last = python(program).stderr.splitlines()[-1]
    told = f"{scheme}:// channels needs the package {module!r}. Install it with: pip install 'vivace[{extra}]'"
    assert last.endswith(f"MissingExtra: {told}")


def test_the_kit_itself_needs_nothing() -> None:
    program = "import sys, vivace.kit; print([m for m in ('sqlalchemy', 'prometheus_client') if m in sys.modules])"
    assert python(program).stdout == "[]\n"
