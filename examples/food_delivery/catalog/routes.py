"""Find restaurants, read menus; for their owners: keep them."""

from typing import Annotated, Any

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import (
    DishCard,
    DishChange,
    Kitchen,
    KitchenChange,
    Menu,
    NewDish,
    RestaurantCard,
    Search,
)
from examples.food_delivery.catalog.service import RESTAURANTS, Catalog, menu_tag
from examples.food_delivery.identity.models import Role, User
from vivace import APIRouter, Depends, Path, Query
from vivace.kit.auth import Auth
from vivace.kit.cache import Cache, KitRoute
from vivace.kit.paginate import LINKED, ByCursor, CursorPage, Cursors

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


def catalog_routes(catalog: Catalog, auth: Auth[User], cache: Cache, cursors: Cursors) -> APIRouter:
    router = APIRouter(tags=["catalog"], route_class=KitRoute)
    Owner = Annotated[User, Depends(auth.requires(roles=[Role.RESTAURANT]))]

    # Everybody gets the same, logged in or not: `public`; so nothing has to be looked at before. For some
    # seconds, since restaurants open and close.
    @router.get("/get-restaurants", response_model=CursorPage[RestaurantCard], responses=LINKED)
    @cache(ttl=15, tags=[RESTAURANTS], public=True, run_dependencies=False)
    async def get_restaurants(
        search: Annotated[Search, Query()], page: Annotated[ByCursor, cursors.by_cursor()]
    ) -> CursorPage[Any]:
        return await catalog.search(search, page)

    @router.get("/cuisines")
    @cache(ttl=300, tags=[RESTAURANTS], public=True, run_dependencies=False)
    async def cuisines() -> list[str]:
        return await catalog.cuisines()

    @router.get("/restaurants/{restaurant_id}/menu", response_model=Menu)
    @cache(ttl=60, tags=[menu_tag("{restaurant_id}")], public=True, run_dependencies=False)
    async def menu(restaurant_id: Id) -> Restaurant:
        return await catalog.menu(restaurant_id)

    @router.get("/kitchen/restaurant", response_model=Kitchen)
    async def own_restaurant(owner: Owner) -> Restaurant:
        return await catalog.owned_by(owner.id)

    @router.patch("/kitchen/restaurant", response_model=Kitchen)
    async def change_restaurant(owner: Owner, change: KitchenChange) -> Restaurant:
        return await catalog.set_autopilot(owner.id, change.autopilot)

    @router.post("/kitchen/dishes", status_code=201, response_model=DishCard)
    async def add_dish(owner: Owner, dish: NewDish) -> Dish:
        return await catalog.add_dish(owner.id, dish)

    @router.patch("/kitchen/dishes/{dish_id}", response_model=DishCard)
    async def change_dish(owner: Owner, dish_id: Id, change: DishChange) -> Dish:
        return await catalog.change_dish(owner.id, dish_id, change)

    return router
