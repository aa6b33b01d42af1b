"""Models as groups of path parameters, and other types that a path takes under names that it has not."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Json

from tests.differential import strategies
from tests.differential.case import get


class Parts(BaseModel):
    a: int
    b: str = Field("x", min_length=2)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int


class Renamed(BaseModel):
    number: int = Field(alias="a")


class Several(BaseModel):
    a: list[int]


NEVER_FOUND = {
    "list": list[int],
    "dict": dict[str, int],
    "union": Parts | int,
    "json": Json[Parts],
    "none": Parts | None,
}


def build(f):
    app = f.FastAPI()

    @app.get("/whole/{a}/{b}")
    async def whole(parts: Annotated[Parts, f.Path()]):
        return parts

    @app.get("/default-style/{a}")
    def default_style(parts: Parts = f.Path()):
        return parts

    @app.get("/strict/{a}")
    def strict(parts: Annotated[Strict, f.Path()]):
        return parts

    @app.get("/too-much/{a}/{b}")
    def too_much(parts: Annotated[Strict, f.Path()]):
        return parts

    @app.get("/renamed/{a}")
    def renamed(parts: Annotated[Renamed, f.Path()], number: int = 0):
        return parts, number

    @app.get("/beside/{a}/{b}")
    def beside(parts: Annotated[Parts, f.Path()], b: str, query: Annotated[Parts, f.Query()]):
        return parts, b, query

    @app.get("/several/{a}")
    def several(parts: Annotated[Several, f.Path()]):
        return parts

    def dependency(parts: Annotated[Parts, f.Path()]):
        return parts

    @app.get("/below/{a}/{b}")
    def below(parts: Annotated[Parts, f.Depends(dependency)]):
        return parts

    def never_found(name, kind):
        @app.get(f"/never-found/{name}/{{a}}", name=name)
        def read(value: Annotated[kind, f.Path()]):
            return value

    for name, kind in NEVER_FOUND.items():
        never_found(name, kind)

    return app


CASES = [
    *[get(f"/{name}/1/xy") for name in ("whole", "too-much", "beside", "below")],
    *[get(f"/{name}/q/z") for name in ("whole", "too-much", "beside", "below")],
    *[get(f"/{name}/{value}") for name in ("default-style", "strict", "renamed", "several") for value in "1q"],
    get("/beside/1/xy?a=2&b=yz"),
    *[get(f"/never-found/{name}/1") for name in NEVER_FOUND],
]

DRAWN = strategies.path_requests("", "default-style strict renamed several".split())
