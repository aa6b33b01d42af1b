"""WebSockets: parameters, dependencies, closing, refusing, exceptions. Sent by test_websockets.py, not as requests."""

import asyncio
from typing import Annotated

from starlette.websockets import WebSocketState

from tests.differential.case import get, sub


def build(f):
    app = f.FastAPI()
    _plain(f, app)
    _depending(f, app)
    return app


def _plain(f, app):
    @app.websocket("/echo")
    async def echo(ws: f.WebSocket):
        await ws.accept(subprotocol="chat" if "chat" in ws.scope["subprotocols"] else None, headers=[(b"x-a", b"b")])
        async for text in ws.iter_text():
            await ws.send_text(f"echo {text}")
            if text == "bye":
                await ws.close(4001, "bye")
                return

    @app.websocket("/bytes")
    async def echo_bytes(ws: f.WebSocket):
        await ws.accept()
        data = await ws.receive_bytes()
        await ws.send_bytes(data[::-1])
        await ws.send_json({"n": len(data)})
        await ws.send_json([1], mode="binary")

    @app.websocket("/items/{n}")
    async def parameters(
        ws: f.WebSocket,
        n: int,
        q: str = "q",
        many: Annotated[list[int], f.Query()] = [],
        x_token: Annotated[str | None, f.Header()] = None,
        session: Annotated[str | None, f.Cookie()] = None,
    ):
        await ws.accept()
        await ws.send_json([n, q, many, x_token, session])

    @app.websocket("/refuse")
    async def refuse(ws: f.WebSocket):
        await ws.close(4003, "refused")

    @app.websocket("/deny")
    async def deny(ws: f.WebSocket):
        await ws.send_denial_response(sub(f, "responses").PlainTextResponse("denied", 403, {"x-a": "b"}))

    @app.websocket("/raises/{kind}")
    async def raises(ws: f.WebSocket, kind: str, late: bool = False):
        if late:
            await ws.accept()
        raise {
            "socket": f.WebSocketException(4010, "reason"),
            "http": f.HTTPException(401, "who", headers={"x-a": "b"}),
            "value": ValueError("v"),
        }[kind]

    @app.websocket("/leaves")
    async def leaves(ws: f.WebSocket):
        await ws.accept()
        try:
            await ws.receive_text()
        except f.WebSocketDisconnect as gone:
            app.state.events.append(["gone", gone.code, gone.reason])

    @app.get("/echo")
    def not_a_socket():
        return "http"

    @app.get("/events")
    async def events():
        await asyncio.sleep(0)
        return "ok"

    router = f.APIRouter(prefix="/router")

    @router.websocket("/{rest:path}")
    async def routed(ws: f.WebSocket, rest: str):
        await ws.accept()
        await ws.send_text(f"{rest} {ws.url.path} {ws.url_for('routed', rest='x')}")

    app.include_router(router, prefix="/pre")


def _depending(f, app):
    async def resource(ws: f.WebSocket):
        app.state.events.append(f"open {ws.application_state == WebSocketState.CONNECTING}")
        try:
            yield "resource"
        except Exception as error:
            app.state.events.append(type(error).__name__)
            raise
        finally:
            app.state.events.append("close")

    def guard(token: Annotated[str | None, f.Query()] = None):
        if token != "t":
            raise f.WebSocketException(4008, "no token")
        return token

    @app.websocket("/depends")
    async def depends(ws: f.WebSocket, r: Annotated[str, f.Depends(resource)], token: Annotated[str, f.Depends(guard)]):
        await ws.accept()
        await ws.send_text(f"{r} {token}")
        await ws.receive_text()
        app.state.events.append("endpoint done")

    @app.websocket("/connection")
    async def connection(ws: f.WebSocket, c: Annotated[str, f.Depends(_path_of(f))]):
        await ws.accept()
        await ws.send_text(c)

    @app.websocket("/guarded", dependencies=[f.Depends(guard)])
    async def guarded(ws: f.WebSocket):
        await ws.accept()
        await ws.send_text("in")


def _path_of(f):
    def path(connection: sub(f, "requests").HTTPConnection):
        return connection.url.path

    return path


CASES = [get("/echo"), get("/events"), get("/items/1"), get("/echo", {"upgrade": "h2c", "connection": "upgrade"})]

# path, headers, subprotocols, what the client says: text or bytes, how many messages it then waits for
CONVERSATIONS = [
    ("/echo", {}, [], ["a", "ü", "bye"], 4),
    ("/echo", {}, ["chat", "other"], ["a"], 1),
    ("/bytes", {}, [], [b"abc\xff"], 3),
    ("/items/1?q=a&many=1&many=2", {"x-token": "t", "cookie": "session=s"}, [], [], 1),
    ("/items/x", {}, [], [], 1),
    ("/items/1?many=x", {}, [], [], 1),
    ("/refuse", {}, [], [], 1),
    ("/deny", {}, [], [], 1),
    *((f"/raises/{kind}{late}", {}, [], [], 1) for kind in ("socket", "http", "value") for late in ("", "?late=1")),
    ("/leaves", {}, [], [], 0),
    ("/pre/router/a/b", {}, [], [], 1),
    ("/nowhere", {}, [], [], 1),
    ("/depends?token=t", {}, [], ["go"], 1),
    ("/depends", {}, [], [], 1),
    ("/connection", {}, [], [], 1),
    ("/guarded", {}, [], [], 1),
    ("/guarded?token=t", {}, [], [], 1),
]
