"""`KitRoute`: the route class by which the kit's decorators get around the handling of a request.

`@cache`, `@idempotent` and the like mark an endpoint. A `KitRoute` takes the endpoint from under the marks, and has
what each mark brings go around the route: before dependencies are solved, and after the answer is there. A mark that is
a `Front` stands alone before the compiled route; others, and several together, go around the general path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool

from vivace import Request, Response
from vivace.fronts import Front
from vivace.routing import APIRoute

Handler = Callable[[Request], Awaitable[Response]]
X = TypeVar("X")
A = TypeVar("A")

_MARK = "__vivace_kit__"


class Around:
    """What goes around the handling of a request. `function` is what was decorated."""

    function: Callable[..., Any]

    def wrap(self, handler: Handler) -> Handler:
        """The handling, with this around it."""
        raise NotImplementedError

    def declare(self, options: dict[str, Any]) -> None:
        """Add to what the route is declared with, such as `dependencies` and `responses`."""


class _Marks(NamedTuple):
    function: Callable[..., Any]
    arounds: tuple[Around, ...]  # innermost first


def mark(wrapper: Callable[..., Any], around: Around) -> None:
    """Have `KitRoute` know the wrapper as an endpoint with something around it, and with what is around it already."""
    inner: _Marks | None = getattr(around.function, _MARK, None)
    marks = _Marks(around.function, (around,)) if inner is None else _Marks(inner.function, (*inner.arounds, around))
    setattr(wrapper, _MARK, marks)


class KitRoute(APIRoute):
    """For routers with decorated endpoints: `APIRouter(route_class=KitRoute)`, or `app.router.route_class = KitRoute`.

    An endpoint without marks gets an ordinary route, and keeps its compiled plan.
    """

    arounds: tuple[Around, ...]

    def __new__(cls, path: str, endpoint: Callable[..., Any], **options: Any) -> Any:  # or another class
        if hasattr(endpoint, _MARK):
            return super().__new__(cls)
        return APIRoute(path, endpoint, **options)

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        marks: _Marks = getattr(endpoint, _MARK)
        self.arounds = marks.arounds
        for around in self.arounds:
            around.declare(options)
        super().__init__(path, _answering(marks.function), **options)
        if (front := self._only_front()) is not None:
            self.front = front

    def own_handler(self) -> Handler | None:
        return None if self._only_front() is not None else super().own_handler()

    def _only_front(self) -> Front | None:
        first = self.arounds[0]
        return first if len(self.arounds) == 1 and isinstance(first, Front) else None

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        for around in self.arounds:
            handler = around.wrap(handler)
        return handler


class Turn:
    """One run of a handler: whether its endpoint began, or what to give or raise in place of it."""

    def __init__(self, answer: Response | Exception | None = None) -> None:
        self.answer, self.began = answer, False

    async def run(self, handler: Callable[[X], Awaitable[A]], request: X) -> A:
        """Dependencies run in any case. `handler` is that of the general path, or the compiled route."""
        token = _turn.set(self)
        try:
            return await handler(request)
        finally:
            _turn.reset(token)


_turn: ContextVar[Turn | None] = ContextVar("vivace_kit_turn", default=None)


def _answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, unless the running turn has an answer already."""
    is_async = iscoroutinefunction(function)

    @wraps(function)
    async def endpoint(*args: Any, **kwargs: Any) -> Any:
        turn = _turn.get()
        if turn is not None:
            if isinstance(turn.answer, Exception):
                raise turn.answer
            if turn.answer is not None:
                return turn.answer
            turn.began = True
        if is_async:
            return await function(*args, **kwargs)
        return await run_in_threadpool(function, *args, **kwargs)

    return endpoint
