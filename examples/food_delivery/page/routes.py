"""The pages. They show what the API says; nothing is decided here."""

from pathlib import Path

from vivace import APIRouter, Request, Response
from vivace.staticfiles import StaticFiles
from vivace.templating import Jinja2Templates

_HERE = Path(__file__).parent


def static_files() -> StaticFiles:
    return StaticFiles(directory=_HERE / "static")


def page_routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    templates = Jinja2Templates(directory=_HERE / "templates")

    @router.get("/")
    async def home(request: Request) -> Response:
        return templates.TemplateResponse(request, "home.html")

    return router
