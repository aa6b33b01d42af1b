"""Requests that hypothesis draws get FastAPI's answer too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.differential.counting import count
from tests.differential.stage import DOORS, Stage, load, program_names
from tests.differential.test_programs import answers_alike

PROGRAMS = [name for name in program_names() if hasattr(load(name), "DRAWN")]


@pytest.mark.timeout(3600)  # a long search on a busy machine
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("program", PROGRAMS)
@given(data=st.data())
def test_a_drawn_request_gets_the_same_answer(stage: Stage, program: str, door: str, data: st.DataObject) -> None:
    case = data.draw(load(program).DRAWN)
    answers_alike(stage, program, case, door)
    count(case, door)
