"""The OpenAPI document, judged by a validator that is not ours."""

from __future__ import annotations

from openapi_spec_validator import OpenAPIV32SpecValidator

from tests.examples.food_delivery.city import City


def test_the_document_is_valid(city: City) -> None:
    document = city.client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.2")
    assert [error.message for error in OpenAPIV32SpecValidator(document).iter_errors()] == []
    operations = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(set(operations)) == len(operations)
    assert "/eat" not in document["paths"]


def test_migrations_make_what_the_models_say(city: City) -> None:
    from examples.food_delivery.schema import migrations

    city.run(migrations(city.app.state.parts.db).check)


def test_it_is_healthy_and_counted(city: City) -> None:
    assert city.client.get("/health/ready").json()["status"] == "ok"
    city.client.get("/restaurants/1/menu")
    assert 'route="/restaurants/{restaurant_id}/menu"' in city.client.get("/metrics").text
