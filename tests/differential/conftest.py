"""The stage that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.differential.stage import Stage


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()
