"""Routers in routers: prefixes, tags, dependencies, responses, deprecation, ids."""

from pydantic import BaseModel


class Message(BaseModel):
    message: str


def build(f):
    def common(token: str = f.Header()): ...

    def app_wide(version: int = 1): ...

    app = f.FastAPI(dependencies=[f.Depends(app_wide)], generate_unique_id_function=lambda r: f"app-{r.name}-{r.path}")
    inner = f.APIRouter(prefix="/inner", tags=["inner"], responses={404: {"model": Message}})
    outer = f.APIRouter(prefix="/outer", tags=["outer"], dependencies=[f.Depends(common)], deprecated=True)
    named = f.APIRouter(generate_unique_id_function=lambda route: "named_" + route.name)
    html = f.APIRouter(default_response_class=f.responses.HTMLResponse)
    hidden = f.APIRouter(include_in_schema=False)

    @inner.get("/a/{x}", tags=["own"])
    def a(x: int): ...

    @inner.post("/b", responses={404: {"description": "Own"}, 418: {"description": "Teapot"}})
    def b(): ...

    @outer.get("")
    def c(): ...

    @named.get("/d")
    def d(): ...

    @html.get("/e")
    def e(): ...

    @html.get("/g", response_class=f.responses.PlainTextResponse)
    def g(): ...

    @hidden.get("/h")
    def h(): ...

    outer.include_router(inner, prefix="/nested/{y}", tags=["nested"], responses={500: {"description": "Broken"}})
    app.include_router(outer, prefix="/v1")
    app.include_router(inner)
    app.include_router(named, prefix="/named")
    app.include_router(html, prefix="/html", default_response_class=f.responses.PlainTextResponse)
    app.include_router(hidden, prefix="/hidden")
    app.include_router(named, prefix="/not-shown", include_in_schema=False)

    return app
