"""Options of the application: documents elsewhere or nowhere, one schema for both ways, lax content types, lifespan."""

import contextlib

from pydantic import BaseModel

from tests.differential import strategies
from tests.differential.case import get, post, send


class Item(BaseModel):
    name: str = "a"
    tags: list[str] = []


def build(f):
    @contextlib.asynccontextmanager
    async def lifespan(app):
        yield {"from_lifespan": "state"}

    app = f.FastAPI(
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        strict_content_type=False,
        lifespan=lifespan,
        root_path="/own-root",
        include_in_schema=True,
        deprecated=True,
    )

    @app.post("/items")
    def items(item: Item) -> Item:
        return item

    @app.get("/state")
    def state(request: f.Request):
        return [request.state.from_lifespan, request.scope["root_path"]]

    return app


CASES = [
    get("/docs"),
    get("/redoc"),
    get("/state"),
    get("/own-root/state"),
    *(
        send("POST", "/items", raw='{"name": "b"}', content_type=kind, note=f"content type {kind}")
        for kind in strategies.CONTENT_TYPES
    ),
    post("/items", {"name": 1}),
]
