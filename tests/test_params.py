"""The markers: their attributes, reprs and refusals are FastAPI's."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
import warnings
from copy import copy
from typing import Annotated, Any

import fastapi.param_functions
import fastapi.params
import pytest
from pydantic import AliasChoices
from pydantic.fields import FieldInfo

import vivace.param_functions
import vivace.params
from tests.oracle import outcome
from vivace.exceptions import FastAPIDeprecationWarning
from vivace.params import Body, Depends, File, Form, Header, Param, ParamTypes, Query, Security

KINDS = ["Param", "Path", "Query", "Header", "Cookie", "Body", "Form", "File"]
PLACES = [(fastapi.params, vivace.params), (fastapi.param_functions, vivace.param_functions)]

VALUES: dict[str, list[Any]] = {
    "default_factory": [list, None],
    "alias": ["a", None],
    "alias_priority": [1, None],
    "validation_alias": ["v", AliasChoices("v", "w"), None],
    "serialization_alias": ["s", None],
    "title": ["T", None],
    "description": ["d", None],
    "gt": [1, None],
    "ge": [1.5],
    "lt": [3],
    "le": [3],
    "min_length": [1, 0],
    "max_length": [5],
    "pattern": ["^p$", None],
    "regex": ["^r$", None],
    "discriminator": ["kind"],
    "strict": [True, False],
    "validate_default": [True],
    "union_mode": ["left_to_right"],
    "fail_fast": [True],
    "multiple_of": [2],
    "allow_inf_nan": [False],
    "max_digits": [3],
    "decimal_places": [2],
    "examples": [["x"], None],
    "example": ["x", None],
    "openapi_examples": [{"one": {"value": 1}}, None],
    "deprecated": [True, "old", None],
    "include_in_schema": [False, True],
    "json_schema_extra": [{"a": 1}, None],
    "annotation": [int],
    "convert_underscores": [False],
    "embed": [True],
    "media_type": ["text/x"],
    "unheard_of": [1],
}


def described(marker: FieldInfo) -> dict[str, Any]:
    """Every attribute of a marker, private ones of Pydantic's too."""
    names = [name for name in dir(marker) if not name.startswith("__")]
    values = {name: getattr(marker, name) for name in names if not callable(getattr(marker, name))}
    return {name: type(v).__name__ if "Placeholder" in repr(v) else repr(v) for name, v in values.items()}


def made(module: Any, kind: str, args: tuple[Any, ...], options: dict[str, Any]) -> tuple[str, ...]:
    return outcome(lambda: sorted(described(getattr(module, kind)(*args, **options)).items()))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("modules", PLACES, ids=["class", "function"])
