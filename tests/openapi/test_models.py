"""The models of the specification: the same fields, in the same order, as FastAPI's."""

from __future__ import annotations

import enum
import subprocess
import sys
from typing import get_type_hints

import fastapi.openapi.models as genuine
import pytest
from pydantic import BaseModel

from vivace.openapi import models

NAMES = [name for name, value in vars(genuine).items() if getattr(value, "__module__", None) == genuine.__name__]


@pytest.mark.parametrize("name", NAMES)
def test_the_class_is_that_of_fastapi(name: str) -> None:
    expected, actual = getattr(genuine, name), getattr(models, name)
    if issubclass(expected, BaseModel):
        actual.model_rebuild()
        assert list(actual.model_fields) == list(expected.model_fields)
        assert actual.model_json_schema() == expected.model_json_schema()
        assert actual.model_config.get("extra") == expected.model_config.get("extra")
    elif issubclass(expected, enum.Enum):
        assert [(m.name, m.value) for m in actual] == [(m.name, m.value) for m in expected]
    else:
        assert get_type_hints(actual) == get_type_hints(expected)


def test_all_names_are_exported() -> None:
    assert set(NAMES) <= set(models.__all__)


def test_objects_keep_extensions_and_use_the_names_of_the_specification() -> None:
    schema = models.Schema.model_validate({"$ref": "#/x", "if": True, "x-mine": 1})
    assert schema.ref == "#/x"
    assert schema.model_dump(by_alias=True, exclude_none=True) == {"$ref": "#/x", "if": True, "x-mine": 1}


def test_without_email_validator_any_text_is_an_address() -> None:
    code = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *args: None if name == "email_validator" else find(name, *args)
from vivace.openapi.models import Contact
assert Contact(email="nobody").email == "nobody"
assert Contact.model_json_schema()["properties"]["email"]["anyOf"][0] == {"type": "string", "format": "email"}
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "pip install email-validator" in result.stderr
