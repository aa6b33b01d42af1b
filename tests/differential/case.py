"""A request to send, and short ways to write one down."""

from __future__ import annotations

import importlib
import json as jsonlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlencode

Pairs = Sequence[tuple[str | bytes, str | bytes]]
Headers = Mapping[str, str] | Pairs

_BOUNDARY = "differential-boundary"


@dataclass(frozen=True)
class Case:
    """One request. `url` goes out as it stands; headers keep their order and their repetitions."""

    method: str
    url: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    content: bytes | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.url}" + (f" ({self.note})" if self.note else "")


def request(method: str, url: str, headers: Headers = (), content: bytes | None = None, note: str = "") -> Case:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return Case(method, url, tuple((_bytes(name), _bytes(value)) for name, value in pairs), content, note)


def get(url: str, headers: Headers = (), note: str = "") -> Case:
    return request("GET", url, headers, None, note)


def send(
    method: str,
    url: str,
    json: Any = ...,
    *,
    raw: bytes | str | None = None,
    content_type: str | None = "application/json",
    headers: Headers = (),
    note: str = "",
) -> Case:
    """A request with a body: `json` to be written as JSON, or `raw` as it stands."""
    pairs = [*(headers.items() if isinstance(headers, Mapping) else headers)]
    if content_type is not None:
        pairs.append(("content-type", content_type))
    body = _bytes(raw) if raw is not None else None if json is ... else jsonlib.dumps(json).encode()
    return request(method, url, pairs, body, note or _abridged(body))


def post(url: str, json: Any = ..., **more: Any) -> Case:
    return send("POST", url, json, **more)


def form(url: str, fields: Sequence[tuple[str, str]] | Mapping[str, str], method: str = "POST") -> Case:
    """A urlencoded form; fields may repeat."""
    return send(method, url, raw=urlencode(fields), content_type="application/x-www-form-urlencoded")


def multipart(url: str, *parts: tuple[str, str | bytes] | tuple[str, str | bytes, str, str | None]) -> Case:
    """A multipart form: (name, value) is a field, (name, content, file name, content type) a file."""
    chunks = []
    for part in parts:
        name, value, filename, kind = (*part, None, None)[:4]
        head = f'content-disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename is not None else ""
        head += f"\r\ncontent-type: {kind}" if kind else ""
        chunks.append(f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + _bytes(value) + b"\r\n")
    body = b"".join(chunks) + f"--{_BOUNDARY}--\r\n".encode()
    kind = f"multipart/form-data; boundary={_BOUNDARY}"
    return send("POST", url, raw=body, content_type=kind, note=f"parts {[part[0] for part in parts]}")


def sub(f: ModuleType, name: str) -> ModuleType:
    """The module `f.name` of the framework `f`: sub(f, "security") is fastapi.security, or vivace.security."""
    return importlib.import_module(f"{f.__name__}.{name}")


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _abridged(body: bytes | None) -> str:
    text = (body or b"").decode("utf-8", "backslashreplace")
    return text if len(text) <= 60 else f"{text[:50]}... {len(text)} characters"
