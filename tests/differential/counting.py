"""How many drawn requests were compared: by what they carried, and by the door that Vivace was asked through."""

from __future__ import annotations

from collections import Counter

from tests.differential.case import Case

DRAWN: Counter[tuple[str, str]] = Counter()  # by door and kind

_KINDS = {b"json": "JSON", b"x-www-form-urlencoded": "urlencoded", b"multipart": "multipart"}


def count(case: Case, door: str) -> None:
    DRAWN[door, kind_of(case)] += 1


def kind_of(case: Case) -> str:
    """What the request says that its body is; what it has beside the URL, where it has no body."""
    headers = dict(case.headers)
    if case.content:
        said = headers.get(b"content-type", b"").lower()
        return next((kind for part, kind in _KINDS.items() if part in said), "another body")
    return "cookies" if b"cookie" in headers else "headers" if headers else "path and query"


def summary() -> list[str]:
    """Lines to print."""
    doors, kinds = Counter[str](), Counter[str]()
    for (door, kind), number in DRAWN.items():
        doors[door] += number
        kinds[kind] += number
    by_door, by_kind = (", ".join(f"{name} {number:,}" for name, number in c.most_common()) for c in (doors, kinds))
    return [f"{DRAWN.total():,} drawn requests compared with FastAPI's answers", f"door: {by_door}", f"kind: {by_kind}"]
