"""Which settings are secret, and how they are shown. Nothing here knows where settings come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, Secret, SecretBytes, SecretStr
from pydantic.fields import FieldInfo

from vivace.kit._redact import MASK, without_passwords

_SECRET_TYPES = (SecretStr, SecretBytes, Secret)
_TELLING_NAME = re.compile(
    r"(^|_)(password|passwd|pwd|secret|token|credentials?|(api|private|signing|access)_?key)s?($|_)"
)


def is_secret(name: str, field: FieldInfo | None) -> bool:
    """Whether a setting is declared secret, or named as secrets are: `password`, `api_key`, `auth_token`, ..."""
    return (field is not None and _has_secret_type(field.annotation)) or bool(_TELLING_NAME.search(name.lower()))


def _has_secret_type(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, _SECRET_TYPES):
        return True
    return any(_has_secret_type(argument) for argument in get_args(annotation))


def shown(name: str, field: FieldInfo | None, value: Any) -> Any:
    """The value for a representation: masked where it is secret, without the passwords of URLs where it isn't."""
    if isinstance(value, _SECRET_TYPES) or value is None or isinstance(value, BaseModel):
        return value  # a model of settings inside has its own representation
    if is_secret(name, field):
        return MASK
    text = str(value)
    masked = without_passwords(text)
    return value if masked == text else masked


def secrets_in(model: type[BaseModel], given: Any) -> Iterator[str]:
    """The secret strings among the raw values that a model was given, at any depth."""
    if not isinstance(given, Mapping):
        return
    fields = {alias: field for name, field in model.model_fields.items() for alias in _names(name, field)}
    for key, value in given.items():
        field = fields.get(str(key))
        if is_secret(str(key), field):
            yield from _strings(value)
        elif field is not None and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from secrets_in(field.annotation, value)


def _names(name: str, field: FieldInfo) -> Iterator[str]:
    yield name
    if isinstance(field.validation_alias, str):
        yield field.validation_alias


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from _strings(inner)
