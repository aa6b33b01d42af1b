"""Couriers: who takes what, and where they are."""

from __future__ import annotations

from tests.examples.food_delivery.city import COURIER, CUSTOMER, OTHER_COURIER, RESTAURANT, City
from tests.kit.applications import at_once


def accepted(city: City) -> int:
    order_id = city.order(1)
    city.act(RESTAURANT, order_id, "accept")
    return order_id


def test_what_was_accepted_is_an_open_job(city: City) -> None:
    placed, taken = city.order(1), accepted(city)
    jobs = city.get(COURIER, "/courier/jobs").json()
    assert [job["id"] for job in jobs["open"]] == [taken]
    assert city.post(COURIER, f"/courier/jobs/{placed}").status_code == 409
    assert city.post(COURIER, f"/courier/jobs/{taken}").status_code == 200
    jobs = city.get(COURIER, "/courier/jobs").json()
    assert (jobs["current"]["id"], jobs["open"]) == (taken, [])


def test_an_order_is_taken_by_one_courier(city: City) -> None:
    order_id = accepted(city)
    heads = [city.login(COURIER), city.login(OTHER_COURIER)]
    answers = at_once(2, lambda: city.client.post(f"/courier/jobs/{order_id}", headers=heads.pop()))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_courier_takes_one_order_at_a_time(city: City) -> None:
    ids = [accepted(city), accepted(city)]
    headers = city.login(COURIER)
    answers = at_once(2, lambda: city.client.post(f"/courier/jobs/{ids.pop()}", headers=headers))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_claiming_twice_is_claiming(city: City) -> None:
    order_id = accepted(city)
    assert [city.post(COURIER, f"/courier/jobs/{order_id}").status_code for _ in range(2)] == [200, 200]
    assert city.post(COURIER, "/courier/jobs/99").status_code == 404


def test_a_courier_says_where_they_are(city: City) -> None:
    assert city.post(COURIER, "/courier/position", {"x": 2.5, "y": 4}).status_code == 204
    here = city.get(COURIER, "/courier").json()
    assert (here["x"], here["y"]) == (2.5, 4)


def test_nowhere_is_no_position(city: City) -> None:
    for nowhere in ({"x": -1, "y": 0}, {"x": 0, "y": 999}, {"x": 0}, {"x": "NaN", "y": 0}):
        assert city.post(COURIER, "/courier/position", nowhere).status_code == 422, nowhere


def test_the_autopilot_can_be_switched_off(city: City) -> None:
    for email, path in ((COURIER, "/courier"), (RESTAURANT, "/kitchen/restaurant")):
        assert city.get(email, path).json()["autopilot"] is True
        city.client.patch(path, json={"autopilot": False}, headers=city.login(email))
        assert city.get(email, path).json()["autopilot"] is False


def test_customers_are_told_of_each_step(city: City) -> None:
    order_id = city.order(1)
    assert city.get(RESTAURANT, "/notifications").json()["items"][0]["text"] == f"New order {order_id}"
    city.bring(order_id, "delivered")
    told = city.get(CUSTOMER, "/notifications").json()["items"]
    assert [note["order_id"] for note in told] == [order_id] * 5
    assert told[0]["text"] == "Your food is there. Enjoy!"
    assert city.get(CUSTOMER, "/notifications/unread").json() == {"unread": 5}
    assert city.post(CUSTOMER, "/notifications/read").status_code == 204
    assert city.get(CUSTOMER, "/notifications/unread").json() == {"unread": 0}
