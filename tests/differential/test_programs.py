"""Every written case of every program gets FastAPI's answer, through every door; so does openapi.json."""

from __future__ import annotations

import pytest

from tests.differential.case import Case, get
from tests.differential.compare import differences
from tests.differential.stage import DOORS, ORACLE, Stage, load, program_names

CASES = [
    pytest.param(name, case, id=f"{name}-{number}-{case}")
    for name in program_names()
    for number, case in enumerate(load(name).CASES)
]


def answers_alike(stage: Stage, program: str, case: Case, door: str) -> None:
    expected, actual = stage.expected(program, case), stage.actor(program, door).reply(case)
    found = differences(expected, actual, raised=door != "wire")
    assert not found, "\n".join([f"{program}, {door} door: {case}", *found])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("program", "case"), CASES)
def test_a_case_gets_the_same_answer(stage: Stage, program: str, case: Case, door: str) -> None:
    answers_alike(stage, program, case, door)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("program", program_names())
def test_openapi_json_is_the_same(stage: Stage, program: str, door: str) -> None:
    answers_alike(stage, program, get("/openapi.json"), door)


@pytest.mark.parametrize("program", program_names())
def test_declaring_a_program_warns_alike(stage: Stage, program: str) -> None:
    assert stage.actor(program, DOORS[0]).warnings == stage.actor(program, ORACLE).warnings
