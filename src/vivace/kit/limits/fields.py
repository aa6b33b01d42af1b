"""The header fields of a limit: draft-ietf-httpapi-ratelimit-headers-10, and Retry-After (RFC 9110, section 10.2.3)."""

from __future__ import annotations

import re

from vivace.kit.limits.rate import Rate

POLICY, LIMIT = "RateLimit-Policy", "RateLimit"

_NAME = re.compile(r"[ !#-\[\]-~]{1,100}")  # an RFC 9651 string that needs no escapes


def checked_name(name: str) -> str:
    """The name of a limit.

    Raises:
        ValueError: it can't stand in a header field.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"name={name!r}: up to 100 printable ASCII characters, no quotes and backslashes")
    return name


def policy(name: str, rate: Rate) -> str:
    """`"search";q=100;w=60`: the quota, and its window in seconds."""
    return f'"{name}";q={rate.capacity};w={max(round(rate.window), 1)}'


def remaining(name: str) -> str:
    """`"search";r=%d;t=%d`: what remains, and in how many seconds all of it is there again."""
    return f'"{name.replace("%", "%%")}";r=%d;t=%d'


def lines(policy: str, remaining: str) -> bytes:
    """Both fields as they stand in a message; to be filled in like `remaining`."""
    policy = policy.replace("%", "%%")
    return f"{POLICY.lower()}: {policy}\r\n{LIMIT.lower()}: {remaining}\r\n".encode()


def seconds(ms: int) -> int:
    """Rounded up: who comes back then is not too early."""
    return -(-ms // 1000)
