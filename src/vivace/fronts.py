"""What may be asked before a route runs, and what a dependency may ask without a `Request`: the straight line's hooks.

Both see an `Exchange`, the light view of a request: `method`, `path`, `query` (bytes), `headers` (raw pairs, names in
lower case), `args` (path parameters in the order of the template), `client`. Its `request` and `scope` are made when
they are asked for, which costs more than a whole constant answer.

A `Front` stands before a route: `route.front = ...`. It may answer in the route's place (with a `Ready`, whose head is
bytes already), go on, and see what the route answers. `light` gives a dependency a second form for the straight line.
Each has a form for the general path, too, which states the same for a `Request`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from vivace.exchange import Answer as Answer
from vivace.exchange import Exchange as Exchange
from vivace.head import Fields as Fields
from vivace.head import Head as Head
from vivace.head import RawHeaders as RawHeaders
from vivace.head import field_lines as field_lines
from vivace.operation.operation import Operation
from vivace.ready import Ready as Ready

F = TypeVar("F", bound=Callable[..., Any])

Run = Callable[[Exchange], Awaitable[Answer]]
Handler = Callable[[Request], Awaitable[Response]]

_LIGHT = "__vivace_light__"


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a front, on the straight line.

    Attributes:
        route: as it is through the routers above it.
        rest: the compiled route. Gives bytes to be sent below `head`, alone or with further fields for it, or a
            response; None if it has sent its answer itself, as the general path does for what the validators refuse.
        general: the general path, with the front's `wrap` around its handler. It sends its answer itself.
        head: of the bytes that `rest` gives.
        gives_back: whether `rest` gives its answer back before it is sent. It does not where something of the route
            waits for the answer to be sent: a dependency with `yield`, a background task. Who has to see the answer of
            such a route lets `general` run.
    """

    route: Operation
    rest: Run
    general: Run
    head: Head
    gives_back: bool


class Front:
    """Something before a route. Its `repr` is shown by `vivace explain`."""

    def around(self, behind: Behind) -> Run:
        """What runs in the place of the compiled route: asked before its parameters, dependencies and endpoint.

        Called once for each place where the route stands. A body that the route reads has come by then.
        """
        raise NotImplementedError

    def wrap(self, handler: Handler) -> Handler:
        """The same for the general path: for routes that are not on the straight line, and overridden dependencies."""
        raise NotImplementedError


def light(dependency: F, form: Callable[..., Any]) -> F:
    """Give an asynchronous dependency without `yield` a second form, which the straight line calls in its place.

    `form` is a function of the same parameters, asynchronous, or an ordinary one that never waits for anything. Where
    the dependency takes a `Request` it takes the `Exchange`, and where it takes a `Response`, `Fields`: a list to which
    it appends `field_lines` for the head of the answer. They are added to what the endpoint returns, unless that is a
    response of its own.
    """
    setattr(dependency, _LIGHT, form)
    return dependency


def light_form(dependency: Any) -> Callable[..., Any] | None:
    """The form that `light` has given it."""
    form: Callable[..., Any] | None = getattr(dependency, _LIGHT, None)
    return form
