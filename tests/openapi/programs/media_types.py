"""What several parts of a body, each with a media type of its own, make of the body's."""

import inspect
from itertools import product
from typing import Annotated

from pydantic import BaseModel

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


class One(BaseModel):
    a: int = 1


class Other(BaseModel):
    b: int = 1


def build(f):
    app = f.FastAPI()
    charset = f"{URLENCODED}; charset=utf-8"
    markers = [f.Form(), *(f.Form(media_type=name) for name in (MULTIPART, charset, "application/x"))]
    markers += [f.File(), f.File(media_type="application/x"), f.Body(), f.Body(embed=True)]
    markers += [f.Body(media_type=name) for name in ("application/x", "application/y")]

    def endpoint(parameters):
        def endpoint(**values): ...

        endpoint.__signature__ = inspect.Signature(parameters)
        return endpoint

    def parameter(name, annotation):
        return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)

    for i, types in enumerate([(str, str), (One, str), (One, Other)]):
        for j, pair in enumerate(product(markers, repeat=2)):
            first, second = (
                parameter(name, Annotated[type_, marker])
                for name, type_, marker in zip(("first", "second"), types, pair, strict=True)
            )
            below = parameter("below", Annotated[object, f.Depends(endpoint([first]))])
            app.post(f"/beside/{i}/{j}")(endpoint([first, second]))
            app.post(f"/below/{i}/{j}")(endpoint([below, second]))

    return app
