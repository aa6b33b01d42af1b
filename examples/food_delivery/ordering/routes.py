"""Order, see orders, move them along, rate them."""

from typing import Annotated, Any

from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.models import Order, Rating
from examples.food_delivery.ordering.ratings import Ratings
from examples.food_delivery.ordering.schemas import Cart, OrderCard, OrderDetails, RatingCard, Reason, Stars
from examples.food_delivery.ordering.service import Orders
from examples.food_delivery.ordering.states import Action
from vivace import APIRouter, Depends, Header, Path
from vivace.kit.auth import Auth
from vivace.kit.limits import KitRoute, Limits
from vivace.kit.paginate import LINKED, ByCursor, CursorPage, Cursors

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


def order_routes(orders: Orders, ratings: Ratings, auth: Auth[User], limits: Limits, cursors: Cursors) -> APIRouter:
    router = APIRouter(tags=["orders"], route_class=KitRoute)
    Customer = Annotated[User, Depends(auth.requires(roles=[Role.CUSTOMER]))]
    Anybody = Annotated[User, Depends(auth.user)]

    # Twice over: the kit gives a repeated request its first answer, to the same customer, even with a token that was
    # renewed meanwhile; the key on the order itself holds even if the process died between the order and its answer. So
    # the lease may be short: who asks again after their process died waits for it.
    @router.post("/order", status_code=201, response_model=OrderDetails)
    @limits.idempotent(by=auth.subject, lease=15)
    async def order(
        customer: Customer,
        cart: Cart,
        idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255, include_in_schema=False)] = None,
    ) -> Order:
        return await orders.place(customer, cart, idempotency_key)

    @router.get("/orders", response_model=CursorPage[OrderCard], responses=LINKED)
    async def own_orders(caller: Anybody, page: Annotated[ByCursor, cursors.by_cursor()]) -> CursorPage[Any]:
        return await orders.of(caller, page)

    @router.get("/orders/board", response_model=list[OrderCard])
    async def board(caller: Anybody) -> list[Order]:
        return await orders.board(caller)

    @router.get("/orders/{order_id}", response_model=OrderDetails)
    async def one_order(order_id: Id, caller: Anybody) -> Order:
        return await orders.get(order_id, caller)

    @router.post("/orders/{order_id}/rating", status_code=201, response_model=RatingCard)
    async def rate(order_id: Id, customer: Customer, stars: Stars) -> Rating:
        return await ratings.rate(order_id, customer, stars)

    @router.post("/orders/{order_id}/{action}", response_model=OrderDetails)
    async def act(order_id: Id, action: Action, caller: Anybody, why: Reason | None = None) -> Order:
        return await orders.act(order_id, action, caller, why.reason if why else "")

    return router
