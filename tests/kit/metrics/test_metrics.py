"""Requests are counted and timed by the template of their route."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.doors import Call
from vivace import APIRouter, FastAPI, HTTPException
from vivace.kit.metrics import MetricsMiddleware, use_metrics

TOTAL = "http_requests_total"
SECONDS = "http_request_duration_seconds_count"


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def app(registry: CollectorRegistry, tmp_path: Path) -> FastAPI:
    app = FastAPI()
    use_metrics(app, registry=registry, skip=["/quiet"])

    @app.get("/items/{item_id}")
    def item(item_id: int) -> int:
        if item_id == 0:
            raise HTTPException(404)
        return item_id

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError

    @app.get("/quiet")
    def quiet() -> None: ...

    router = APIRouter(prefix="/users/{user_id}")
    inner = APIRouter(prefix="/orders")

    @inner.get("/{order_id}")
    def order(user_id: int, order_id: int) -> None: ...

    router.include_router(inner)
    app.include_router(router, prefix="/v1")

    shop = FastAPI()

    @shop.get("/shelves/{shelf}")
    def shelf(shelf: str) -> None: ...

    (tmp_path / "hello.txt").write_text("hello")
    app.mount("/shops/{shop}", shop)
    app.mount("/static", StaticFiles(directory=tmp_path))
    deep = Starlette(routes=[Mount("/in/{b}", routes=[Route("/end/{c}", lambda _: PlainTextResponse("x"))])])
    app.mount("/out/{a}", deep)
    return app


def samples(text: str, name: str) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name:
                labels = sample.labels
                found[tuple(labels[key] for key in ("method", "route", "status") if key in labels)] = sample.value
    return found


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/items/5", ("GET", "/items/{item_id}", "200")),
        ("GET", "/items/0", ("GET", "/items/{item_id}", "404")),
        ("GET", "/items/x", ("GET", "/items/{item_id}", "422")),
        ("PUT", "/items/5", ("PUT", "/items/{item_id}", "405")),
        ("GET", "/v1/users/3/orders/4", ("GET", "/v1/users/{user_id}/orders/{order_id}", "200")),
        ("GET", "/shops/acme/shelves/top", ("GET", "/shops/{shop}/shelves/{shelf}", "200")),
        ("GET", "/shops/acme/nothing", ("GET", "/shops/{shop}", "404")),
        ("GET", "/static/hello.txt", ("GET", "/static", "200")),
        ("GET", "/out/1/in/2/end/3", ("GET", "/out/{a}/in/{b}/end/{c}", "200")),
        ("GET", "/made/up/by/a/scanner", ("GET", "(none)", "404")),
        ("PROPFIND", "/items/5", ("OTHER", "/items/{item_id}", "405")),
        ("GET", "/broken", ("GET", "/broken", "500")),
    ],
)
def test_a_request_counts_for_its_template(
    call: Call, app: FastAPI, method: str, path: str, labels: tuple[str, ...]
) -> None:
    client = call(app, raises=False)
    client.request(method, path)
    text = client.get("/metrics").text
    assert samples(text, TOTAL) == {labels: 1}
    assert samples(text, SECONDS) == {labels[:2]: 1}


def test_one_request_is_under_way_while_it_asks(call: Call, app: FastAPI) -> None:
    client = call(app)
    client.get("/items/1")
    assert samples(client.get("/metrics").text, "http_requests_in_progress") == {(): 1}


def test_the_scrape_and_what_is_skipped_are_not_counted(call: Call, app: FastAPI) -> None:
    client = call(app)
    client.get("/metrics")
    client.get("/quiet")
    assert samples(client.get("/metrics").text, TOTAL) == {}


def test_metrics_of_the_program_are_told_with_them(call: Call, app: FastAPI, registry: CollectorRegistry) -> None:
    Counter("orders", "Orders", registry=registry).inc(3)
    assert samples(call(app).get("/metrics").text, "orders_total") == {(): 3}


def test_the_format_is_what_the_scraper_asks_for(call: Call, app: FastAPI) -> None:
    client = call(app)
    plain = client.get("/metrics")
    assert plain.headers["content-type"].startswith("text/plain; version=")
    openmetrics = client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert openmetrics.headers["content-type"].startswith("application/openmetrics-text")
    assert openmetrics.text.endswith("# EOF\n")


def test_two_applications_share_a_registry(call: Call, app: FastAPI, registry: CollectorRegistry) -> None:
    other = FastAPI()
    use_metrics(other, registry=registry)
    call(app).get("/items/1")
    assert samples(call(other).get("/metrics").text, TOTAL) == {("GET", "/items/{item_id}", "200"): 1}


def _drive(app: Any, registry: CollectorRegistry, *, cancel: bool = False) -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "app": None}

    async def send(message: Any) -> None: ...

    async def drive() -> None:
        task = asyncio.create_task(MetricsMiddleware(app, registry=registry)(scope, None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        if cancel:
            task.cancel()
        await asyncio.wait([task])

    asyncio.run(drive())


def test_a_client_that_leaves_before_the_answer_counts_as_499(registry: CollectorRegistry) -> None:
    async def waits(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.Event().wait()

    _drive(waits, registry, cancel=True)
    labels = {"method": "GET", "route": "(none)", "status": "499"}
    assert registry.get_sample_value(TOTAL, labels) == 1
    assert registry.get_sample_value("http_requests_in_progress") == 0


def test_the_time_ends_with_the_response_not_with_what_comes_after(
    registry: CollectorRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: Iterator[float] = iter([10.0, 12.0, 99.0])
    monkeypatch.setattr("vivace.kit.metrics.middleware.perf_counter", lambda: next(times))

    async def with_background(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    _drive(with_background, registry)
    labels = {"method": "GET", "route": "(none)"}
    assert registry.get_sample_value("http_request_duration_seconds_sum", labels) == 2.0
