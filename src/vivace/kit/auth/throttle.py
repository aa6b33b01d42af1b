"""Login throttling: so many tries for each address, each account, and each account from one address.

Tries are counted before the password is looked at, right ones too, so that many at once gain nothing. Accounts that
there are and accounts that there aren't are counted alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from vivace import HTTPException, Request
from vivace.kit.limits import Limits, Rate, address
from vivace.kit.store import Store

DETAIL = "Too many tries to log in"


@dataclass(frozen=True)
class LoginRates:
    """How often somebody may try.

    Attributes:
        address: from one address, whatever the account.
        pair: for one account from one address.
        account: for one account from anywhere. It slows down guessing from many addresses, and lets whoever does that
            keep the account's owner out meanwhile: it is therefore the widest.
    """

    address: Rate | str = "30/minute"
    pair: Rate | str = field(default_factory=lambda: Rate(10, 300))
    account: Rate | str = field(default_factory=lambda: Rate(100, 3600))


class LoginThrottle:
    """Counts tries by the rates."""

    def __init__(self, store: Store, rates: LoginRates) -> None:
        limits = Limits(store, on_store_down="closed", namespace="login")
        self._address = limits.throttle(rates.address, name="address")
        self._pair = limits.throttle(rates.pair, name="pair")
        self._account = limits.throttle(rates.account, name="account")

    async def check(self, request: Request, username: str) -> None:
        """Count a try.

        Raises:
            HTTPException: 429, or 503 if the store is down.
        """
        where, who = address(request), same_name(username)
        for throttle, name in ((self._address, where), (self._pair, f"{where}|{who}"), (self._account, who)):
            verdict = await throttle.spend(name)
            if verdict is not None and not verdict[0]:
                seconds = max(1, -(-verdict[3] // 1000))
                raise HTTPException(429, DETAIL, headers={"Retry-After": str(seconds)})


def same_name(username: str) -> str:
    """What users may take for the same name: counted together, lest capitals make more tries."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


TOO_MANY: Mapping[str, object] = {
    "description": DETAIL,
    "headers": {"Retry-After": {"description": "Seconds until another try", "schema": {"type": "integer"}}},
}
