"""What is asked of both: the routes that the load asks most often, in a city that was made for it.

What they have to answer is said by the services that both are made of, not by one of the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select, update

from benchmarks.scenarios import Ask, Scenario
from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import Menu, RestaurantCard
from examples.food_delivery.identity.models import User
from examples.food_delivery.ordering.schemas import Cart, CartLine, OrderDetails
from examples.food_delivery.parts import Parts
from examples.food_delivery.recommend.schemas import Suggestion
from examples.food_delivery.services import Services

RESTAURANTS, MENU, RECOMMEND, ORDER = "restaurants", "menu", "recommend", "order"
_VARIES = ("id", "placed_at", "promised_at", "at", "reason", "stock")


async def make_scenarios(services: Services, parts: Parts) -> tuple[Scenario, ...]:
    """In a city that was seeded and in which nobody lives."""
    async with parts.db.transaction() as session:
        await session.execute(update(Dish).values(stock=10_000_000))
        eater, buyer, early = await session.scalars(select(User).where(User.email.in_(_emails(1, 2, 3))))
        forno = await session.get_one(Restaurant, 1)
        restaurants = list(await session.scalars(select(Restaurant).order_by(Restaurant.score.desc(), Restaurant.id)))
    dishes = (await services.catalog.menu(forno.id)).dishes
    # What is ordered under load is what is ordered most already: it changes nothing of what is popular.
    await services.orders.place(early, _cart(forno, dishes[:2], 40, 30))
    await services.orders.place(eater, _cart(forno, dishes[2:4], 1, 1))
    await services.suggestions.learn()
    cart = _cart(forno, dishes[:2], 2, 1)
    ordered = OrderDetails.model_validate(await services.orders.place(buyer, cart)).model_dump(mode="json")
    suggested = await services.suggestions.for_customer(eater.id, "", 8)
    menu = Menu.model_validate(await services.catalog.menu(forno.id)).model_dump(mode="json")
    cards = [RestaurantCard.model_validate(one).model_dump(mode="json") for one in restaurants]
    return (
        _menu(menu),
        _restaurants(cards),
        _recommend(await _bearer(services, eater), TypeAdapter(list[Suggestion]).dump_python(suggested, mode="json")),
        _order(await _bearer(services, buyer), cart.model_dump(mode="json"), ordered),
    )


def _menu(answer: Any) -> Scenario:
    return Scenario(
        MENU, "GET a menu", "a restaurant and its dishes, from the cache in Redis", Ask("GET", "/restaurants/1/menu"),
        answer, refuses=(Ask("GET", "/restaurants/one/menu"), Ask("GET", "/restaurants/4000/menu")), varies=_VARIES,
    )  # fmt: skip


def _restaurants(cards: list[Any]) -> Scenario:
    return Scenario(
        RESTAURANTS, "GET /get-restaurants", f"all {len(cards)}, the best first, from the cache in Redis",
        Ask("GET", "/get-restaurants?size=50"), {"items": cards, "next": None, "previous": None},
        refuses=(Ask("GET", "/get-restaurants?size=0"), Ask("GET", "/get-restaurants?x=1")),
    )  # fmt: skip


def _recommend(bearer: dict[str, str], answer: Any) -> Scenario:
    return Scenario(
        RECOMMEND, "GET /recommend",
        "a token checked, the account and what it has ordered read, eight dishes that can be had now, by popularity: "
        "the model would cost both the same",
        Ask("GET", "/recommend", bearer), answer, refuses=_refused("GET", "/recommend"), varies=_VARIES,
    )  # fmt: skip


def _order(bearer: dict[str, str], cart: Any, answer: Any) -> Scenario:
    return Scenario(
        ORDER, "POST /order",
        "a token checked, the key looked up and kept, stock taken, the payment settled, followers told, the order "
        "answered: six transactions; a new `Idempotency-Key` each time",
        Ask("POST", "/order", bearer, cart, unique="Idempotency-Key"), answer, status=201,
        refuses=(*_refused("POST", "/order", cart), Ask("POST", "/order", bearer, {**cart, "lines": []})),
        varies=_VARIES,
    )  # fmt: skip


def _refused(method: str, path: str, body: Any = None) -> tuple[Ask, ...]:
    return Ask(method, path, body=body), Ask(method, path, {"authorization": "Bearer a.b.c"}, body)


def _cart(restaurant: Restaurant, dishes: Sequence[Dish], *quantities: int) -> Cart:
    lines = [
        CartLine(dish_id=dish.id, quantity=quantity, price_cents=dish.price_cents)
        for dish, quantity in zip(dishes, quantities, strict=True)
    ]
    return Cart(restaurant_id=restaurant.id, lines=lines, x=10, y=10)


async def _bearer(services: Services, user: User) -> dict[str, str]:
    return {"authorization": f"Bearer {(await services.auth.log_in(user)).access_token}"}


def _emails(*numbers: int) -> list[str]:
    return [f"customer{number}@vivace.example" for number in numbers]
