"""Responses: models, classes, statuses, and everything `responses` can say."""

from typing import Annotated, Any

from pydantic import BaseModel, Field


class Item(BaseModel):
    id: str
    value: str | None = None


class Message(BaseModel):
    message: str = Field(description="Text")


class Other(BaseModel):
    other: int


def build(f):
    app = f.FastAPI(responses={500: {"description": "Broken", "model": Message}})
    r = f.responses

    @app.get("/none")
    def none(): ...

    @app.get("/annotated")
    def annotated() -> Item: ...

    @app.get("/declared", response_model=Item, response_description="Here it is")
    def declared() -> Any: ...

    @app.get("/switched-off", response_model=None)
    def switched_off() -> Item: ...

    @app.get("/annotated-none")
    def annotated_none() -> None: ...

    @app.get("/union")
    def union() -> Item | Other | None: ...

    @app.get("/list")
    def of_list() -> list[Item]: ...

    @app.get("/dict")
    def of_dict() -> dict[str, Item]: ...

    @app.get("/scalar")
    def scalar() -> int: ...

    @app.get("/any")
    def of_any() -> Any: ...

    @app.get("/response")
    def response() -> r.Response: ...

    @app.get("/redirect")
    def redirect() -> r.RedirectResponse: ...

    @app.get("/annotated-field")
    def annotated_field() -> Annotated[int, Field(gt=3, description="Many")]: ...

    for (
        name
    ) in "Response JSONResponse HTMLResponse PlainTextResponse RedirectResponse StreamingResponse FileResponse".split():

        @app.get(f"/class/{name}", response_class=getattr(r, name))
        def of_class(): ...

        @app.get(f"/class-with-model/{name}", response_class=getattr(r, name), response_model=Item)
        def of_class_with_model(): ...

    class Xml(r.Response):
        media_type = "application/xml"

    class Problem(r.JSONResponse):
        media_type = "application/problem+json"

    class Created(r.JSONResponse):
        def __init__(self, content: Any, status_code: int = 201, **kwargs: Any) -> None:
            super().__init__(content, status_code, **kwargs)

    class NoMedia(r.JSONResponse):
        media_type = None

    for cls in (Xml, Problem, Created, NoMedia):

        @app.get(f"/own-class/{cls.__name__}", response_class=cls, responses={404: {"model": Message}, 410: {}})
        def of_own_class(): ...

        @app.get(f"/own-class-with-model/{cls.__name__}", response_class=cls, status_code=202)
        def of_own_class_with_model() -> Item: ...

    for status in (200, 201, 204, 205, 299, 304, 100, 404, 418, 599):

        @app.get(f"/status/{status}", status_code=status)
        def of_status(): ...

        @app.post(f"/status-for/{status}", responses={status: {}})
        def of_responses_status(n: int): ...

    @app.post(
        "/additional/{n}",
        responses={
            200: {
                "content": {"image/png": {}},
                "description": "Item or image",
                "headers": {"X-A": {"schema": {"type": "integer"}}},
            },
            404: {"model": Message, "description": "Not there"},
            "403": {"model": Message},
            422: {"model": Other, "description": "Own"},
            "5XX": {"model": Other},
            "default": {"model": Message},
            302: {"description": "Moved", "links": {"next": {"operationId": "x", "parameters": {"a": None}}}},
            400: {
                "content": {
                    "application/json": {
                        "example": {"a": None, "b": 1},
                        "schema": {"$ref": "#/components/schemas/Item"},
                    }
                }
            },
            418: {"model": Message, "content": {"application/json": {"examples": {"x": {"value": 1}}}}},
            419: {"model": Message | Other | None},
            420: {"model": list[Message], "x-extension": {"deep": [1, {"a": None}]}},
            421: {"description": ""},
        },
    )
    def additional(n: int) -> Item: ...

    @app.get("/only-4xx/{n}", responses={"4XX": {"model": Message}})
    def only_4xx(n: int): ...

    @app.get("/only-default/{n}", responses={"default": {"description": "x"}})
    def only_default(n: int): ...

    @app.get("/upper-default/{n}", responses={"DEFAULT": {}})
    def upper_default(n: int): ...

    @app.get("/same-status/{n}", responses={"200": {"description": "Text 200"}, 200: {"model": Other}})
    def same_status(n: int) -> Item: ...

    @app.get("/same-status-model/{n}", responses={200: {"model": Other}}, response_model=Item)
    def same_status_model(n: int): ...

    @app.get("/text-with-model", response_class=r.PlainTextResponse, responses={404: {"model": Message}})
    def text_with_model(): ...

    return app
