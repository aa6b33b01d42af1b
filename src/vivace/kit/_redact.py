"""Passwords out of texts that somebody will read: log lines, error messages, representations."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "**********"  # the one that Pydantic has for its secrets

# RFC 3986 section 3.2.1: what stands between the first colon of the userinfo and the last `@` of the authority.
_USERINFO = re.compile(r"(?<=://)([^\s/?#:@]*):([^\s/?#]*)@")


def without_passwords(text: str) -> str:
    """The text with the password of every URL in it masked: `postgresql://me:**********@db/app`."""
    return _USERINFO.sub(rf"\1:{MASK}@", text)


def without(text: str, secrets: Iterable[str]) -> str:
    """The text with each of these strings masked, the longest first: one may be a part of another."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            text = text.replace(secret, MASK)
    return text
