"""Forms of several models, of models that may be left out, and of models with several names for a field."""

from typing import Annotated, Literal

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, RootModel


class Profile(BaseModel):
    name: str
    note: str = "x"


class Settings(BaseModel):
    limit: int


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    name: str


class Empty(BaseModel):
    pass


class ByName(BaseModel):
    """Known by two names."""

    model_config = ConfigDict(populate_by_name=True)
    value: int = Field(alias="first", description="A value")
    other: int = Field(3, alias="second")


class Choices(BaseModel):
    name: str = Field(validation_alias=AliasChoices("full_name", "nickname"))


class PathChoices(BaseModel):
    name: str = Field(validation_alias=AliasChoices("full_name", AliasPath("names", 0)))


class OnlyByName(BaseModel):
    model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
    name: str = Field(alias="alias")


class Person(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    kind: Literal["person"] = Field(alias="type")
    age: int


class Company(BaseModel):
    kind: Literal["company"] = Field(alias="type")


class Numbers(RootModel[list[int]]):
    pass


def build(f):
    app = f.FastAPI()
    Body, Depends, File, Form, UploadFile = f.Body, f.Depends, f.File, f.Form, f.UploadFile
    models = {model.__name__: model for model in (Profile, Open, Empty, ByName, Choices, PathChoices, OnlyByName)}
    models["Numbers"] = Numbers
    for name, model in models.items():

        @app.post(f"/with-other/{name}")
        def with_other(model: Annotated[model, Form()], token: Annotated[str, Form()]): ...

        @app.post(f"/optional/{name}")
        def optional(model: Annotated[model | None, Form()] = None): ...

        @app.post(f"/nullable/{name}")
        def nullable(model: Annotated[model | None, Form()]): ...

    @app.post("/several")
    def several(a: Annotated[Profile, Form()], b: Annotated[Settings, Form()], c: Annotated[str, Form()] = "c"): ...

    @app.post("/described")
    def described(
        a: Annotated[Profile, Form(title="Who", description="A profile", examples=[{"name": "x"}])],
        b: Annotated[Settings | None, Form(title="How", description="Settings")] = None,
        c: Annotated[int, Form(description="C", gt=3, alias="the-c")] = 4,
    ): ...

    @app.post("/defaults")
    def defaults(a: Annotated[Profile, Form()] = Profile(name="x"), b: Annotated[int, Form()] = 1): ...

    @app.post("/optional-default")
    def optional_default(data: Annotated[Profile | Settings | None, Form()] = Profile(name="x")): ...

    @app.post("/union")
    def union(a: Annotated[Profile | ByName, Form()], token: Annotated[str, Form()]): ...

    @app.post("/union-alone")
    def union_alone(a: Annotated[Profile | ByName, Form()]): ...

    @app.post("/union-optional")
    def union_optional(a: Annotated[Profile | Open | None, Form()] = None): ...

    @app.post("/discriminated")
    def discriminated(a: Annotated[Person | Company, Form(discriminator="kind")], b: Annotated[str, Form()]): ...

    @app.post("/discriminated-optional")
    def discriminated_optional(a: Annotated[Person | Company | None, Form(discriminator="kind")] = None): ...

    @app.post("/files")
    def files(
        profile: Annotated[Profile, Form()],
        files: Annotated[list[UploadFile], File()],
        last: Annotated[bytes, File(alias="files")],
    ): ...

    @app.post("/lists-stay")
    def lists_stay(a: Annotated[Profile, Form()], b: Annotated[list[Settings], Form()]): ...

    @app.post("/body-stays")
    def body_stays(a: Annotated[Profile, Form()], b: Annotated[Settings, Body()]): ...

    def one(data: Annotated[Profile, Form()], token: Annotated[int, Form()]): ...

    @app.post("/dependencies")
    def dependencies(data: Annotated[Settings, Form()], token: Annotated[str, Form()], d=Depends(one)): ...

    def same(data: Annotated[Profile, Form()]): ...

    @app.post("/same-twice")
    def same_twice(data: Annotated[Profile, Form()], d=Depends(same)): ...

    return app
