"""Background tasks: steps of a request whose response has been sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from opentelemetry import trace

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import BackgroundTasks, FastAPI


async def asynchronous(seen: list[Any]) -> None:
    seen.append(trace.get_current_span().get_span_context())


def plain(seen: list[Any]) -> None:
    seen.append(trace.get_current_span().get_span_context())


@pytest.mark.parametrize("task", [asynchronous, plain])
def test_each_task_is_a_span_after_the_response(call: Call, recorder: Recorder, task: Callable[..., Any]) -> None:
    app = FastAPI(telemetry=recorder.settings)
    seen: list[Any] = []

    @app.get("/")
    def endpoint(tasks: BackgroundTasks) -> None:
        tasks.add_task(task, seen)

    call(app).get("/")
    span = recorder.span("fastapi.background_task")
    assert seen == [span.get_span_context()]
    assert span.attributes == {"code.function.name": f"{__name__}.{task.__name__}"}
    assert span.parent is not None
    assert span.parent.span_id == recorder.server.get_span_context().span_id
    assert (span.start_time or 0) >= (recorder.server.end_time or 0)
