"""The comparison itself notices every kind of difference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.differential.compare import differences
from tests.differential.stage import Reply

REPLY = Reply(
    200, {"content-type": ["application/json"], "x-many": ["a", "b"]}, b'{"a": [1, {"b": 2}]}', ["event"], "Error"
)


def test_equal_replies_do_not_differ() -> None:
    assert differences(REPLY, replace(REPLY)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"status": 201}, "status: expected 200, got 201"),
        ({"headers": {"content-type": ["application/json"]}}, "header x-many: expected ['a', 'b'], got None"),
        ({"headers": REPLY.headers | {"x-many": ["b", "a"]}}, "header x-many: expected ['a', 'b'], got ['b', 'a']"),
        ({"body": b'{"a": [1, {"b": 3}]}'}, "body.a[1].b: expected 2, got 3"),
        ({"body": b'{"a": [1]}'}, "body.a: expected [1, {'b': 2}], got [1]"),
        ({"body": b'{"a": [1.0, {"b": 2}]}'}, "body.a[0]: expected 1, got 1.0"),
        ({"body": b'{"a": [true, {"b": 2}]}'}, "body.a[0]: expected 1, got True"),
        ({"body": b'{"a":[1,{"b":2}]}'}, "body: equal as JSON, but written differently"),
        ({"body": b"text"}, "body: expected b'{"),
        ({"events": []}, "events: expected ['event'], got []"),
        ({"raised": None}, "raised: expected Error, got None"),
    ],
)
def test_a_difference_is_told(change: dict[str, Any], told: str) -> None:
    found = differences(REPLY, replace(REPLY, **change))
    assert len(found) == 1
    assert found[0].startswith(told)


def cookie(at: float, expires: str, name: str = "a") -> Reply:
    return Reply(200, {"set-cookie": [f"{name}=1; expires={expires}; Path=/", "b=2"]}, b"", at=at)


NOON = cookie(1000, "Wed, 25 Nov 2026 12:00:00 GMT")


@pytest.mark.parametrize(
    "later",
    [
        cookie(1000, "Wed, 25 Nov 2026 12:00:01 GMT"),  # the clock ticked in between
        cookie(1060, "Wed, 25 Nov 2026 12:01:00 GMT"),  # a minute later, the same time ahead
        cookie(1060, "Wed, 25 Nov 2026 12:00:00 GMT"),  # a minute later, the same date
    ],
)
def test_a_cookie_may_expire_later_when_it_is_set_later(later: Reply) -> None:
    assert differences(NOON, later) == []


@pytest.mark.parametrize(
    "other",
    [
        cookie(1000, "Wed, 25 Nov 2026 12:00:10 GMT"),
        cookie(1060, "Wed, 25 Nov 2026 12:00:10 GMT"),
        cookie(1000, "Wed, 25 Nov 2026 12:00:00 GMT", name="c"),
        cookie(1000, "25 Nov 2026 12:00:00 GMT"),
        cookie(1000, "Wed, 25 Nov 2026 12:00:00"),
        cookie(1000, "1795608000"),
        cookie(1000, ""),
        replace(NOON, headers={"set-cookie": NOON.headers["set-cookie"][:1]}),
        replace(NOON, headers={}),
        replace(NOON, headers={"set-cookie": NOON.headers["set-cookie"][::-1]}),
    ],
)
def test_a_cookie_is_compared_otherwise(other: Reply) -> None:
    assert len(differences(NOON, other)) == 1
    assert len(differences(other, NOON)) == 1
