"""Write the flat function of a route, as Python source that a reader can follow.

The function takes an exchange `x` and does, in this order, what the route asks for and nothing else:

    the strings of its parameters      params = {}; ...; params = validate_params(params)
    the body                           body = validate_body(x.body)
    the dependencies, in call order    get_user_0 = await get_user(token=...)
    the endpoint                       result = await endpoint(...)
    the result as bytes                return dump(validate_result(result, x))

What it returns is still to be sent, by the door: bytes below the constant head of the plan, or a response. Only a route
that has something to do after its answer sends it itself (`await x.respond(HEAD, content)`) and returns None.

Whatever the validators refuse goes `return await general(x)`: to the general path, which builds the exact error.
The objects that the source names (`endpoint`, `validate_params`, ...) are put into its namespace as it is written.
"""

from __future__ import annotations

from typing import Any

from vivace.background import BackgroundTasks
from vivace.dependencies.solve import blank_response
from vivace.operation.operation import Operation
from vivace.plan.emit.answer import Answer
from vivace.plan.emit.body import Body
from vivace.plan.emit.calls import Calls
from vivace.plan.emit.parameters import Parameters
from vivace.plan.emit.source import Source
from vivace.plan.steps import Steps


class Emitter:
    """Source and namespace of one function."""

    def __init__(self, operation: Operation, steps: Steps) -> None:
        self.operation = operation
        self.steps = steps
        self.source = Source()
        self.calls = Calls(self.source, steps)
        self.answer = Answer(self.source, operation, steps, self.calls)

    @property
    def namespace(self) -> dict[str, Any]:
        return self.source.namespace

    @property
    def function(self) -> str:
        """The function's own name: the endpoint's, told apart from it."""
        return "serve_" + ("".join(c if c.isalnum() else "_" for c in self.operation.name) or "endpoint")

    def emit(self) -> str:
        """The whole function."""
        source, own_scope, waits = self.source, self.steps.tear_down("function"), self.answer.waits
        if self.steps.dependencies:
            source.unless("provider.dependency_overrides")
        Parameters(source, self.operation, self.steps).write()
        Body(source, self.operation, self.steps).write()
        self._specials()
        if own_scope:
            source.line("own = None")
        if waits:
            source.line("sent = False")
        self.calls.dependencies()
        self.calls.endpoint()
        if own_scope:
            self.answer.outside()
        else:
            self.answer.inside()
        if waits:
            self.calls.leave(1)
            source.line("if not sent:")
            self.answer.swallowed()
            source.line("return None")
        return "\n".join([f"async def {self.function}(x):", *source.lines, ""])

    def _specials(self) -> None:
        wanted = self.steps.specials
        if "request" in wanted:
            self.source.line("request = x.request")
        if "response" in wanted:
            self.source.name("blank_response", blank_response)
            self.source.line("response = blank_response()")
        if "background_tasks" in wanted:
            self.source.name("BackgroundTasks", BackgroundTasks)
            self.source.line("background_tasks = BackgroundTasks()")
        if self.steps.fields:
            self.source.line("fields = []")
