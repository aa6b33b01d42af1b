"""Semantic conventions, function by function."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from vivace.telemetry import attributes
from vivace.telemetry.attributes import error_type, function_attributes, known_method, redacted, server_attributes


@pytest.mark.parametrize(
    ("scheme", "host", "expected"),
    [
        ("http", "a.example", ("a.example", 80)),
        ("wss", "A.example", ("a.example", 443)),
        ("http", "[2001:db8::1]:81", ("2001:db8::1", 81)),
        ("custom", "a.example", ("a.example", None)),
        ("http", "a.example:many", (None, None)),
        ("http", "user@a.example", (None, None)),
        ("http", "a.example/path", (None, None)),
        ("http", "[", (None, None)),
        ("http", "", (None, None)),
        ("http", None, ("10.0.0.1", 8000)),
    ],
)
def test_the_server_is_the_one_asked_for(scheme: str, host: str | None, expected: tuple[Any, Any]) -> None:
    headers = [] if host is None else [(b"host", host.encode())]
    found = server_attributes({"scheme": scheme, "headers": headers, "server": ("10.0.0.1", 8000)})
    assert (found.get("server.address"), found.get("server.port")) == expected


def test_credentials_in_a_query_are_redacted() -> None:
    assert redacted(b"q=a+b&sig=1&X-Amz-Signature=2&SIG=3&empty=&flag") == (
        "q=a+b&sig=REDACTED&X-Amz-Signature=REDACTED&SIG=3&empty=&flag="
    )
    assert redacted(b"") == ""


def test_known_methods_may_be_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [known_method(m) for m in ("GET", "LOCK")] == ["GET", "_OTHER"]
    monkeypatch.setenv("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", " LOCK, ")
    assert [known_method(m) for m in ("GET", "LOCK")] == ["_OTHER", "LOCK"]


def test_names_are_qualified() -> None:
    assert error_type(ValueError()) == "ValueError"
    assert error_type(TimeoutError()) == "TimeoutError"
    assert function_attributes(redacted) == {"code.function.name": f"{attributes.__name__}.redacted"}
    assert function_attributes(partial(redacted, b"")) == {"code.function.name": "functools.partial"}
