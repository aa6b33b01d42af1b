"""What emitted functions call to get at the strings of a request. Small, and fast before anything else."""

from __future__ import annotations

from urllib.parse import unquote

from starlette.requests import cookie_parser

from vivace.head import RawHeaders

Pairs = list[tuple[str, str]]


def query_pairs(query: bytes) -> Pairs:
    """The pairs of a query string as `urllib.parse.parse_qsl(keep_blank_values=True)` gives them.

    `b"q=a+b&n="` is `[("q", "a b"), ("n", "")]`. Percent-escapes are UTF-8; what is none is replaced.
    """
    pairs = []
    for part in query.decode("latin-1").split("&"):
        if part:
            name, _, value = part.partition("=")
            pairs.append((_unquoted(name), _unquoted(value)))
    return pairs


def query_dict(query: bytes) -> dict[str, str]:
    """The same, the last of repeated names winning."""
    if not query:
        return {}
    text = query.decode("latin-1")
    if "%" in text or "+" in text:
        return dict(query_pairs(query))
    values = {}
    for part in text.split("&"):
        if part:
            name, _, value = part.partition("=")
            values[name] = value
    return values


def _unquoted(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return unquote(text) if "%" in text else text


def header(headers: RawHeaders, name: bytes) -> str | None:
    """The first header of that (lower-case) name."""
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None


def header_list(headers: RawHeaders, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]


def cookie_dict(headers: RawHeaders) -> dict[str, str]:
    """All cookies, the last of repeated names winning, as `Request.cookies` reads them."""
    cookies: dict[str, str] = {}
    for key, value in headers:
        if key == b"cookie":
            cookies.update(cookie_parser(value.decode("latin-1")))
    return cookies
