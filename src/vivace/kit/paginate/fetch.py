"""Rows of a select, from whichever session the program has. Imported only where there is SQLAlchemy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


async def fetch(session: AsyncSession, statement: Executable) -> Sequence[Any]:
    """All rows. By SQLAlchemy's own `execute`: that of SQLModel's sessions warns whoever calls it."""
    return await session.run_sync(lambda sync: Session.execute(sync, statement).all())
