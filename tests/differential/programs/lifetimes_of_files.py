"""How long an uploaded file can be read: by handlers of exceptions, dependencies, background tasks and streams."""

from typing import Annotated

from tests.differential.case import multipart, sub


class Own(Exception):
    pass


def build(f):
    app = f.FastAPI()
    responses = sub(f, "responses")
    kept = {}

    def note(text):
        app.state.events.append([text, kept["file"].file.closed])

    def keep(file: f.UploadFile):
        kept["file"] = file
        try:
            yield file
        finally:
            note("dependency")

    Kept = Annotated[object, f.Depends(keep)]

    @app.exception_handler(sub(f, "exceptions").RequestValidationError)
    async def invalid(request, error):
        kept.setdefault("file", error.body["file"])
        note("invalid")
        return responses.PlainTextResponse(await error.body["file"].read(), 422)

    @app.exception_handler(Own)
    def own(request, error):
        note("own")
        return responses.PlainTextResponse(kept["file"].file.read(), 400)

    @app.exception_handler(f.HTTPException)
    async def http(request, error):
        note("http")
        return responses.PlainTextResponse("x", error.status_code)

    @app.exception_handler(Exception)
    async def server_error(request, error):
        note("server error")
        return responses.PlainTextResponse("x", 500)

    @app.post("/invalid")
    async def never(file: f.UploadFile, n: Annotated[int, f.Form()]): ...

    @app.post("/invalid-beside-dependency")
    def never_either(file: Kept, n: Annotated[int, f.Form()]): ...

    @app.post("/raises/{what}")
    async def raises(what: str, file: Kept):
        raise {"own": Own(), "http": f.HTTPException(418), "error": ValueError()}[what]

    @app.post("/function-scoped/{what}")
    def function_scoped(what: str, file: Annotated[object, f.Depends(keep, scope="function")]):
        raise {"own": Own(), "http": f.HTTPException(418), "error": ValueError()}[what]

    @app.post("/in-background")
    async def in_background(file: Kept, tasks: f.BackgroundTasks):
        tasks.add_task(note, "background")

    @app.post("/streamed")
    def streamed(file: Kept):
        def chunks():
            note("stream")
            yield from file.file

        return responses.StreamingResponse(chunks())

    class Watching(sub(f, "routing").APIRoute):
        def get_route_handler(self):
            handle = super().get_route_handler()

            async def watched(request):
                try:
                    return await handle(f.Request(dict(request.scope), request.receive))
                finally:
                    note("route class")

            return watched

    router = f.APIRouter(route_class=Watching)

    @router.post("/own-class")
    async def own_class(file: Kept):
        raise Own

    app.include_router(router)

    class Afterwards:
        def __init__(self, app):
            self.app = app

        async def __call__(self, scope, receive, send):
            kept.clear()
            try:
                await self.app(scope, receive, send)
            finally:
                if kept:
                    note("afterwards")

    app.add_middleware(Afterwards)

    return app


_PATHS = [
    "/invalid",
    "/invalid-beside-dependency",
    *(f"/{scope}/{what}" for scope in ("raises", "function-scoped") for what in ("own", "http", "error")),
    "/in-background",
    "/streamed",
    "/own-class",
]

# One in memory, one on disk.
CASES = [multipart(path, ("file", content, "a.txt", None)) for path in _PATHS for content in (b"hi", b"x" * 1_100_000)]
