"""Rates as they are written."""

from __future__ import annotations

import pytest

from vivace.kit.limits import Rate


@pytest.mark.parametrize(
    ("text", "limit", "window"),
    [
        ("10/minute", 10, 60),
        ("1/s", 1, 1),
        ("100 per 15 minutes", 100, 900),
        ("5/10s", 5, 10),
        ("5 / 0.5 sec", 5, 0.5),
        ("1000/Hours", 1000, 3600),
        ("2 per day", 2, 86400),
    ],
)
def test_a_rate_is_read(text: str, limit: int, window: float) -> None:
    assert Rate.parse(text) == Rate(limit, window)


@pytest.mark.parametrize(
    "text", ["", "10", "10/", "ten/minute", "10/fortnight", "10/ms", "-1/s", "1.5/s", "1/s please"]
)
def test_what_is_no_rate_is_told_how_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a rate: write e\.g\. '10/second'"):
        Rate.parse(text)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 1), "at least 1"),
        ((1, 0), "in a millisecond to a year"),
        ((1, float("nan")), "in a millisecond to a year"),
        ((1, 1, "leaky"), "'fixed', 'sliding' or 'bucket'"),
        ((1, 1, "sliding", 5), "burst=5 is for algorithm='bucket'"),
        ((1, 1, "bucket", 0), "at least 1"),
        ((10**9, 86400), "more than can be counted exactly"),
    ],
)
def test_a_rate_that_makes_no_sense_is_refused(arguments: tuple[int, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Rate(*arguments)
