"""Templates, and how money and times look in them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.identity.models import User
from examples.food_delivery.page.session import HOMES
from vivace import Request, Response
from vivace.staticfiles import StaticFiles
from vivace.templating import Jinja2Templates

_HERE = Path(__file__).parent


def static_files() -> StaticFiles:
    return StaticFiles(directory=_HERE / "static")


class Renderer:
    def __init__(self) -> None:
        self._templates = Jinja2Templates(directory=_HERE / "templates")
        self._templates.env.filters.update(money=money, clock=clock, hours=hours)
        self._templates.env.globals.update(city=CITY, homes=HOMES)

    def __call__(self, request: Request, template: str, caller: User | None = None, **context: Any) -> Response:
        return self._templates.TemplateResponse(request, template, {"caller": caller, **context})


def money(cents: int) -> str:
    """
    >>> money(123456)
    '1,234.56 €'
    """
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02} €"


def clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S")


def hours(opens: int, closes: int) -> str:
    """From minutes of the day."""
    if opens == closes:
        return "Always open"
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02} UTC"
