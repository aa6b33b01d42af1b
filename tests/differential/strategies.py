"""Hypothesis strategies for requests: mostly plausible, often slightly wrong, sometimes hostile."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, unquote

from hypothesis import strategies as st

from tests.differential.case import Case, form, get, multipart, post, send

# Spellings that some parser somewhere takes for a number, a truth value, a date, nothing.
_WORDS = """
0 1 -1 +1 00 007 1.0 1.5 -0 -0.0 1e3 1E400 .5 5. 1_000 0x10 0b1 1,000 ½ ² ∞ nan NaN inf -Infinity
true false True FALSE on off yes no y n t f null None undefined
2024-01-01 2024-13-01 2024-01-01T00:00:00Z 2024-01-01T00:00:00+02:00 12:30 P1D PT5M 1709210000 -62135596800
8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11 a b s l red {} [] {"a":1} [1] "x" ' \\ %
""".split()
_TRICKY = [*_WORDS, "", " ", " 1 ", "1 ", "\t1", "a b", "\u0661", "9" * 20, "9" * 400, "9" * 5000, "x" * 200]

# Any text that can be written in UTF-8, the odd corners of it first.
_characters = st.characters(exclude_categories=["Cs"])
_any_text = st.text(_characters, max_size=12)
_ascii = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)

texts = st.one_of(
    st.sampled_from(_TRICKY),
    st.integers(-(10**6), 10**20).map(str),
    st.floats().map(repr),
    st.dates().map(str),
    st.datetimes().map(lambda at: at.isoformat()),
    st.uuids().map(str),
    _ascii,
    _any_text,
)

_visible = st.characters(min_codepoint=33, max_codepoint=126)
_escapes = st.sampled_from("%00 %0A %20 %25 %2F %2B %FF %C3%BC %E2%82 %ED%A0%80 %F0%9F%90%8D".split())


def _escaped(text: str) -> str:
    return quote(text, safe="")


# A piece of an URL: properly escaped text, or escapes of bytes that are no text at all.
_pieces = st.one_of(texts.map(_escaped), st.lists(_escapes, max_size=3).map("".join))


@st.composite
def query_strings(draw: st.DrawFn, names: Iterable[str]) -> str:
    """Known names mostly, in any order, with repetitions, empty parts and parts without a value."""
    name = st.one_of(st.sampled_from(sorted(names)), _pieces)
    pair = st.tuples(name, _pieces).map("=".join)
    part = st.one_of(pair, pair, pair, pair, name, st.just(""), _pieces.map(lambda value: f"={value}"))
    return "&".join(draw(st.lists(part, max_size=8)))


@st.composite
def query_requests(draw: st.DrawFn, routes: Mapping[str, Iterable[str]]) -> Case:
    path = draw(st.sampled_from(sorted(routes)))
    return get(f"{path}?{draw(query_strings(routes[path]))}")


def is_sent_as_it_is(segment: str) -> bool:
    """Whether the client leaves a segment of a path alone: it resolves dots, and Starlette's unquotes paths twice."""
    once = unquote(segment)
    return bool(segment.strip(".")) and unquote(once) == once


@st.composite
def path_requests(draw: st.DrawFn, prefix: str, names: Iterable[str]) -> Case:
    name = draw(st.sampled_from(sorted(names)))
    tail = draw(_pieces.filter(lambda piece: not piece or is_sent_as_it_is(piece)))
    return get(f"{prefix}/{name}/{tail}")


# What a header can carry: no line ends, no NUL, no space at the ends (parsers take it off); bytes above ASCII at will.
header_values = st.one_of(
    texts.filter(lambda text: text.isprintable() and text.isascii()).map(str.encode),
    st.binary(max_size=10).filter(lambda value: not set(value) & {*range(32), 127}),
).map(bytes.strip)


