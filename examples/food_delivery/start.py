"""How the whole thing is started from a command line: the tables made and seeded once, then `vivace run`."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys

from examples.food_delivery.page.session import HOMES
from examples.food_delivery.seed import DEMO, PASSWORD, prepare
from examples.food_delivery.settings import Settings
from vivace.cli import main
from vivace.kit.sql import Database

DEMO_LOGINS = "\n".join(
    [f"Demo logins, all with the password {PASSWORD}:", *(f"  {HOMES[who.role]:6} {who.email}" for who in DEMO)]
)


def end_well() -> None:
    """However it is stopped, what was made for it goes: the server hands a SIGTERM on when it has shut down."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def serve(*options: str) -> None:
    """Serve until stopped, with these options of `vivace run` and those of the command line, which win."""
    # In the environment, so that all workers have the same.
    os.environ.setdefault("FOOD_SECRET_KEY", secrets.token_urlsafe(32))
    os.environ.setdefault("FOOD_SECURE_COOKIES", "false")  # there is no HTTPS here
    settings = Settings.load_or_exit()
    asyncio.run(_prepare(settings))  # here, since two workers would do it at once
    if settings.seed:
        print(DEMO_LOGINS, flush=True)
    # Streams have no end: those who follow come back to the next server.
    always = ["run", "examples.food_delivery.app:create_app", "--factory"]
    always += ["--host", "127.0.0.1", "--timeout-graceful-shutdown", "3"]
    sys.argv[1:1] = [*always, *options]
    main()


async def _prepare(settings: Settings) -> None:
    async with Database(settings.database_url) as db:
        await prepare(db, populate=settings.seed)
