"""Every program has, on Vivace, the very document that FastAPI makes of it."""

from __future__ import annotations

import importlib
import json
import pkgutil
import warnings
from types import ModuleType
from typing import Any

import pytest

from tests.differential.compare import values
from tests.openapi import programs

NAMES = sorted(module.name for module in pkgutil.iter_modules(programs.__path__))


def framework(package: str) -> ModuleType:
    """The package, with the modules that programs reach through it."""
    for module in ("responses", "security", "security.http", "sse"):
        importlib.import_module(f"{package}.{module}")
    return importlib.import_module(package)


def document(name: str, package: str) -> tuple[dict[str, Any], list[str]]:
    """The program's document, and what making it warned of."""
    program = importlib.import_module(f"{programs.__name__}.{name}")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        made = program.build(framework(package)).openapi()
    return made, [str(w.message).replace(package, "framework") for w in caught]


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_that_of_fastapi(name: str) -> None:
    expected, expected_warnings = document(name, "fastapi")
    actual, actual_warnings = document(name, "vivace")
    assert not (found := values(expected, actual, "document")), "\n".join(found)
    assert json.dumps(actual) == json.dumps(expected)  # the order, too
    assert actual_warnings == expected_warnings
