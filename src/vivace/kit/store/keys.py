"""From names to the keys that a backend sees. Any string is a key; two different ones never meet.

```
namespace "vivace", key "a"                      vivace:a
the same within namespace "users"                vivace/users:a
a lock of that name                              vivace/users!a
a key whose name is long                         vivace/users#:<digest>
```

Namespaces have the four separators escaped, so that the first one after them ends the namespace, whatever a key holds.
"""

from __future__ import annotations

import re
from hashlib import blake2b

MAX_NAME = 256  # bytes of a key's own name before its digest takes its place
MAX_NAMESPACE = 256

VALUE, LOCK = b":", b"!"
_LONG, _BELOW = b"#", b"/"
_SPECIAL = re.compile(rb"[^A-Za-z0-9_.@-]")


def below(namespace: bytes, name: str) -> bytes:
    """The namespace `name` within another (b"": none).

    Raises:
        ValueError: the name is empty, or what comes out is too long.
    """
    escaped = _SPECIAL.sub(lambda found: b"%%%02X" % ord(found[0]), name.encode("utf-8", "surrogatepass"))
    path = namespace + _BELOW + escaped if namespace else escaped
    if not escaped or len(path) > MAX_NAMESPACE:
        raise ValueError(
            f"A namespace takes 1 to {MAX_NAMESPACE} bytes with those around it, escaped: {name[:40]!r} makes it"
            f" {len(path) if escaped else 0}. Put what varies into the key."
        )
    return path


def full_key(namespace: bytes, kind: bytes, key: str) -> bytes:
    """The whole key.

    Raises:
        TypeError: the key is not a string.
    """
    if not isinstance(key, str):
        raise TypeError(f"A key is a str, not {type(key).__name__}: {key!r:.60}")
    name = key.encode("utf-8", "surrogatepass")
    if len(name) <= MAX_NAME:
        return namespace + kind + name
    return namespace + _LONG + kind + blake2b(name, digest_size=32).hexdigest().encode()


def prefixes(namespace: bytes) -> list[bytes]:
    """What the keys of a namespace, and of those within it, begin with."""
    return [namespace + separator for separator in (VALUE, LOCK, _LONG, _BELOW)]
