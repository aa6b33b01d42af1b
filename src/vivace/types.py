"""Type aliases shared across the package. No behaviour lives here."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from types import UnionType
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic.main import IncEx

__all__ = ["DecoratedCallable", "DependencyCacheKey", "IncEx", "ModelNameMap", "UnionType"]

DecoratedCallable = TypeVar("DecoratedCallable", bound=Callable[..., Any])

# The name under which each model of a document stands in `components/schemas`.
ModelNameMap = dict[type[BaseModel] | type[Enum], str]

# What makes two uses of a dependency the same: the callable, its security scopes, its lifetime.
DependencyCacheKey = tuple[Callable[..., Any] | None, tuple[str, ...], str]
