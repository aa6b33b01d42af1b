"""What one place of a request carries: names, and under each one value or several.

Query strings, headers, cookies, path parameters and forms all come down to this. It knows nothing of fields or types.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic_core import PydanticUndefined
from starlette.datastructures import Headers, ImmutableMultiDict

MISSING: Any = PydanticUndefined


class Carried:
    """Values by name, read through once, however many fields look for theirs.

    Of repeated values the first header counts, and the last of everything else. Names of headers have no case.
    """

    def __init__(self, values: dict[str, list[Any]], *, repeatable: bool = True, headers: bool = False) -> None:
        self._values = values
        self._repeatable = repeatable
        self._counts = 0 if headers else -1
        self._headers = headers

    @classmethod
    def of(cls, received: Mapping[str, Any]) -> Carried:
        """Of anything that Starlette reads a request into; a plain mapping can't repeat a name."""
        if isinstance(received, Headers):
            return cls(_grouped(received.items()), headers=True)
        if isinstance(received, ImmutableMultiDict):
            return cls(_grouped(received.multi_items()))
        return cls({name: [value] for name, value in received.items()}, repeatable=False)

    @classmethod
    def flat(cls, values: Mapping[Any, Any]) -> Carried:
        """Of what `loose` gave: a list is a name that was repeated, even no times."""
        return cls({name: value if isinstance(value, list) else [value] for name, value in values.items()})

    def known(self, name: str) -> str | None:
        """The name as it came; None where it did not come."""
        name = name.lower() if self._headers else name
        return name if name in self._values else None

    def get(self, name: str, *, several: bool) -> Any:
        """The value that counts, or the list of all; MISSING where there is none.

        Where a name can't be repeated, an empty value stands for an empty list: for none at all.
        """
        known = self.known(name)
        if known is None:
            return MISSING
        values = self._values[known]
        if several and self._repeatable:
            return list(values) if values != [None] else None
        value = values[self._counts] if values else MISSING
        return MISSING if several and value == "" else value

    def loose(self, besides: Collection[str] = ()) -> dict[str, Any]:
        """All values but those of some names: one by itself, several as a list."""
        rest = {name: values for name, values in self._values.items() if name not in besides}
        return {name: values[0] if len(values) == 1 else values for name, values in rest.items()}


def _grouped(pairs: Any) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups
