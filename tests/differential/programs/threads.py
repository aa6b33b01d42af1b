"""Synchronous endpoints and dependencies: what they see of the request's context, of anyio, and what they raise."""

import threading
from contextvars import ContextVar

import anyio
import anyio.from_thread
from sniffio import AsyncLibraryNotFoundError, current_async_library

from tests.differential.case import get

USER: ContextVar[str] = ContextVar("user", default="nobody")


def library():
    try:
        return current_async_library()
    except AsyncLibraryNotFoundError:
        return None


def frames(error):
    """The functions of this program that an exception has come through."""
    names, traceback = [], error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        names += [code.co_name] if code.co_filename == __file__ else []
        traceback = traceback.tb_next
    return names


def build(f):
    app = f.FastAPI()

    @app.exception_handler(LookupError)
    def on_lookup(request: f.Request, exc: LookupError):
        return f.responses.JSONResponse([str(exc), frames(exc), threading.current_thread().name], 404)

    @app.exception_handler(RuntimeError)
    async def on_runtime(request: f.Request, exc: RuntimeError):
        return f.responses.JSONResponse([str(exc), type(exc.__cause__).__name__, frames(exc.__cause__)], 500)

    async def sets_before():
        USER.set("set before")

    def sets_in_a_thread():
        USER.set("set in a thread")

    def generator():
        USER.set("set in a generator")
        app.state.events.append(threading.current_thread().name)
        try:
            yield USER.get()
        except LookupError as error:
            app.state.events.append(str(error))
            raise
        finally:
            app.state.events.append(anyio.from_thread.run_sync(library))

    @app.get("/context", dependencies=[f.Depends(sets_before), f.Depends(sets_in_a_thread)])
    def context():
        return [USER.get(), threading.current_thread().name]

    @app.get("/generator")
    def after_generator(value: str = f.Depends(generator), fails: bool = False):
        if fails:
            raise LookupError("lost")
        return [value, USER.get()]

    @app.get("/loop")
    def loop():
        async def in_the_loop():
            await anyio.sleep(0)
            USER.set("set in the loop")
            return [USER.get(), library(), threading.current_thread().name == here]

        here = threading.current_thread().name
        USER.set("set in the thread")
        anyio.from_thread.check_cancelled()
        return [
            library(),
            anyio.from_thread.run(in_the_loop),
            USER.get(),
            anyio.from_thread.run(anyio.to_thread.run_sync, USER.get),
        ]

    @app.get("/tokens")
    def tokens():
        def statistics():
            now = anyio.to_thread.current_default_thread_limiter().statistics()
            return [now.borrowed_tokens, now.total_tokens, now.tasks_waiting, len(now.borrowers)]

        return anyio.from_thread.run_sync(statistics)

    @app.get("/fails/{how}")
    def fails(how: str):
        if how == "http":
            raise f.HTTPException(418, "teapot")
        raise {"lookup": LookupError("lost"), "stop": StopIteration(3)}[how]

    @app.get("/in-a-scope")
    def in_a_scope(_: None = f.Depends(scoped(anyio))):
        anyio.from_thread.check_cancelled()
        return anyio.from_thread.run(shielded_from_nothing)

    return app


def scoped(library):
    async def dependency():
        with library.move_on_after(60):
            yield

    return dependency


async def shielded_from_nothing():
    return anyio.current_effective_deadline() < anyio.current_time() + 61


CASES = [
    get("/context"),
    get("/generator"),
    get("/generator?fails=yes"),
    get("/loop"),
    get("/tokens"),
    get("/fails/http"),
    get("/fails/lookup"),
    get("/fails/stop"),
    get("/in-a-scope"),
]
