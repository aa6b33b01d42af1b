"""Tell people, and let them read it again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, update

from examples.food_delivery.database import now
from examples.food_delivery.notifications.models import Notification
from vivace.kit.paginate import ByCursor, CursorPage
from vivace.kit.sql import Database


class Notifications:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, user_id: int, page: ByCursor) -> CursorPage[Any]:
        """The newest first."""
        statement = select(Notification).where(Notification.user_id == user_id)
        async with self._db.transaction() as session:
            return await page.select(session, statement, order_by=[Notification.id.desc()])

    async def unread(self, user_id: int) -> int:
        statement = select(func.count(Notification.id)).where(
            Notification.user_id == user_id, Notification.read_at.is_(None)
        )
        async with self._db.transaction() as session:
            return await session.scalar(statement) or 0

    async def read_all(self, user_id: int) -> None:
        statement = update(Notification).where(Notification.user_id == user_id, Notification.read_at.is_(None))
        async with self._db.transaction() as session:
            await session.execute(statement.values(read_at=now()))
