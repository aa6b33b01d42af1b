"""WebSocket conversations go alike: what is sent, how it is closed, what is refused, what the program notes."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from tests.differential.programs.websockets import CONVERSATIONS
from tests.differential.stage import DOORS, ORACLE, Actor, Stage

Heard = list[Any]


def converse(
    actor: Actor, path: str, headers: dict[str, str], protocols: list[str], said: list[str | bytes], answers: int
) -> Heard:
    """Everything that can be told from outside, in order; then what the program noted."""
    heard: Heard = []
    actor.client.cookies.clear()
    actor.app.state.events.clear()
    try:
        with actor.raising.websocket_connect(path, protocols, headers=headers) as socket:
            heard.append(["accepted", socket.accepted_subprotocol, socket.extra_headers])
            for message in said:
                (socket.send_bytes if isinstance(message, bytes) else socket.send_text)(message)
            heard += [socket.receive() for _ in range(answers)]
    except WebSocketDenialResponse as denied:
        heard.append(["denied", denied.status_code, denied.headers.multi_items(), denied.content])
    except WebSocketDisconnect as closed:
        heard.append(["closed", closed.code, closed.reason])
    except Exception as error:  # noqa: BLE001 - what a program lets through is the result
        heard.append(type(error).__name__)
    return [*heard, *actor.app.state.events]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda conversation: conversation[0])
def test_a_conversation_goes_the_same_way(stage: Stage, conversation: tuple[Any, ...], door: str) -> None:
    expected = converse(stage.actor("websockets", ORACLE), *conversation)
    assert converse(stage.actor("websockets", door), *conversation) == expected
