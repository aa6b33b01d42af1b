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

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from typing import Any

from pydantic_core import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.convertors import PathConvertor, StringConvertor
from starlette.responses import Response

from vivace.background import BackgroundTasks
from vivace.concurrency import contextmanager_in_threadpool
from vivace.dependencies import extract
from vivace.dependencies.solve import blank_response
from vivace.dependencies.teardown import ENDED, did_not_stop, did_not_yield
from vivace.exchange import Head
from vivace.fields import ModelField, input_aliases
from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.operation.serialize import dumps_directly, filters_of
from vivace.plan import inputs, results, validator
from vivace.plan.render import render_json
from vivace.plan.schemes import credential_scheme
from vivace.plan.steps import Step, Steps
from vivace.ready import dressed, with_fields
from vivace.security.oauth2 import SecurityScopes


class Emitter:
    """Source and namespace of one function, growing line by line."""

    def __init__(self, operation: Operation, steps: Steps) -> None:
        self.operation = operation
        self.steps = steps
        self.lines: list[str] = []
        self.depth = 1
        self.open: list[str | None] = []  # of each open block the generator that is to be finished; None: `async with`
        self.outer = 1  # the depth at which function-scoped dependencies have been torn down
        self.head = Head(operation.status_code or 200)
        self.namespace: dict[str, Any] = {"Response": Response, "ValidationError": ValidationError}

    def name(self, name: str, value: Any) -> str:
        """Make `value` known to the source under `name`, or a variation where that is taken by another."""
        while self.namespace.get(name, value) is not value:
            name += "_"
        self.namespace[name] = value
        return name

    def line(self, text: str = "") -> None:
        self.lines.append("    " * self.depth + text if text else "")

    def emit(self) -> str:
        """The whole function."""
        if self.steps.dependencies:
            self.line("if provider.dependency_overrides:")
            self.line("    return await general(x)")
        self._params()
        self._body()
        self._specials()
        if self.steps.tear_down("function"):
            self.line("own = None")
        if self._waits:
            self.line("sent = False")
        self._dependencies()
        self._endpoint()
        if self.steps.tear_down("function"):
            self._answer_outside()
        else:
            self._answer()
        if self._waits:
            self._leave(1)
            self.line("if not sent:")
            self._swallowed()
            self.line("return None")
        return "\n".join([f"async def {self.function}(x):", *self.lines, ""])

    @property
    def function(self) -> str:
        """The function's own name: the endpoint's, told apart from it."""
        return "serve_" + ("".join(c if c.isalnum() else "_" for c in self.operation.name) or "endpoint")

    # -- parameters

    def _params(self) -> None:
        if not self.steps.params:
            return
        places = {place for place, _ in self.steps.params.values()}
        if "query" in places:
            lists = any(p == "query" and extract.takes_list(f) for p, f in self.steps.params.values())
            reader = "query_pairs" if lists else "query_dict"
            self.name(reader, getattr(inputs, reader))
            if lists:
                self.line("pairs = query_pairs(x.query)")
                self.line("query = dict(pairs)")
            else:
                self.line("query = query_dict(x.query)")
        if "cookie" in places:
            self.name("cookie_dict", inputs.cookie_dict)
            self.line("cookies = cookie_dict(x.headers)")
        fields = {key: field for key, (_, field) in self.steps.params.items()}
        if all(validator.takes_any_string(field) for field in fields.values()) and self._path_is_strings():
            self._collect(self._string)
        else:
            self._collect(self._optional_param)
            self.name("validate_params", validator.combined_validator(fields).validate_python)
            self._or_general("params = validate_params(params)")

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
            self.line("params = query")
            for key, source in path.items():
                self.line(f"params[{key!r}] = {source}")
            return
        self.line(f"params = {{{', '.join(f'{key!r}: {source}' for key, source in path.items())}}}")
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
            self.name("general", None)
            self.line(f"if (value := {source}) is None:")
            self.line("    return await general(x)")
            source = "value"
        self.line(f"params[{key!r}] = {source}")

    def _optional_param(self, key: str, place: str, field: ModelField) -> None:
        """A parameter that the validator is to fill in, or to refuse, where it is absent."""
        source = self._source(place, field)
        if extract.takes_list(field) and place != "cookie":
            self.line(f"if value := {source}:")
        else:
            self.line(f"if (value := {source}) is not None:")
        self.line(f"    params[{key!r}] = value")

    def _source(self, place: str, field: ModelField) -> str:
        """The expression for what came under the field's name."""
        many = extract.takes_list(field)
        alias = input_aliases(field)[0]
        if place == "header":
            reader = "header_list" if many else "header"
            self.name(reader, getattr(inputs, reader))
            return f"{reader}(x.headers, {alias.lower().encode('latin-1')!r})"
        if place == "query" and many:
            return f"[value for name, value in pairs if name == {alias!r}]"
        return f"{'cookies' if place == 'cookie' else 'query'}.get({alias!r})"

    def _or_general(self, attempt: str, refusals: str = "ValidationError") -> None:
        self.name("general", None)
        self.line("try:")
        self.line("    " + attempt)
        self.line(f"except {refusals}:")
        self.line("    return await general(x)")

    # -- body

    def _body(self) -> None:
        if not self.steps.body:
            return
        self.name("body_is_json", results.body_is_json(bool(settled(self.operation.strict_content_type))))
        self.line("if not x.body or not body_is_json(x.headers):")
        self.line("    return await general(x)")
        if self.operation.embed_body_fields:
            check = validator.embedded_validator(self.steps.body)
            direct = all(validator.reads_json(f) for f in self.steps.body.values())
            self._validated_body(check, direct)
        else:
            (field,) = self.steps.body.values()
            self._validated_body(validator.body_validator(field), validator.reads_json(field))

    def _validated_body(self, check: Any, direct: bool) -> None:
        if direct:
            self.name("validate_body", check.validate_json)
            self._or_general("body = validate_body(x.body)")
            return
        self.name("validate_body", check.validate_python)
        self.name("loads", results.loads)
        attempt = "body = validate_body(loads(x.body), from_attributes=True)"
        self._or_general(attempt, "(ValueError, RecursionError)")  # not JSON, or nested too deeply for `loads`

    def _specials(self) -> None:
        wanted = self.steps.specials
        if "request" in wanted:
            self.line("request = x.request")
        if "response" in wanted:
            self.name("blank_response", blank_response)
            self.line("response = blank_response()")
        if "background_tasks" in wanted:
            self.name("BackgroundTasks", BackgroundTasks)
            self.line("background_tasks = BackgroundTasks()")
        if self.steps.fields:
            self.line("fields = {}")

    # -- calls

    def _dependencies(self) -> None:
        """Every dependency in call order; those with `yield` hold open the blocks in which the rest runs.

        An asynchronous teardown must run to its end though the request is cancelled. Where cancellation comes again and
        again (anyio's scopes) that takes a scope around the whole request, which costs 6 us: a third of a request on
        the wire. So the door is asked to do what has to be done there (`x.finish`), and on the wire that is nothing.
        """
        for step in self.steps.dependencies:
            if step.dependant.is_generator:
                if step.dependant.computed_scope == "request":
                    self.outer = self.depth + 1
                self._enter(step)
            elif not self._scheme(step):
                self.line(f"{step.result} = {self._called(step)}")

    def _enter(self, step: Step) -> None:
        """Run a dependency up to its `yield`, and open a block."""
        if not step.dependant.is_async_gen_callable:
            manager = self.name(self._call_name(step), in_threads(step))
            self.line(f"async with {manager}({self._arguments(step)}) as {step.result}:")
            self.open.append(None)
        else:
            call, steps = self.name(self._call_name(step), step.call), f"{step.result}_steps"
            self.namespace |= {"ENDED": ENDED, "did_not_yield": did_not_yield, "did_not_stop": did_not_stop}
            self.line(f"{steps} = {call}({self._arguments(step)})")
            self.line(f"if ({step.result} := await anext({steps}, ENDED)) is ENDED:")
            self.line("    did_not_yield()")
            self.line("try:")
            self.open.append(steps)
        self.depth += 1

    def _leave(self, depth: int) -> None:
        """Close blocks: what follows stands at this depth, where the dependencies in them have been torn down."""
        while self.depth > depth:
            self.depth -= 1
            steps = self.open.pop()
            if steps is not None:
                self.line("except BaseException as error:")
                self.line(f"    if not await x.throw({steps}, error):")
                self.line("        raise")
                self.line("else:")
                self.line(f"    if await x.finish({steps}) is not ENDED:")
                self.line(f"        await did_not_stop({steps})")

    def _scheme(self, step: Step) -> bool:
        """A security scheme of ours is its rule applied to one string: no Request is made for it."""
        scheme = credential_scheme(step.dependant)
        if scheme is None:
            return False
        place, name = scheme.source
        authenticate = self.name(f"authenticate_{step.result}", scheme.authenticate)
        reads = {
            "header": ("header", f"header(x.headers, {name.lower().encode('latin-1')!r})"),
            "query": ("query_dict", f"query_dict(x.query).get({name!r})"),
            "cookie": ("cookie_dict", f"cookie_dict(x.headers).get({name!r})"),
        }
        reader, text = reads[place]
        self.name(reader, getattr(inputs, reader))
        self.line(f"{step.result} = {authenticate}({text})")
        return True

    def _called(self, step: Step) -> str:
        target = self.name(self._call_name(step), step.call)
        arguments = self._arguments(step)
        if step.dependant.is_coroutine_callable:
            return f"await {target}({arguments})"
        run = self.name("run_in_threadpool", run_in_threadpool)
        return f"await {run}({target}{', ' + arguments if arguments else ''})"

    def _call_name(self, step: Step) -> str:
        name = getattr(step.call, "__name__", type(step.call).__name__)
        taken = name in _RESERVED or any(name in (other.result, f"{other.result}_steps") for other in self.steps.calls)
        return name if name.isidentifier() and not taken else f"call_{step.result}"

    def _arguments(self, step: Step) -> str:
        if any("SecurityScopes(" in source for source in step.arguments.values()):
            self.name("SecurityScopes", SecurityScopes)
        return ", ".join(f"{name}={source}" for name, source in step.arguments.items())

    def _endpoint(self) -> None:
        self.line(f"result = {self._called(self.steps.endpoint)}")

    # -- the answer

    @property
    def _waits(self) -> bool:
        """Whether a dependency is to be torn down once the answer has been sent."""
        return self.steps.tear_down("request")

    def _answer(self) -> None:
        """Answer with what the endpoint has returned."""
        self._either("isinstance(result, Response)", "result", self._content("result"))

    def _answer_outside(self) -> None:
        """The same where a dependency is to be torn down first: the content is made inside, and sent outside."""
        self.line("own = isinstance(result, Response)")
        self.line(f"content = result if own else {self._content('result')}")
        self._leave(self.outer)
        self.line("if own is None:")
        self._swallowed()
        self._either("own", "content", "content")

    def _either(self, own: str, response: str, content: str) -> None:
        """Send a response that the endpoint made itself, or the content that was made of its result."""
        self.line(f"if {own}:")
        self.depth += 1
        if "background_tasks" in self.steps.specials:
            self.line(f"{response}.background = {response}.background or background_tasks")
        self._respond_with(response)
        self.depth -= 1
        if self._waits:
            self.line("else:")
            self.depth += 1
        self._send(content)
        if self._waits:
            self.depth -= 1
            self.line("sent = True")

    def _respond_with(self, response: str) -> None:
        self.line(f"await x.respond_with({response})" if self._waits else f"return {response}")

    def _content(self, result: str) -> str:
        """The expression for bytes below the constant head, or for a response of the class that was chosen."""
        operation, field = self.operation, self.operation.response_field
        if field is not None:
            self.name("validate_result", results.result_validator(operation, field))
            result = f"validate_result({result}, x)"
        if dumps_directly(operation) and field is not None:
            self.name("dump", results.dumper(field, filters_of(operation)))
            return f"dump({result})"
        if field is None and operation.renders_json:
            self.name("render_json", render_json)
            return f"render_json({result})"
        self.name("response_of", results.by_class(operation, field))
        return f"response_of({result})"

    def _send(self, content: str) -> None:
        wants = self.steps.specials
        tasks = "background_tasks" if "background_tasks" in wants else "None"
        if self.steps.fields:
            content = self._dressed(content)
        if "response" in wants:
            self.name("finish", results.finisher(self.operation.status_code))
            self._respond_with(f"finish({content}, response, {tasks})")
        elif not self._renders_bytes():
            if "background_tasks" in wants:
                self.line(f"content = {content}")
                self.line("content.background = background_tasks")
                content = "content"
            self._respond_with(content)
        elif self._waits or "background_tasks" in wants:
            self.name("HEAD", self.head)
            self.line(f"await x.{'deliver' if self.steps.fields else 'respond'}(HEAD, {content})")
            if "background_tasks" in wants:
                self.line("x.flush()")
                self.line("await background_tasks()")
        else:
            self.line(f"return {content}")

    def _dressed(self, content: str) -> str:
        """The expression for the content with the fields that light dependencies have added to its head."""
        if "response" in self.steps.specials:
            self.line("response.raw_headers.extend(fields.items())")
            return content
        if self._renders_bytes():
            self.name("HEAD", self.head)
            self.name("dressed", dressed)
            return f"dressed(HEAD, {content}, fields)"
        self.name("with_fields", with_fields)
        return f"with_fields({content}, fields)"

    @property
    def gives_back(self) -> bool:
        """Whether the function returns its answer in any case, and has nothing to do once it is sent."""
        return not self._waits and "background_tasks" not in self.steps.specials

    def _renders_bytes(self) -> bool:
        operation = self.operation
        return dumps_directly(operation) or (operation.response_field is None and operation.renders_json)

    def _swallowed(self) -> None:
        """Reached only when a dependency let no exception through, and so nothing was sent."""
        self.name("swallowed", results.swallowed)
        self.line("    swallowed()")


_RESERVED = frozenset(
    "x params body content result request response fields background_tasks query pairs cookies value own sent"
    " error".split()
)


def in_threads(step: Step) -> Any:
    """A synchronous generator dependency as an asynchronous context manager."""
    in_thread = contextmanager(step.call)

    def manager(**arguments: Any) -> Any:
        return contextmanager_in_threadpool(in_thread(**arguments))

    return manager
