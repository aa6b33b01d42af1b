"""From a URL to a backend."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote, urlsplit

from vivace.kit.store.backend import Backend
from vivace.kit.store.memory import MAX_BYTES, MAX_ENTRIES, MemoryBackend
from vivace.kit.store.sqlite import TIMEOUT, SQLiteBackend

_FORMS = "memory://, sqlite:///file.db or redis://host:6379/0"


def open_backend(url: str) -> Backend:
    """The backend for a URL, not yet connected.

    Raises:
        ValueError: the URL, or an option of it, is not understood. The message holds no password.
        MissingExtra: what the backend needs is not installed.
    """
    scheme = url.partition(":")[0]
    if scheme == "memory":
        options = _options(url, {"max_entries": MAX_ENTRIES, "max_bytes": MAX_BYTES})
        return MemoryBackend(max_entries=int(options["max_entries"]), max_bytes=int(options["max_bytes"]))
    if scheme == "sqlite":
        options = _options(url, {"timeout": TIMEOUT})
        return SQLiteBackend(_file(url), timeout=options["timeout"])
    if scheme in {"redis", "rediss", "unix"}:
        from vivace.kit.store.redis import RedisBackend

        return RedisBackend(url)
    raise ValueError(f"A store's URL is {_FORMS}; the scheme {scheme[:20]!r} is not known")


def _options(url: str, defaults: dict[str, float]) -> dict[str, float]:
    given = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    if unknown := given.keys() - defaults.keys():
        raise ValueError(f"{url}: unknown option {min(unknown)!r}; there are {', '.join(defaults)}")
    try:
        options = defaults | {name: float(text) for name, text in given.items()}
    except ValueError:
        raise ValueError(f"{url}: options are numbers") from None
    if any(not 0 < value < float("inf") for value in options.values()):
        raise ValueError(f"{url}: options are numbers above 0")
    return options


def _file(url: str) -> str:
    """The path by SQLAlchemy's rule: three slashes and a relative path, four and an absolute one."""
    parts = urlsplit(url)
    path = unquote(parts.path[1:])
    if parts.netloc or not path or path == ":memory:":
        raise ValueError(f"{url}: write sqlite:///relative.db or sqlite:////absolute/file.db (or memory://)")
    return path
