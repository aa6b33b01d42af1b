"""What type checkers say about decorated functions: that they stay what they are."""

from typing import assert_type

from vivace import APIRouter, FastAPI

app = FastAPI()
router = APIRouter()


@app.get("/items/{item_id}", tags=["items"])
async def read(item_id: int) -> str:
    return str(item_id)


@router.post("/items")
def create(name: str) -> int:
    return len(name)


@router.api_route("/items", methods=["PUT", "PATCH"])
def change(name: str) -> int:
    return len(name)


async def decorated_functions_keep_their_types() -> None:
    assert_type(await read(1), str)
    assert_type(create("a"), int)
    assert_type(change("a"), int)


app.get("/", tagz=["items"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
app.include_router(router)
