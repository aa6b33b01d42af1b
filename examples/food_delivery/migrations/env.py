"""How Alembic runs the migrations of this folder: for `vivace.kit.sql.migrations`, or for the `alembic` command."""

import asyncio
import os

from alembic import context

from examples.food_delivery.database import Moment
from examples.food_delivery.schema import metadata
from vivace.kit.sql.engine import make_engine, url_of

given = context.config.attributes
target_metadata = given.get("target_metadata", metadata)


def plain(kind, item, _):
    """How a type is written into a revision: as what it is for the database. Revisions outlive the program's classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection):
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        render_item=plain,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite can't alter most of a table in place
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_by_command():
    engine = make_engine(url_of(os.environ["DATABASE_URL"]), foreign_keys=False)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


if "connection" in given:
    run(given["connection"])
else:
    asyncio.run(run_by_command())
