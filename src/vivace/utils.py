"""Small rules that several modules need, each a function of its arguments alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vivace.datastructures import DefaultPlaceholder, DefaultType
from vivace.deprecation import warn_deprecated

if TYPE_CHECKING:
    from vivace.routing import APIRoute

# As OpenAPI has them in `responses`: each stands for a range, or for all others.
_STATUS_PATTERNS = frozenset({"default", "1XX", "2XX", "3XX", "4XX", "5XX"})
_BODYLESS = frozenset({204, 205, 304})


def is_body_allowed_for_status_code(status_code: int | str | None) -> bool:
    """Whether a response of this status has a body: not 1xx, 204, 205, 304 (RFC 9110 sections 6.4.1 and 15)."""
    if status_code is None or status_code in _STATUS_PATTERNS:
        return True
    code = int(status_code)
    return code >= 200 and code not in _BODYLESS


def get_path_param_names(path: str) -> set[str]:
    """`"/items/{item_id}"` gives `{"item_id"}`. Takes the path without convertors (`APIRoute.path_format`)."""
    return set(re.findall("{(.*?)}", path))


def generate_unique_id(route: APIRoute) -> str:
    """The default `operationId`: function name, path and method, as one identifier."""
    if not route.methods:
        raise AssertionError(f"The route {route.name!r} has no methods to be named by.")
    return _identifier(f"{route.name}{route.path_format}") + f"_{next(iter(route.methods)).lower()}"


def generate_operation_id_for_path(*, name: str, path: str, method: str) -> str:
    """Deprecated: `generate_unique_id` is what makes operation ids."""
    warn_deprecated("generate_operation_id_for_path() is deprecated; use generate_unique_id()")
    return _identifier(name + path) + f"_{method.lower()}"


def _identifier(text: str) -> str:
    return re.sub(r"\W", "_", text)


def deep_dict_update(main_dict: dict[Any, Any], update_dict: dict[Any, Any]) -> None:
    """Merge `update_dict` into `main_dict`: dicts are merged, lists appended to, all else is replaced."""
    for key, new in update_dict.items():
        old = main_dict.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            deep_dict_update(old, new)
        elif isinstance(old, list) and isinstance(new, list):
            main_dict[key] = old + new
        else:
            main_dict[key] = new


def get_value_or_default(
    first_item: DefaultPlaceholder | DefaultType, *extra_items: DefaultPlaceholder | DefaultType
) -> DefaultPlaceholder | DefaultType:
    """The first item that isn't a default, or else the first. Innermost (the route) first, outermost (the app) last."""
    given = (item for item in (first_item, *extra_items) if not isinstance(item, DefaultPlaceholder))
    return next(given, first_item)
