"""The strings of a request's parameters, collected, then validated in one go: `params = validate_params(params)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.convertors import PathConvertor, StringConvertor

from vivace.dependencies import extract
from vivace.fields import ModelField, input_aliases
from vivace.operation.operation import Operation
from vivace.plan import inputs, validator
from vivace.plan.emit.source import Source
from vivace.plan.steps import Steps


class Parameters:
    """What comes from path, query, headers and cookies, for the whole dependency graph at once."""

    def __init__(self, source: Source, operation: Operation, steps: Steps) -> None:
        self.source, self.operation, self.steps = source, operation, steps

    def write(self) -> None:
        if not self.steps.params:
            return
        places = {place for place, _ in self.steps.params.values()}
        if "query" in places:
            lists = any(p == "query" and extract.takes_list(f) for p, f in self.steps.params.values())
            reader = "query_pairs" if lists else "query_dict"
            self.source.name(reader, getattr(inputs, reader))
            if lists:
                self.source.line("pairs = query_pairs(x.query)")
                self.source.line("query = dict(pairs)")
            else:
                self.source.line("query = query_dict(x.query)")
        if "cookie" in places:
            self.source.name("cookie_dict", inputs.cookie_dict)
            self.source.line("cookies = cookie_dict(x.headers)")
        fields = {key: field for key, (_, field) in self.steps.params.items()}
        if all(validator.takes_any_string(field) for field in fields.values()) and self._path_is_strings():
            self._collect(self._string)
        else:
            self._collect(self._optional_param)
            self.source.name("validate_params", validator.combined_validator(fields).validate_python)
            self.source.or_general("params = validate_params(params)")

    def _path_is_strings(self) -> bool:
        return all(type(c) in (StringConvertor, PathConvertor) for c in self.operation.param_convertors.values())

    def _collect(self, take: Callable[[str, str, ModelField], None]) -> None:
        """`params`: what has come of the parameters, by key. `take` writes how one gets there that may be absent."""
        order = list(self.operation.param_convertors)
        path = {
            key: f"x.args[{order.index(input_aliases(field)[0])}]"
            for key, (place, field) in self.steps.params.items()
            if place == "path"
        }
        rest = {key: found for key, found in self.steps.params.items() if key not in path}
        if take == self._optional_param and self._query_is_all(rest):
            self.source.line("params = query")
            for key, source in path.items():
                self.source.line(f"params[{key!r}] = {source}")
            return
        self.source.line(f"params = {{{', '.join(f'{key!r}: {source}' for key, source in path.items())}}}")
        for key, (place, field) in rest.items():
            take(key, place, field)

    def _query_is_all(self, rest: Mapping[str, tuple[str, ModelField]]) -> bool:
        """Whether the query, as it is read, can be given to the validator: single values under the keys of theirs."""
        return bool(rest) and all(
            place == "query" and not extract.takes_list(field) and input_aliases(field) == [key]
            for key, (place, field) in rest.items()
        )

    def _string(self, key: str, place: str, field: ModelField) -> None:
        """A parameter that no validator has anything to say about: there, or None, or refused."""
        source = self._source(place, field)
        if field.required:
            self.source.unless(f"(value := {source}) is None")
            source = "value"
        self.source.line(f"params[{key!r}] = {source}")

    def _optional_param(self, key: str, place: str, field: ModelField) -> None:
        """A parameter that the validator is to fill in, or to refuse, where it is absent."""
        source = self._source(place, field)
        if extract.takes_list(field) and place != "cookie":
            self.source.line(f"if value := {source}:")
        else:
            self.source.line(f"if (value := {source}) is not None:")
        self.source.line(f"    params[{key!r}] = value")

    def _source(self, place: str, field: ModelField) -> str:
        """The expression for what came under the field's name."""
        many = extract.takes_list(field)
        alias = input_aliases(field)[0]
        if place == "header":
            reader = "header_list" if many else "header"
            self.source.name(reader, getattr(inputs, reader))
            return f"{reader}(x.headers, {alias.lower().encode('latin-1')!r})"
        if place == "query" and many:
            return f"[value for name, value in pairs if name == {alias!r}]"
        return f"{'cookies' if place == 'cookie' else 'query'}.get({alias!r})"
