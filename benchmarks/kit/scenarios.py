"""The kit's scenarios: a constant response, and the same behind a cache, a limit, a token.

What one costs more than the first is what its part of the kit costs.
"""

from __future__ import annotations

from benchmarks.peers.kit_token import FORGED, TOKEN, USER
from benchmarks.scenarios import GREETING, Ask, Scenario

CONSTANT, CACHED, CACHED_FIRST, LIMITED, GUARDED, REMEMBERED = (
    "constant",
    "cached",
    "cached-first",
    "limited",
    "jwt",
    "jwt-remembered",
)


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def guarded(path: str) -> tuple[Ask, ...]:
    """What a route behind a token must refuse: no token, and one of another key."""
    return Ask("GET", path), Ask("GET", path, bearer(FORGED))


KIT_SCENARIOS: tuple[Scenario, ...] = (
    Scenario(CONSTANT, "constant", "an `async def` that returns a small dict", Ask("GET", "/constant"), GREETING),
    Scenario(
        CACHED,
        "cached hit",
        "the same from the cache in memory, kept for an hour; the endpoint must not run again",
        Ask("GET", "/cached"),
        GREETING,
        answer_headers=("etag",),
    ),
    Scenario(
        CACHED_FIRST,
        "cached hit, asked first",
        "the same with `run_dependencies=False`: answered before anything else of the route runs",
        Ask("GET", "/cached-first"),
        GREETING,
        answer_headers=("etag",),
    ),
    Scenario(
        LIMITED,
        "rate limit",
        "the same behind a limit by address in memory that is never reached, telling what is left; slowapi counts by"
        " fixed window, Vivace by sliding window, as either does by default",
        Ask("GET", "/limited"),
        GREETING,
        refuses=(Ask("GET", "/used-up"),),
    ),
    Scenario(
        GUARDED,
        "guarded by JWT",
        "a token (HS256) verified, its user loaded from a dict and answered; whether the login has ended is asked by"
        " neither",
        Ask("GET", "/me", bearer(TOKEN)),
        USER,
        refuses=guarded("/me"),
    ),
    Scenario(
        REMEMBERED,
        "guarded by JWT, remembered",
        "the same with a cache of verified tokens (`TokenPolicy(verified=1000)`)",
        Ask("GET", "/me-remembered", bearer(TOKEN)),
        USER,
        refuses=guarded("/me-remembered"),
    ),
)
