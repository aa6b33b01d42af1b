"""Who wants to know gets to know: the channels that features publish on, and what is told there.

What has happened stands in the database before it is told. So where the broker is down, telling is left out, and
whoever follows reads how things stand when it is back.
"""

from __future__ import annotations

import logging
from asyncio import gather
from collections.abc import Iterable
from typing import Any

from examples.food_delivery.delivery.schemas import CourierPosition, Couriers, OrderEvent, StatusChange
from vivace.kit.channels import Channel, Channels, ChannelsUnavailable

logger = logging.getLogger("food_delivery.tracking")


class Tracking:
    def __init__(self, channels: Channels) -> None:
        # An order's way has some hundred positions: who was away for minutes misses none of them.
        self.order: Channel[OrderEvent] = channels.channel("order:{order_id}", OrderEvent, history=256)
        self.restaurant: Channel[StatusChange] = channels.channel("restaurant:{restaurant_id}", StatusChange)
        self.user: Channel[StatusChange] = channels.channel("user:{user_id}", StatusChange)
        # The next message says where everybody is: the ones before are worth nothing.
        self.city: Channel[Couriers] = channels.channel("city", Couriers, history=1, when_full="drop_oldest")
        self.ready = channels.ping

    async def status(self, change: StatusChange, *, restaurant_id: int, customer_id: int) -> None:
        """To everybody who follows the order, its kitchen, or its customer."""
        await gather(
            _tell(self.order, change, order_id=change.order_id),
            _tell(self.restaurant, change, restaurant_id=restaurant_id),
            _tell(self.user, change, user_id=customer_id),
        )

    async def positions(self, positions: Iterable[CourierPosition]) -> None:
        """Of couriers, to those who wait for the order that each carries."""
        await gather(*(_tell(self.order, position, order_id=position.order_id) for position in positions))

    async def couriers(self, couriers: Couriers) -> None:
        await _tell(self.city, couriers)


async def _tell(channel: Channel[Any], event: Any, **parameters: int) -> None:
    try:
        await channel.publish(event, **parameters)
    except ChannelsUnavailable as error:
        logger.warning("%s was not told: %s", channel.pattern.text, error)
