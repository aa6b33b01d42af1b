"""`python -m examples.food_delivery.migrate`: bring the database to the newest schema, before any server starts.

For deployments with `FOOD_MIGRATE=false`. A city is seeded if `FOOD_SEED` says so and there is none.
"""

from __future__ import annotations

import asyncio

from examples.food_delivery.seed import prepare
from examples.food_delivery.settings import Settings
from vivace.kit.sql import Database


async def main(settings: Settings) -> None:
    async with Database(settings.database_url) as db:
        await prepare(db, populate=settings.seed)


if __name__ == "__main__":
    asyncio.run(main(Settings.load_or_exit()))
