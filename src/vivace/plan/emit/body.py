"""The JSON body, validated from its bytes where that gives the same: `body = validate_body(x.body)`."""

from __future__ import annotations

from typing import Any

from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.plan import results, validator
from vivace.plan.emit.source import Source
from vivace.plan.steps import Steps


class Body:
    """One body, or an object with a key for each of several."""

    def __init__(self, source: Source, operation: Operation, steps: Steps) -> None:
        self.source, self.operation, self.steps = source, operation, steps

    def write(self) -> None:
        if not self.steps.body:
            return
        self.source.name("body_is_json", results.body_is_json(bool(settled(self.operation.strict_content_type))))
        self.source.unless("not x.body or not body_is_json(x.headers)")
        if self.operation.embed_body_fields:
            check = validator.embedded_validator(self.steps.body)
            direct = all(validator.reads_json(f) for f in self.steps.body.values())
            self._validated_body(check, direct)
        else:
            (field,) = self.steps.body.values()
            self._validated_body(validator.body_validator(field), validator.reads_json(field))

    def _validated_body(self, check: Any, direct: bool) -> None:
        if direct:
            self.source.name("validate_body", check.validate_json)
            self.source.or_general("body = validate_body(x.body)")
            return
        self.source.name("validate_body", check.validate_python)
        self.source.name("loads", results.loads)
        attempt = "body = validate_body(loads(x.body), from_attributes=True)"
        self.source.or_general(attempt, "(ValueError, RecursionError)")  # not JSON, or nested too deeply for `loads`
