"""`max_body_size` on the wire: a body is refused by what the head announces, or as soon as too much of it has come.

The protocol asks here with each head (`within`), and with each piece of a body that is limited (`overrun`). What stands
behind middleware is limited there, as behind any other server.
"""

from __future__ import annotations

from dataclasses import replace

from vivace.body_limits import BodyTooLarge, announced, refuse
from vivace.exchange import Answer, Exchange
from vivace.plan import Plan
from vivace.wire.exchange import WireExchange


def within(limit: int, x: WireExchange, plan: Plan) -> Plan:
    """The plan; or one in its place that refuses a body announced to be larger, none of which is waited for."""
    if announced(x.headers) <= limit:
        x.room = limit
        return plan
    x.room = -1
    x.keep_alive = False
    return replace(plan, run=_answer, reads_body=False)


def overrun(x: WireExchange, size: int) -> bool:
    """Whether a piece of `size` bytes is too much. Then nothing more is kept, and `x.receive` raises."""
    assert x.room is not None
    x.room -= size
    if x.room >= 0:
        return False
    x.body = b""
    x.keep_alive = False
    return True


def refusing(plan: Plan) -> Plan:
    """What runs in the place of a plan whose body has turned out to be too large."""
    return replace(plan, run=_raise, reads_body=False)


async def _answer(_: Exchange) -> Answer:
    return refuse


async def _raise(_: Exchange) -> Answer:
    raise BodyTooLarge
