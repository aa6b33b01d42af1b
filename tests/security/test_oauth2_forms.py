"""The login form and the scopes of a request."""

from __future__ import annotations

import inspect
from typing import Any, get_args

import fastapi.params
import fastapi.security
import pytest

import vivace.params
import vivace.security

FORMS = ["OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict"]


@pytest.mark.parametrize("name", FORMS)
def test_the_fields_of_the_form(name: str) -> None:
    def fields(package: Any) -> dict[str, Any]:
        parameters = inspect.signature(getattr(package.security, name)).parameters.values()
        described = {}
        for parameter in parameters:
            type_, *metadata = get_args(parameter.annotation)
            (form,) = (m for m in metadata if isinstance(m, package.params.Form))
            schema = form.json_schema_extra
            described[parameter.name] = (type_, parameter.default, repr(form.metadata), schema, parameter.kind)
        return described

    assert fields(vivace) == fields(fastapi)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("scope", ["", "a", "a b  c\n"])
def test_what_the_form_holds(name: str, scope: str) -> None:
    sent = {"grant_type": "password", "username": "u", "password": "p", "scope": scope, "client_id": "c"}
    ours = getattr(vivace.security, name)(**sent)
    assert list(vars(ours).items()) == list(vars(getattr(fastapi.security, name)(**sent)).items())
    assert ours.scopes == scope.split()


@pytest.mark.parametrize("scopes", [None, [], ["a"], ["a", "b"]])
def test_security_scopes(scopes: list[str] | None) -> None:
    assert vars(vivace.security.SecurityScopes(scopes)) == vars(fastapi.security.SecurityScopes(scopes))
