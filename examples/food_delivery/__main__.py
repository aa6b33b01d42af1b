"""`python -m examples.food_delivery [options of vivace run]`: the whole thing, on what Python brings.

A fresh city in a temporary folder, unless `FOOD_DATABASE_URL` says where it is.
"""

from __future__ import annotations

import os
import tempfile


def run() -> None:
    # Not above: each worker imports this module again, before it can tell its parent that it lives.
    from examples.food_delivery.start import end_well, serve

    end_well()
    with tempfile.TemporaryDirectory(prefix="food-delivery-") as folder:
        os.environ.setdefault("FOOD_DATABASE_URL", f"sqlite:///{folder}/city.db")
        serve()


if __name__ == "__main__":
    run()
