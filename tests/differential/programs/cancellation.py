"""Requests that are cancelled from around the application, and what their dependencies see of it and do about it.

A middleware opens a cancel scope around each request, and answers 504 for one that was cancelled before it could answer.
"""

from itertools import product

import anyio
from starlette.responses import PlainTextResponse

from tests.differential.case import get

SCOPES = ("function", "request")
WHEN = ("never", "in the endpoint", "before the teardown", "in the teardown", "with an error")


class Cancellable:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def noting(message):
            nonlocal started
            started = True
            with anyio.CancelScope(
                shield=True
            ):  # whether sending waits, and could be cancelled, is the server's affair
                await send(message)

        with anyio.CancelScope() as scope["cancellable"]:
            await self.app(scope, receive, noting)
        if scope["cancellable"].cancelled_caught:
            scope["app"].state.events.append("cancelled")
            if not started:
                await PlainTextResponse("too late", 504)(scope, receive, send)


def build(f):
    app = f.FastAPI()
    app.add_middleware(Cancellable)

    def note(event):
        app.state.events.append(event)

    async def outer():
        note("outer in")
        try:
            yield
        except BaseException as error:
            note(f"outer saw {type(error).__name__}")
            raise
        finally:
            await anyio.sleep(0)
            note("outer out")

    async def inner(request: f.Request, when: str = "never", swallow: bool = False):
        note("inner in")
        try:
            yield
        except BaseException as error:
            note(f"inner saw {type(error).__name__}")
            if not swallow:
                raise
        finally:
            if when == "in the teardown":
                request.scope["cancellable"].cancel()
            await anyio.sleep(0)
            note("inner out")

    def threaded():
        note("threaded in")
        try:
            yield
        finally:
            note("threaded out")

    async def with_tasks():
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep_forever)
            try:
                yield anyio.get_current_task().id
            finally:
                group.cancel_scope.cancel()
        await anyio.sleep(0)
        note("tasks ended")

    async def endpoint(request: f.Request, when: str = "never"):
        note("endpoint")
        if when in ("in the endpoint", "before the teardown", "with an error"):
            request.scope["cancellable"].cancel()
        if when == "in the endpoint":
            await anyio.sleep(0)
        if when == "with an error":
            raise f.HTTPException(418)
        return when

    for one, two in product(SCOPES, repeat=2):
        for path, limit in (("", None), ("/limited", 1)):
            dependencies = [f.Depends(outer, scope=one, max_concurrency=limit), f.Depends(inner, scope=two)]
            app.get(f"/{one}-{two}{path}", dependencies=dependencies)(endpoint)
    for scope in SCOPES:
        app.get(f"/threaded/{scope}", dependencies=[f.Depends(threaded, scope=scope)])(endpoint)
        app.get(f"/mixed/{scope}", dependencies=[f.Depends(outer), f.Depends(threaded, scope=scope)])(endpoint)

        @app.get(f"/tasks/{scope}")
        async def in_one_task(request: f.Request, when: str = "never", entered=f.Depends(with_tasks, scope=scope)):
            note(f"in one task: {entered == anyio.get_current_task().id}")
            return await endpoint(request, when)

    return app


PATHS = [f"/{one}-{two}{path}" for one, two in product(SCOPES, repeat=2) for path in ("", "/limited")]
PATHS += [f"/{kind}/{scope}" for kind in ("threaded", "mixed", "tasks") for scope in SCOPES]
CASES = [get(f"{path}?when={when.replace(' ', '+')}") for path, when in product(PATHS, WHEN)]
CASES += [get(f"{path}?when={when.replace(' ', '+')}&swallow=yes") for path, when in product(PATHS[:8], WHEN)]
