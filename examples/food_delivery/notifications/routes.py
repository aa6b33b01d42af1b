"""One's own notifications."""

from typing import Annotated, Any

from examples.food_delivery.identity.models import User
from examples.food_delivery.notifications.schemas import NotificationCard, Unread
from examples.food_delivery.notifications.service import Notifications
from vivace import APIRouter, Depends
from vivace.kit.auth import Auth
from vivace.kit.paginate import LINKED, ByCursor, CursorPage, Cursors


def notification_routes(notifications: Notifications, auth: Auth[User], cursors: Cursors) -> APIRouter:
    router = APIRouter(tags=["notifications"])
    Anybody = Annotated[User, Depends(auth.user)]

    @router.get("/notifications", response_model=CursorPage[NotificationCard], responses=LINKED)
    async def own(caller: Anybody, page: Annotated[ByCursor, cursors.by_cursor()]) -> CursorPage[Any]:
        return await notifications.of(caller.id, page)

    @router.get("/notifications/unread")
    async def unread(caller: Anybody) -> Unread:
        return Unread(unread=await notifications.unread(caller.id))

    @router.post("/notifications/read", status_code=204)
    async def read_all(caller: Anybody) -> None:
        await notifications.read_all(caller.id)

    return router
