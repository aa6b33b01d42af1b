"""A form that ends within a file gets the same answer, wherever it ends."""

from __future__ import annotations

import gc

import pytest

from tests.differential.case import Case
from tests.differential.programs.uploads import TRUNCATED
from tests.differential.stage import DOORS, Stage
from tests.differential.test_programs import answers_alike


@pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning")
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", TRUNCATED, ids=lambda case: str(len(case.content)))
def test_a_truncated_file_gets_the_same_answer(stage: Stage, case: Case, door: str) -> None:
    answers_alike(stage, "uploads", case, door)
    gc.collect()  # the warning is about what this test leaves, not about the next
