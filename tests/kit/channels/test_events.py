"""Channels as server-sent events, through both doors, on every broker."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.channels.served import application, parsed
from tests.servers import free_port
from vivace import HTTPException, Request
from vivace.kit.channels import Channels
from vivace.kit.problem import use_problems
from vivace.testclient import TestClient

EVENTS = "/orders/7/events"


def stream(client: TestClient, threads: ThreadPoolExecutor, path: str = EVENTS, **headers: str) -> Future[Any]:
    """A stream that is read to its end."""
    return threads.submit(client.get, path, headers=headers)


def publish(client: TestClient, number: int, times: int = 1) -> list[str]:
    answer = client.post("/orders/7", json={"number": number}, headers={"times": str(times)})
    assert answer.status_code == 200
    return answer.json()


def await_members(client: TestClient, *members: str) -> None:
    while client.get("/orders/7/present").json() != list(members):
        pass


def test_a_stream_begins_with_its_position_and_goes_on_with_messages(call: Call, served: Channels) -> None:
    with call(application(served, presence=True)) as client, ThreadPoolExecutor() as threads:
        reading = stream(client, threads, f"{EVENTS}?member=ann")
        await_members(client, "ann")
        ids = publish(client, 1, times=3)
        again = stream(client, threads, f"{EVENTS}?member=bob", **{"Last-Event-ID": ids[0]})
        await_members(client, "ann", "bob")
        client.post("/end")
        answer, replayed = reading.result(), again.result()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    start, here, joined, *messages = parsed(answer.text)
    assert start.keys() == {"id"}
    assert here == {"event": "here", "data": {"members": []}}
    assert joined == {"event": "join", "data": {"member": "ann"}}
    assert messages[:3] == [{"data": {"number": n, "note": ""}, "id": ids[n - 1]} for n in (1, 2, 3)]
    assert messages[3] == {"event": "join", "data": {"member": "bob"}}
    assert list(parsed(replayed.text))[:2] == messages[1:3]


def test_last_event_id_replays_what_was_missed(call: Call, served: Channels) -> None:
    with call(application(served, presence=True)) as client, ThreadPoolExecutor() as threads:
        ids = publish(client, 1, times=4)
        client.post("/end")  # nothing of it is left in this process
        by_header = stream(client, threads, f"{EVENTS}?member=ann", **{"Last-Event-ID": ids[1]})
        by_query = stream(client, threads, f"{EVENTS}?member=bob&last_event_id={ids[1]}")
        await_members(client, "ann", "bob")
        client.post("/end")
        for reading in (by_header, by_query):
            got = [event.get("id") for event in parsed(reading.result().text)]
            assert got[:2] == ids[2:]


def test_a_gap_is_an_event(call: Call, served: Channels) -> None:
    app = application(served, history=2, presence=True)
    with call(app) as client, ThreadPoolExecutor() as threads:
        ids = publish(client, 1, times=5)
        reading = stream(client, threads, f"{EVENTS}?member=ann", **{"Last-Event-ID": ids[0]})
        await_members(client, "ann")
        client.post("/end")
        events = list(parsed(reading.result().text))
    assert events[:3] == [
        {"event": "gap", "data": {}, "id": ids[2]},
        {"data": {"number": 4, "note": ""}, "id": ids[3]},
        {"data": {"number": 5, "note": ""}, "id": ids[4]},
    ]


@pytest.fixture
def memory() -> Channels:
    return Channels.from_url("memory://")


def test_who_is_not_allowed_gets_403(call: Call, memory: Channels) -> None:
    seen: list[Any] = []

    async def may_see(connection: Request, order_id: str) -> bool:
        seen.append((connection.headers["x-user"], order_id))
        return False

    with call(application(memory, authorize=may_see)) as client:
        answer = client.get(EVENTS, headers={"X-User": "ann"})
    assert (answer.status_code, answer.json()) == (403, {"detail": "Not allowed on this channel"})
    assert seen == [("ann", "7")]


@pytest.mark.parametrize("answer", [None, 1, "yes"])
def test_nothing_but_true_is_allowed(call: Call, memory: Channels, answer: Any) -> None:
    with call(application(memory, authorize=lambda connection, order_id: answer)) as client:
        assert client.get(EVENTS).status_code == 403


def test_authorize_may_answer_by_itself(call: Call, memory: Channels) -> None:
    def may_see(connection: Request, order_id: str) -> bool:
        raise HTTPException(401, "Who are you?", headers={"WWW-Authenticate": "Bearer"})

    with call(application(memory, authorize=may_see)) as client:
        answer = client.get(EVENTS)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("scheme", ["redis", "nats"])
def test_without_a_broker_it_is_503(call: Call, scheme: str) -> None:
    app = application(Channels.from_url(f"{scheme}://127.0.0.1:{free_port()}"), presence=True)
    use_problems(app)
    with call(app) as client:
        for answer in (
            client.get(EVENTS),
            client.post("/orders/7", json={"number": 1}),
            client.get("/orders/7/present"),
        ):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"] == "Channels can't be reached now"


def test_the_document_shows_the_events(memory: Channels) -> None:
    operation = application(memory).openapi()["paths"]["/orders/{order_id}/events"]["get"]
    media = operation["responses"]["200"]["content"]
    assert list(media) == ["text/event-stream"]
    data = media["text/event-stream"]["itemSchema"]["properties"]["data"]
    assert data["contentSchema"]["properties"]["number"] == {"title": "Number", "type": "integer"}
    assert {"403", "503"} <= operation["responses"].keys()
