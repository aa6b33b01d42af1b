"""What is logged of requests: failed validation, and exceptions that nobody has handled."""

from __future__ import annotations

import pytest
from opentelemetry.sdk._logs import LogRecordProcessor, ReadWriteLogRecord
from opentelemetry.trace import StatusCode

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import BackgroundTasks, FastAPI, HTTPException
from vivace.telemetry import get_telemetry_data


def test_an_unhandled_exception_is_logged_in_its_trace(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)
    error = ValueError("broken")

    @app.get("/items/{item_id}")
    async def endpoint(item_id: int) -> None:
        raise error

    assert call(app, raises=False).get("/items/1").status_code == 500
    (log,) = recorder.logs
    record = log.log_record
    assert record.event_name == "http.server.request.exception"
    assert record.exception is error
    assert record.span_id == recorder.server.get_span_context().span_id
    assert record.attributes is not None
    assert record.attributes["http.route"] == "/items/{item_id}"
    assert "raise error" in str(record.attributes["exception.stacktrace"])


def test_failed_validation_is_a_warning_without_the_input(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/items/{item_id}")
    def endpoint(item_id: int) -> None: ...

    assert call(app).get("/items/secret").status_code == 422
    (log,) = recorder.logs
    assert log.log_record.severity_text == "WARN"
    assert log.log_record.attributes == {"http.route": "/items/{item_id}", "fastapi.validation.error_count": 1}


@pytest.mark.parametrize("body", ["{", '{"amount": "many"}'])
def test_processors_see_what_was_sent(call: Call, recorder: Recorder, body: str) -> None:
    seen: list[object] = []

    class Look(LogRecordProcessor):
        def on_emit(self, log_record: ReadWriteLogRecord) -> None:
            data = get_telemetry_data(log_record.log_record.context)
            assert data is not None
            assert data.errors
            seen.append(data.body)

        def shutdown(self) -> None: ...

        def force_flush(self, timeout_millis: int = 0) -> bool:
            return True

    recorder.loggers.add_log_record_processor(Look())
    app = FastAPI(telemetry=recorder.settings)

    @app.post("/")
    def endpoint(item: dict[str, int]) -> None: ...

    assert call(app).post("/", content=body, headers={"content-type": "application/json"}).status_code == 422
    assert seen == ["{" if body == "{" else {"amount": "many"}]
    assert get_telemetry_data(recorder.logs[0].log_record.context) is None


def test_answers_are_not_logged(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/")
    def endpoint() -> None:
        raise HTTPException(503)

    call(app).get("/")
    call(app).get("/nowhere")
    assert not recorder.logs


def test_an_exception_after_the_response_is_logged_but_the_response_was_good(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    def fail() -> None:
        raise ValueError("too late")

    @app.get("/")
    def endpoint(tasks: BackgroundTasks) -> None:
        tasks.add_task(fail)

    assert call(app, raises=False).get("/").status_code == 200
    assert recorder.server.status.status_code is StatusCode.UNSET
    assert recorder.span("fastapi.background_task").status.status_code is StatusCode.ERROR
    assert [str(log.log_record.exception) for log in recorder.logs] == ["too late"]
