"""The deprecated responses still answer, and say that they are deprecated."""

from __future__ import annotations

from typing import Any

import fastapi.responses
import pytest

import vivace.responses
from tests.oracle import outcome

CONTENTS = [{"a": "é/<", "b": 1.5}, {1: 2}, [], "text", object()]


@pytest.mark.parametrize("name", ["ORJSONResponse", "UJSONResponse"])
@pytest.mark.parametrize("content", CONTENTS, ids=lambda c: type(c).__name__)
def test_the_bodies_are_fastapis(name: str, content: Any) -> None:
    def body(module: Any) -> Any:
        return outcome(lambda: getattr(module, name)(content).body)[:2]

    assert body(vivace.responses) == body(fastapi.responses)


@pytest.mark.parametrize("name", ["ORJSONResponse", "UJSONResponse"])
def test_they_warn_where_they_are_used(name: str) -> None:
    with pytest.warns(vivace.responses.FastAPIDeprecationWarning, match=f"{name} is deprecated") as caught:
        getattr(vivace.responses, name)({})
    assert caught[0].filename == __file__


@pytest.mark.filterwarnings("ignore::vivace.exceptions.FastAPIDeprecationWarning")
@pytest.mark.parametrize(("name", "library"), [("ORJSONResponse", "orjson"), ("UJSONResponse", "ujson")])
def test_without_the_library_they_name_it(monkeypatch: pytest.MonkeyPatch, name: str, library: str) -> None:
    monkeypatch.setattr(vivace.responses, library, None)
    with pytest.raises(AssertionError, match=f"{library} must be installed to use {name}"):
        getattr(vivace.responses, name)({})
