"""What a store of this process has kept, made ready to be sent: once for each time that it is kept."""

from __future__ import annotations

from vivace.fronts import Head, RawHeaders, Ready
from vivace.kit.answer import unpack
from vivace.kit.cache.answer import age_of
from vivace.kit.cache.conditional import matches, not_modified
from vivace.kit.cache.options import Options
from vivace.kit.cache.shelf import Kept


class Hit:
    """An answer with its head, and the 304 in its place. Ages are told in whole seconds: made anew when one is over."""

    __slots__ = ("_age", "_at", "_body", "_etag", "_fields", "_fields_of_304", "_not_modified", "_ready", "options")

    def __init__(self, kept: Kept, options: Options) -> None:
        response, self._at = unpack(kept.payload)
        self.options = options
        self._body = memoryview(kept)[len(kept) - len(response.body) :]  # the store's own bytes: nothing is kept twice
        self._fields = _without_length(response.raw_headers)
        self._fields_of_304 = _without_length(not_modified(response).raw_headers)
        self._etag = response.headers.get("etag", "")
        self._make()

    def answer(self, asked: bytes | None) -> Ready:
        """The answer to who asks with this `If-None-Match`."""
        options = self.options
        if options.max_age is not None and age_of(self._at, options) != self._age:
            self._make()
        if asked is not None and self._etag and matches(asked.decode("latin-1"), self._etag):
            return self._not_modified
        return self._ready

    def _make(self) -> None:
        self._age = None if self.options.max_age is None else age_of(self._at, self.options)
        age = [] if self._age is None else [(b"age", b"%d" % self._age)]
        self._ready = Ready(Head(200, [*self._fields, *age]), self._body)
        self._not_modified = Ready(Head(304, [*self._fields_of_304, *age]), b"")


def hit_of(kept: Kept | None, options: Options) -> Hit | None:
    """What is kept, ready; None if there is nothing."""
    if kept is None:
        return None
    hit: Hit | None = kept.ready
    if hit is None or hit.options is not options:
        hit = kept.ready = Hit(kept, options)
    return hit


def _without_length(headers: RawHeaders) -> RawHeaders:
    return [(name, value) for name, value in headers if name != b"content-length"]
