"""The store that limits are kept in, which may be down: what is limited then is let through, or answered 503."""

from __future__ import annotations

import logging

from vivace.kit.store import Store, guarded
from vivace.kit.store.guarded import OnStoreDown as OnStoreDown

_logger = logging.getLogger("vivace.kit.limits")


class Guarded(guarded.Guarded):
    def __init__(self, store: Store, on_store_down: OnStoreDown) -> None:
        super().__init__(store, on_store_down, logger=_logger, detail="Limits can't be checked now")
