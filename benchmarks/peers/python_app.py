"""The scenarios as one FastAPI program, written once and built on whichever framework module is given.

`build(fastapi)` and `build(vivace)` are the same program; that it needs no edit is part of what is measured.
"""

# The framework is a parameter, so its decorators have no types here; endpoints are as bare as the tutorial's.
# mypy: disable-error-code="untyped-decorator, no-untyped-def"

import importlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response


class Student(BaseModel):
    name: str
    age: int
    marks: float


class Item(BaseModel):
    id: int
    name: str
    price: float
    tags: list[str]
    in_stock: bool


ITEMS = [Item(id=n, name=f"item {n}", price=n * 1.5, tags=["a", "b"], in_stock=n % 2 == 0) for n in range(100)]


def build(framework: Any, *, middleware: bool = False) -> Any:
    """The application on `framework` (the module `fastapi` or `vivace`), behind middleware when asked."""
    app = framework.FastAPI()
    if middleware:
        add_middleware(framework, app)
    add_plain_routes(app)
    add_dependent_route(framework, app)
    return app


def add_plain_routes(app: Any) -> None:
    @app.get("/")
    async def home():
        return {"message": "Hello, World!"}

    @app.get("/sync")
    def home_in_a_thread():
        return {"message": "Hello, World!"}

    @app.get("/items/{item_id}")
    async def read_item(item_id: int, q: str | None = None, limit: int = 10):
        return {"item_id": item_id, "q": q, "limit": limit}

    @app.post("/student")
    async def add_student(student: Student):
        return {"status": "received", "data": student}

    @app.get("/list")
    async def list_items() -> list[Item]:
        return ITEMS

    @app.post("/bulk")
    async def add_items(items: list[Item]):
        return {"n": len(items)}


def add_dependent_route(framework: Any, app: Any) -> None:
    """`/me`: a session with teardown, a token read from a header, and a user who needs both."""
    Depends, Header = framework.Depends, framework.Header

    async def open_session() -> AsyncIterator[dict[str, bool]]:
        session = {"open": True}
        try:
            yield session
        finally:
            session["open"] = False

    async def read_token(authorization: Annotated[str, Header()]) -> str:
        scheme, _, token = authorization.partition(" ")
        if scheme != "Bearer" or not token:
            raise framework.HTTPException(401, "a bearer token is needed")
        return token

    async def current_user(
        token: Annotated[str, Depends(read_token)],
        session: Annotated[dict[str, bool], Depends(open_session)],
    ) -> dict[str, Any]:
        return {"id": 7, "token": token, "open": session["open"]}

    @app.get("/me")
    async def read_me(user: Annotated[dict[str, Any], Depends(current_user)]):
        return user


def add_middleware(framework: Any, app: Any) -> None:
    """CORS for one origin, and the middleware of FastAPI's tutorial: the time taken, in a header."""
    cors = importlib.import_module(f"{framework.__name__}.middleware.cors")
    app.add_middleware(cors.CORSMiddleware, allow_origins=["https://app.example"], allow_methods=["*"])

    @app.middleware("http")
    async def add_process_time(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        started = time.perf_counter()
        response = await call_next(request)
        response.headers["X-Process-Time"] = str(time.perf_counter() - started)
        return response