def test_each_option_by_itself(modules: tuple[Any, Any], kind: str) -> None:
    theirs, ours = modules
    if not hasattr(theirs, kind):
        pytest.skip("Param has no function")
    for name, values in VALUES.items():
        for value in values:
            expected = made(theirs, kind, (), {name: value})
            got = made(ours, kind, (), {name: value})
            assert got == expected, (name, value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("default", [..., None, 1, [], "text", FieldInfo()], ids=repr)
def test_defaults(kind: str, default: Any) -> None:
    assert made(vivace.params, kind, (default,), {}) == made(fastapi.params, kind, (default,), {})
    with_factory = {"default_factory": list}
    assert made(vivace.params, kind, (default,), with_factory) == made(fastapi.params, kind, (default,), with_factory)


@pytest.mark.parametrize(
    ("one", "other"), list(itertools.combinations([*list(VALUES)[:5], "pattern", "regex", "gt"], 2))
)
def test_options_in_pairs(one: str, other: str) -> None:
    for first, second in itertools.product(VALUES[one], VALUES[other]):
        options = {one: first, other: second}
        assert made(vivace.params, "Query", (), options) == made(fastapi.params, "Query", (), options)


@pytest.mark.parametrize("kind", KINDS)
def test_same_parameters_for_introspection(kind: str) -> None:
    for theirs, ours in PLACES:
        if not hasattr(theirs, kind):
            continue
        expected = inspect.signature(getattr(theirs, kind)).parameters
        got = inspect.signature(getattr(ours, kind)).parameters
        assert set(got) == set(expected)
        assert {n: p.kind for n, p in got.items()} == {n: p.kind for n, p in expected.items()}


def test_class_hierarchy() -> None:
    assert issubclass(File, Form)
    assert issubclass(Form, Body)
    assert issubclass(Body, FieldInfo)
    assert issubclass(Param, FieldInfo)
    assert issubclass(Security, Depends)
    assert not issubclass(Body, Param)
    assert {t.name: t.value for t in ParamTypes} == {t.name: t.value for t in fastapi.params.ParamTypes}


def test_a_copy_keeps_our_own_attributes() -> None:
    header = copy(Header("x", convert_underscores=False, include_in_schema=False))
    assert (header.default, header.convert_underscores, header.include_in_schema) == ("x", False, False)
    assert header.in_ is ParamTypes.header


def test_unset_options_may_be_passed_on() -> None:
    """Wrappers of `Query` pass their own unset options through."""
    unset = vivace.params._Unset
    assert described(Query(title=unset, example=unset, regex=unset)) == described(Query())


@pytest.mark.parametrize("make", [vivace.params.Query, vivace.param_functions.Query, vivace.params.Header])
def test_deprecations_are_reported_where_they_are_written(make: Any) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        make(regex="a", example=1)
    assert [w.category for w in caught] == [FastAPIDeprecationWarning] * 2
    assert {w.filename for w in caught} == {__file__}


DEPENDENCIES: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("Depends", (), {}),
    ("Depends", (len,), {"use_cache": False, "scope": "request", "max_concurrency": 3}),
    ("Depends", (len,), {"scopes": []}),
    ("Depends", (len, False), {}),
    ("Depends", (), {"max_concurrency": 0}),
    ("Depends", (), {"max_concurrency": True}),
    ("Depends", (), {"max_concurrency": "1"}),
    ("Security", (), {}),
    ("Security", (len,), {"scopes": ["a"], "use_cache": False}),
    ("Security", (len,), {"scope": "request"}),
    ("Security", (len, True, None, ["a"]), {}),
]


@pytest.mark.parametrize(("kind", "args", "options"), DEPENDENCIES)
@pytest.mark.parametrize("modules", PLACES, ids=["class", "function"])
def test_dependencies(modules: tuple[Any, Any], kind: str, args: tuple[Any, ...], options: dict[str, Any]) -> None:
    theirs, ours = modules
    assert outcome(getattr(ours, kind), *args, **options) == outcome(getattr(theirs, kind), *args, **options)


def test_dependencies_are_compared_by_what_they_say() -> None:
    assert Depends(len) == Depends(len)
    assert hash(Depends(len)) == hash(Depends(len))
    assert Depends(len) != Depends(len, scope="function")
    assert hash(Security(len, scopes=("a",))) == hash(Security(len, scopes=("a",)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        Depends(len).use_cache = False  # type: ignore[misc]


def test_two_declarations_with_a_limit_are_two() -> None:
    """Else `typing` would give back the first `Annotated` for both, and its limit."""
    one, other = Depends(len, max_concurrency=1), Depends(len, max_concurrency=1)
    assert one != other
    assert one == dataclasses.replace(one)
    assert Annotated[int, one].__metadata__[0] is one
    assert Annotated[int, other].__metadata__[0] is other


def test_a_copied_declaration_shares_the_limit_of_its_original_unless_it_has_another() -> None:
    original = Depends(len, max_concurrency=2)
    assert dataclasses.replace(original, use_cache=False)._concurrency is original._concurrency
    assert dataclasses.replace(original, max_concurrency=3)._concurrency is not original._concurrency
    assert dataclasses.replace(original, max_concurrency=None)._concurrency is None
    assert Depends(len, max_concurrency=2)._concurrency is not original._concurrency
