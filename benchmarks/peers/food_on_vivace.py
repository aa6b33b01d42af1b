"""The flagship as it is. `food_on_fastapi` has its hottest routes on FastAPI."""

from typing import Any

from examples.food_delivery.app import create_app
from examples.food_delivery.settings import Settings


def build(framework: Any, *, middleware: bool = False) -> Any:
    return create_app(Settings(_env_file=None))
