"""The database's tables: all models together, and the migrations that make them.

After a change of the models: `python -m examples.food_delivery.schema "what has changed"`, and look at what it wrote.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from examples.food_delivery.catalog import models as _catalog  # noqa: F401  # their tables are in `Base.metadata`
from examples.food_delivery.database import Base
from examples.food_delivery.delivery import models as _delivery  # noqa: F401
from examples.food_delivery.identity import models as _identity  # noqa: F401
from examples.food_delivery.notifications import models as _notifications  # noqa: F401
from examples.food_delivery.ordering import models as _ordering  # noqa: F401
from examples.food_delivery.settings import Settings
from vivace.kit.sql import Database
from vivace.kit.sql.migrations import Migrations

metadata = Base.metadata


def migrations(db: Database) -> Migrations:
    return Migrations(db, Path(__file__).parent / "migrations", metadata)


async def _revise(message: str) -> None:
    made = migrations(Database(Settings.load_or_exit().database_url))
    await made.upgrade()
    print(await made.revision(message))


if __name__ == "__main__":
    asyncio.run(_revise(sys.argv[1]))
