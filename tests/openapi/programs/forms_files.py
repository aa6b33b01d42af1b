"""Forms and files."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Login(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str = Field(min_length=2, description="Who")
    password: str
    codes: list[int] = []
    alias: str | None = Field(None, alias="the-alias")


def build(f):
    app = f.FastAPI()
    File, Form, UploadFile = f.File, f.Form, f.UploadFile

    @app.post("/one")
    def one(a: Annotated[str, Form()]): ...

    @app.post("/several")
    def several(
        a: Annotated[str, Form(description="A")], b: Annotated[int, Form(gt=3)] = 4, c: list[str] = Form([])
    ): ...

    @app.post("/optional")
    def optional(a: Annotated[str | None, Form()] = None): ...

    @app.post("/model")
    def model(login: Annotated[Login, Form()]): ...

    @app.post("/model-embedded")
    def model_embedded(login: Annotated[Login, Form()], again: Annotated[str, Form()]): ...

    @app.post("/optional-model")
    def optional_model(login: Annotated[Login | None, Form()] = None): ...

    @app.post("/media-type")
    def media_type(a: Annotated[str, Form(media_type="multipart/form-data")]): ...

    @app.post("/upload")
    def upload(file: UploadFile): ...

    @app.post("/upload-optional")
    def upload_optional(file: UploadFile | None = None): ...

    @app.post("/upload-described")
    def upload_described(file: Annotated[UploadFile, File(description="A file", title="Up")]): ...

    @app.post("/bytes")
    def of_bytes(file: Annotated[bytes, File(min_length=1)]): ...

    @app.post("/bytes-optional")
    def bytes_optional(file: Annotated[bytes | None, File()] = None): ...

    @app.post("/many")
    def many(files: list[UploadFile], raw: Annotated[list[bytes], File()]): ...

    @app.post("/many-optional")
    def many_optional(files: list[UploadFile] | None = None): ...

    @app.post("/mixed")
    def mixed(file: Annotated[UploadFile, File()], data: Annotated[bytes, File()], token: Annotated[str, Form()]): ...

    @app.put("/oauth")
    def oauth(form: Annotated[f.security.OAuth2PasswordRequestForm, f.Depends()]): ...

    @app.put("/oauth-strict")
    def oauth_strict(form: Annotated[f.security.OAuth2PasswordRequestFormStrict, f.Depends()]): ...

    return app
