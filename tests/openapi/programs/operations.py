"""What is said of an operation and of the application: tags, texts, ids, deprecation, extras, servers."""

from enum import Enum

from pydantic import BaseModel


class Tags(Enum):
    items = "items"
    users = "users"


class Item(BaseModel):
    name: str


def build(f):
    app = f.FastAPI(
        title="All of it",
        summary="A summary",
        description="Some **text**",
        version="3.2.1",
        terms_of_service="http://terms.example/",
        contact={"name": "Me", "url": "http://me.example/contact", "email": "me@me.example", "x-more": None},
        license_info={"name": "MIT", "identifier": "MIT", "url": "http://mit.example"},
        openapi_tags=[
            {
                "name": "items",
                "description": "Items",
                "externalDocs": {"description": "More", "url": "http://x.example/"},
            },
            {"name": "users", "x-display": "U"},
        ],
        servers=[
            {"url": "/api"},
            {"url": "http://x.example", "description": "X", "variables": {"a": {"default": "1", "enum": ["1", "2"]}}},
        ],
        openapi_external_docs={"description": "Docs", "url": "http://docs.example/"},
    )

    @app.get("/", tags=["items", Tags.users, "items"], summary="Sum", description="Desc\fHidden", deprecated=True)
    def root():
        """Docstring that is not used."""

    @app.get("/docstring", tags=[])
    def a_function_with_docstring():
        """First line.

            Indented.
        Last line.
        \f
        Hidden.
        """

    @app.get("/id", operation_id="my_id", name="named-route")
    def with_id(): ...

    @app.get("/not-deprecated", deprecated=False, summary="")
    def not_deprecated(): ...

    @app.get("/hidden", include_in_schema=False)
    def hidden(): ...

    @app.get(
        "/extra",
        openapi_extra={
            "x-code": [{"lang": "curl", "none": None}],
            "parameters": [{"name": "also", "in": "query", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/x-yaml": {"schema": {"type": "object"}}}, "required": True},
            "responses": {"200": {"description": "Changed"}, "418": {"description": "Teapot"}},
            "tags": ["more"],
            "servers": [{"url": "http://other.example"}],
            "externalDocs": {"url": "http://e.example"},
            "security": [{"any": []}],
            "summary": "From extra",
        },
        tags=["first"],
    )
    def extra(q: int, item: Item): ...

    @app.get("/before-changed/{n}", responses={404: {"model": Item}})
    def before_changed(n: int) -> Item: ...

    @app.api_route(
        "/changed/{n}",
        methods=["GET", "PUT"],
        responses={200: {"model": list[Item]}, 404: {"model": Item}},
        openapi_extra={
            "responses": {
                "422": {"description": "Own", "content": {"application/json": {"schema": {"title": "Own"}}}},
                "404": {"content": {"application/json": {"schema": {"title": "Own"}}}},
            },
            "parameters": [{"$ref": "#/components/parameters/x"}],
        },
    )
    def changed(n: int) -> Item: ...

    @app.get("/after-changed/{n}", responses={404: {"model": Item}})
    def after_changed(n: int) -> Item: ...

    @app.get("/path/{a}/with-{b}.txt/{c:path}")
    def complicated_path(a, b, c): ...

    @app.api_route("/many", methods="POST GET DELETE HEAD OPTIONS PATCH PUT TRACE".split(), operation_id="many")
    def many(): ...

    @app.get("/shared")
    def shared_get(): ...

    @app.post("/shared")
    def shared_post(): ...

    class Callable:
        """Class text."""

        def __call__(self, a: int): ...

    app.add_api_route("/callable", Callable(), methods=["GET"], name="callable instance")

    @app.websocket("/ws")
    async def ws(websocket: f.WebSocket): ...

    app.mount("/sub", f.FastAPI())
    app.add_route("/plain", lambda request: None)

    return app
