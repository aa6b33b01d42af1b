"""Whatever a signature asks for, in whatever style, both frameworks make the same of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.differential.case import get
from tests.differential.compare import differences
from tests.differential.signatures import Program, programs, requests
from tests.differential.stage import DOORS, ORACLE, Actor


def declare(program: Program, door: str) -> Actor | str:
    try:
        return Actor(program, door)
    except Exception as error:  # noqa: BLE001 - what is refused is to be refused by both
        return type(error).__name__


@pytest.mark.timeout(600)
@given(data=st.data())
def test_a_drawn_signature_answers_the_same(data: st.DataObject) -> None:
    program = data.draw(programs())
    oracle = declare(program, ORACLE)
    actors = [declare(program, door) for door in DOORS]
    if isinstance(oracle, str):
        assert actors == [oracle] * len(actors)
        return
    cases = [get("/openapi.json"), *(data.draw(requests(program)) for _ in range(3))]
    for actor in actors:
        assert isinstance(actor, Actor), f"refused with {actor}: {program}"
        for case in cases:
            found = differences(oracle.reply(case), actor.reply(case), raised=actor.door != "wire")
            assert not found, "\n".join([f"{actor.door} door: {case}", str(program), *found])
