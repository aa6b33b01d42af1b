"""The count of drawn requests says what they carried."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.differential import counting
from tests.differential.case import Case, form, get, multipart, post, send


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        (get("/a?b=1"), "path and query"),
        (get("/", {"x-a": "1"}), "headers"),
        (get("/", {"x-a": "1", "cookie": "a=1"}), "cookies"),
        (post("/", {"a": 1}), "JSON"),
        (post("/", {"a": 1}, content_type="Application/Problem+JSON"), "JSON"),
        (form("/", {"a": "1"}), "urlencoded"),
        (multipart("/", ("a", "1")), "multipart"),
        (send("POST", "/", raw="x", content_type=None), "another body"),
        (send("POST", "/", raw="x", content_type="text/plain"), "another body"),
    ],
)
def test_a_request_is_of_one_kind(case: Case, kind: str) -> None:
    assert counting.kind_of(case) == kind


def test_the_summary_has_all_doors_and_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        counting, "DRAWN", Counter({("asgi", "JSON"): 1000, ("wire", "JSON"): 2, ("wire", "headers"): 1})
    )
    assert counting.summary() == [
        "1,003 drawn requests compared with FastAPI's answers",
        "door: asgi 1,000, wire 3",
        "kind: JSON 1,002, headers 1",
    ]
