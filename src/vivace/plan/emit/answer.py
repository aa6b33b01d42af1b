"""What becomes of the endpoint's result: bytes below the constant head of the plan, or a response."""

from __future__ import annotations

from vivace.head import json_head
from vivace.operation.operation import Operation
from vivace.operation.serialize import dumps_directly, filters_of
from vivace.plan import results
from vivace.plan.emit.calls import Calls
from vivace.plan.emit.source import Source
from vivace.plan.render import render_json
from vivace.plan.steps import Steps
from vivace.ready import with_fields


class Answer:
    """Made where the endpoint has returned; sent there, or outside of what is torn down first."""

    def __init__(self, source: Source, operation: Operation, steps: Steps, calls: Calls) -> None:
        self.source, self.operation, self.steps, self.calls = source, operation, steps, calls
        self.head = json_head(operation.status_code or 200)

    @property
    def waits(self) -> bool:
        """Whether a dependency is to be torn down once the answer has been sent."""
        return self.steps.tear_down("request")

    def inside(self) -> None:
        """Answer with what the endpoint has returned."""
        self._either("isinstance(result, Response)", "result", self._content("result"))

    def outside(self) -> None:
        """The same where a dependency is to be torn down first: the content is made inside, and sent outside."""
        self.source.line("own = isinstance(result, Response)")
        self.source.line(f"content = result if own else {self._content('result')}")
        self.calls.leave(self.calls.outer)
        self.source.line("if own is None:")
        self.swallowed()
        self._either("own", "content", "content")

    def _either(self, own: str, response: str, content: str) -> None:
        """Send a response that the endpoint made itself, or the content that was made of its result."""
        self.source.line(f"if {own}:")
        self.source.depth += 1
        if "background_tasks" in self.steps.specials:
            self.source.line(f"{response}.background = {response}.background or background_tasks")
        self._respond_with(response)
        self.source.depth -= 1
        if self.waits:
            self.source.line("else:")
            self.source.depth += 1
        self._send(content)
        if self.waits:
            self.source.depth -= 1
            self.source.line("sent = True")

    def _respond_with(self, response: str) -> None:
        self.source.line(f"await x.respond_with({response})" if self.waits else f"return {response}")

    def _content(self, result: str) -> str:
        """The expression for bytes below the constant head, or for a response of the class that was chosen."""
        operation, field = self.operation, self.operation.response_field
        if field is not None:
            self.source.name("validate_result", results.result_validator(operation, field))
            result = f"validate_result({result}, x)"
        if dumps_directly(operation) and field is not None:
            self.source.name("dump", results.dumper(field, filters_of(operation)))
            return f"dump({result})"
        if field is None and operation.renders_json:
            self.source.name("render_json", render_json)
            return f"render_json({result})"
        self.source.name("response_of", results.by_class(operation, field))
        return f"response_of({result})"

    def _send(self, content: str) -> None:
        wants = self.steps.specials
        tasks = "background_tasks" if "background_tasks" in wants else "None"
        if self.steps.fields:
            content = self._with_fields(content)
        if "response" in wants:
            self.source.name("finish", results.finisher(self.operation.status_code))
            self._respond_with(f"finish({content}, response, {tasks})")
        elif not self._renders_bytes():
            if "background_tasks" in wants:
                self.source.line(f"content = {content}")
                self.source.line("content.background = background_tasks")
                content = "content"
            self._respond_with(content)
        elif self.waits or "background_tasks" in wants:
            self.source.name("HEAD", self.head)
            self.source.line(f"await x.respond(HEAD, {content})")
            if "background_tasks" in wants:
                self.source.line("x.flush()")
                self.source.line("await background_tasks()")
        else:
            self.source.line(f"return {content}")

    def _with_fields(self, content: str) -> str:
        """The expression for the content with the fields that light dependencies have added to its head."""
        if self._renders_bytes() and "response" not in self.steps.specials:
            return f"{content}, fields"
        self.source.name("with_fields", with_fields)
        if "response" not in self.steps.specials:
            return f"with_fields({content}, fields)"
        self.source.line("with_fields(response, fields)")
        return content

    @property
    def gives_back(self) -> bool:
        """Whether the function returns its answer in any case, and has nothing to do once it is sent."""
        return not self.waits and "background_tasks" not in self.steps.specials

    def _renders_bytes(self) -> bool:
        operation = self.operation
        return dumps_directly(operation) or (operation.response_field is None and operation.renders_json)

    def swallowed(self) -> None:
        """Reached only when a dependency let no exception through, and so nothing was sent."""
        self.source.name("swallowed", results.swallowed)
        self.source.line("    swallowed()")
