"""`Idempotency-Key`: what a client sends twice is done once (draft-ietf-httpapi-idempotency-key-header-07).

The first request with a key leaves a record of itself, does its work, and puts its answer into the record. Whoever
comes with the same key waits for that answer. A record belongs to an endpoint and to a client.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import blake2b
from typing import Annotated, Any

from vivace import Depends, Header, Request, Response
from vivace.kit.limits.by import By
from vivace.kit.limits.guarded import Guarded
from vivace.kit.limits.records import Records
from vivace.kit.route import Around, Handler, mark

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
WHOSE = "vivace.kit.limits.whose"  # in the scope of a request: whose key it is, by a dependency
LONGEST_KEY = 255

_TEXT = "Tells a repeated request from a new one: the same key gives the first answer again. For instance a UUID."


def _optional(
    key: Annotated[str | None, Header(alias=HEADER, min_length=1, max_length=LONGEST_KEY, description=_TEXT)] = None,
) -> None:
    """Validates the key, and shows it in the OpenAPI document."""


def _required(
    key: Annotated[str, Header(alias=HEADER, min_length=1, max_length=LONGEST_KEY, description=_TEXT)],
) -> None:
    """The same."""


def _whose(by: Any) -> Callable[..., Any]:
    """Takes the name from a dependency of the program's own."""

    async def whose(request: Request, who: Any = by) -> None:
        request.scope[WHOSE] = str(who)

    return whose


@dataclass(frozen=True)
class Terms:
    """As given to `Limits.idempotent`, which says what each means."""

    ttl: float
    lease: float
    wait: float
    required: bool
    by: By | Any

    def __post_init__(self) -> None:
        if not (0 < self.lease <= 86400 and 0 <= self.wait <= 86400 and 0 < self.ttl <= 366 * 86400):
            raise ValueError(
                f"ttl={self.ttl}, lease={self.lease}, wait={self.wait}: seconds, above 0, at most a day (ttl: a year)"
            )


class Idempotent(Around):
    """An endpoint that does once what it is asked for twice."""

    def __init__(self, guarded: Guarded, records: Records, function: Callable[..., Any], terms: Terms) -> None:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__qualname__} yields: a stream can't be given again")
        self.guarded, self.records, self.function, self.terms = guarded, records, function, terms
        self.name = f"{function.__module__}.{function.__qualname__}"

    def wrapper(self) -> Callable[..., Awaitable[Any]]:
        @wraps(self.function)
        async def outside(*_: Any, **__: Any) -> Any:
            raise RuntimeError(
                f"{self.name} is idempotent only on a router with route_class=KitRoute: set `app.router.route_class ="
                " KitRoute` (or APIRouter(route_class=KitRoute)) before it is declared"
            )

        mark(outside, self)
        return outside

    def declare(self, options: dict[str, Any]) -> None:
        asked = [_required if self.terms.required else _optional]
        if not callable(self.terms.by):
            asked.append(_whose(self.terms.by))
        options["dependencies"] = [*(options.get("dependencies") or ()), *map(Depends, asked)]
        conflict = {409: {"description": "The first request with this Idempotency-Key is still under way"}}
        options["responses"] = {**conflict, **(options.get("responses") or {})}

    def wrap(self, handler: Handler) -> Handler:
        from vivace.kit.limits.attempt import Attempt

        async def once(request: Request) -> Response:
            key = request.headers.get(HEADER, "")
            if not 1 <= len(key) <= LONGEST_KEY:  # the dependency says what is wrong with it
                return await handler(request)
            return await Attempt(self, handler, request, key, await _fingerprint(request)).respond()

        return once


async def _fingerprint(request: Request) -> str:
    """Of what was asked for: the same key with another one is a mistake of the client."""
    digest = blake2b(digest_size=16)
    for part in (request.method.encode(), request.scope["path"].encode(), request.scope["query_string"]):
        digest.update(b"%d:%s" % (len(part), part))
    digest.update(await request.body())
    return digest.hexdigest()
