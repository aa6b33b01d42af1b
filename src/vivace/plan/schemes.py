"""Security schemes on the straight line: a rule applied to one string, with no `Request` made for it."""

from __future__ import annotations

from typing import Any

from vivace.dependencies.models import Dependant
from vivace.security.base import CredentialScheme, only_authenticates


def credential_scheme(dependant: Dependant) -> CredentialScheme[Any] | None:
    """The scheme, where calling the dependency is nothing but `authenticate` on the string at its `source`."""
    scheme = dependant.call
    return scheme if isinstance(scheme, CredentialScheme) and only_authenticates(scheme) else None
