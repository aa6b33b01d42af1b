"""A deprecation is reported at the user's line, however deep in the package it is found."""

from __future__ import annotations

import pytest

from vivace import deprecation
from vivace.exceptions import FastAPIDeprecationWarning


def test_the_line_outside_the_package_is_blamed() -> None:
    inside = {"__name__": "vivace.somewhere", "warn": deprecation.warn_deprecated}
    exec("def outer(): inner()\ndef inner(): warn('old')", inside)
    with pytest.warns(FastAPIDeprecationWarning, match="old") as caught:
        inside["outer"]()  # type: ignore[operator]
    assert caught[0].filename == __file__


def test_a_package_that_only_begins_alike_is_outside() -> None:
    outside = {"__name__": "vivace_plugin", "warn": deprecation.warn_deprecated}
    exec(compile("def call(): warn('old')", "plugin.py", "exec"), outside)
    with pytest.warns(FastAPIDeprecationWarning) as caught:
        outside["call"]()  # type: ignore[operator]
    assert caught[0].filename == "plugin.py"
