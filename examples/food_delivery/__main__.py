"""`python -m examples.food_delivery [options of vivace run]`: the whole thing, on what Python brings.

A fresh city in a temporary folder, unless `FOOD_DATABASE_URL` says where it is.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import tempfile

from examples.food_delivery.page.session import HOMES
from examples.food_delivery.seed import DEMO, PASSWORD
from examples.food_delivery.settings import Settings
from vivace.cli import main

DEMO_LOGINS = "\n".join(
    [f"Demo logins, all with the password {PASSWORD}:", *(f"  {HOMES[who.role]:6} {who.email}" for who in DEMO)]
)


def run() -> None:
    # However it is stopped, the folder goes: the server hands a SIGTERM on when it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory(prefix="food-delivery-") as folder:
        # In the environment, so that all workers have the same.
        os.environ.setdefault("FOOD_DATABASE_URL", f"sqlite:///{folder}/city.db")
        os.environ.setdefault("FOOD_SECRET_KEY", secrets.token_urlsafe(32))
        os.environ.setdefault("FOOD_SECURE_COOKIES", "false")  # there is no HTTPS here
        sys.argv[1:1] = ["run", "examples.food_delivery.app:create_app", "--factory"]
        if Settings.load_or_exit().seed:
            print(DEMO_LOGINS, flush=True)
        main()


if __name__ == "__main__":
    run()
