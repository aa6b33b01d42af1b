"""What differs between the oracle's reply and the subject's, in words."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from typing import Any

from tests.differential.stage import Reply

_SHOWN = 400

# A cookie's `expires`, written as RFC 9110, section 5.6.7 wants a date to be written.
_EXPIRES = re.compile(
    r"(?<=expires=)(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d GMT(?=;|$)",
    re.MULTILINE,
)
_CLOCK = 3.0  # seconds between two readings of the clock for one reply


def differences(expected: Reply, actual: Reply, *, raised: bool = True) -> list[str]:
    """One line for each difference, none when the replies are equal."""
    found = []
    if expected.status != actual.status:
        found.append(f"status: expected {expected.status}, got {actual.status}")
    for name in sorted(expected.headers.keys() | actual.headers.keys()):
        wanted, got = expected.headers.get(name), actual.headers.get(name)
        if wanted != got and not (name == "set-cookie" and _same_cookies(expected, actual)):
            found.append(f"header {name}: expected {wanted}, got {got}")
    if expected.body != actual.body:
        found += bodies(expected.body, actual.body)
    if expected.events != actual.events:
        found.append(f"events: expected {expected.events}, got {actual.events}")
    if raised and expected.raised != actual.raised:
        found.append(f"raised: expected {expected.raised}, got {actual.raised}")
    return found


def _same_cookies(expected: Reply, actual: Reply) -> bool:
    """Whether cookies differ only in when they expire, and not in how long after the reply that is."""
    wanted, got = expected.headers.get("set-cookie", []), actual.headers.get("set-cookie", [])
    if [_EXPIRES.sub("a date", line) for line in wanted] != [_EXPIRES.sub("a date", line) for line in got]:
        return False
    dates = zip(_EXPIRES.findall("\n".join(wanted)), _EXPIRES.findall("\n".join(got)), strict=True)
    return all(one == other or abs(_life(one, expected) - _life(other, actual)) <= _CLOCK for one, other in dates)


def _life(date: str, reply: Reply) -> float:
    return parsedate_to_datetime(date).timestamp() - reply.at


def bodies(expected: bytes, actual: bytes) -> list[str]:
    """Where two different bodies part: by path when both are JSON."""
    try:
        wanted, got = json.loads(expected), json.loads(actual)
    except ValueError:
        return [f"body: expected {_cut(expected)}, got {_cut(actual)}"]
    found = values(wanted, got, "body")
    return found or [f"body: equal as JSON, but written differently: expected {_cut(expected)}, got {_cut(actual)}"]


def values(expected: Any, actual: Any, path: str) -> list[str]:
    """Where two JSON values part."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        found = [f"{path}.{key}: missing, expected {_cut(expected[key])}" for key in expected if key not in actual]
        found += [f"{path}.{key}: not expected, got {_cut(actual[key])}" for key in actual if key not in expected]
        for key in expected:
            if key in actual:
                found += values(expected[key], actual[key], f"{path}.{key}")
        return found
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [
            line for i, pair in enumerate(zip(expected, actual, strict=True)) for line in values(*pair, f"{path}[{i}]")
        ]
    if type(expected) is type(actual) and repr(expected) == repr(actual):  # repr: NaN is like itself, 1.0 is not 1
        return []
    return [f"{path}: expected {_cut(expected)}, got {_cut(actual)}"]


def _cut(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}... ({len(text)} characters)"
