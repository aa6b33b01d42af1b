"""What somebody may like to eat."""

from typing import Annotated

from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.recommend.schemas import Suggestion
from examples.food_delivery.recommend.service import Suggestions
from vivace import APIRouter, Depends, Query
from vivace.kit.auth import Auth


def recommend_routes(suggestions: Suggestions, auth: Auth[User]) -> APIRouter:
    router = APIRouter(tags=["recommend"])

    @router.get("/recommend")
    async def recommend(
        customer: Annotated[User, Depends(auth.requires(roles=[Role.CUSTOMER]))],
        words: Annotated[str, Query(max_length=200, description="What you feel like")] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 8,
    ) -> list[Suggestion]:
        return await suggestions.for_customer(customer.id, words, limit)

    return router
