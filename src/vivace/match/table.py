"""The routing table: add candidates in their order, then find the first that fits.

Starlette's rules, without its loop over all routes:

- the first declared route that fits path and method wins;
- if none does, the first that fits the path alone is a partial match (it answers 405);
- a route that only its own `matches()` can judge (a mount, a host, a subclass with rules of its own) is *opaque*: it
  stands in the same order, and is asked when everything before it has failed to fit.

A plain path (`/items`) is one look into a dictionary, which already knows of templates declared before it that fit
too. A template (`/items/{item_id}`) is a way down a tree of segments, literal or wild; what a convertor says
(`{n:int}`) is checked by the route's regular expression. A template whose parameters are not whole segments
(`/files/{name}.json`, `/{rest:path}`) waits as a *tail* at the deepest node that segments can reach. Where the one
parameter of a template is its last segment, and nothing else fits there, that too is one look (`_branches`).

Every template, and every path that can fit one, begins with a slash.

This file knows nothing of requests, plans or applications: a candidate is a path template and its methods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from starlette.convertors import Convertor, FloatConvertor, IntegerConvertor, StringConvertor, UUIDConvertor

_ONE_SEGMENT = (StringConvertor, IntegerConvertor, FloatConvertor, UUIDConvertor)


class Candidate(NamedTuple):
    """What the table needs to know of a route. An opaque one has no `path_format`; `methods` None admits any.

    A target whose template holds parameters has a `path_regex`, which has the last word where segments can't tell.
    """

    target: Any
    path_format: str | None
    convertors: Mapping[str, Convertor[Any]] | None = None
    methods: frozenset[str] | None = None


class Hit:
    """A route that fits; `partial` when only its path does. Each candidate has one of either, made once.

    `sure`: it fits whole, and no opaque candidate stands before it: nobody else has to be asked.
    """

    __slots__ = ("order", "partial", "sure", "target")

    def __init__(self, target: Any, order: int, *, partial: bool, sure: bool) -> None:
        self.target = target
        self.order = order
        self.partial = partial
        self.sure = sure


# A hit, and the path parameters in the order of the path.
Found = tuple[Hit, tuple[Any, ...]]


class _Entry:
    """A candidate in its place. `simple`: to reach its node in the tree is proof enough that its path fits."""

    __slots__ = ("candidate", "full", "methods", "order", "partial", "simple")

    def __init__(self, candidate: Candidate, order: int, *, sure: bool) -> None:
        self.candidate = candidate
        self.methods = candidate.methods
        self.order = order
        self.simple = all(type(c) is StringConvertor for c in (candidate.convertors or {}).values())
        self.full = Hit(candidate.target, order, partial=False, sure=sure)
        self.partial = Hit(candidate.target, order, partial=True, sure=False)

    def hit(self, method: str) -> Hit:
        return self.full if self.methods is None or method in self.methods else self.partial

    def captured(self, path: str) -> tuple[Any, ...] | None:
        """The path parameters by the route's own regular expression and convertors; None if they don't fit."""
        candidate = self.candidate
        match = candidate.target.path_regex.match(path)
        if match is None:
            return None
        return tuple(c.convert(match[name]) for name, c in (candidate.convertors or {}).items())


_Fitting = Iterable[tuple[_Entry, tuple[Any, ...]]]


class _Node:
    __slots__ = ("ends", "literal", "only", "tails", "wild")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.wild: _Node | None = None
        self.ends: list[_Entry] = []  # templates that end at this segment
        self.tails: list[_Entry] = []  # templates that go on in a way that segments can't tell
        self.only: _Entry | None = None  # the one template that ends here, if it takes whatever the segments hold

    def add(self, entry: _Entry, *, tail: bool) -> None:
        (self.tails if tail else self.ends).append(entry)
        self.only = self.ends[0] if len(self.ends) == 1 and self.ends[0].simple and not self.tails else None

    def is_leaf(self) -> bool:
        return not (self.literal or self.wild or self.tails)


class Table:
    """An index over candidates in their order. `find` is what a door asks for each request."""

    def __init__(self, candidates: Sequence[Candidate | None] = ()) -> None:
        """None keeps the place of a route that this table has nothing to do with."""
        opaque = [(n, c.target) for n, c in enumerate(candidates) if c is not None and c.path_format is None]
        self.opaque: list[tuple[int, Any]] = opaque
        first_opaque = opaque[0][0] if opaque else len(candidates)
        self._root = _Node()
        self._plain: dict[str, list[_Entry]] = {}
        for order, candidate in enumerate(candidates):
            path = candidate.path_format if candidate is not None else None
            if candidate is None or path is None:
                continue
            entry = _Entry(candidate, order, sure=order < first_opaque)
            if "{" in path:
                self._plant(entry, path)
            else:
                self._plain.setdefault(path, []).append(entry)
        self._settled = {path: self._settle(path, entries) for path, entries in self._plain.items()}
        self._branches = dict(_branches(self._root, ""))

    def _plant(self, entry: _Entry, path: str) -> None:
        node = self._root
        convertors = entry.candidate.convertors or {}
        for segment in path.split("/")[1:]:
            if "{" not in segment:
                node = node.literal.setdefault(segment, _Node())
            elif type(convertors.get(segment[1:-1])) in _ONE_SEGMENT:
                node.wild = node.wild or _Node()
                node = node.wild
            else:
                entry.simple = False
                node.add(entry, tail=True)
                return
        node.add(entry, tail=False)

    def _settle(self, path: str, entries: list[_Entry]) -> dict[str, Found]:
        """All that a plain path can come to: what is found for each method, and under "" for any other."""
        fitting = [*((entry, ()) for entry in entries), *self._fitting_templates(path)]
        methods = {m for entry, _ in fitting for m in entry.methods or ()} | {""}
        found = {method: _first(fitting, method) for method in methods}
        return {method: first for method, first in found.items() if first is not None}

    def find(self, method: str, path: str) -> Found | None:
        """The first route in order that fits; a partial hit if only paths do; None if no path does.

        Opaque candidates are not asked here: unless the hit is sure, the caller compares their order with its own.
        """
        found = self._settled.get(path)
        if found is not None:
            return found.get(method) or found[""]
        before, slash, last = path.rpartition("/")
        entry = self._branches.get(before)
        if entry is not None and last and slash and last[-1] != "\n":
            return entry.hit(method), (last,)
        return self._descend(method, path)

    def _descend(self, method: str, path: str) -> Found | None:
        """The tree, where each segment leaves one way to go; all fitting templates where one leaves several."""
        if path[:1] != "/" or path[-1] == "\n":
            return _first(self._fitting_before_newline(path), method)
        node = self._root
        args: tuple[str, ...] = ()
        for segment in path[1:].split("/"):
            below, wild = node.literal.get(segment), node.wild
            if node.tails or (below is not None and wild is not None):
                return _first(self._fitting_templates(path), method)
            if below is not None:
                node = below
            elif wild is not None and segment:
                node = wild
                args = (*args, segment)
            else:
                return None
        entry = node.only
        if entry is None:
            return _first(self._fitting_templates(path), method)
        return entry.hit(method), args

    def _fitting_templates(self, path: str) -> Iterator[tuple[_Entry, tuple[Any, ...]]]:
        """Every template that fits the path, with its path parameters."""
        for entry, args in _walk(self._root, path.split("/"), 1, ()):
            found = args if entry.simple else entry.captured(path)
            if found is not None:
                yield entry, found

    def _fitting_before_newline(self, path: str) -> Iterator[tuple[_Entry, tuple[Any, ...]]]:
        """What fits a path that ends in a newline: `$` of a regular expression lets it stand after the end."""
        if path[:1] != "/":
            return
        ended, before = path.split("/"), path[:-1].split("/")
        near = [*self._plain.get(path[:-1], ())]
        near += [entry for segments in (ended, before) for entry, _ in _walk(self._root, segments, 1, ())]
        for entry in dict.fromkeys(near):
            found = entry.captured(path)
            if found is not None:
                yield entry, found


def _first(fitting: _Fitting, method: str) -> Found | None:
    """Of all that fit the path: the first that admits the method, else the first."""
    in_order = sorted(fitting, key=lambda pair: pair[0].order)
    for entry, args in in_order:
        if not (hit := entry.hit(method)).partial:
            return hit, args
    return (in_order[0][0].partial, in_order[0][1]) if in_order else None


def _branches(node: _Node, path: str) -> Iterator[tuple[str, _Entry]]:
    """The paths below which one segment more can only be the last of one template, with that template."""
    wild = node.wild
    if node.tails:
        return
    if wild is not None and wild.only is not None and not any(below.tails for below in node.literal.values()):
        yield path, wild.only
    if wild is None or wild.is_leaf():
        for segment, below in node.literal.items():
            yield from _branches(below, f"{path}/{segment}")


def _walk(node: _Node, segments: list[str], at: int, args: tuple[str, ...]) -> Iterator[tuple[_Entry, tuple[str, ...]]]:
    """Every template whose segments fit, with what its wildcards stand for."""
    for entry in node.tails:
        yield entry, args
    if at == len(segments):
        for entry in node.ends:
            yield entry, args
        return
    segment = segments[at]
    below = node.literal.get(segment)
    if below is not None:
        yield from _walk(below, segments, at + 1, args)
    if node.wild is not None and segment:
        yield from _walk(node.wild, segments, at + 1, (*args, segment))
