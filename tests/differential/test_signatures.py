"""Whatever a signature asks for, in whatever style, both frameworks make the same of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.differential.case import get
from tests.differential.compare import differences
from tests.differential.counting import count
from tests.differential.sending import requests
from tests.differential.signatures import CONTENTS, Program, programs
from tests.differential.stage import DOORS, ORACLE, Actor


def declare(program: Program, door: str) -> Actor | str:
    try:
        return Actor(program, door)
    except Exception as error:  # noqa: BLE001 - what is refused is to be refused by both
        return type(error).__name__


# One of these costs three declarations and eighteen requests: but for a long search, fewer are drawn than elsewhere.
EXAMPLES = settings().max_examples if settings().max_examples > 100 else 40


@pytest.mark.timeout(3600)  # a long search on a busy machine
# Starlette's parser leaves a file open in whose middle the body ends.
@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
@pytest.mark.parametrize("content", CONTENTS)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_a_drawn_signature_answers_the_same(content: str, data: st.DataObject) -> None:
    program = data.draw(programs(content))
    oracle = declare(program, ORACLE)
    actors = [declare(program, door) for door in DOORS]
    if isinstance(oracle, str):
        assert actors == [oracle] * len(actors)
        return
    document, *cases = get("/openapi.json"), *(data.draw(requests(program)) for _ in range(5))
    with oracle:  # entered: one event loop for all requests
        replies = {case: oracle.reply(case) for case in (document, *cases)}
    for actor in actors:
        assert isinstance(actor, Actor), f"refused with {actor}: {program}"
        with actor:
            for case, expected in replies.items():
                found = differences(expected, actor.reply(case), raised=actor.door != "wire")
                assert not found, "\n".join([f"{actor.door} door: {case}", str(program), *found])
                if case is not document:
                    count(case, actor.door)
