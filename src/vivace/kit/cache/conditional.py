"""Validators and conditional requests: RFC 9110, sections 8.8.3 and 13.1.2."""

from __future__ import annotations

import re
from hashlib import blake2b

from vivace import Response

# entity-tag = [ weak ] opaque-tag; opaque-tag = DQUOTE *etagc DQUOTE; etagc = %x21 / %x23-7E / obs-text
_ENTITY_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7E\x80-\xFF]*")')

# What a 304 tells, if a 200 would have (section 15.4.5).
_IN_304 = {"cache-control", "content-location", "date", "etag", "expires", "vary", "age"}


def entity_tag(body: bytes) -> str:
    """A weak one: what compresses the answer on its way changes its bytes, not what it says."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this already, by the weak comparison."""
    if if_none_match is None:
        return False
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(found[1] == opaque for found in _ENTITY_TAG.finditer(if_none_match))


def not_modified(response: Response) -> Response:
    """The same without its body: 304, and of the headers those that count."""
    short = Response(status_code=304)
    short.raw_headers = [(name, value) for name, value in response.raw_headers if _may_stay(name)]
    return short


def _may_stay(name: bytes) -> bool:
    lower = name.decode("latin-1").lower()
    return lower in _IN_304 or not lower.startswith("content-")
