"""How many requests are under way, and how long they take."""

from __future__ import annotations

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import FastAPI


def test_requests_are_counted_while_they_last_and_measured_once(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/items/{item_id}")
    def endpoint(item_id: int) -> list[int]:
        return [point.value for point in recorder.points("http.server.active_requests")]

    client = call(app)
    assert client.get("/items/1").json() == [1]
    client.get("/items/2?q=1")
    assert [point.value for point in recorder.points("http.server.active_requests")] == [0]
    (duration,) = recorder.points()
    assert duration.count == 2
    assert 0 < duration.sum < 60
    assert dict(duration.attributes) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/items/{item_id}",
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }


def test_methods_that_clients_invent_are_one_series(call: Call, recorder: Recorder) -> None:
    client = call(FastAPI(telemetry=recorder.settings))
    for method in ("PROPFIND", "LOCK"):
        client.request(method, "/")
    (duration,) = recorder.points()
    assert duration.attributes["http.request.method"] == "_OTHER"
    assert [(span.attributes or {})["http.request.method_original"] for span in recorder.spans] == ["PROPFIND", "LOCK"]
