"""`KitRoute`: the route class by which the kit's decorators get around the handling of a request.

`@cache`, `@idempotent` and the like mark an endpoint. A `KitRoute` takes the endpoint from under the marks, and has
what each mark brings go around the route: before dependencies are solved, and after the answer is there. A mark that is
a `Front` stands alone before the compiled route; others, and several together, go around the general path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool

from vivace import Request, Response
from vivace.fronts import Front
from vivace.routing import APIRoute

Handler = Callable[[Request], Awaitable[Response]]
Given = Response | Exception | None
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
    """One run of a handler: whether its endpoint began, or what to give or raise in place of it.

    Of several parts around one route, each has its turn within that of the part outside it.

    Args:
        answer: what to give or raise. Dependencies run in any case.
        gate: asked for that when the dependencies are through.
    """

    def __init__(self, answer: Given = None, gate: Callable[[], Awaitable[Given]] | None = None) -> None:
        self._answer, self._gate = answer, gate
        self._request: Any = None
        self._outer: Turn | None = None
        self._reached = False  # whether it came to the endpoint, or to an answer in its place
        self.began = False

    async def run(self, handler: Callable[[X], Awaitable[A]], request: X) -> A:
        """`handler` is that of the general path, or the compiled route."""
        outer = _turn.get()
        self._request = request
        self._outer = outer if outer is not None and _is_same(outer._request, request) else None
        token = _turn.set(self)
        try:
            return await handler(request)
        finally:
            _turn.reset(token)

    async def decide(self) -> Response | None:
        """What to give in place of the endpoint, which begins otherwise. Who is outside decides first."""
        turns = list(self._and_outer())
        answer: Given = None
        for turn in reversed(turns):
            answer = turn._answer if turn._gate is None else await turn._gate()
            turn._answer = answer
            if answer is not None:
                break
        for turn in turns:
            turn._reached, turn.began = True, answer is None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def settled(self, response: Response) -> Response:
        """What the handler gave; the turn's own answer, if a part within has given another in place of the endpoint.

        Raises:
            Exception: that is the answer.
        """
        if self._answer is None or self._reached:
            return response
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def _and_outer(self) -> Iterator[Turn]:
        turn: Turn | None = self
        while turn is not None:
            yield turn
            turn = turn._outer


def _is_same(one: Any, other: Any) -> bool:
    """Whether two views, a `Request` or an `Exchange`, are of one request: an endpoint may call other applications."""
    return one is other or one.scope is other.scope


_turn: ContextVar[Turn | None] = ContextVar("vivace_kit_turn", default=None)


def _answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, unless the running turn has an answer already."""
    is_async = iscoroutinefunction(function)

    @wraps(function)
    async def endpoint(*args: Any, **kwargs: Any) -> Any:
        turn = _turn.get()
        if turn is not None and (answer := await turn.decide()) is not None:
            return answer
        if is_async:
            return await function(*args, **kwargs)
        return await run_in_threadpool(function, *args, **kwargs)

    return endpoint
