"""Forms: urlencoded and multipart fields, models of fields, files."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.differential import strategies
from tests.differential.case import form, multipart, post, send


class Login(BaseModel):
    username: str = Field(min_length=2)
    password: str
    remember: bool = False
    roles: list[Literal["a", "b"]] = []
    nick: str | None = Field(None, alias="nick-name")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int
    b: int | None = None


def build(f):
    app = f.FastAPI()
    Form, File, UploadFile = f.Form, f.File, f.UploadFile

    @app.post("/login")
    async def login(username: Annotated[str, Form()], password: Annotated[str, Form(min_length=3)]):
        return [username, password]

    @app.post("/fields")
    def fields(
        n: int = Form(1, gt=0),
        items: Annotated[list[str], Form()] = [],
        unique: Annotated[set[int], Form()] = set(),
        aliased: Annotated[str | None, Form(alias="the-alias")] = None,
        flag: Annotated[bool | None, Form()] = None,
        x: Annotated[float, Form()] = 0.5,
    ):
        return [n, items, sorted(unique), aliased, flag, x]

    @app.post("/model")
    def model(data: Annotated[Login, Form()]):
        return data

    @app.post("/strict-model")
    def strict_model(data: Annotated[Strict, Form()]):
        return data

    @app.post("/optional-model")
    def optional_model(data: Annotated[Login | None, Form()] = None):
        return data

    @app.post("/json-or-form")
    def plain(username: str = Form(media_type="application/x-www-form-urlencoded")):
        return username

    def shown(file):
        return {"name": file.filename, "type": file.content_type, "size": file.size, "headers": dict(file.headers)}

    @app.post("/file")
    async def one_file(file: UploadFile):
        return shown(file) | {"text": (await file.read()).decode("latin-1")}

    @app.post("/file-sync")
    def one_file_sync(file: Annotated[UploadFile, File(description="The file")]):
        return shown(file) | {"text": file.file.read().decode("latin-1")}

    @app.post("/bytes")
    def as_bytes(file: Annotated[bytes, File(max_length=8)]):
        return len(file)

    @app.post("/optional-file")
    async def optional_file(file: UploadFile | None = None, data: Annotated[bytes | None, File()] = None):
        return [file and shown(file), data and len(data)]

    @app.post("/files")
    async def files(files: list[UploadFile], raw: Annotated[list[bytes], File()] = []):
        return [[shown(file) for file in files], [len(data) for data in raw]]

    @app.post("/file-and-form")
    async def file_and_form(
        file: Annotated[UploadFile, File(alias="upload")], token: Annotated[str, Form()], n: Annotated[int, Form()] = 0
    ):
        return [shown(file), token, n]

    @app.post("/raw-form")
    async def raw_form(request: f.Request):
        async with request.form() as data:
            return [[key, value if isinstance(value, str) else value.filename] for key, value in data.multi_items()]

    @app.post("/form-and-request")
    async def form_and_request(request: f.Request, a: Annotated[str, Form()]):
        data = await request.form()
        return [a, dict(data)]

    return app


_FILE = ("file", b"hello \xff", "a.txt", "text/plain")

CASES = [
    form("/login", {"username": "a", "password": "secret"}),
    form("/login", {"username": "a", "password": "s"}),
    form("/login", {"username": "", "password": ""}),
    form("/login", {}),
    form("/login", [("username", "a"), ("username", "b"), ("password", "abc")]),
    multipart("/login", ("username", "ü"), ("password", "abc")),
    multipart("/login", ("username", "a", "f.txt", "text/plain"), ("password", "abc")),
    post("/login", {"username": "a", "password": "secret"}),
    send("POST", "/login", content_type=None),
    send("POST", "/login", raw="username=a&password=abc", content_type=None, note="no content type"),
    send("POST", "/login", raw="username=%FF&password=%zz%", content_type="application/x-www-form-urlencoded"),
    send(
        "POST", "/login", raw="username=a;password=abc", content_type="application/x-www-form-urlencoded; charset=utf-8"
    ),
    send("POST", "/login", raw=b"username=\xff&password=\xc3\xbcabc", content_type="application/x-www-form-urlencoded"),
    send("POST", "/login", raw="--x\r\nbroken", content_type="multipart/form-data; boundary=x"),
    send("POST", "/login", raw="x", content_type="multipart/form-data"),
    send("POST", "/login", raw="", content_type="multipart/form-data; boundary=x"),
    form("/fields", {}),
    form(
        "/fields",
        [
            ("n", "2"),
            ("items", "a"),
            ("items", "b"),
            ("unique", "2"),
            ("unique", "1"),
            ("unique", "2"),
            ("the-alias", "x"),
            ("flag", "on"),
        ],
    ),
    form("/fields", {"n": "0", "unique": "x", "flag": "?", "x": "y"}),
    form("/fields", {"n": "", "items": "", "flag": "", "x": ""}),
    multipart("/fields", ("items", "a"), ("items", "b"), ("n", "3")),
    form("/model", {"username": "me", "password": "p"}),
    form("/model", [("username", "m"), ("roles", "a"), ("roles", "c"), ("nick-name", "n")]),
    form("/model", {}),
    form("/model", {"username": "", "password": "", "nick-name": ""}),
    multipart("/model", ("username", "me"), ("password", "p"), ("extra", "1")),
    form("/strict-model", {"a": "1", "c": "2"}),
    form("/strict-model", [("a", "1"), ("a", "2"), ("d", "1"), ("d", "2")]),
    form("/optional-model", {}),
    form("/optional-model", {"username": "me", "password": "p"}),
    form("/json-or-form", {"username": "a"}),
    *(
        multipart(path, _FILE)
        for path in ("/file", "/file-sync", "/bytes", "/optional-file", "/files", "/file-and-form", "/raw-form")
    ),
    *(multipart(path) for path in ("/file", "/bytes", "/optional-file", "/files", "/raw-form")),
    *(multipart(path, ("file", "not a file")) for path in ("/file", "/bytes", "/optional-file", "/files")),
    *(multipart(path, ("file", b"", "", None)) for path in ("/file", "/bytes", "/optional-file")),
    *(form(path, {"file": "x"}) for path in ("/file", "/bytes", "/optional-file")),
    *(send("POST", path, content_type=None) for path in ("/file", "/optional-file", "/files")),
    multipart("/bytes", ("file", b"x" * 9, "a", None)),
    multipart(
        "/files", ("files", b"1", "1.txt", None), ("files", b"22", "2.txt", "text/html"), ("raw", b"333", "3", None)
    ),
    multipart("/files", ("files", b"1", "1.txt", None), ("files", "text")),
    multipart("/file-and-form", ("upload", b"1", "ü.txt", None), ("token", "t"), ("n", "5")),
    multipart("/file-and-form", ("upload", b"1", "a.txt", None), ("n", "x")),
    multipart("/file", ("file", b"x" * 1_100_000, "big.bin", "application/octet-stream")),
    form("/raw-form", [("a", "1"), ("a", "2")]),
    form("/form-and-request", {"a": "1", "b": "2"}),
]


DRAWN = strategies.form_requests(
    {
        "/login": ["username", "password"],
        "/fields": "n items unique the-alias flag x".split(),
        "/model": "username password remember roles nick-name".split(),
        "/strict-model": ["a", "b", "c"],
    }
)
