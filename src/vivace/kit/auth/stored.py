"""The store of this part, which may be down. Fail closed is the rule: who can't be checked is answered 503."""

from __future__ import annotations

import json
import logging
from typing import Any

from vivace.kit.store import Store
from vivace.kit.store.guarded import Guarded
from vivace.kit.store.guarded import OnStoreDown as OnStoreDown
from vivace.kit.store.guarded import unavailable as unavailable

UNCHECKED = "Credentials can't be checked now"

logger = logging.getLogger("vivace.kit.auth")


class Stored(Guarded):
    """The namespace of the store that everything of this part is kept in.

    Args:
        store: where.
        on_store_down: "closed" answers 503. "open" lets pass what can be judged without the store: access tokens, by
            their signature, which `ask` for it. What is only in the store (logins, sessions, API keys) `insist`s, and
            is answered 503 in any case.
    """

    def __init__(self, store: Store, on_store_down: OnStoreDown = "closed") -> None:
        super().__init__(store, on_store_down, logger=logger, detail=UNCHECKED)


def packed(record: dict[str, Any]) -> bytes:
    """A record as it is kept: JSON in ASCII, the same bytes for the same record."""
    return json.dumps(record, separators=(",", ":"), sort_keys=True).encode()
