"""From a URL to what makes backends."""

from __future__ import annotations

import re
from collections.abc import Callable

from vivace.kit.channels.backend import Backend
from vivace.kit.channels.memory import MemoryBackend, MemoryBroker

_FORMS = "memory://, redis://host:6379/0 or nats://host:4222"
_NAMESPACE = re.compile(r"[A-Za-z0-9_-]{1,64}")


def opener(url: str, namespace: str, presence_ttl: float) -> Callable[[], Backend]:
    """What makes a backend for an event loop, not yet connected.

    Raises:
        ValueError: the URL or the namespace is not understood. The message holds no password.
        MissingExtra: what the backend needs is not installed.
    """
    if not _NAMESPACE.fullmatch(namespace):
        raise ValueError(f"namespace={namespace[:80]!r}: 1 to 64 letters, digits, _ and -")
    scheme = url.partition(":")[0]
    if scheme == "memory":
        broker = MemoryBroker()
        return lambda: MemoryBackend(broker)
    if scheme in {"redis", "rediss", "unix"}:
        from vivace.kit.channels.redis import RedisBroker

        RedisBroker(url, namespace)  # an option that is not understood is told now
        return lambda: RedisBroker(url, namespace)
    if scheme in {"nats", "tls"}:
        from vivace.kit.channels.nats import NatsBroker

        NatsBroker(url, namespace, presence_ttl)
        return lambda: NatsBroker(url, namespace, presence_ttl)
    raise ValueError(f"The URL of channels is {_FORMS}; the scheme {scheme[:20]!r} is not known")
