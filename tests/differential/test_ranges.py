"""Several ranges of a file at once: multipart/byteranges, with the boundary held still."""

from __future__ import annotations

import pytest

from tests.differential.case import request
from tests.differential.programs.files import SEVERAL
from tests.differential.stage import DOORS, Stage
from tests.differential.test_programs import answers_alike


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("ranges", SEVERAL)
def test_several_ranges_come_in_parts(
    stage: Stage, door: str, method: str, ranges: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("starlette.responses.token_hex", lambda size: "0" * size * 2)
    answers_alike(stage, "files", request(method, "/file", {"range": ranges}), door)
    several = stage.actor("files", door).reply(request("GET", "/file", {"range": "bytes=0-1,5-6"}))
    assert (several.status, several.headers["content-type"][0][:21]) == (206, "multipart/byteranges;")
