"""Following an order: by WebSocket and by server-sent events, with a drop in between."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from examples.food_delivery.delivery.grid import Point
from tests.examples.food_delivery.city import CUSTOMER, OTHER_CUSTOMER, RESTAURANT, City


def stream(city: City, order_id: int, **headers: str) -> list[tuple[str, dict[str, Any]]]:
    """The whole stream of an order that is over."""
    answer = city.client.get(f"/track-order/{order_id}", headers=city.login(CUSTOMER) | headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in event.splitlines()) for event in answer.text.split("\n\n") if event]
    return [(event["id"], json.loads(event["data"])) for event in events]


def test_a_follower_gets_how_things_stand_and_then_what_happens(city: City) -> None:
    order_id = city.order(1)
    with city.tracking(CUSTOMER, order_id) as socket:
        opening = socket.receive_json()["data"]
        assert (opening["type"], opening["status"], opening["position"]) == ("snapshot", "placed", None)
        city.act(RESTAURANT, order_id, "accept")
        assert socket.receive_json()["data"]["status"] == "accepted"
        city.act(RESTAURANT, order_id, "cook")
        assert socket.receive_json()["data"]["status"] == "cooking"


def test_positions_of_the_courier_come_too(city: City) -> None:
    order_id = city.order(1)
    city.bring(order_id, "claimed")
    courier = city.get(CUSTOMER, f"/orders/{order_id}").json()["courier_id"]
    with city.tracking(CUSTOMER, order_id) as socket:
        assert socket.receive_json()["data"]["courier_id"] == courier
        city.run(city.services.delivery.move, {courier: Point(3.5, 7.0)})
        data = socket.receive_json()["data"]
        assert (data["type"], data["x"], data["y"]) == ("position", 3.5, 7.0)


def test_after_a_drop_a_follower_goes_on_where_it_was(city: City) -> None:
    order_id = city.order(1)
    with city.tracking(CUSTOMER, order_id) as socket:
        last = socket.receive_json()["id"]
    city.act(RESTAURANT, order_id, "accept", "cook")
    with city.tracking(CUSTOMER, order_id, last) as socket:
        events = [socket.receive_json() for _ in range(2)]
        assert [event["data"]["status"] for event in events] == ["accepted", "cooking"]
        city.act(RESTAURANT, order_id, "finish")
        assert socket.receive_json()["data"]["status"] == "ready"
    with city.tracking(CUSTOMER, order_id, "an id that nobody knows") as socket:
        assert socket.receive_json()["data"]["type"] == "snapshot"


def test_a_socket_ends_with_its_order(city: City) -> None:
    order_id = city.order(1)
    city.bring(order_id, "picked_up")
    with city.tracking(CUSTOMER, order_id) as socket:
        socket.receive_json()
        city.post("courier@vivace.example", f"/orders/{order_id}/deliver")
        assert socket.receive_json()["data"]["status"] == "delivered"
        with pytest.raises(WebSocketDisconnect) as ended:
            socket.receive_json()
        assert ended.value.code == 1000


@pytest.mark.parametrize("order_id", [1, 99])
def test_an_order_that_is_none_of_ones_business_can_not_be_followed(city: City, order_id: int) -> None:
    city.order(1)
    with pytest.raises(WebSocketDisconnect) as refused, city.tracking(OTHER_CUSTOMER, order_id):
        pass
    assert refused.value.code == 1008
    assert city.get(OTHER_CUSTOMER, f"/track-order/{order_id}").status_code == 404
    assert city.client.get(f"/track-order/{order_id}").status_code == 401
    with pytest.raises(WebSocketDisconnect), city.client.websocket_connect(f"/track-order/{order_id}"):
        pass


def test_an_order_that_is_over_is_a_stream_that_ends(city: City) -> None:
    order_id = city.order(1)
    with city.tracking(CUSTOMER, order_id) as socket:
        first = socket.receive_json()["id"]
        city.act(RESTAURANT, order_id, "accept")
        last = socket.receive_json()["id"]
    city.act(RESTAURANT, order_id, "cancel")
    [(_, data)] = stream(city, order_id)
    assert (data["type"], data["status"]) == ("snapshot", "refunded")
    resumed = stream(city, order_id, **{"Last-Event-ID": last})
    assert resumed[0][1]["status"] == "refunded"
    assert [data["status"] for _, data in stream(city, order_id, **{"Last-Event-ID": first})][:2] == [
        "accepted",
        "refunded",
    ]


def test_the_ids_of_socket_and_stream_are_the_same(city: City) -> None:
    order_id = city.order(1)
    with city.tracking(CUSTOMER, order_id) as socket:
        socket.receive_json()
        city.act(RESTAURANT, order_id, "cancel")
        last = socket.receive_json()["id"]
    assert stream(city, order_id)[0][0] == last
