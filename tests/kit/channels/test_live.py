"""Channels on WebSockets, through both doors, on every broker."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors import Call
from tests.kit.channels.served import application
from tests.servers import free_port
from vivace import HTTPException, WebSocket
from vivace.kit.channels import Channels
from vivace.testclient import TestClient
from vivace.websockets import WebSocketDisconnect

LIVE = "/orders/7/live"


def publish(client: TestClient, number: int, times: int = 1) -> list[str]:
    return client.post("/orders/7", json={"number": number}, headers={"times": str(times)}).json()


def test_a_connection_begins_with_its_position_and_goes_on_with_messages(call: Call, served: Channels) -> None:
    with call(application(served)) as client:
        with client.websocket_connect(LIVE) as session:
            hello = session.receive_json()
            ids = publish(client, 1, times=3)
            assert [session.receive_json() for _ in ids] == [
                {"event": "message", "id": ids[n], "data": {"number": n + 1, "note": ""}} for n in range(3)
            ]
        assert hello["event"] == "hello"
        with client.websocket_connect(f"{LIVE}?last_event_id={hello['id']}") as session:
            session.receive_json()
            assert [session.receive_json()["id"] for _ in ids] == ids


def test_a_gap_is_told(call: Call, served: Channels) -> None:
    with call(application(served, history=1)) as client:
        ids = publish(client, 1, times=3)
        with client.websocket_connect(f"{LIVE}?last_event_id={ids[0]}") as session:
            assert [session.receive_json() for _ in range(3)][1:] == [
                {"event": "gap", "id": ids[1], "data": {}},
                {"event": "message", "id": ids[2], "data": {"number": 3, "note": ""}},
            ]


def test_who_is_here_comes_and_goes(call: Call, served: Channels) -> None:
    with call(application(served, presence=True)) as client, client.websocket_connect(LIVE) as session:
        session.receive_json()
        assert session.receive_json() == {"event": "here", "id": None, "data": {"members": []}}
        with client.websocket_connect(f"{LIVE}?member=ann") as ann, client.websocket_connect(f"{LIVE}?member=ann"):
            assert session.receive_json() == {"event": "join", "id": None, "data": {"member": "ann"}}
            assert client.get("/orders/7/present").json() == ["ann"]
            ann.close()
        assert session.receive_json() == {"event": "leave", "id": None, "data": {"member": "ann"}}
        assert client.get("/orders/7/present").json() == []


@pytest.fixture
def memory() -> Channels:
    return Channels.from_url("memory://")


@pytest.mark.parametrize("how", ["False", "an exception"])
def test_who_is_not_allowed_is_closed_with_1008(call: Call, memory: Channels, how: str) -> None:
    def may_see(connection: WebSocket, order_id: str) -> bool:
        if how == "an exception":
            raise HTTPException(401)
        return False

    with call(application(memory, authorize=may_see)) as client:
        with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(LIVE):
            pass
        assert (caught.value.code, caught.value.reason) == (1008, "Not allowed on this channel")


@pytest.mark.parametrize("scheme", ["redis", "nats"])
def test_without_a_broker_it_is_closed_with_1013(call: Call, scheme: str) -> None:
    with call(application(Channels.from_url(f"{scheme}://127.0.0.1:{free_port()}"))) as client:
        with pytest.raises(WebSocketDisconnect) as caught, client.websocket_connect(LIVE):
            pass
        assert caught.value.code == 1013


def test_the_end_of_the_channels_closes_with_1012(call: Call, memory: Channels) -> None:
    with call(application(memory)) as client, client.websocket_connect(LIVE) as session:
        session.receive_json()
        client.post("/end")
        with pytest.raises(WebSocketDisconnect) as caught:
            session.receive_json()
    assert caught.value.code == 1012


def test_who_is_too_slow_is_closed_with_1013(call: Call, memory: Channels) -> None:
    app = application(memory, queue=2)

    @app.websocket("/slow")
    async def slow(websocket: WebSocket) -> None:
        """A client that takes nothing: `send` does not come back until it was let go."""
        send, orders = websocket.send, app.state.orders

        async def stuck(message: Any) -> None:
            if message["type"] == "websocket.send":
                async with orders.subscribe(order_id=7) as other:
                    for number in range(4):
                        await orders.publish({"number": number}, order_id=7)
                        await anext(other)  # handed on, to the client's queue as well
            await send(message)

        websocket.send = stuck  # type: ignore[method-assign]
        await orders.connect(websocket, order_id=7)

    with call(app) as client, client.websocket_connect("/slow") as session:
        assert session.receive_json()["event"] == "hello"
        with pytest.raises(WebSocketDisconnect) as caught:
            session.receive_json()
    assert (caught.value.code, caught.value.reason) == (1013, "Too slow: come back with the last id")


def test_what_a_client_says_is_the_programs(call: Call, memory: Channels) -> None:
    app = application(memory)

    @app.websocket("/chat")
    async def chat(websocket: WebSocket) -> None:
        async def say(text: str) -> None:
            await app.state.orders.publish({"number": int(text)}, order_id=7)

        await app.state.orders.connect(websocket, order_id=7, on_message=say)

    with call(app) as client, client.websocket_connect("/chat") as session:
        session.receive_json()
        session.send_text("5")
        assert session.receive_json()["data"] == {"number": 5, "note": ""}


def test_a_first_message_may_say_where_to_go_on(call: Call, memory: Channels) -> None:
    app = application(memory)

    @app.websocket("/resume")
    async def resume(websocket: WebSocket) -> None:
        await websocket.accept()
        first = await websocket.receive_json()
        await app.state.orders.connect(websocket, order_id=7, after=first["last_event_id"])

    with call(app) as client:
        ids = publish(client, 1, times=3)
        with client.websocket_connect("/resume") as session:
            session.send_json({"last_event_id": ids[0]})
            assert [session.receive_json()["id"] for _ in range(3)] == ids


def test_what_fails_in_the_program_fails(call: Call, memory: Channels) -> None:
    app = application(memory)

    @app.websocket("/fails")
    async def fails(websocket: WebSocket) -> None:
        async def say(text: str) -> None:
            raise LookupError(text)

        await app.state.orders.connect(websocket, order_id=7, on_message=say)

    with call(app) as client:
        session = client.websocket_connect("/fails")
        session.__enter__().send_text("hello")
        with pytest.raises(LookupError, match="hello"):
            session.__exit__(None, None, None)
