"""What can go wrong in a store."""

from __future__ import annotations


class StoreError(Exception):
    """Anything that a store raises for a reason of its own. Wrong arguments raise `TypeError` and `ValueError`."""


class StoreUnavailable(StoreError):
    """The store can't be reached, or can't answer now. The same operation may succeed later; nothing has to restart.

    Whether the operation took place is unknown: it may have been done before the connection was lost.
    """


class ValueTooLarge(StoreError, ValueError):
    """A value is larger than the store's `max_value_bytes`."""


class CounterError(StoreError, ValueError):
    """A value is not a counter, or would leave the range of one: -(2**53 - 1) to 2**53 - 1."""


class LockTimeout(StoreError, TimeoutError):
    """A lock could not be had within the time given."""


class LockLost(StoreError):
    """A lock ran out before it was released: somebody else may have held it meanwhile."""
