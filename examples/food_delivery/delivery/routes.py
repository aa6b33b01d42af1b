"""For couriers: claim and ride. For everybody who waits: track."""

from collections.abc import AsyncIterator
from typing import Annotated

from examples.food_delivery.delivery.grid import Point
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.delivery.schemas import CourierCard, CourierChange, Jobs, Position
from examples.food_delivery.delivery.service import Delivery
from examples.food_delivery.delivery.streams import as_messages, as_stream
from examples.food_delivery.delivery.tracking import Tracking
from examples.food_delivery.errors import NotFound
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.models import Order
from examples.food_delivery.ordering.schemas import OrderDetails
from vivace import APIRouter, Depends, Header, Path, Query, Request, Response, WebSocket, WebSocketException
from vivace.kit.auth import Auth
from vivace.kit.channels import ChannelsUnavailable
from vivace.sse import EventSourceResponse, ServerSentEvent

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
_RESUME = "The `id` of the last event that you have: the stream goes on after it"
# Browsers send the header when they reconnect by themselves; the query is for those who can't set headers.
LastHeader = Annotated[str | None, Header(alias="Last-Event-ID", max_length=100, description=_RESUME)]
LastQuery = Annotated[str | None, Query(max_length=100, description=_RESUME)]


def delivery_routes(delivery: Delivery, tracking: Tracking, auth: Auth[User]) -> APIRouter:
    router = APIRouter(tags=["delivery"])
    Rider = Annotated[User, Depends(auth.requires(roles=[Role.COURIER]))]
    Anybody = Annotated[User, Depends(auth.user)]

    # -- couriers

    @router.get("/courier", response_model=CourierCard)
    async def own_state(rider: Rider) -> Courier:
        return await delivery.courier(rider.id)

    @router.patch("/courier", response_model=CourierCard)
    async def change_state(rider: Rider, change: CourierChange) -> Courier:
        return await delivery.set_autopilot(rider.id, change.autopilot)

    @router.get("/courier/jobs")
    async def jobs(rider: Rider) -> Jobs:
        return await delivery.jobs(rider.id)

    @router.post("/courier/jobs/{order_id}", response_model=OrderDetails)
    async def claim(order_id: Id, rider: Rider) -> Order:
        return await delivery.claim(order_id, rider)

    @router.post("/courier/position", status_code=204)
    async def report_position(rider: Rider, position: Position) -> None:
        await delivery.move({rider.id: Point(position.x, position.y)})

    # -- tracking

    async def may_follow(order_id: Id, caller: Anybody) -> User:
        await delivery.may_follow(order_id, caller)
        return caller

    @router.get("/track-order/{order_id}", response_class=EventSourceResponse)
    async def track_by_stream(
        request: Request,
        order_id: Id,
        caller: Annotated[User, Depends(may_follow)],
        last_event_id: LastQuery = None,
        resumed_from: LastHeader = None,
    ) -> AsyncIterator[ServerSentEvent]:
        async with delivery.following(order_id, caller, request, resumed_from or last_event_id) as events:
            async for event in as_stream(events):
                yield event

    @router.websocket("/track-order/{order_id}")
    async def track_by_socket(
        socket: WebSocket, order_id: Id, caller: Anybody, last_event_id: LastQuery = None
    ) -> None:
        try:
            await delivery.may_follow(order_id, caller)
        except NotFound as error:
            raise WebSocketException(1008, str(error.detail)) from None
        except ChannelsUnavailable as error:
            raise WebSocketException(1013, str(error.detail)) from None
        async with delivery.following(order_id, caller, socket, last_event_id) as events:
            await socket.accept()
            await as_messages(socket, events)

    # What needs no more than the channel has: it is the response, with resume and all.

    @router.get("/city/events", response_class=EventSourceResponse, responses=tracking.city.responses)
    async def city(request: Request) -> Response:
        return tracking.city.events(request)

    @router.get("/my/events", response_class=EventSourceResponse, responses=tracking.user.responses)
    async def own_events(request: Request, caller: Anybody) -> Response:
        """What happens to one's own orders; for restaurants, to those of their kitchen."""
        if caller.role is not Role.RESTAURANT:
            return tracking.user.events(request, user_id=caller.id)
        return tracking.restaurant.events(request, restaurant_id=await delivery.own_restaurant(caller) or 0)

    return router
