"""Every operation of the API, asked by every role: whose it is, as a table."""

from __future__ import annotations

from itertools import product

from examples.food_delivery.seed import DEMO
from tests.examples.food_delivery.city import City

OF = {
    "customer": ["GET /recommend", "POST /order", "POST /orders/1/rating"],
    "restaurant": ["GET /kitchen/restaurant", "PATCH /kitchen/restaurant", "PATCH /kitchen/dishes/1"],
    "courier": ["GET /courier", "GET /courier/jobs", "POST /courier/jobs/1", "POST /courier/position"],
    "admin": ["GET /reports/revenue", "GET /reports/late", "GET /reports/overview", "GET /reports/orders"],
}  # fmt: skip


def test_an_operation_is_for_its_role(city: City) -> None:
    for demo, (role, operations) in product(DEMO, OF.items()):
        headers = city.login(demo.email)
        for method, path in map(str.split, operations):
            refused = city.client.request(method, path, headers=headers).status_code == 403
            assert refused == (role != demo.role), (demo.role, path)
            assert city.client.request(method, path).status_code == 401, path


def test_every_operation_that_needs_a_login_says_so_in_the_document(city: City) -> None:
    paths = city.client.get("/openapi.json").json()["paths"]
    for operations in OF.values():
        for operation in operations:
            method, path = operation.replace("/1", "/{}").split()
            [found] = [known for known in paths if known.replace("order_id", "").replace("dish_id", "") == path]
            assert paths[found][method.lower()]["security"], operation