@st.composite
def header_requests(draw: st.DrawFn, routes: Mapping[str, Iterable[str]]) -> Case:
    path = draw(st.sampled_from(sorted(routes)))
    name = st.sampled_from(sorted(routes[path])).flatmap(lambda n: st.sampled_from([n, n.upper(), n.replace("-", "_")]))
    return get(path, draw(st.lists(st.tuples(name, header_values), max_size=6)))


@st.composite
def cookie_headers(draw: st.DrawFn, names: Iterable[str]) -> str:
    """Known names mostly, and crumbs of any kind, separated in several ways."""
    crumb = st.one_of(
        st.tuples(st.sampled_from(sorted(names)), st.text(_visible, max_size=10)).map("=".join),
        st.text(_visible, max_size=10),
    )
    separator = st.sampled_from(["; ", ";", " ; ", ", "])
    return draw(separator).join(draw(st.lists(crumb, max_size=5))).strip()


@st.composite
def cookie_requests(draw: st.DrawFn, routes: Mapping[str, Iterable[str]]) -> Case:
    path = draw(st.sampled_from(sorted(routes)))
    header = draw(cookie_headers(routes[path]))
    return get(path, {"cookie": header}, note=header)


_json_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    texts,
    st.sampled_from([10**400, -(10**400), 1e308, 5e-324, "", 0, 1, -1]),
)
json_values = st.recursive(
    _json_leaves,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)

# Bodies that are no JSON, or JSON of a kind that parsers disagree about.
HOSTILE = [
    b"",
    b" ",
    b"{",
    b"[",
    b'{"a": 1,}',
    b"{'a': 1}",
    b"nul",
    b"null",
    b"NaN",
    b"-Infinity",
    b"1e400",
    b"-0",
    b"01",
    b"1.",
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"\\u0000"',
    b'"a\nb"',
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b"\xef\xbb\xbf{}",
    b"{}\x00",
    b"{} {}",
    b"// no\n{}",
    "{}".encode("utf-16"),
    '{"name": "ü"}'.encode("utf-16-le"),
    '{"name": "ü"}'.encode("utf-32"),
    '{"name": "ü"}'.encode("latin-1"),
    b"[" * 100 + b"]" * 100,
    b"[" * 300 + b"]" * 300,
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 300 + b"1" + b"}" * 300,
    b"9" * 4000,
    b"9" * 5000,
    b"-" + b"9" * 5000,
    b"0." + b"1" * 5000,
]


@st.composite
def nearly(draw: st.DrawFn, example: Any) -> Any:
    """The example with a few of its parts replaced, left out, or added to."""
    if isinstance(example, dict):
        changed = {key: draw(nearly(value)) for key, value in example.items() if draw(st.integers(0, 9))}
        return (
            changed | draw(st.dictionaries(texts, _json_leaves, max_size=1)) if not draw(st.integers(0, 9)) else changed
        )
    if draw(st.integers(0, 6)) == 0:
        return draw(json_values)
    if isinstance(example, list):
        return [draw(nearly(item)) for item in example * draw(st.integers(0, 2))]
    return example


@st.composite
def json_bodies(draw: st.DrawFn, example: Any) -> bytes:
    """The example, nearly the example, any JSON, or what is no JSON at all."""
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return draw(st.sampled_from(HOSTILE))
    value = draw(json_values if kind == 1 else nearly(example))
    text = json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from([None, 1])))
    body = text.encode()
    if kind == 2:  # a key twice: the last one counts
        body = b'{"name": 1, ' + body[1:] if body[:1] == b"{" and len(body) > 2 else body
    if kind == 3:
        cut = draw(st.integers(0, len(body)))
        body = body[:cut] + draw(st.binary(max_size=2)) + body[cut:]
    return body


CONTENT_TYPES = [
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "application/problem+json",
    "application/vnd.api+json; v=1",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonx",
    "json",
    "",
    None,
]


