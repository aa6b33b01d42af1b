"""What tests do in the city: as somebody, order something, see how things stand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.identity.models import User
from examples.food_delivery.seed import DEMO
from examples.food_delivery.services import Services
from vivace import FastAPI
from vivace.testclient import TestClient

T = TypeVar("T")

CUSTOMER, RESTAURANT, COURIER, ADMIN = (demo.email for demo in DEMO)
OTHER_CUSTOMER, OTHER_RESTAURANT, OTHER_COURIER = (
    "customer1@vivace.example",
    "restaurant1@vivace.example",
    "courier1@vivace.example",
)
FORNO = 1  # the demo restaurant's id: always open


class City:
    def __init__(self, app: FastAPI, client: TestClient) -> None:
        self.app = app
        self.client = client
        self.services: Services = app.state.services

    def run(self, work: Callable[..., Awaitable[T]], *args: Any) -> T:
        """In the application's own event loop."""
        assert self.client.portal is not None
        return self.client.portal.call(work, *args)

    def sql(self, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async def transaction() -> T:
            async with self.app.state.parts.db.transaction() as session:
                return await work(session)

        return self.run(transaction)

    def rows(self, statement: Any) -> list[Any]:
        async def work(session: AsyncSession) -> list[Any]:
            return [tuple(row) for row in await session.execute(statement)]

        return self.sql(work)

    # -- as somebody

    def user(self, email: str) -> User:
        return self.rows(select(User).where(User.email == email))[0][0]

    def login(self, email: str) -> dict[str, str]:
        """Headers, without the time that a password takes."""
        return {"Authorization": f"Bearer {self.run(self.services.auth.log_in, self.user(email)).access_token}"}

    def get(self, email: str, path: str, **options: Any) -> Any:
        return self.client.get(path, headers=self.login(email), **options)

    def post(self, email: str, path: str, json: Any = None, **headers: str) -> Any:
        return self.client.post(path, json=json, headers=self.login(email) | headers)

    # -- orders

    def menu(self, restaurant_id: int = FORNO) -> list[Dish]:
        dishes = select(Dish).where(Dish.restaurant_id == restaurant_id).order_by(Dish.id)
        return [row[0] for row in self.rows(dishes)]

    def cart(self, *quantities: int) -> dict[str, Any]:
        """So many of the demo restaurant's dishes, in their order."""
        lines = [
            {"dish_id": dish.id, "quantity": quantity, "price_cents": dish.price_cents}
            for dish, quantity in zip(self.menu(), quantities, strict=False)
            if quantity
        ]
        return {"restaurant_id": FORNO, "lines": lines}

    def order(self, *quantities: int, email: str = CUSTOMER) -> int:
        """The id of a new order."""
        answer = self.post(email, "/order", self.cart(*quantities or (1,)))
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def act(self, email: str, order_id: int, *actions: str) -> Any:
        for action in actions:
            answer = self.post(email, f"/orders/{order_id}/{action}")
        return answer

    def bring(self, order_id: int, status: str) -> None:
        """An order as far as a status, by those whose part it is."""
        way = [
            ("accepted", RESTAURANT, f"/orders/{order_id}/accept"),
            ("cooking", RESTAURANT, f"/orders/{order_id}/cook"),
            ("claimed", COURIER, f"/courier/jobs/{order_id}"),
            ("ready", RESTAURANT, f"/orders/{order_id}/finish"),
            ("picked_up", COURIER, f"/orders/{order_id}/pick_up"),
            ("delivered", COURIER, f"/orders/{order_id}/deliver"),
        ]
        for reached, email, path in way:
            answer = self.post(email, path)
            assert answer.status_code == 200, answer.text
            if reached == status:
                return

    # -- tracking

    @contextmanager
    def tracking(self, email: str, order_id: int, after: str | None = None) -> Iterator[Any]:
        query = f"?last_event_id={after}" if after else ""
        with self.client.websocket_connect(f"/track-order/{order_id}{query}", headers=self.login(email)) as socket:
            yield socket
