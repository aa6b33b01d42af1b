"""What an operation asks of its caller: Security Requirement Objects (OpenAPI 3.1.0, section 4.8.30), and schemes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vivace.dependencies.models import Dependant
from vivace.encoders import jsonable_encoder


def requirements(dependants: Iterable[Dependant]) -> list[dict[str, list[str]]]:
    """One object for each scheme that the graph depends on, with all scopes that are asked for anywhere in it."""
    scopes: dict[str, dict[str, None]] = {}
    for node in dependants:
        if node.security_scheme is not None:
            scopes.setdefault(node.security_scheme.scheme_name, {}).update(dict.fromkeys(node.oauth_scopes))
    return [{name: list(asked)} for name, asked in scopes.items()]


def schemes(dependants: Iterable[Dependant]) -> dict[str, Any]:
    """The schemes themselves, by name, for `#/components/securitySchemes`."""
    used = {s.scheme_name: s.model for node in dependants if (s := node.security_scheme) is not None}
    return {name: jsonable_encoder(model, by_alias=True, exclude_none=True) for name, model in used.items()}
