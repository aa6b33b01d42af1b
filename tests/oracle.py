"""The same call on FastAPI and on Vivace: what came of it, in a form that can be compared."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

# Parameters that FastAPI has since the version after the oracle's.
LATER = {"max_body_size", "form_limits"}


def outcome(call: Callable[..., Any], *args: Any, **kwargs: Any) -> tuple[str, ...]:
    """The result's repr, or the exception's class and text; then each warning. Package names are made equal."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = ("returned", repr(call(*args, **kwargs)))
        except Exception as error:  # noqa: BLE001  # whatever it is, the other must raise the same
            result = ("raised", type(error).__name__, str(error))
    return (*result, *(f"{w.category.__name__}: {w.message}" for w in caught))
