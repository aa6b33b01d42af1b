"""The Request Body Object of an operation (OpenAPI 3.1.0, section 4.8.13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vivace import params
from vivace.dependencies.models import Dependant
from vivace.fields import ModelField
from vivace.openapi.forms import ComposedForm, is_composed
from vivace.openapi.parameters import examples_of
from vivace.openapi.schemas import Schemas
from vivace.operation.operation import Operation


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a route.

    Attributes:
        whole: the body as one field.
        form: its schema, where it is not that of the field.
    """

    whole: ModelField
    form: ComposedForm | None = None

    @property
    def fields(self) -> Sequence[ModelField]:
        """What needs schemas."""
        return [self.whole] if self.form is None else self.form.fields

    def as_object(self, schemas: Schemas) -> dict[str, Any]:
        """The body for the document."""
        info = self.whole.field_info
        assert isinstance(info, params.Body)
        made: dict[str, Any] = {"required": True} if self.whole.required else {}
        schema = schemas.of(self.whole) if self.form is None else self.form.schema(schemas)
        made["content"] = {info.media_type: {"schema": schema, **examples_of(info)}}
        return made


def body_of(route: Operation, dependants: Iterable[Dependant]) -> Body | None:
    """The route's body, if it takes one."""
    if route.body_field is None:
        return None
    parts = [field for node in dependants for field in node.body_params]
    form = ComposedForm(f"Body_{route.unique_id}", parts) if is_composed(parts) else None
    return Body(route.body_field, form)
