"""Requests for a drawn program: most of what it asks for, mostly as it asks for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

from tests.differential.case import Case, form, request, send
from tests.differential.kinds import EXAMPLES, GROUPED, fitting_json, fitting_texts
from tests.differential.signatures import Parameter, Program
from tests.differential.strategies import (
    CONTENT_TYPES,
    cookie_headers,
    header_values,
    is_sent_as_it_is,
    json_bodies,
    multipart_bodies,
    query_strings,
    texts,
)

Pairs = list[tuple[str, str]]
Headers = list[tuple[str, str | bytes]]


@st.composite
def requests(draw: st.DrawFn, program: Program) -> Case:
    url = draw(_urls(program))
    headers = draw(_headers(program))
    asked = {"json": any(p.is_json for p in program.parameters), "form": bool(program.of("Form", "File"))}
    kinds = [kind for kind, is_asked in asked.items() if is_asked] or [""]
    if not draw(st.integers(0, 14)):  # another kind of body than the one that is asked for
        kinds = list(asked)
    kind = draw(st.sampled_from(kinds))
    if kind == "json":
        return draw(_json(program, url, headers))
    return draw(_forms(program, url, headers)) if kind else request(program.method, url, headers)


def _values(parameter: Parameter) -> st.SearchStrategy[str]:
    """Texts to send: fitting ones mostly."""
    fitting = st.sampled_from(fitting_texts(parameter.kind))
    return st.one_of(*[fitting] * 6, texts)


@st.composite
def _pairs(draw: st.DrawFn, program: Program, *markers: str) -> Pairs:
    """A value for most of the parameters with one of these markers, and for fields of models."""
    pairs: Pairs = []
    for parameter in program.of(*markers):
        if parameter.is_group:
            pairs += draw(_group_pairs())
        elif draw(st.integers(0, 9)):
            times = draw(st.sampled_from([1, 1, 1, 2]))
            pairs += [(parameter.sent_as, draw(_values(parameter))) for _ in range(times)]
    return pairs


@st.composite
def _group_pairs(draw: st.DrawFn) -> Pairs:
    names = draw(st.lists(st.sampled_from(GROUPED), max_size=2))
    if draw(st.integers(0, 3)):
        names.append("m_1")
    return [(name, draw(st.one_of(*[st.sampled_from(["1", "3"])] * 4, texts))) for name in names]


@st.composite
def _urls(draw: st.DrawFn, program: Program) -> str:
    path = program.path(lambda p: _segment(draw(_values(p))))
    if draw(st.integers(0, 4)):
        return f"{path}?{urlencode(draw(_pairs(program, 'Query', '')))}"
    names = [p.sent_as for p in program.of("Query", "")] + GROUPED[:4]
    return f"{path}?{draw(query_strings(names))}"


@st.composite
def _headers(draw: st.DrawFn, program: Program) -> Headers:
    headers: Headers = []
    for name, value in draw(_pairs(program, "Header")):
        spelt = draw(st.sampled_from([name, name, name.upper(), name.replace("-", "_")]))
        headers.append((spelt, value.strip() if _is_plain(value) else draw(header_values)))
    pairs = draw(_pairs(program, "Cookie"))
    if pairs and draw(st.integers(0, 4)):
        headers.append(("cookie", "; ".join(f"{name}={value}" for name, value in pairs if _is_plain(value)).strip()))
    elif pairs:
        headers.append(("cookie", draw(cookie_headers([name for name, _ in pairs]))))
    return headers


def _is_plain(value: str) -> bool:
    return value.isascii() and value.isprintable()


@st.composite
def _json(draw: st.DrawFn, program: Program, url: str, headers: Headers) -> Case:
    bodies = [p for p in program.parameters if p.is_json] or list(program.parameters)
    example: Any = {}
    for parameter in bodies:
        fitting = st.sampled_from(fitting_json(parameter.kind))
        example[parameter.sent_as] = draw(st.one_of(*[fitting] * 6, st.sampled_from(EXAMPLES), texts))
    if len(bodies) == 1 and not dict(bodies[0].options).get("embed") and draw(st.integers(0, 9)):
        example = next(iter(example.values()))
    usual = draw(st.integers(0, 9)) > 0
    kind = "application/json" if usual else draw(st.sampled_from(CONTENT_TYPES))
    return send(program.method, url, raw=draw(json_bodies(example)), headers=headers, content_type=kind)


@st.composite
def _forms(draw: st.DrawFn, program: Program, url: str, headers: Headers) -> Case:
    fields = draw(_pairs(program, "Form"))
    files = program.of("File")
    if files or draw(st.integers(0, 3)) == 0:
        names = [p.sent_as for p in files for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2])))]
        body = draw(multipart_bodies(fields, names))
    elif draw(st.integers(0, 5)):
        body = form(url, fields)
    else:
        raw = draw(query_strings([*(name for name, _ in fields), "m_1"]))
        body = send("POST", url, raw=raw, content_type="application/x-www-form-urlencoded")
    return request(program.method, url, [*headers, *body.headers], body.content, body.note)


def _segment(text: str) -> str:
    """The text as one segment of a path."""
    segment = quote(text, safe="")
    return segment if is_sent_as_it_is(segment) else "-"
