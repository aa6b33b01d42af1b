"""`vivace explain`: what was compiled of a route, and for whatever was not, the reason and what it costs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic_core import PydanticUndefined
from rich.console import Console
from rich.syntax import Syntax
from starlette.routing import Match, Mount
from typer import Argument

from vivace.applications import FastAPI
from vivace.cli.failure import Failure
from vivace.cli.load import load
from vivace.cli.options import Which
from vivace.cli.routes import rows
from vivace.cli.text import columns, console, named, place, type_name
from vivace.fields import ModelField, input_aliases
from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.operation.serialize import dumps_directly
from vivace.plan import Plan
from vivace.plan.steps import Step, Steps, flatten
from vivace.routing import iter_route_contexts


@dataclass(frozen=True, kw_only=True)
class Explaining(Which):
    """Which route."""

    target: Annotated[str, Argument(help="path/to/app.py, package.module:app, or a folder.")]
    method: Annotated[str, Argument(help="GET, POST, ...")]
    path: Annotated[str, Argument(help="As it is declared (/items/{item_id}), or as it is asked for (/items/3).")]


def explain(options: Explaining) -> None:
    """Print the plan of one route."""
    name, app = load(options.find(options.target))
    if not isinstance(app, FastAPI):
        raise Failure(f"{name} is no FastAPI application but a {type(app).__name__}: nothing of it is compiled")
    route = find_route(app, options.method.upper(), options.path)
    out = console()
    for line in _overview(route, route.plan):
        out.print(line)
    if route.plan.source:
        out.print("\nEmitted source\n")
        _print_source(out, route.plan.source)
    for line in _obstacles(app, route.plan):
        out.print(line)


def find_route(app: FastAPI, method: str, path: str) -> Any:
    """The route with that path, or the one that a request for it would come to; in mounted applications too.

    Raises:
        Failure: there is none with a plan; it names what is alike.
    """
    for route in iter_route_contexts(app.routes):
        if route.path == path and method in (route.methods or ()) and hasattr(route, "plan"):
            return route
    scope = {"type": "http", "method": method, "path": path, "root_path": "", "headers": [], "query_string": b""}
    match, found, child = app.router.index.match(scope)
    if isinstance(found, Mount) and isinstance(found.app, FastAPI):
        return find_route(found.app, method, path.removeprefix(child["root_path"]) or "/")
    if match is Match.NONE:
        raise Failure(f"No route has the path {path}", mend=_alike(app, path))
    if match is Match.PARTIAL:
        raise Failure(f"{path} is not declared for {method} but for {', '.join(sorted(getattr(found, 'methods', ())))}")
    if not hasattr(found, "plan"):
        raise Failure(f"{path} is served by {type(found).__name__} {found.name!r}, which is not compiled")
    return found


def _alike(app: FastAPI, path: str) -> str | None:
    paths = [row[1] for row in rows(app.routes)]
    near = difflib.get_close_matches(path, paths, n=3, cutoff=0.5)
    return f"there are {', '.join(dict.fromkeys(near))}" if near else None


def _overview(route: Any, plan: Plan) -> Iterator[str]:
    """What is asked of a request, what runs, and what comes out."""
    steps = flatten(route.dependant)
    yield f"{'|'.join(sorted(route.methods))} {route.path}   {named(route.endpoint)}   {place(route.endpoint)}"
    yield "on the straight line" if not plan.reasons else "on the general path: see below"
    yield from _titled("Parameters", columns(_parameters(steps), "  "))
    yield from _titled("Body", ["  " + _body(steps, plan)])
    yield from _titled("Asked first", [f"  {plan.front!r}"] if plan.front is not None else [])
    yield from _titled("Calls", columns(_calls(steps), "  "))
    yield from _titled("Answer", ["  " + _answer(route)])


def _titled(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", title, *lines)


def _parameters(steps: Steps) -> Iterator[tuple[str, ...]]:
    for key, (where, field) in steps.params.items():
        alias = "/".join(input_aliases(field))
        yield where, alias, type_name(field.field_info.annotation), _default(field), f"as params[{key!r}]"


def _default(field: ModelField) -> str:
    info = field.field_info
    if info.is_required():
        return "required"
    if info.default_factory is not None:
        return "has a default"
    return f"= {info.default!r}" if info.default is not PydanticUndefined else ""


def _body(steps: Steps, plan: Plan) -> str:
    if not steps.body:
        return "not read"
    parts = [f"{name}: {type_name(field.field_info.annotation)}" for name, field in steps.body.items()]
    how = "read whole before the call" if plan.reads_body else "read by the general path"
    return f"{', '.join(parts)}   {how}"


def _calls(steps: Steps) -> Iterator[tuple[str, ...]]:
    for number, step in enumerate(steps.calls, 1):
        teardown = "" if step is steps.endpoint else _teardown(step)
        yield f"{number}.", named(step.call), _way(step), teardown, place(step.call)


def _way(step: Step) -> str:
    dependant = step.dependant
    if dependant.is_security_scheme:
        return "security scheme"
    if dependant.is_async_gen_callable or dependant.is_coroutine_callable:
        return "on the event loop"
    return "in a thread"


def _teardown(step: Step) -> str:
    if not step.dependant.is_generator:
        return ""
    if step.dependant.computed_scope == "function":
        return "teardown before the response is sent"
    return "teardown after the response is sent"


def _answer(operation: Operation) -> str:
    status = operation.status_code or 200
    field = operation.response_field
    response_class = settled(operation.response_class).__name__
    if operation.dependant.is_generator:
        return f"{status}, a stream"
    if field is None:
        how = "JSON of whatever is returned" if operation.renders_json else "whatever is returned"
        return f"{status}, {how}, by {response_class}"
    model = type_name(field.field_info.annotation)
    by = "JSON written by pydantic-core" if dumps_directly(operation) else f"rendered by {response_class}"
    return f"{status}, validated and filtered as {model}, {by}"


def _print_source(out: Console, source: str) -> None:
    if out.is_terminal:
        out.print(Syntax(source, "python", background_color="default"))
    else:
        out.print(source.rstrip())


def _obstacles(app: FastAPI, plan: Plan) -> Iterator[str]:
    """Why a request to this route is not served at the least cost."""
    if plan.reasons:
        yield from ("", "Not on the straight line, because")
        yield from columns(((f"- {reason.what}", f"costs {reason.cost}") for reason in plan.reasons), "  ")
    if app.user_middleware:
        names = ", ".join(getattr(m.cls, "__name__", repr(m.cls)) for m in app.user_middleware)
        yield from ("", f"On the way to it: {names}", "  costs an ASGI scope, and each middleware's own work")
