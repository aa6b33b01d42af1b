"""What somebody may like to eat."""

from typing import Annotated

from examples.food_delivery.identity.guard import Guard
from examples.food_delivery.identity.models import Role
from examples.food_delivery.identity.tokens import Caller
from examples.food_delivery.suggestions.schemas import Suggestion
from examples.food_delivery.suggestions.service import Suggestions
from vivace import APIRouter, Query


def suggestion_routes(suggestions: Suggestions, guard: Guard) -> APIRouter:
    router = APIRouter(tags=["suggestions"])

    @router.get("/recommend")
    async def recommend(
        customer: Annotated[Caller, guard.allows(Role.CUSTOMER)],
        words: Annotated[str, Query(max_length=200, description="What you feel like")] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 8,
    ) -> list[Suggestion]:
        return await suggestions.for_customer(customer.id, words, limit)

    return router
