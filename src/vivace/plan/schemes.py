"""Security schemes on the straight line: a rule applied to one string, with no `Request` made for it."""

from __future__ import annotations

from vivace.dependencies.models import Dependant
from vivace.security.base import SecurityBase


def scheme_source(dependant: Dependant) -> tuple[str, str] | None:
    """`("header", "authorization")` and the like, where the dependency is a scheme of ours that nobody has changed.

    A subclass may override `__call__`, and a wrapper may do anything: both are called like any other dependency.
    """
    scheme = dependant.call
    if not isinstance(scheme, SecurityBase) or not type(scheme).__module__.startswith("vivace.security."):
        return None
    source: tuple[str, str] | None = getattr(scheme, "source", None)
    return source if hasattr(scheme, "authenticate") else None
