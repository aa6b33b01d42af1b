"""`IncludeContext`: what the routers above a route say of it, and how that combines with what the route says itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from starlette.responses import JSONResponse

from vivace.body_limits import FormLimits, closest, merged
from vivace.datastructures import Default
from vivace.operation.options import first_given
from vivace.utils import generate_unique_id


@dataclass(frozen=True, slots=True)
class IncludeContext:
    """What one router, one `include_router`, or a whole chain of them says of all routes below.

    The fields are attributes of `APIRouter` and parameters of `include_router`.
    """

    prefix: str = ""
    tags: list[Any] = field(default_factory=list)
    dependencies: list[Any] = field(default_factory=list)
    responses: dict[int | str, dict[str, Any]] = field(default_factory=dict)
    callbacks: list[Any] = field(default_factory=list)
    deprecated: bool | None = None
    include_in_schema: bool = True
    default_response_class: Any = field(default_factory=lambda: Default(JSONResponse))
    generate_unique_id_function: Any = field(default_factory=lambda: Default(generate_unique_id))
    strict_content_type: Any = field(default_factory=lambda: Default(True))
    dependency_overrides_provider: Any = None
    max_body_size: int | None = None
    form_limits: FormLimits | None = None

    @classmethod
    def of(cls, router: Any) -> IncludeContext:
        """What a router says of its routes, as of now."""
        return cls(**{name: getattr(router, name) for name in _FIELDS})

    def inside(self, outer: IncludeContext) -> IncludeContext:
        """This context as it is inside another one."""
        return IncludeContext(
            prefix=outer.prefix + self.prefix,
            default_response_class=first_given(self.default_response_class, outer.default_response_class),
            dependency_overrides_provider=outer.dependency_overrides_provider or self.dependency_overrides_provider,
            **outer._around({name: getattr(self, name) for name in _COMMON}),
        )

    def around(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """A route's options with this context in front of, around, or in place of what it says itself."""
        return {
            **said,
            **self._around(said),
            "response_class": first_given(said["response_class"], self.default_response_class),
            "dependency_overrides_provider": self.dependency_overrides_provider,
        }

    def _around(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """The options that routes and routers have under the same names."""
        return {
            "tags": [*self.tags, *(said["tags"] or [])],
            "dependencies": [*self.dependencies, *(said["dependencies"] or [])],
            "responses": {**self.responses, **(said["responses"] or {})},
            "callbacks": [*self.callbacks, *(said["callbacks"] or [])],
            "deprecated": said["deprecated"] or self.deprecated,
            "include_in_schema": said["include_in_schema"] and self.include_in_schema,
            "generate_unique_id_function": first_given(
                said["generate_unique_id_function"], self.generate_unique_id_function
            ),
            "strict_content_type": first_given(said["strict_content_type"], self.strict_content_type),
            "max_body_size": closest(said["max_body_size"], self.max_body_size),
            "form_limits": merged(said["form_limits"], self.form_limits),
        }


_FIELDS = [f.name for f in fields(IncludeContext)]
_ON_THEIR_OWN = ("prefix", "default_response_class", "dependency_overrides_provider")
_COMMON = [name for name in _FIELDS if name not in _ON_THEIR_OWN]
