"""Files sent back: whole, in parts, on condition; HEAD."""

import os
import tempfile
from pathlib import Path

from tests.differential.case import get, request, sub

# One file for both frameworks: etag and last-modified come of its size and its time.
_CONTENT = bytes(range(256)) * 40
_PATH = Path(tempfile.mkdtemp(prefix="differential-")) / "data.bin"
_PATH.write_bytes(_CONTENT)
os.utime(_PATH, (1_700_000_000, 1_700_000_000))
_TEXT = _PATH.with_name("tëxt.txt")
_TEXT.write_text("hello ü\n", encoding="utf-8")
os.utime(_TEXT, (1_700_000_000, 1_700_000_000))
_EMPTY = _PATH.with_name("empty.html")
_EMPTY.touch()
os.utime(_EMPTY, (1_700_000_000, 1_700_000_000))


def build(f):
    app = f.FastAPI()
    responses = sub(f, "responses")
    FileResponse, StreamingResponse = responses.FileResponse, responses.StreamingResponse

    @app.api_route("/file", methods=["GET", "HEAD"])
    async def file():
        return FileResponse(_PATH)

    @app.get("/by-class", response_class=FileResponse)
    def by_class():
        return str(_PATH)

    @app.api_route("/text", methods=["GET", "HEAD"])
    def text():
        return FileResponse(_TEXT, filename=_TEXT.name)

    @app.get("/inline")
    def inline():
        return FileResponse(_TEXT, filename="a b.txt", content_disposition_type="inline", headers={"x-a": "b"})

    @app.get("/typed")
    def typed():
        return FileResponse(_PATH, media_type="image/png", status_code=201)

    @app.get("/empty")
    def empty():
        return FileResponse(_EMPTY)

    @app.get("/missing")
    def missing():
        return FileResponse(_PATH.with_name("missing"))

    @app.get("/directory")
    def directory():
        return FileResponse(_PATH.parent)

    async def used():
        app.state.events.append("open")
        yield 1
        app.state.events.append("close")

    @app.get("/dependency")
    async def dependency(tasks: f.BackgroundTasks, used: int = f.Depends(used)):
        tasks.add_task(app.state.events.append, "background")
        return FileResponse(_TEXT)

    @app.api_route("/stream", methods=["GET", "HEAD"])
    async def stream():
        async def pieces():
            for piece in (b"a", b"", "ü", memoryview(b"c")):
                yield piece

        return StreamingResponse(pieces(), media_type="text/plain", headers={"x-a": "b"})

    @app.get("/stream-plain")
    def stream_plain():
        return StreamingResponse(iter(["a", "b"]), status_code=206, background=None)

    @app.get("/stream-length")
    def stream_length():
        return StreamingResponse(iter([b"abc"]), headers={"content-length": "3"})

    @app.get("/stream-empty")
    def stream_empty():
        return StreamingResponse(iter([]), status_code=204)

    app.mount("/static", sub(f, "staticfiles").StaticFiles(directory=_PATH.parent, html=True))
    return app


_SIZE = len(_CONTENT)
_RANGES = [
    "bytes=0-0",
    "bytes=0-9",
    "bytes=10-",
    "bytes=-10",
    f"bytes={_SIZE - 1}-",
    f"bytes=0-{_SIZE - 1}",
    f"bytes=0-{_SIZE}",
    f"bytes={_SIZE}-",
    f"bytes={_SIZE + 5}-{_SIZE + 9}",
    f"bytes=-{_SIZE * 2}",
    "bytes=-0",
    "bytes=9-0",
    "bytes=0-1,5-6",
    "bytes=0-5,3-9",
    "bytes=5-6, 0-1",
    "bytes=0-1,2-3",
    f"bytes=0-1,{_SIZE}-",
    "bytes=",
    "bytes=-",
    "bytes=a-b",
    "bytes=1",
    "bytes=0-1,",
    "bytes = 0-1",
    "Bytes=0-1",
    "items=0-1",
    "0-1",
    "",
    "bytes=" + ",".join(f"{i}-{i}" for i in range(0, 60, 2)),
]
_ETAG = '"wrong"'
_DATE = "Tue, 14 Nov 2023 22:13:20 GMT"  # of the files

# The boundary between the parts of several ranges is drawn anew for each answer: `test_ranges.py` sends these.
SEVERAL = [text for text in _RANGES if "," in text and not text.endswith(f",{_SIZE}-") and text != "bytes=0-1,"]

CASES = [
    *(get(path) for path in "/file /by-class /text /inline /typed /empty /missing /directory /dependency".split()),
    *(get(path) for path in "/stream /stream-plain /stream-length /stream-empty".split()),
    *(request("HEAD", path) for path in "/file /text /stream /by-class /static/data.bin".split()),
    *(get("/file", {"range": text}) for text in _RANGES if text not in SEVERAL),
    *(request("HEAD", "/file", {"range": text}) for text in ("bytes=0-9", f"bytes={_SIZE}-")),
    *(get("/by-class", {"range": text}) for text in ("bytes=0-9", f"bytes={_SIZE}-")),
    *(get("/empty", {"range": text}) for text in ("bytes=0-", "bytes=0-0", "bytes=-1")),
    get("/dependency", {"range": "bytes=0-1"}),
    get("/typed", {"range": "bytes=0-1"}),
    get("/file", {"range": "bytes=0-9", "if-range": _ETAG}),
    get("/file", {"range": "bytes=0-9", "if-range": _DATE}),
    get("/file", {"range": "bytes=0-9", "if-range": "Tue, 14 Nov 2022 22:13:20 GMT"}),
    get("/file", {"range": "bytes=0-9", "if-range": ""}),
    get("/file", {"if-none-match": "*"}),
    get("/file", {"if-modified-since": _DATE}),
    get("/static/data.bin"),
    get("/static/data.bin", {"range": "bytes=0-9"}),
    get("/static/data.bin", {"if-none-match": "*"}),
    get("/static/data.bin", {"if-none-match": _ETAG}),
    get("/static/data.bin", {"if-modified-since": _DATE}),
    get("/static/data.bin", {"if-modified-since": "Tue, 14 Nov 2022 22:13:20 GMT"}),
    get("/static/data.bin", {"if-modified-since": "yesterday"}),
    get("/static/missing"),
    request("POST", "/static/data.bin"),
]
