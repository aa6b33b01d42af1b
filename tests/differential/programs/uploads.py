"""Multipart to its corners: models with files, optional and empty files, broken messages, too much of anything."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tests.differential import strategies
from tests.differential.case import form, multipart, send


def build(f):
    app = f.FastAPI()
    Form, File, UploadFile = f.Form, f.File, f.UploadFile

    class Profile(BaseModel):
        name: str = Field(alias="full-name")
        age: int | None = None
        tags: list[str] = []
        picture: UploadFile
        attachments: list[UploadFile] = []

    class Strict(BaseModel):
        model_config = ConfigDict(extra="forbid")
        name: str
        file: UploadFile | None = None

    class Open(BaseModel):
        model_config = ConfigDict(extra="allow")
        name: str

    class Both(BaseModel):
        model_config = ConfigDict(populate_by_name=True)
        name: str = Field(validation_alias="in-name", serialization_alias="out-name")

    def shown(value):
        if isinstance(value, list):
            return [shown(item) for item in value]
        return value if isinstance(value, str | int | None) else [value.filename, value.size, value.content_type]

    @app.post("/profile")
    async def profile(data: Annotated[Profile, Form()]):
        return [data.name, data.age, data.tags, shown(data.picture), shown(data.attachments)]

    @app.post("/profile-file")
    async def profile_file(data: Annotated[Profile, File()]):
        return [data.name, data.age, data.tags, shown(data.picture), shown(data.attachments)]

    @app.post("/strict")
    def strict(data: Annotated[Strict, Form()]):
        return [data.name, shown(data.file)]

    @app.post("/open")
    def opened(data: Annotated[Open, Form()]):
        return {key: shown(value) for key, value in (data.model_dump()).items()}

    @app.post("/both")
    def both(data: Annotated[Both, Form()]):
        return data

    @app.post("/several")
    async def several(
        one: UploadFile,
        maybe: UploadFile | None = None,
        many: Annotated[list[UploadFile] | None, File()] = None,
        raw: Annotated[bytes | None, File(alias="the-raw")] = None,
        raws: Annotated[list[bytes], File(max_length=2)] = [],
        text: Annotated[str, Form(max_length=5)] = "t",
    ):
        return [shown(one), shown(maybe), shown(many), raw and len(raw), [len(data) for data in raws], text]

    async def taken(file: UploadFile):
        return (await file.read()).decode()

    @app.post("/twice")
    async def twice(file: UploadFile, raw: Annotated[bytes, File(alias="file")], taken: str = f.Depends(taken)):
        return [file.filename, raw.decode(), taken, (await file.read()).decode()]

    @app.post("/moves")
    async def moves(file: UploadFile):
        first = await file.read(2)
        await file.seek(1)
        rest = await file.read()
        await file.seek(0)
        await file.write(b"Z")
        await file.seek(0)
        changed = await file.read()
        await file.close()
        return [first.decode(), rest.decode(), changed.decode(), file.size]

    @app.post("/closed")
    async def closed(file: UploadFile, tasks: f.BackgroundTasks):
        tasks.add_task(lambda: app.state.events.append(file.file.closed))
        return file.file.closed

    @app.post("/body-then-form")
    async def body_then_form(request: f.Request):
        size = len(await request.body())
        fields = await request.form()
        again = await request.form()
        return [size, sorted(fields), fields is again, len(await request.body())]

    @app.post("/form-then-body")
    async def form_then_body(request: f.Request):
        fields = await request.form()
        try:
            return [sorted(fields), len(await request.body())]
        except RuntimeError as error:
            return [sorted(fields), str(error)]

    @app.post("/stream-then-body")
    async def stream_then_body(request: f.Request):
        pieces = [piece async for piece in request.stream()]
        try:
            return [len(b"".join(pieces)), len(await request.body())]
        except RuntimeError as error:
            return [len(b"".join(pieces)), str(error)]

    @app.post("/body-then-all")
    async def body_then_all(request: f.Request):
        body = await request.body()
        pieces = [piece async for piece in request.stream()]
        try:
            data = await request.json()
        except ValueError:
            data = "no JSON"
        return [len(body), len(b"".join(pieces)), data, await request.is_disconnected()]

    @app.post("/parameter-and-body")
    async def parameter_and_body(request: f.Request, data: dict[str, int]):
        return [data, (await request.body()).decode(), await request.json()]

    @app.post("/parameter-and-stream")
    async def parameter_and_stream(request: f.Request, data: dict[str, int]):
        return [data, b"".join([piece async for piece in request.stream()]).decode()]

    @app.post("/unread")
    async def unread():
        return "unread"

    @app.post("/context")
    async def context(request: f.Request):
        async with request.form(max_files=1, max_fields=2, max_part_size=10) as fields:
            return [[key, shown(value)] for key, value in fields.multi_items()]

    return app


def raw(url, body, boundary="x", kind=None):
    return send("POST", url, raw=body, content_type=kind or f"multipart/form-data; boundary={boundary}")


_FILE = ("picture", b"png", "a.png", "image/png")
_PART = 'content-disposition: form-data; name="one"; filename="a.txt"\r\n\r\nhello'
_ENDS = f"--x\r\n{_PART}\r\n--x--\r\n"

# Cut off within a file: Starlette leaves what it has of it to the garbage collector. `test_truncated.py` sends these.
TRUNCATED = [raw("/several", _ENDS[:length]) for length in range(70, len(_ENDS) - 2)]

CASES = [
    multipart("/profile", ("full-name", "A"), _FILE),
    multipart(
        "/profile",
        ("full-name", "A"),
        ("age", "5"),
        ("tags", "a"),
        ("tags", "b"),
        _FILE,
        ("attachments", b"1", "1", None),
    ),
    multipart("/profile", ("name", "A"), ("age", "x"), ("picture", "text")),
    multipart("/profile", ("full-name", ""), ("age", ""), ("picture", b"", "", None)),
    multipart("/profile", ("full-name", "A"), _FILE, ("picture", b"second", "b.png", None)),
    multipart(
        "/profile-file", ("full-name", "A"), ("attachments", b"1", "1", None), ("attachments", b"22", "2", "a/b"), _FILE
    ),
    multipart("/profile-file", ("attachments", "text"), _FILE),
    form("/profile", {"full-name": "A"}),
    multipart("/strict", ("name", "a")),
    multipart("/strict", ("name", "a"), ("file", b"1", "1", None)),
    multipart("/strict", ("name", "a"), ("other", "x"), ("more", b"1", "1", None)),
    multipart("/strict", ("name", "a"), ("name", "b"), ("file", b"", "", None)),
    form("/strict", [("other", "x")]),
    multipart("/open", ("name", "a"), ("x", "1"), ("x", "2"), ("file", b"1", "1", "a/b")),
    form("/both", {"in-name": "a"}),
    form("/both", {"name": "a"}),
    form("/both", {"out-name": "a"}),
    multipart("/several", ("one", b"1", "1.txt", "text/plain")),
    multipart("/several", ("one", b"", "", None)),
    multipart("/several", ("one", b"", "empty.txt", None), ("maybe", b"", "", None), ("many", b"", "", None)),
    multipart("/several", ("one", b"1", "", None)),
    multipart(
        "/several", ("one", b"1", "1", None), ("one", b"22", "2", None), ("many", b"1", "1", None), ("many", "text")
    ),
    multipart("/several", ("one", b"1", "1", None), ("many", b"", "", None), ("many", b"1", "1", None)),
    multipart(
        "/several", ("one", b"1", "1", None), ("the-raw", b"raw", "r", None), ("raws", b"1", "1", None), ("raws", "22")
    ),
    multipart("/several", ("one", b"1", "1", None), *(("raws", b"1", "1", None) for _ in range(3)), ("text", "longer")),
    multipart("/several", ("one", b"1", "1", None), ("the-raw", "text"), ("text", b"f", "f", None)),
    multipart("/several", ("maybe", b"1", "1", None)),
    multipart("/several"),
    multipart("/several", ("one", b"1", 'a"b\\c.txt', None)),
    multipart("/several", ("one", b"1", "../../etc/passwd", None)),
    multipart("/several", ("one", b"1", "ü" * 200, "text/plain; charset=utf-8")),
    multipart("/twice", ("file", b"hello", "a.txt", None)),
    multipart("/moves", ("file", b"hello", "a.txt", None)),
    multipart("/moves", ("file", b"h" * 2_000_000, "a.txt", None)),
    multipart("/closed", ("file", b"hello", "a.txt", None)),
    # broken messages
    raw("/several", _ENDS),
    *(raw("/several", _ENDS[:length]) for length in (0, 1, 3, 5, 20, 60, len(_ENDS) - 2)),
    raw("/several", _ENDS + "epilogue"),
    raw("/several", "preamble\r\n" + _ENDS),
    raw("/several", _ENDS.replace("\r\n", "\n")),
    raw("/several", _ENDS, boundary="y"),
    raw("/several", _ENDS, boundary=""),
    raw("/several", _ENDS, boundary='"x"'),
    raw("/several", _ENDS, boundary="x" * 300),
    raw("/several", _ENDS, kind="multipart/form-data"),
    raw("/several", _ENDS, kind="multipart/mixed; boundary=x"),
    raw("/several", _ENDS, kind="Multipart/Form-Data; boundary=x"),
    raw("/several", _ENDS, kind="multipart/form-data; charset=latin-1; boundary=x"),
    raw("/several", _ENDS, kind="multipart/form-data; charset=nonsense; boundary=x"),
    raw("/several", _ENDS.replace('name="one"; ', "")),
    raw("/several", _ENDS.replace("form-data", "attachment")),
    raw("/several", _ENDS.replace("content-disposition: ", "content-disposition ")),
    raw("/several", _ENDS.replace("content-disposition", "x-other")),
    raw("/several", _ENDS.replace('"a.txt"', "\"a.txt\"; filename*=UTF-8''%C3%BC.txt")),
    raw("/several", _ENDS.replace("\r\n\r\nhello", "\r\ncontent-transfer-encoding: base64\r\n\r\naGVsbG8=")),
    # as much as there may be, and more
    multipart("/context", ("a", "1"), ("b", "2"), ("f", b"x" * 99, "f", None)),
    multipart("/context", ("a", "1"), ("b", "2"), ("c", "3")),
    multipart("/context", ("f", b"1", "1", None), ("g", b"2", "2", None)),
    multipart("/context", ("a", "x" * 11)),
    form("/context", [("a", "1"), ("b", "2"), ("c", "3")]),
    form("/context", [("a", "x" * 11)]),
    form("/open", [("name", "a"), *((f"f{i}", "") for i in range(999))]),
    form("/open", [("name", "a"), *((f"f{i}", "") for i in range(1000))]),
    multipart("/open", ("name", "a"), *((f"f{i}", "") for i in range(1000))),
    multipart("/open", ("name", "a"), *((f"f{i}", b"", "f", None) for i in range(1001))),
    multipart("/open", ("name", "a" * (1024 * 1024))),
    multipart("/open", ("name", "a" * (1024 * 1024 + 1))),
    form("/open", {"name": "a" * (1024 * 1024 + 1)}),
    # read more than once
    *(
        make
        for path in "/body-then-form /form-then-body /stream-then-body /body-then-all /unread".split()
        for make in (
            form(path, {"a": "1"}),
            multipart(path, ("a", "1")),
            send("POST", path, {"a": 1}),
            send("POST", path),
        )
    ),
    *(
        send("POST", path, value)
        for path in ("/parameter-and-body", "/parameter-and-stream")
        for value in ({"a": 1}, {"a": "x"}, [])
    ),
    send("POST", "/body-then-all", raw=b"x" * 300_000, content_type=None),
]

DRAWN = strategies.form_requests(
    {
        "/strict": ["name", "file", "other"],
        "/open": ["name", "a", "b"],
        "/both": ["name", "in-name", "out-name"],
        "/several": "one maybe many the-raw raws text".split(),
        "/profile": "full-name age tags picture attachments".split(),
    }
)
