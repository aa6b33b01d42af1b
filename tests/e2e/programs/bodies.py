"""Takes large bodies, and says what it has seen of them."""

import hashlib

from vivace import FastAPI, Request, UploadFile

PIECE = 1 << 20

app = FastAPI()


@app.post("/upload")
async def upload(file: UploadFile) -> dict[str, object]:
    digest = hashlib.sha256()
    while piece := await file.read(PIECE):
        digest.update(piece)
    return {"name": file.filename, "size": file.size, "sha256": digest.hexdigest(), "on_disk": not file._in_memory}


@app.post("/stream")
async def stream(request: Request) -> dict[str, object]:
    digest, size = hashlib.sha256(), 0
    async for piece in request.stream():
        digest.update(piece)
        size += len(piece)
    return {"size": size, "sha256": digest.hexdigest()}


@app.post("/limited", max_body_size=PIECE)
async def limited(request: Request) -> int:
    return sum([len(piece) async for piece in request.stream()])
