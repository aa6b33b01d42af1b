"""The whole API, asked by schemathesis: whatever fits the document, and whatever doesn't, by everybody.

No server error, and nothing that the document doesn't say. In process, by ASGI; the same requests each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from examples.food_delivery.app import create_app
from tests.examples.food_delivery.city import ADMIN, COURIER, CUSTOMER, OTHER_CUSTOMER, RESTAURANT, City
from tests.examples.food_delivery.conftest import settings_for
from tests.kit.sql.servers import postgres_server
from vivace.testclient import TestClient

TAGS = ["auth", "catalog", "delivery", "identity", "notifications", "orders", "recommend", "reports"]
CALLERS = [CUSTOMER, RESTAURANT, COURIER, ADMIN, OTHER_CUSTOMER, None]
REACHED = ["delivered", "picked_up", "cooking", "accepted", None]  # how far the orders are; a courier has one at a time
STREAM_SECONDS, SECONDS = 0.1, 20.0  # the former: how long a stream is read that doesn't end

Logins = dict[str | None, dict[str, str]]


class Api:
    """The document, who may be logged in, and what there is to ask about."""

    def __init__(self, url: str) -> None:
        settings = settings_for(url, login_rate="1000000/minute")
        with TestClient(app := create_app(settings), door="wire") as client:
            city = City(app, client)
            self.logins: Logins = {who: city.login(who) for who in CALLERS if who} | {None: {}}
            self.orders = [city.order(1) for _ in REACHED]
            for order, status in zip(self.orders, REACHED, strict=True):
                if status:
                    city.bring(order, status)
            self.cart = city.cart(1, 2)
        self.schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(settings))

    def operations(self) -> list[APIOperation]:
        return [found.ok() for found in self.schema.get_all_operations()]


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    """On PostgreSQL, which takes less than SQLite does."""
    with postgres_server() as server:
        yield Api(server.database())
        shutdown_lifespans()


def test_every_operation_has_its_turn(api: Api) -> None:
    assert {tag for operation in api.operations() for tag in operation.tags} == set(TAGS)
    assert all(operation.tags for operation in api.operations())


# All checks but one: that what fits the schema is accepted. A cursor is one that was given, a distance needs two
# numbers: not all that is asked of a request can be said in JSON Schema.
@pytest.mark.parametrize("tag", TAGS)
def test_everybody_gets_what_the_document_says(api: Api, tag: str) -> None:
    for operation in api.operations():
        if tag in operation.tags:
            ask(api, operation, GenerationMode.POSITIVE, 16)
            if takes_anything(operation):
                ask(api, operation, GenerationMode.NEGATIVE, 8)


def ask(api: Api, operation: APIOperation, mode: GenerationMode, count: int) -> None:
    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        caller=st.sampled_from(CALLERS),
        known=st.none() | st.sampled_from(api.orders),
    )
    def holds(case: schemathesis.Case, caller: str | None, known: int | None) -> None:
        if known is not None and mode is GenerationMode.POSITIVE:
            make_real(api, case, known)
        headers, seconds = api.logins[caller], STREAM_SECONDS if is_stream(operation) else SECONDS
        response = case.call(headers=headers, timeout=seconds)
        case.validate_response(response, headers=headers, excluded_checks=[positive_data_acceptance])

    holds()


def takes_anything(operation: APIOperation) -> bool:
    """Anything that could be wrong. (A token in a header or a cookie is not: without a good one it is 401.)"""
    return bool(operation.definition.raw.get("parameters") or operation.definition.raw.get("requestBody"))


def make_real(api: Api, case: schemathesis.Case, order: int) -> None:
    """Of an order and of dishes that there are: what is drawn is nobody's."""
    if "order_id" in case.path_parameters:
        case.path_parameters["order_id"] = order
    if isinstance(case.body, dict) and "restaurant_id" in case.body:
        case.body.update(api.cart)


def is_stream(operation: APIOperation) -> bool:
    content: dict[str, Any] = operation.definition.raw["responses"].get("200", {}).get("content", {})
    return "text/event-stream" in content


def test_a_key_that_was_used_before_is_told_as_the_document_says(city: City) -> None:
    headers = city.login(CUSTOMER) | {"Idempotency-Key": "one"}
    for quantity in (1, 2):
        answer = city.client.post("/order", json=city.cart(quantity), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["detail"] == "This key was used for another request"


@pytest.mark.parametrize("database", ["postgresql"])  # SQLite takes it
def test_a_null_character_is_the_clients_mistake(city: City) -> None:
    answer = city.post(RESTAURANT, "/kitchen/dishes", {"name": "a\0b", "price_cents": 1})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:food:null-character")
    assert answer.headers["content-type"] == "application/problem+json"
    assert city.client.get("/get-restaurants", params={"search": "\0"}).status_code == 400
