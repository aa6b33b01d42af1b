"""What is missing or wrong in the environment, told all at once, by variable, and never with a value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import AliasChoices, AliasPath, BaseModel, ValidationError
from pydantic.fields import FieldInfo

from vivace.kit._redact import without, without_passwords
from vivace.kit.settings.secret import is_secret, secrets_in

_OWN_WORDS = ("value_error", "assertion_error")  # what a validator of the program's says, may quote the value


class SettingsError(Exception):
    """The environment doesn't fit the settings. `problems` has a line for each variable: its name, what is wrong."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        count = f"{len(self.problems)} variable{'' if len(self.problems) == 1 else 's'}"
        lines = "".join(f"\n  {problem}" for problem in self.problems)
        super().__init__(f"{name}: {count} missing or wrong in the environment{lines}")


def error_of(model: type[BaseModel], error: ValidationError, given: Any) -> SettingsError:
    """The same as `error`, in terms of variables. `given` is what the sources had, by which secrets are known."""
    hidden = set(secrets_in(model, given))
    told = (_problem(model, one) for one in error.errors(include_url=False, include_context=False))
    return SettingsError(model.__name__, [without_passwords(without(line, hidden)) for line in told])


def _problem(model: type[BaseModel], error: Any) -> str:
    names = list(_fields_on(model, error["loc"]))
    message = error["msg"]
    if error["type"] == "missing":
        message = "missing"
    elif error["type"] in _OWN_WORDS and any(is_secret(name, field) for name, field in names):
        message = "refused by its validator"
    variable = variable_of(model, error["loc"])
    return f"{variable}: {message}" if variable else message


def _fields_on(model: type[BaseModel], loc: Sequence[Any]) -> Iterator[tuple[str, FieldInfo | None]]:
    """Each step of a location with the field that it leads to, as far as there are fields."""
    within: type[BaseModel] | None = model
    for step in loc:
        name = str(step)
        field = _field(within, name) if within is not None else None
        yield name, field
        inner = field.annotation if field is not None else None
        within = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    if name in model.model_fields:
        return model.model_fields[name]
    return next((f for f in model.model_fields.values() if name in _aliases(f)), None)


def variable_of(model: type[BaseModel], loc: Sequence[Any]) -> str:
    """The variable, or the variables, that a location stands for: `APP_DATABASE__PORT`, `TOKEN or API_TOKEN`."""
    if not loc:
        return ""
    config: Any = model.model_config
    first = str(loc[0])
    field = _field(model, first)
    heads = _aliases(field) if field is not None else []
    if not heads:
        heads = [config.get("env_prefix", "") + first]
    delimiter = config.get("env_nested_delimiter")
    tail = "".join(f"{delimiter}{step}" if delimiter else f"[{step}]" for step in loc[1:])
    names = [head + tail for head in heads]
    return " or ".join(names if config.get("case_sensitive") else [name.upper() for name in names])


def _aliases(field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias] if alias is not None else []
    return [str(choice.path[0]) if isinstance(choice, AliasPath) else str(choice) for choice in choices]
