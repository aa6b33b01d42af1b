"""Background tasks: injected, through dependencies, on a returned response, after errors."""

from typing import Annotated

from starlette.background import BackgroundTask

from tests.differential.case import get, sub


def build(f):
    app = f.FastAPI()
    r = sub(f, "responses")
    BackgroundTasks = f.BackgroundTasks

    def note(text, **more):
        app.state.events.append([text, more])

    async def note_async(text):
        app.state.events.append(text)

    def fails():
        note("failing")
        raise RuntimeError("in the background")

    def dependency(tasks: BackgroundTasks, q: str | None = None):
        tasks.add_task(note, "dependency", q=q)
        return q

    def resource():
        note("open")
        yield "r"
        note("close")

    @app.get("/one")
    def one(tasks: BackgroundTasks):
        tasks.add_task(note, "one", a=1)
        note("endpoint")
        return "one"

    @app.get("/several")
    async def several(tasks: BackgroundTasks, q: Annotated[str | None, f.Depends(dependency)]):
        tasks.add_task(note_async, "async")
        tasks.add_task(note, "sync")
        return q

    @app.get("/returned")
    def returned():
        return r.PlainTextResponse("x", background=BackgroundTask(note, "on the response"))

    @app.get("/both")
    def both(tasks: BackgroundTasks):
        tasks.add_task(note, "injected")
        return r.PlainTextResponse("x", background=BackgroundTask(note, "on the response"))

    @app.get("/injected-with-response")
    def injected_with_response(tasks: BackgroundTasks):
        tasks.add_task(note, "injected")
        return r.JSONResponse("x")

    @app.get("/error")
    def error(tasks: BackgroundTasks):
        tasks.add_task(note, "never")
        raise f.HTTPException(400)

    @app.get("/failing")
    def failing(tasks: BackgroundTasks):
        tasks.add_task(fails)
        tasks.add_task(note, "never")
        return "sent"

    @app.get("/with-resource")
    def with_resource(tasks: BackgroundTasks, x: Annotated[str, f.Depends(resource)]):
        tasks.add_task(note, x)
        return x

    @app.get("/with-function-resource")
    def with_function_resource(tasks: BackgroundTasks, x: Annotated[str, f.Depends(resource, scope="function")]):
        tasks.add_task(note, x)
        return x

    @app.get("/status", status_code=202)
    async def status(tasks: BackgroundTasks, response: f.Response):
        tasks.add_task(note_async, "status")
        response.headers["x-a"] = "b"
        return None

    return app


CASES = [
    get(path)
    for path in (
        "/one /several /several?q=a /returned /both /injected-with-response /error /failing /with-resource "
        "/with-function-resource /status"
    ).split()
]
