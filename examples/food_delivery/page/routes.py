"""The pages of the four roles, and the fragments that keep them up to date. They show what the services say."""

from typing import Annotated

from examples.food_delivery.catalog.schemas import RestaurantCard, Search
from examples.food_delivery.catalog.service import minute_of_day
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.states import Actor, actions
from examples.food_delivery.page.render import Renderer
from examples.food_delivery.page.session import HOMES, visitor
from examples.food_delivery.seed import DEMO, PASSWORD
from examples.food_delivery.services import Services
from vivace import APIRouter, Depends, Path, Query, Request, Response
from vivace.kit.auth import Auth
from vivace.kit.paginate import ByCursor, Cursors
from vivace.responses import RedirectResponse

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


def page_routes(services: Services, auth: Auth[User], cursors: Cursors, *, demo: bool) -> APIRouter:
    """`demo`: show the logins of the seeded city."""
    router = APIRouter(include_in_schema=False)
    render = Renderer()
    Visitor = Annotated[User | None, Depends(auth.optional_user)]

    @router.get("/")
    async def front(request: Request, caller: Visitor, login: bool = False) -> Response:
        places = [RestaurantCard.model_validate(place) for place in await services.catalog.everywhere()]
        return render(
            request, "home.html", caller, places=places, login=login, demo=DEMO if demo else (), password=PASSWORD
        )

    @router.get("/home")
    async def home(caller: Visitor) -> Response:
        """Where somebody goes who has logged in."""
        return RedirectResponse(HOMES[caller.role] if caller else "/", 303)

    router.include_router(_eat(services, render, auth, cursors))
    router.include_router(_cook(services, render, auth))
    router.include_router(_ride(services, render, auth))
    router.include_router(_run(services, render, auth))
    return router


def _eat(services: Services, render: Renderer, auth: Auth[User], cursors: Cursors) -> APIRouter:
    router = APIRouter(prefix="/eat")
    Customer = Annotated[User, visitor(auth, Role.CUSTOMER)]
    Twelve = Annotated[ByCursor, cursors.by_cursor(size=12)]

    @router.get("")
    async def browse(
        request: Request, customer: Customer, search: Annotated[Search, Depends(_search)], page: Twelve
    ) -> Response:
        return render(
            request, "eat.html", customer, search=search, minute=minute_of_day(),
            found=await services.catalog.search(search, page),
            cuisines=await services.catalog.cuisines(),
            suggestions=await services.suggestions.for_customer(customer.id, "", 6),
        )  # fmt: skip

    @router.get("/restaurants/{restaurant_id}")
    async def restaurant(request: Request, customer: Customer, restaurant_id: Id) -> Response:
        menu = await services.catalog.menu(restaurant_id)
        return render(request, "restaurant.html", customer, menu=menu, is_open=menu.is_open(minute_of_day()))

    @router.get("/orders")
    async def orders(request: Request, customer: Customer, page: Twelve) -> Response:
        return render(request, "orders.html", customer, orders=await services.orders.of(customer, page))

    @router.get("/orders/{order_id}")
    async def order(request: Request, customer: Customer, order_id: Id) -> Response:
        found = await services.orders.get(order_id, customer)
        return render(request, "order.html", customer, order=found, actions=actions(found.status, Actor.CUSTOMER))

    @router.get("/orders/{order_id}/state")
    async def state(request: Request, customer: Customer, order_id: Id) -> Response:
        found = await services.orders.get(order_id, customer)
        return render(request, "_state.html", customer, order=found, actions=actions(found.status, Actor.CUSTOMER))

    return router


def _search(
    search: Annotated[str, Query(max_length=80)] = "",
    cuisine: Annotated[str, Query(max_length=30)] = "",
    open_now: bool = False,
) -> Search:
    """As a form sends it: what is left empty is there, and empty."""
    return Search(search=search or None, cuisine=cuisine or None, open_now=open_now)


def _cook(services: Services, render: Renderer, auth: Auth[User]) -> APIRouter:
    router = APIRouter(prefix="/cook")
    Owner = Annotated[User, visitor(auth, Role.RESTAURANT)]

    @router.get("")
    async def kitchen(request: Request, owner: Owner) -> Response:
        mine = await services.catalog.owned_by(owner.id)
        menu = await services.catalog.menu(mine.id)
        return render(request, "cook.html", owner, menu=menu, orders=await services.orders.board(owner))

    @router.get("/board")
    async def board(request: Request, owner: Owner) -> Response:
        return render(request, "_board.html", owner, orders=await services.orders.board(owner))

    return router


def _ride(services: Services, render: Renderer, auth: Auth[User]) -> APIRouter:
    router = APIRouter(prefix="/ride")
    Courier = Annotated[User, visitor(auth, Role.COURIER)]

    @router.get("")
    async def ride(request: Request, courier: Courier) -> Response:
        state = await services.delivery.courier(courier.id)
        jobs = await services.delivery.jobs(courier.id)
        return render(request, "ride.html", courier, state=state, jobs=jobs)

    @router.get("/jobs")
    async def jobs(request: Request, courier: Courier) -> Response:
        return render(request, "_jobs.html", courier, jobs=await services.delivery.jobs(courier.id))

    return router


def _run(services: Services, render: Renderer, auth: Auth[User]) -> APIRouter:
    router = APIRouter(prefix="/run")
    Admin = Annotated[User, visitor(auth, Role.ADMIN)]

    @router.get("")
    async def control(request: Request, admin: Admin) -> Response:
        places = [RestaurantCard.model_validate(place) for place in await services.catalog.everywhere()]
        return render(request, "run.html", admin, places=places, **await numbers_of())

    @router.get("/numbers")
    async def numbers(request: Request, admin: Admin) -> Response:
        return render(request, "_numbers.html", admin, **await numbers_of())

    async def numbers_of() -> dict[str, object]:
        reports = services.reports
        return {
            "overview": await reports.overview(),
            "hours": await reports.revenue(24),
            "minutes": await reports.pulse(),
            "late": await reports.late(8),
        }

    return router
