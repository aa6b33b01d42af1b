"""Which answers are kept (RFC 9111, section 3), under which key, and what clients are told about them."""

from __future__ import annotations

import json
import time

from vivace import Response
from vivace.fronts import Exchange
from vivace.kit.answer import is_whole, unpack
from vivace.kit.cache.conditional import entity_tag
from vivace.kit.cache.options import Options

_FORBIDS = ("no-store", "private")


def kept(payload: bytes, options: Options) -> Response:
    """The answer as it was, with its age in seconds where clients may keep it."""
    response, at = unpack(payload)
    if options.max_age is not None:
        response.headers["age"] = str(age_of(at, options))
    return response


def age_of(at: int, options: Options) -> int:
    """Seconds since then; clocks of machines differ: within what it can be."""
    return min(max(int(time.time()) - at, 0), int(options.ttl + options.stale))


def may_keep(response: Response, options: Options) -> bool:
    """Whether an answer may be given to somebody else, or to the same user again."""
    if response.status_code != 200 or not is_whole(response) or "set-cookie" in response.headers:
        return False
    control = response.headers.get("cache-control", "").lower()
    forbidden = _FORBIDS[:1] if options.is_personal else _FORBIDS
    return not any(directive.strip().partition("=")[0] in forbidden for directive in control.split(","))


def prepare(response: Response, options: Options) -> None:
    """Give an answer the headers of one that is cached. What the endpoint has said itself stays."""
    headers = response.headers
    if "etag" not in headers:
        headers["etag"] = entity_tag(bytes(response.body))
    if "cache-control" not in headers:
        headers["cache-control"] = _cache_control(options)
    for name in options.vary:
        headers.add_vary_header(name)


def _cache_control(options: Options) -> str:
    who = "private" if options.is_personal else "public"
    if options.max_age is None:
        return f"{who}, no-cache"  # clients may keep it and have to ask: invalidation reaches them
    stale = f", stale-while-revalidate={int(options.stale)}" if options.stale >= 1 else ""
    return f"{who}, max-age={options.max_age}{stale}"


def request_key(x: Exchange, options: Options) -> str | None:
    """Under which key the answer to a request is kept; None: it is not to be."""
    user = None if options.user is None else options.user(x.request)
    if not options.is_personal and not options.public and any(name in CREDENTIALS for name, _ in x.headers):
        return None
    resource = options.key(x.request) if options.key else resource_of(header(x, b"host") or b"", x.path, x.query)
    if user is None and not options.vary:
        return FOR_ALL + resource
    return "some|" + json.dumps([resource, user, [_values(x, name.encode("latin-1")) for name in options.vary]])


CREDENTIALS = frozenset({b"authorization", b"cookie"})
FOR_ALL = "all|"


def resource_of(host: bytes, path: str, query: bytes) -> str:
    """Host, path and query, so that no two make the same: who chooses a host's name must not choose others' answers."""
    return f"{len(host)}:{host.decode('latin-1')}{len(path)}:{path}?{query.decode('latin-1')}"


def header(x: Exchange, name: bytes) -> bytes | None:
    """The first of that name."""
    return next((value for key, value in x.headers if key == name), None)


def _values(x: Exchange, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in x.headers if key == name]
