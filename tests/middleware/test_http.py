"""`HTTPMiddleware` does what Starlette's `BaseHTTPMiddleware` does, and the few things more that it says it does.

What Starlette's class does is asked of it: where `middleware` is a parameter, a test states what holds for both.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import anyio
import pytest
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace import BackgroundTasks, FastAPI
from vivace.middleware.http import HTTPMiddleware
from vivace.testclient import TestClient

CallNext = Callable[[Request], Awaitable[Response]]
Dispatch = Callable[[Request, CallNext], Awaitable[Response]]

pytestmark = pytest.mark.anyio

START: Message = {"type": "http.response.start", "status": 200, "headers": [(b"x-from", b"below")]}
LAST: Message = {"type": "http.response.body", "body": b"", "more_body": False}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(params=[BaseHTTPMiddleware, HTTPMiddleware])
def middleware(request: pytest.FixtureRequest) -> type[BaseHTTPMiddleware]:
    cls: type[BaseHTTPMiddleware] = request.param
    return cls


@pytest.fixture(params=["in a task", "in a cancel scope"])
def around(request: pytest.FixtureRequest) -> Callable[[Awaitable[None]], Awaitable[None]]:
    """How the server runs a request: as uvicorn does, or below a cancel scope of anyio."""

    async def plainly(call: Awaitable[None]) -> None:
        await call

    async def scoped(call: Awaitable[None]) -> None:
        with anyio.CancelScope():
            await call

    return plainly if request.param == "in a task" else scoped


def body(piece: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": piece, "more_body": more}


def sends(*messages: Message) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send({**message, "headers": list(message["headers"])} if "headers" in message else dict(message))

    return app


async def passing(request: Request, call_next: CallNext) -> Response:
    return await call_next(request)


def scope_of(method: str = "GET") -> Scope:
    return {"type": "http", "method": method, "path": "/", "headers": [], "query_string": b""}


class Client:
    """Gives what it was made with, then nothing until it hangs up; keeps what it is sent."""

    def __init__(self, *request: Message) -> None:
        self.request = list(request)
        self.sent: list[Message] = []
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        if self.request:
            return self.request.pop(0)
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def ask(self, app: ASGIApp, method: str = "GET") -> list[Message]:
        await app(scope_of(method), self.receive, self.send)
        return self.sent


# -- responses


async def with_header(request: Request, call_next: CallNext) -> Response:
    response = await call_next(request)
    response.headers["x-added"] = "yes"
    response.status_code = 201
    response.set_cookie("session", "1")
    return response


async def rewritten(request: Request, call_next: CallNext) -> Response:
    response: Any = await call_next(request)
    pieces = [piece async for piece in response.body_iterator]
    return Response(b"".join(pieces).upper(), headers=dict(response.headers))


async def upper(request: Request, call_next: CallNext) -> Response:
    response: Any = await call_next(request)
    original = response.body_iterator

    async def pieces() -> AsyncIterator[bytes]:
        async for piece in original:
            yield piece.upper()

    response.body_iterator = pieces()
    return response


async def first_piece_only(request: Request, call_next: CallNext) -> Response:
    response: Any = await call_next(request)
    piece = await anext(response.body_iterator)
    await response.body_iterator.aclose()
    return PlainTextResponse(piece)


async def own_answer(request: Request, call_next: CallNext) -> Response:
    return PlainTextResponse("own")


async def unwanted(request: Request, call_next: CallNext) -> Response:
    await call_next(request)
    return PlainTextResponse("own")


@pytest.mark.parametrize(
    "below",
    [
        (START, body(b"whole", more=False)),
        (START, {"type": "http.response.body", "body": b"whole"}),
        (START, {"type": "http.response.body"}),
        ({"type": "http.response.start", "status": 204}, body(b"", more=False)),
        (START, body(b"one", more=True), body(b"two", more=False)),
        (START, body(b"one", more=True), body(b"", more=True), body(b"two", more=True), LAST),
        (START, body(b"one", more=True)),
        (START,),
        ({"type": "http.response.debug", "info": {"template": "t"}}, START, body(b"whole", more=False)),
        ({"type": "http.response.early_hint", "links": [b"</a>"]}, START, body(b"whole", more=False)),
    ],
)
@pytest.mark.parametrize("dispatch", [passing, with_header, rewritten, upper, first_piece_only, own_answer, unwanted])
async def test_what_is_sent_is_what_starlettes_class_sends(below: tuple[Message, ...], dispatch: Dispatch) -> None:
    async def outcome(cls: type[BaseHTTPMiddleware]) -> tuple[list[Message], str]:
        client = Client()
        try:
            await client.ask(cls(sends(*below), dispatch))
        except Exception as error:  # noqa: BLE001  # compared with the other's
            return client.sent, repr(error)
        return client.sent, ""

    assert await outcome(HTTPMiddleware) == await outcome(BaseHTTPMiddleware)


@pytest.mark.parametrize("dispatch", [passing, with_header])
async def test_a_file_by_its_path_is_left_to_the_server(middleware: Any, dispatch: Dispatch) -> None:
    pathsend: Message = {"type": "http.response.pathsend", "path": "/a"}
    sent = await Client().ask(middleware(sends(START, pathsend), dispatch))
    assert sent[1:] == [pathsend]


async def test_websockets_and_lifespan_pass_by(middleware: Any) -> None:
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append((scope["type"], receive, send))

    client = Client()
    for kind in ("websocket", "lifespan"):
        await middleware(app, passing)({"type": kind}, client.receive, client.send)
    assert seen == [("websocket", client.receive, client.send), ("lifespan", client.receive, client.send)]


async def test_pieces_are_passed_on_as_they_come(middleware: Any) -> None:
    client, passed_on = Client(), asyncio.Event()

    async def send(message: Message) -> None:
        await client.send(message)
        if message.get("body") == b"one":
            passed_on.set()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(dict(START))
        await send(body(b"one", more=True))
        await passed_on.wait()
        await send(body(b"two", more=False))

    await middleware(app, passing)(scope_of(), client.receive, send)
    assert [message.get("body") for message in client.sent] == [None, b"one", b"two", b""]


async def test_the_application_is_no_more_than_a_piece_ahead(middleware: Any) -> None:
    events: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(dict(START))
        for number in range(4):
            await send(body(b"%d" % number, more=number < 3))
            events.append(f"sent {number}")

    async def counting(request: Request, call_next: CallNext) -> Response:
        response: Any = await call_next(request)
        async for piece in response.body_iterator:
            events.append(f"read {piece.decode()}")
            await asyncio.sleep(0)
        return PlainTextResponse("done")

    await Client().ask(middleware(app, counting))
    for number in range(1, 3):
        assert events.index(f"read {number - 1}") < events.index(f"sent {number}")
    assert events[-1] == "sent 3"


# -- the request's body

POST = ({"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"})


async def reads_body(request: Request) -> bytes:
    return await request.body()


async def reads_stream(request: Request) -> bytes:
    return b"|".join([piece async for piece in request.stream()])


async def reads_one_piece(request: Request) -> bytes:
    stream = request.stream()
    piece = await anext(stream)
    await stream.aclose()
    return piece


async def reads_nothing(request: Request) -> bytes:
    return b""


@pytest.mark.parametrize("before", [reads_body, reads_stream, reads_one_piece, reads_nothing])
@pytest.mark.parametrize("after", [reads_body, reads_stream, reads_nothing])
@pytest.mark.parametrize("below", [reads_body, reads_stream, reads_one_piece, reads_nothing])
async def test_the_body_is_read_as_with_starlettes_class(before: Any, below: Any, after: Any) -> None:
    async def outcome(cls: type[BaseHTTPMiddleware]) -> list[Any]:
        read: list[Any] = []

        async def noted(reader: Any, request: Request) -> None:
            try:
                read.append(await reader(request))
            except (RuntimeError, ClientDisconnect) as error:
                read.append(repr(error))

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await noted(below, Request(scope, receive))
            await Response()(scope, receive, send)

        async def dispatch(request: Request, call_next: CallNext) -> Response:
            await noted(before, request)
            response = await call_next(request)
            await noted(after, request)
            return response

        await Client(*POST).ask(cls(app, dispatch), "POST")
        return read

    assert await outcome(HTTPMiddleware) == await outcome(BaseHTTPMiddleware)


async def test_a_client_that_hangs_up_is_noticed_above_and_below(middleware: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(ClientDisconnect):
            await Request(scope, receive).body()
        assert await receive() == {"type": "http.disconnect"}
        await Response()(scope, receive, send)

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        assert await request.is_disconnected()
        return response

    await Client(POST[0], {"type": "http.disconnect"}).ask(middleware(app, dispatch), "POST")


# -- what goes wrong


class Failure(Exception):
    pass


def fails(*messages: Message, after: BaseException | None = None) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await sends(*messages)(scope, receive, send)
        raise after or Failure

    return app


async def test_an_exception_comes_out_of_call_next_with_its_traceback(middleware: Any, around: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise Failure("below")

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        try:
            return await call_next(request)
        except Failure as failure:
            names = []
            traceback = failure.__traceback__
            while traceback is not None:
                names.append(traceback.tb_frame.f_code.co_name)
                traceback = traceback.tb_next
            return PlainTextResponse(f"{failure} {names[-1]}")

    client = Client()
    await around(client.ask(middleware(app, dispatch)))
    assert client.sent[1]["body"] == b"below app"


@pytest.mark.parametrize("chained", ["cause", "context", "neither"])
async def test_what_an_exception_came_from_is_kept(middleware: Any, chained: str) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if chained == "neither":
            raise Failure
        try:
            raise ValueError
        except ValueError as error:
            if chained == "cause":
                raise Failure from error
            raise Failure  # noqa: B904

    with pytest.raises(Failure) as caught:
        await Client().ask(middleware(app, passing))
    assert isinstance(caught.value.__cause__, ValueError if chained != "neither" else type(None))
    assert caught.value.__suppress_context__


async def test_an_exception_after_the_response_is_raised_once_it_has_been_sent(middleware: Any, around: Any) -> None:
    client = Client()
    with pytest.raises(Failure):
        await around(client.ask(middleware(fails(START, body(b"whole", more=False)), passing)))
    assert client.sent[-1] == LAST


async def test_a_body_that_breaks_off_ends_and_the_exception_follows(middleware: Any, around: Any) -> None:
    client = Client()
    with pytest.raises(Failure):
        await around(client.ask(middleware(fails(START, body(b"half", more=True)), passing)))
    assert [message.get("body") for message in client.sent] == [None, b"half", b""]


async def test_to_send_nothing_is_an_error(middleware: Any) -> None:
    with pytest.raises(RuntimeError, match="No response returned"):
        await Client().ask(middleware(sends(), passing))


async def test_an_exception_of_dispatch_ends_what_runs_below(middleware: Any, around: Any) -> None:
    ended: list[BaseException] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(dict(START))
        try:
            await send(body(b"whole", more=False))
        except asyncio.CancelledError as error:
            ended.append(error)
            raise

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        raise Failure

    with pytest.raises(Failure):
        await around(Client().ask(middleware(app, dispatch)))
    assert len(ended) == 1


async def test_a_client_that_can_no_longer_be_sent_to_ends_what_runs_below(middleware: Any) -> None:
    ended = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(dict(START))
        try:
            while True:
                await send(body(b"more", more=True))
        finally:
            ended.set()

    async def broken(message: Message) -> None:
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await middleware(app, passing)(scope_of(), Client().receive, broken)
    assert ended.is_set()


# -- after the response


async def test_what_follows_the_last_message_follows_the_answer(middleware: Any, around: Any) -> None:
    events: list[str] = []

    class Listening(Client):
        async def send(self, message: Message) -> None:
            await asyncio.sleep(0)
            events.append(message["type"])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await sends(START, body(b"whole", more=False))(scope, receive, send)
        events.append("background")

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        response.background = BackgroundTask(events.append, "of dispatch")
        return response

    await around(Listening().ask(middleware(app, dispatch)))
    assert events == ["http.response.start", *["http.response.body"] * 2, "of dispatch", "background"]


async def test_who_listens_for_the_client_is_told_that_it_is_over(middleware: Any, around: Any) -> None:
    heard: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def listen() -> None:
            heard.append(await receive())
            heard.append(await receive())

        listener = asyncio.create_task(listen())
        await sends(START, body(b"whole", more=False))(scope, receive, send)
        await listener

    await around(Client().ask(middleware(app, passing)))
    assert heard == [{"type": "http.disconnect"}] * 2


async def test_an_unwanted_response_goes_nowhere_and_is_not_waited_for_in_vain(middleware: Any) -> None:
    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send(dict(START))
        listener = asyncio.ensure_future(receive())
        while not listener.done():
            await send(body(b"more", more=True))
        assert (await listener)["type"] == "http.disconnect"

    client = Client()
    await client.ask(middleware(endless, unwanted))
    assert [message.get("body") for message in client.sent] == [None, b"own"]


# -- context


seen: ContextVar[str] = ContextVar("seen", default="nothing")


async def test_context_goes_down_and_not_up(middleware: Any, around: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert seen.get() == "above"
        seen.set("below")
        await Response()(scope, receive, send)

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        seen.set("above")
        response = await call_next(request)
        assert seen.get() == "above"
        return response

    await around(Client().ask(middleware(app, dispatch)))


# -- time limits and cancellation


@pytest.mark.parametrize("limit", [asyncio.timeout, anyio.fail_after])
async def test_a_time_limit_on_call_next_leaves_what_runs_below_to_its_end(
    middleware: Any, around: Any, limit: Any
) -> None:
    events: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()  # until the answer has been sent
        events.append(message["type"])
        await send(dict(START))
        events.append("ended")

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        try:
            async with limit(0) if limit is asyncio.timeout else _as_async(limit(0)):
                return await call_next(request)
        except TimeoutError:
            return PlainTextResponse("too late", 504)

    client = Client()
    await around(client.ask(middleware(app, dispatch)))
    assert client.sent[0]["status"] == 504
    assert events == ["http.disconnect", "ended"]


class _as_async:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    async def __aenter__(self) -> None:
        self.scope.__enter__()

    async def __aexit__(self, *error: object) -> Any:
        return self.scope.__exit__(*error)


@pytest.mark.parametrize("moment", ["in call_next", "in dispatch", "after the response"])
@pytest.mark.parametrize("limit", [asyncio.timeout, anyio.fail_after])
async def test_a_time_limit_on_the_request_ends_all_of_it(middleware: Any, moment: str, limit: Any) -> None:
    events: list[str] = []
    forever = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            if moment == "in call_next":
                await forever.wait()
            await sends(START, body(b"whole", more=False))(scope, receive, send)
            await forever.wait()
        except asyncio.CancelledError:
            events.append("cancelled")
            raise

    async def dispatch(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        if moment == "in dispatch":
            await forever.wait()
        return response

    with pytest.raises(TimeoutError):
        async with limit(0.01) if limit is asyncio.timeout else _as_async(limit(0.01)):
            await Client().ask(middleware(app, dispatch))
    assert events == ["cancelled"]


async def test_cleanup_below_is_waited_for_though_the_request_is_cancelled_twice() -> None:
    events: list[str] = []
    cleaning, clean = asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaning.set()
            try:
                await clean.wait()
            except asyncio.CancelledError:
                events.append("cancelled again")
                await asyncio.sleep(0)
            events.append("clean")

    request = asyncio.create_task(Client().ask(HTTPMiddleware(app, passing)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    request.cancel()
    await cleaning.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert events == ["cancelled again", "clean"]


async def test_a_task_below_that_is_cancelled_on_its_own_leaves_the_request_alone(middleware: Any, around: Any) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await sends(START, body(b"whole", more=False))(scope, receive, send)
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(0)

    client = Client()
    await around(client.ask(middleware(app, passing)))
    assert client.sent[-1] == LAST


# -- beyond Starlette


async def test_call_next_may_be_tried_again_with_the_same_body() -> None:
    bodies: list[bytes] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        bodies.append(await Request(scope, receive).body())
        if len(bodies) == 1:
            raise Failure
        await PlainTextResponse(f"answer {len(bodies)}")(scope, receive, send)

    async def retrying(request: Request, call_next: CallNext) -> Response:
        await request.body()
        with pytest.raises(Failure):
            await call_next(request)
        await call_next(request)
        return await call_next(request)

    client = Client(*POST)
    await client.ask(HTTPMiddleware(app, retrying), "POST")
    assert bodies == [b"ab"] * 3
    assert client.sent[1]["body"] == b"answer 3"


# -- in an application, through both doors


@pytest.fixture(params=["asgi", "wire"])
def client(request: pytest.FixtureRequest) -> TestClient:
    return TestClient(application(), door=request.param)


def application() -> FastAPI:
    app = FastAPI()

    class Named(BaseHTTPMiddleware):
        def __init__(self, app: ASGIApp, name: str) -> None:
            super().__init__(app)
            self.name = name

        async def dispatch(self, request: Request, call_next: CallNext) -> Response:
            request.state.names = [*getattr(request.state, "names", []), self.name]
            response = await call_next(request)
            response.headers["x-names"] = ",".join(request.state.names)
            return response

    app.add_middleware(Named, name="inner")
    app.add_middleware(Named, name="outer")

    @app.middleware("http")
    async def shout(request: Request, call_next: CallNext) -> Response:
        if request.url.path == "/forbidden":
            return PlainTextResponse("no", 403)
        if request.method == "POST" and not await request.body():
            return PlainTextResponse("empty", 400)
        return await call_next(request)

    @app.get("/")
    async def home(request: Request) -> list[str]:
        names: list[str] = request.state.names
        return names

    @app.post("/echo")
    async def echo(item: dict[str, int]) -> dict[str, int]:
        return item

    @app.get("/events")
    def events(tasks: BackgroundTasks) -> int:
        tasks.add_task(app.state.events.append, "background")
        return 1

    app.state.events = []
    return app


def test_middleware_of_an_application_is_run_from_the_outside_in(client: TestClient) -> None:
    response = client.get("/")
    assert response.json() == ["outer", "inner"]
    assert response.headers["x-names"] == "outer,inner"


def test_a_body_read_in_middleware_is_read_again_by_the_route(client: TestClient) -> None:
    assert client.post("/echo", json={"a": 1}).json() == {"a": 1}
    assert client.post("/echo", json={"a": "x"}).status_code == 422
    assert client.post("/echo").text == "empty"


def test_middleware_may_answer_alone(client: TestClient) -> None:
    assert (client.get("/forbidden").status_code, client.get("/nowhere").status_code) == (403, 404)


def test_background_tasks_run_below_middleware(client: TestClient) -> None:
    assert client.get("/events").json() == 1
    assert client.app.state.events == ["background"]  # type: ignore[attr-defined]
