"""A cached route on the straight line: a hit in a store of this process is a look, a comparison, and ready bytes.

Everything else (what has to be made, other stores, HEAD) goes the way of `CachedExchange`, which states the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vivace import Response
from vivace.fronts import Answer, Behind, Exchange, Ready
from vivace.kit.cache.answer import CREDENTIALS, FOR_ALL, header, resource_of
from vivace.kit.cache.exchange import CachedExchange
from vivace.kit.cache.hit import hit_of
from vivace.kit.cache.options import Options
from vivace.kit.route import Turn

if TYPE_CHECKING:
    from vivace.dependencies.models import Dependant
    from vivace.kit.cache.cached import Cached

_REMEMBERED, _LONGEST = 4096, 512  # requests whose keys are remembered, and characters of one's path and query

Place = tuple[bytes | None, str, bytes]  # host, path and query


class Line:
    """One cached route, as a front sees it."""

    def __init__(self, cached: Cached, behind: Behind) -> None:
        self._cached, self._behind, self._options = cached, behind, cached.options
        self._shelf = cached.cache.shelf
        self._names = tuple(behind.route.param_convertors)
        self._runs = self._options.run_dependencies and _has_something_to_run(behind.route.dependant, self._options)
        self._is_plain = _is_told_by_place(self._options)
        self._is_public = self._options.public
        self._keys: dict[Place, list[bytes]] = {}

    async def serve(self, x: Exchange) -> Answer:
        """What runs in the place of the compiled route."""
        if x.method != "GET":
            return await (self._behind.general(x) if x.method == "HEAD" else self._behind.rest(x))
        if not self._is_plain:
            return await self._by_rules(x)
        host = asked = None
        for name, value in x.headers:
            if name == b"host":
                host = value if host is None else host
            elif name == b"if-none-match":
                asked = value if asked is None else asked
            elif name in CREDENTIALS and not self._is_public:
                return await self._behind.rest(x)
        place = (host, x.path, x.query)
        keys = self._keys.get(place)
        if keys is None:
            resource = resource_of(host or b"", x.path, x.query)
            return await self._look(x, f"{self._cached.name}|{FOR_ALL}{resource}", asked, place)
        hit = hit_of(self._shelf.look_now(keys), self._options)
        if hit is None:
            del self._keys[place]
            return await self.serve(x)
        answer = hit.answer(asked)
        return answer if not self._runs else await self._run(answer, x)

    async def _by_rules(self, x: Exchange) -> Answer:
        """The key is made of more than host, path and query."""
        key = self._cached.key(x)
        return await (self._behind.rest(x) if key is None else self._look(x, key, header(x, b"if-none-match")))

    async def _look(self, x: Exchange, key: str, asked: bytes | None, place: Place | None = None) -> Answer:
        options = self._options
        arguments = dict(zip(self._names, x.args, strict=True))
        tags = options.tag_names(arguments, x.request) if options.tags_ask else options.tag_names(arguments)
        keys = self._shelf.keys(key, tags)
        hit = hit_of(self._shelf.look_now(keys), options)
        if hit is None:
            return await self._make(x, key, tags)
        if place is not None and len(place[1]) + len(place[2]) <= _LONGEST:
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            self._keys[place] = keys
        answer = hit.answer(asked)
        return answer if not self._runs else await self._run(answer, x)

    async def _run(self, answer: Ready, x: Exchange) -> Answer:
        """Dependencies run, and may add to the answer: each request gets one of its own."""
        return await Turn(Ready(answer.head, answer.buffer)).run(self._behind.rest, x)

    async def _make(self, x: Exchange, key: str, tags: list[str]) -> Answer:
        if not self._behind.gives_back:
            return await self._behind.general(x)
        return await CachedExchange(self._cached, self._rest, x, key, tags, runs=self._runs).respond()

    async def _rest(self, x: Exchange) -> Response | None:
        answer, head = await self._behind.rest(x), self._behind.head
        if answer is None or isinstance(answer, Response):
            return answer
        body, fields = answer if isinstance(answer, tuple) else (answer, [])
        response = Response(body, head.status)
        response.raw_headers[:] = head.headers(len(body), fields)
        return response


def _has_something_to_run(dependant: Dependant, options: Options) -> bool:
    """Whether a request may be refused that has the same key as one that was not.

    Path and query are told by the key, unless the program makes it; nothing else is, and dependencies may do anything.
    """
    beyond_key = dependant.dependencies or dependant.header_params or dependant.cookie_params or dependant.body_params
    validated = dependant.path_params or dependant.query_params
    return bool(beyond_key or (options.key is not None and validated))


def _is_told_by_place(options: Options) -> bool:
    """Whether host, path and query tell answers and tags apart, without a `Request`."""
    return options.key is None and options.user is None and not options.vary and not options.tags_ask
