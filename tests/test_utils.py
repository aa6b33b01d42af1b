"""The small rules, held against FastAPI's."""

from __future__ import annotations

import copy
import warnings
from types import SimpleNamespace
from typing import Any

import fastapi.datastructures
import fastapi.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vivace.datastructures
import vivace.utils
from tests.oracle import outcome
from vivace.exceptions import FastAPIDeprecationWarning

STATUSES = [None, "default", *(f"{n}XX" for n in range(1, 8)), *range(99, 600), "204", "200", "abc", ""]


@pytest.mark.parametrize("status", STATUSES)
def test_which_statuses_have_a_body(status: Any) -> None:
    expected = outcome(fastapi.utils.is_body_allowed_for_status_code, status)
    assert outcome(vivace.utils.is_body_allowed_for_status_code, status) == expected


@given(st.text("ab{}:/", max_size=12))
def test_path_parameter_names(path: str) -> None:
    assert vivace.utils.get_path_param_names(path) == fastapi.utils.get_path_param_names(path)


@given(st.text(max_size=8), st.text(max_size=8), st.lists(st.sampled_from(["GET", "POST"]), unique=True))
def test_operation_ids(name: str, path: str, methods: list[str]) -> None:
    route: Any = SimpleNamespace(name=name, path_format=path, methods=methods)
    expected = outcome(fastapi.utils.generate_unique_id, route)
    got = outcome(vivace.utils.generate_unique_id, route)
    assert got[:2] == expected[:2]


def test_the_old_way_to_operation_ids_warns() -> None:
    request = {"name": "read items", "path": "/items/{id}", "method": "GET"}
    with pytest.warns(FastAPIDeprecationWarning) as caught:
        got = vivace.utils.generate_operation_id_for_path(**request)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert got == fastapi.utils.generate_operation_id_for_path(**request)


TREES = st.recursive(
    st.integers() | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abc"), TREES), st.dictionaries(st.sampled_from("abc"), TREES))
def test_deep_update(main: dict[str, Any], update: dict[str, Any]) -> None:
    expected = copy.deepcopy(main)
    fastapi.utils.deep_dict_update(expected, copy.deepcopy(update))
    vivace.utils.deep_dict_update(main, update)
    assert main == expected


@given(st.lists(st.tuples(st.booleans(), st.none() | st.integers()), min_size=1, max_size=4))
def test_the_innermost_given_value_wins(items: list[tuple[bool, Any]]) -> None:
    def chosen(package: Any) -> Any:
        marked = [package.datastructures.Default(v) if default else v for default, v in items]
        value = package.utils.get_value_or_default(*marked)
        return type(value).__name__, getattr(value, "value", value)

    assert chosen(vivace) == chosen(fastapi)
