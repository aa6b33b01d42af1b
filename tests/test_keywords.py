"""Options stated once, in a TypedDict: refused and shown as if they had been written out."""

from __future__ import annotations

import inspect
from typing import Any, TypedDict, Unpack

import pytest

from vivace.keywords import only, spelled_out


class Options(TypedDict, total=False):
    size: int
    color: str


@spelled_out(Options)
def paint(what: str, *, where: str = "here", **options: Unpack[Options]) -> Any:
    return only(Options, options, "paint")


def test_known_options_pass() -> None:
    assert paint("wall", size=1) == {"size": 1}


def test_others_are_refused_in_python_s_words() -> None:
    with pytest.raises(TypeError, match=r"^paint\(\) got an unexpected keyword argument 'colour'$"):
        paint("wall", colour="red")  # type: ignore[call-arg]


def test_the_signature_shows_them() -> None:
    parameters = inspect.signature(paint).parameters
    assert list(parameters) == ["what", "where", "size", "color"]
    assert parameters["size"].kind is inspect.Parameter.KEYWORD_ONLY
    assert inspect.signature(paint).return_annotation == "Any"
