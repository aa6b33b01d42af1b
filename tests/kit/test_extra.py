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
    assert last == f"ImportError: vivace.kit.{part} needs {module}: pip install 'vivace[{extra}]'"


def test_the_kit_itself_needs_nothing() -> None:
    program = "import sys, vivace.kit; print([m for m in ('sqlalchemy', 'prometheus_client') if m in sys.modules])"
    assert python(program).stdout == "[]\n"
