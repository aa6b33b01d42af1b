"""Reading a graph of dependencies."""

from typing import Any

import pytest

from vivace import APIRouter, Depends, FastAPI, WebSocket


@pytest.mark.parametrize("dependency", ["no function", None, 3])
@pytest.mark.parametrize("level", ["application", "router", "route", "websocket"])
def test_what_cannot_be_called_is_refused_with_the_function_and_the_mend(dependency: Any, level: str) -> None:
    wrong = [Depends(dependency)]
    app = FastAPI(dependencies=wrong if level == "application" else [])
    router = APIRouter(dependencies=wrong) if level == "router" else app

    def read_items() -> None: ...

    async def read_events(websocket: WebSocket) -> None: ...

    if level == "websocket":
        declare, function = router.websocket("/", dependencies=wrong), read_events
    else:
        declare, function = router.get("/", dependencies=wrong if level == "route" else []), read_items
    with pytest.raises(AssertionError) as refused:
        declare(function)
    message = str(refused.value)
    assert f"{function.__name__}()" in message
    assert f"Depends({dependency!r})" in message
    assert "Depends(function)" in message