@st.composite
def body_requests(draw: st.DrawFn, routes: Mapping[str, Any]) -> Case:
    """`routes` maps a path to an example of its body."""
    path = draw(st.sampled_from(sorted(routes)))
    body = draw(json_bodies(routes[path]))
    usual = draw(st.integers(0, 9)) > 0
    return post(path, raw=body, content_type="application/json" if usual else draw(st.sampled_from(CONTENT_TYPES)))


@st.composite
def form_requests(draw: st.DrawFn, routes: Mapping[str, Iterable[str]]) -> Case:
    path = draw(st.sampled_from(sorted(routes)))
    pairs = draw(st.lists(st.tuples(st.sampled_from(sorted(routes[path])), texts), max_size=6))
    shape = draw(st.sampled_from(["urlencoded", "multipart", "raw"]))
    if shape == "multipart":
        return multipart(path, *pairs)
    if shape == "urlencoded":
        return form(path, pairs)
    return send("POST", path, raw=draw(query_strings(routes[path])), content_type="application/x-www-form-urlencoded")


_DISPOSITIONS = [
    'form-data; name="{}"',
    "form-data; name={}",
    'FORM-DATA; NAME="{}"',
    'attachment; name="{}"',
    'form-data; name="{}"; size=1',
    "form-data",
]
_FILE_NAMES = [
    '; filename="a.txt"',
    '; filename="a.txt"',
    '; filename=""',
    '; filename="ü.txt"',
    '; filename="a;b \\"c\\".txt"',
    "; filename*=UTF-8''%C3%BC.txt",
    "; filename=C:\\a.txt",
    "",
]
_PART_TYPES = ["text/plain", "text/plain; charset=latin-1", "application/json", "application/octet-stream", ""]


@st.composite
def _parts(draw: st.DrawFn, name: str, value: str | None) -> bytes:
    """One part of a multipart body; a file where there is no value."""
    usual = draw(st.integers(0, 7)) > 0
    disposition = _DISPOSITIONS[0] if usual else draw(st.sampled_from(_DISPOSITIONS))
    lines = [f"Content-Disposition: {disposition}".format(name)]
    if value is None:
        lines[0] += draw(st.sampled_from(_FILE_NAMES))
    if (value is None or not usual) and (kind := draw(st.sampled_from(_PART_TYPES))):
        lines.append(f"Content-Type: {kind}")
    if not usual:
        lines += draw(st.lists(st.sampled_from(["X-More: 1", "Content-Transfer-Encoding: base64", "Bad Line"])))
    content = draw(st.one_of(st.binary(max_size=12), texts.map(str.encode))) if value is None else value.encode()
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


@st.composite
def multipart_bodies(draw: st.DrawFn, fields: Iterable[tuple[str, str]], files: Iterable[str]) -> Case:
    """A form of these fields, and of files under these names: in any order, and now and then out of shape."""
    asked = [*fields, *((name, None) for name in files)]
    parts = [draw(_parts(name, value)) for name, value in draw(st.permutations(asked))]
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    boundary = "limit"
    match draw(st.integers(0, 24)):
        case 0:
            body = body[: draw(st.integers(0, len(body)))]
        case 1:
            body = draw(st.sampled_from([b"preamble\r\n", b"\r\n", b"\n"])) + body
        case 2:
            body += draw(st.sampled_from([b"epilogue", b"\r\n\r\n", b"--limit--"]))
        case 3:
            body = body.replace(b"\r\n", b"\n")
        case 4:
            boundary = draw(st.sampled_from(['"limit"', "other", "", "limit; charset=utf-8", "limit; charset=latin-1"]))
        case 5:
            cut = draw(st.integers(0, len(body)))
            body = body[:cut] + draw(st.binary(max_size=3)) + body[cut:]
        case _:
            pass
    kind = f"multipart/form-data; boundary={boundary}"
    return send("POST", "/", raw=body, content_type=kind, note=f"parts {[name for name, _ in asked]}")
