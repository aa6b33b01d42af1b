"""What only openapi.json shows: descriptions, tags, responses, callbacks, webhooks, examples, operation ids."""

import enum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field

from tests.differential.case import get, sub


class Tag(enum.Enum):
    ITEMS = "items"
    USERS = "users"


class Item(BaseModel):
    """An item.

    More of it.\fHidden.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Foo"}]}, title="The Item")
    name: str = Field(title="Name", description="Its name", examples=["Foo"], max_length=10)
    tag: Tag = Tag.ITEMS
    parent: "Item | None" = None
    kind: Literal["a", "b"] | None = Field(None, deprecated=True)
    values: dict[str, list[int]] = {}

    @computed_field(description="How long")
    @property
    def length(self) -> int:
        return len(self.name)


class Problem(BaseModel):
    message: str


class Defaults(BaseModel):
    a: int = 1
    b: list[str] = Field(default_factory=list)


def build(f):
    r, routing = sub(f, "responses"), sub(f, "routing")
    app = f.FastAPI(
        title="Described", summary="In short", description="At *length*", version="2.5.0", terms_of_service="http://terms",
        contact={"name": "C", "url": "http://c", "email": "c@c.example"}, license_info={"name": "MIT", "identifier": "MIT"},
        openapi_tags=[{"name": "items", "description": "Items", "externalDocs": {"url": "http://e"}}],
        servers=[{"url": "/", "description": "here"}, {"url": "https://{x}.example", "variables": {"x": {"default": "a"}}}],
        responses={500: {"model": Problem}}, openapi_external_docs={"url": "http://docs", "description": "More"},
        generate_unique_id_function=lambda route: f"own-{route.name}",
    )  # fmt: skip

    callbacks = f.APIRouter()

    @callbacks.post("{$callback_url}/events/{$request.body.id}", response_model=Problem)
    def event(body: Item):
        pass

    @app.webhooks.post("new-item", tags=["hooks"])
    def new_item(item: Item, x: Annotated[str, f.Header()]):
        """Sent when an item is new."""

    @app.post(
        "/items/",
        tags=[Tag.ITEMS, "plain"], summary="Make", description="Makes an **item**", response_description="Made",
        responses={
            404: {"model": Problem, "description": "None"}, "4XX": {"description": "Client"}, "default": {"model": Item},
            201: {"content": {"image/png": {}}}, 403: {"$ref": "#/x"}, 302: {"description": "Away", "headers": {"x": {"schema": {"type": "string"}}}},
        },
        status_code=201, operation_id="make_item", callbacks=callbacks.routes, openapi_extra={"x-own": {"a": 1}}, deprecated=True,
    )  # fmt: skip
    def make(item: Item, defaults: Defaults, n: Annotated[int, f.Body(examples=[1])] = 1) -> Item:
        return item

    @app.get("/docstring")
    def with_docstring():
        """Summary line.

        Longer text with `code`.
        \f
        Not shown.
        """

    @app.get("/hidden", include_in_schema=False)
    def hidden():
        return 1

    @app.get("/items/{item_id}/{path:path}", responses={200: {"model": Item, "description": "override"}})
    def item(
        item_id: Annotated[int, f.Path(title="The id", description="of it", ge=1, examples=[3])],
        path: str,
        q: Annotated[list[Tag] | None, f.Query(description="tags", deprecated=True)] = None,
        limit: Annotated[float, f.Query(gt=0, lt=5, multiple_of=0.5)] = 1,
        x_h: Annotated[str, f.Header(pattern="^a$", openapi_examples={"a": {"value": "a"}})] = "a",
        c: Annotated[Literal["x"] | None, f.Cookie()] = None,
        anything: Any = None,
    ):
        return [item_id, path, q, limit, x_h, c, anything]

    @app.get("/file", response_class=r.FileResponse)
    def file():
        pass

    @app.get("/html", response_class=r.HTMLResponse, responses={200: {"content": {"text/html": {"example": "<b>"}}}})
    def html():
        return "<b>"

    @app.get("/redirect", response_class=r.RedirectResponse, status_code=302)
    def redirect():
        return "/"

    @app.post("/upload")
    def upload(file: f.UploadFile, files: list[f.UploadFile], note: Annotated[str, f.Form(description="note")] = ""):
        pass

    @app.post("/input-output")
    def separate(item: Defaults) -> list[Defaults]:
        return [item]

    @app.api_route(
        "/many", methods=["GET", "PUT"], openapi_extra={"requestBody": {"content": {"application/yaml": {}}}}
    )
    def many():
        pass

    router = routing.APIRouter(
        prefix="/router",
        tags=["router"],
        responses={418: {"description": "Tea"}},
        deprecated=True,
        callbacks=callbacks.routes,
    )

    @router.get("/x", tags=["own"], responses={400: {"description": "Bad"}}, deprecated=False)
    def x():
        pass

    app.include_router(router, tags=["included"], responses={402: {"model": list[Problem]}})
    return app


CASES = [get("/docstring"), get("/openapi.json?x=1"), get("/hidden")]
