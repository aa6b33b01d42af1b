"""Idempotency keys, through both doors, on every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from tests.doors import Call
from tests.kit.applications import Meeting, application, at_once
from vivace import APIRouter, Depends, FastAPI, File, Form, Header, HTTPException, Request, Response, UploadFile
from vivace.kit.cache import Cache
from vivace.kit.limits import KitRoute, Limits
from vivace.kit.store import Store
from vivace.responses import JSONResponse, StreamingResponse


class Order(BaseModel):
    item: str
    count: int = 1


@pytest.fixture
def ran() -> Counter[str]:
    return Counter()


@pytest.fixture
def limits(served_store: Store) -> Limits:
    return Limits(served_store)


@pytest.fixture
def app(served_store: Store) -> FastAPI:
    app = application(served_store)
    app.router.route_class = KitRoute
    return app


@pytest.fixture
def shop(app: FastAPI, limits: Limits, ran: Counter[str]) -> FastAPI:
    @app.post("/orders", status_code=201)
    @limits.idempotent()
    async def order(order: Order, response: Response) -> dict[str, Any]:
        ran["order"] += 1
        response.headers["Location"] = f"/orders/{ran['order']}"
        return {"number": ran["order"], "item": order.item}

    return app


def key(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


def test_the_first_answer_is_given_again(call: Call, shop: FastAPI, ran: Counter[str]) -> None:
    with call(shop) as client:
        first, second = (client.post("/orders", json={"item": "tea"}, headers=key("a")) for _ in range(2))
        assert first.json() == second.json() == {"number": 1, "item": "tea"}
        assert first.status_code == second.status_code == 201
        assert second.headers["location"] == "/orders/1"
        assert second.headers["content-type"] == "application/json"
        assert "idempotency-replayed" not in first.headers
        assert second.headers["idempotency-replayed"] == "true"
        assert client.post("/orders", json={"item": "tea"}, headers=key("b")).json()["number"] == 2
        assert [client.post("/orders", json={"item": "tea"}).json()["number"] for _ in range(2)] == [3, 4]


@pytest.mark.parametrize(
    "other",
    [{"json": {"item": "milk"}}, {"json": {"item": "tea"}, "params": {"x": 1}}, {"content": b'{"item":"milk"}'}],
)
def test_another_request_under_the_same_key_is_422(
    call: Call, shop: FastAPI, ran: Counter[str], other: dict[str, Any]
) -> None:
    with call(shop) as client:
        client.post("/orders", json={"item": "tea"}, headers=key("a"))
        answer = client.post("/orders", headers=key("a"), **other)
        assert answer.status_code == 422
        (error,) = answer.json()["detail"]
        assert error["type"] == "idempotency_key_reused"
        assert error["loc"] == ["header", "Idempotency-Key"]
        assert client.post("/orders", json={"item": "tea"}, headers=key("a")).status_code == 201
    assert ran["order"] == 1


def test_fifty_at_once_run_once(call: Call, app: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    meeting = Meeting(50)

    def who(request: Request) -> str:
        meeting.come()
        return ""

    @app.post("/pay")
    @limits.idempotent(by=who)
    async def pay(order: Order) -> int:
        ran["pay"] += 1
        await meeting.all_here()
        return ran["pay"]

    with call(app) as client:
        answers = at_once(50, lambda: client.post("/pay", json={"item": "tea"}, headers=key("a")))
    assert Counter((answer.status_code, answer.text) for answer in answers) == {(200, "1"): 50}
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 49
    assert ran["pay"] == 1


def test_who_waits_for_too_long_is_told_to_come_again(
    call: Call, app: FastAPI, limits: Limits, ran: Counter[str]
) -> None:
    refused = asyncio.Event()

    @app.post("/pay")
    @limits.idempotent(wait=0)
    async def pay() -> int:
        ran["pay"] += 1
        await refused.wait()
        return ran["pay"]

    @app.post("/refused")
    async def set_refused() -> None:
        refused.set()

    with call(app) as client:

        def ask() -> int:
            answer = client.post("/pay", headers=key("a"))
            if answer.status_code == 409:
                assert answer.headers["retry-after"] == "1"
                client.post("/refused")
            return answer.status_code

        assert sorted(at_once(2, ask)) == [200, 409]
    assert ran["pay"] == 1


# -- what may be tried again, and what may not


@pytest.mark.parametrize(
    ("error", "runs"),
    [
        (HTTPException(402, {"reason": "no money"}, headers={"X-Why": "poor"}), 1),
        (HTTPException(404, "none"), 1),
        (HTTPException(503, "later"), 3),
        (RuntimeError("a bug"), 3),
    ],
    ids=repr,
)
def test_a_refusal_is_given_again_and_a_failure_may_be_tried_again(
    call: Call, app: FastAPI, limits: Limits, ran: Counter[str], error: Exception, runs: int
) -> None:
    @app.post("/pay")
    @limits.idempotent()
    def pay() -> None:
        ran["pay"] += 1
        raise error

    with call(app, raises=False) as client:
        answers = [client.post("/pay", headers=key("a")) for _ in range(3)]
    assert len({(answer.status_code, answer.text, answer.headers.get("x-why")) for answer in answers}) == 1
    assert ran["pay"] == runs
    assert ("idempotency-replayed" in answers[2].headers) == (runs == 1)


def test_a_response_with_5xx_may_be_tried_again(call: Call, app: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    @app.post("/pay")
    @limits.idempotent()
    async def pay() -> Response:
        ran["pay"] += 1
        return JSONResponse("x", status_code=502 if ran["pay"] == 1 else 200)

    with call(app) as client:
        assert [client.post("/pay", headers=key("a")).status_code for _ in range(3)] == [502, 200, 200]
    assert ran["pay"] == 2


def test_what_never_began_may_be_tried_again(call: Call, shop: FastAPI, ran: Counter[str]) -> None:
    with call(shop) as client:
        assert client.post("/orders", json={"count": "x"}, headers=key("a")).status_code == 422
        assert client.post("/orders", json={"item": "tea"}, headers=key("a")).status_code == 201
    assert ran["order"] == 1


def test_guards_run_for_every_request_and_what_they_refuse_is_not_kept(
    call: Call, app: FastAPI, limits: Limits, ran: Counter[str]
) -> None:
    def guard(token: Annotated[str, Header()]) -> None:
        ran["guard"] += 1
        if token != "s3cret":
            raise HTTPException(403)

    @app.post("/pay", dependencies=[Depends(guard)])
    @limits.idempotent()
    async def pay() -> int:
        ran["pay"] += 1
        return ran["pay"]

    with call(app) as client:
        tokens = ("wrong", "s3cret", "wrong", "s3cret")
        statuses = [client.post("/pay", headers={"token": token, **key("a")}).status_code for token in tokens]
    assert statuses == [403, 200, 403, 200]
    assert ran == {"guard": 4, "pay": 1}


def test_each_client_has_keys_of_its_own(call: Call, shop: FastAPI, ran: Counter[str]) -> None:
    with call(shop) as client:
        for _ in range(2):
            numbers = [
                client.post("/orders", json={"item": "tea"}, headers={"Authorization": who, **key("a")}).json()[
                    "number"
                ]
                for who in ("Bearer a", "Bearer b")
            ]
            assert numbers == [1, 2]


def test_endpoints_do_not_meet(call: Call, shop: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    @shop.patch("/orders")
    @limits.idempotent()
    async def change(order: Order) -> str:
        return "changed"

    with call(shop) as client:
        assert client.post("/orders", json={"item": "tea"}, headers=key("a")).json()["number"] == 1
        assert client.patch("/orders", json={"item": "tea"}, headers=key("a")).json() == "changed"


@pytest.mark.parametrize(("kind", "status"), [("stream", 200), ("large", 200), ("refusal", 402)])
def test_an_answer_that_can_not_be_kept_is_not_given_again_and_not_done_again(
    call: Call, store_url: str, namespace: str, ran: Counter[str], kind: str, status: int
) -> None:
    store = Store.from_url(store_url, namespace=namespace, max_value_bytes=500)
    app = application(store)
    app.router.route_class = KitRoute

    @app.post("/pay")
    @Limits(store).idempotent()
    async def pay() -> Response:
        ran["pay"] += 1
        if kind == "refusal":
            raise HTTPException(402, "x" * 500)
        return StreamingResponse(iter([b"a"])) if kind == "stream" else Response(b"x" * 500)

    with call(app) as client:
        answers = [client.post("/pay", headers=key("a")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [status, 409, 409]
    assert "was done already" in answers[1].json()["detail"]
    assert ran["pay"] == 1


def test_files_and_forms(call: Call, app: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    @app.post("/upload")
    @limits.idempotent()
    async def upload(file: Annotated[UploadFile, File()], name: Annotated[str, Form()]) -> dict[str, Any]:
        ran["upload"] += 1
        return {"name": name, "size": len(await file.read())}

    boundary = {"Content-Type": "multipart/form-data; boundary=x", **key("a")}
    body = (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nann\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n12345\r\n--x--\r\n'
    )
    with call(app) as client:
        assert [client.post("/upload", content=body, headers=boundary).json() for _ in range(2)] == [
            {"name": "ann", "size": 5}
        ] * 2
    assert ran["upload"] == 1


def test_in_a_router_and_around_a_cache(call: Call, served_store: Store, limits: Limits, ran: Counter[str]) -> None:
    router = APIRouter(route_class=KitRoute)

    @router.api_route("/both", methods=["GET", "POST"])
    @limits.idempotent()
    @Cache(served_store)(ttl=60)
    async def both(request: Request) -> str:
        ran[request.method] += 1
        return request.method

    app = application(served_store)
    app.include_router(router, prefix="/in")
    with call(app) as client:
        assert [client.get("/in/both").json() for _ in range(2)] == ["GET"] * 2
        assert [client.post("/in/both", headers=key("a")).json() for _ in range(2)] == ["POST"] * 2
    assert ran == {"GET": 1, "POST": 1}


def test_around_a_cache_the_first_answer_is_given_again_and_not_a_newer_one(
    call: Call, served_store: Store, app: FastAPI, limits: Limits, ran: Counter[str]
) -> None:
    cache = Cache(served_store)

    @app.get("/number")
    @limits.idempotent()
    @cache(ttl=60, tags=["number"])
    async def number() -> int:
        ran["number"] += 1
        return ran["number"]

    @app.post("/forget")
    async def forget() -> None:
        await cache.invalidate("number")

    with call(app) as client:
        assert client.get("/number", headers=key("a")).json() == 1
        client.post("/forget")
        assert client.get("/number").json() == 2
        again = client.get("/number", headers=key("a"))
        assert (again.json(), again.headers["idempotency-replayed"]) == (1, "true")
        assert client.get("/number", headers=key("b")).json() == 2, "kept by the cache"


def test_within_a_cache_what_is_kept_is_not_asked_for(
    call: Call, served_store: Store, app: FastAPI, limits: Limits, ran: Counter[str]
) -> None:
    @app.api_route("/both", methods=["GET", "POST"])
    @Cache(served_store)(ttl=60)
    @limits.idempotent()
    async def both(request: Request) -> int:
        ran[request.method] += 1
        return ran[request.method]

    with call(app) as client:
        for name in ("a", "a", "b", ""):
            answer = client.get("/both", headers=key(name) if name else {})
            assert (answer.json(), "idempotency-replayed" in answer.headers) == (1, False)
        assert [client.post("/both", headers=key(name)).json() for name in ("c", "c", "d", "d")] == [1, 1, 2, 2]
    assert ran == {"GET": 1, "POST": 2}


@pytest.mark.parametrize("name", [None, "a"], ids=["without", "with"])
def test_head_with_both_is_answered_with_the_head_of_get(
    call: Call, served_store: Store, app: FastAPI, limits: Limits, ran: Counter[str], name: str | None
) -> None:
    @app.api_route("/both", methods=["GET", "HEAD"])
    @limits.idempotent()
    @Cache(served_store)(ttl=60)
    async def both() -> str:
        ran["both"] += 1
        return "x" * ran["both"]

    with call(app) as client:
        get = client.get("/both")
        head = client.head("/both", headers=key(name) if name else {})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "3")
    assert {**get.headers, "age": ""} == {**head.headers, "age": ""}
    assert ran["both"] == 1


# -- whose key it is, by a dependency


@pytest.fixture
def by_user(app: FastAPI, limits: Limits, ran: Counter[str]) -> FastAPI:
    def user(token: Annotated[str, Header()]) -> int:
        """The id in a token "id.number"."""
        ran["user"] += 1
        name, _, _ = token.partition(".")
        if not name.isdigit():
            raise HTTPException(401)
        return int(name)

    @app.post("/pay")
    @limits.idempotent(by=Depends(user))
    async def pay(order: Order, who: int = Depends(user)) -> dict[str, Any]:
        ran["pay"] += 1
        if order.item == "nothing":
            raise HTTPException(402, "none")
        return {"number": ran["pay"], "user": who}

    app.state.user = user
    return app


def pay(client: Any, token: str, name: str = "a", item: str = "tea") -> Any:
    return client.post("/pay", json={"item": item}, headers={"token": token, **key(name)})


def test_a_refreshed_token_keeps_its_keys(call: Call, by_user: FastAPI, ran: Counter[str]) -> None:
    with call(by_user) as client:
        first, refreshed, other = (pay(client, token) for token in ("1.1", "1.2", "2.1"))
        assert first.json() == refreshed.json() == {"number": 1, "user": 1}
        assert ["idempotency-replayed" in answer.headers for answer in (first, refreshed)] == [False, True]
        assert other.json() == {"number": 2, "user": 2}
        assert pay(client, "1.3", item="milk").status_code == 422
        assert [pay(client, "1.4", "b", "nothing").status_code for _ in range(2)] == [402, 402]
        assert pay(client, "x").status_code == 401
    assert ran == {"pay": 3, "user": 7}, "the dependency runs once for each request"


def test_what_a_dependency_refuses_may_be_tried_again(call: Call, by_user: FastAPI, ran: Counter[str]) -> None:
    with call(by_user) as client:
        answers = [pay(client, token) for token in ("x", "1", "x", "1")]
        assert [answer.status_code for answer in answers] == [401, 200, 401, 200]
        assert client.post("/pay", json={"count": "x"}, headers={"token": "1", **key("b")}).status_code == 422
        assert pay(client, "1", "b").status_code == 200
    assert ran["pay"] == 2


def test_whose_key_it_is_can_be_overridden(call: Call, by_user: FastAPI, ran: Counter[str]) -> None:
    by_user.dependency_overrides[by_user.state.user] = lambda: 7
    with call(by_user) as client:
        assert [pay(client, token).json() for token in ("1", "2")] == [{"number": 1, "user": 7}] * 2


def test_those_of_a_user_wait_for_the_first(call: Call, app: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    meeting = Meeting(20)

    async def user() -> str:
        meeting.come()
        return "ann"

    @app.post("/pay")
    @limits.idempotent(by=Depends(user))
    async def pay() -> int:
        ran["pay"] += 1
        await meeting.all_here()
        return ran["pay"]

    with call(app) as client:
        answers = at_once(20, lambda: client.post("/pay", headers=key("a")))
    assert Counter((answer.status_code, answer.text) for answer in answers) == {(200, "1"): 20}
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19


# -- keys and declaring


def test_a_key_is_validated(call: Call, app: FastAPI, limits: Limits, ran: Counter[str]) -> None:
    @app.post("/must")
    @limits.idempotent(required=True)
    async def must() -> str:
        ran["must"] += 1
        return "ok"

    with call(app) as client:
        missing = client.post("/must")
        assert missing.status_code == 422
        assert missing.json()["detail"][0]["loc"] == ["header", "Idempotency-Key"]
        for wrong in ("", "x" * 256):
            assert client.post("/must", headers=key(wrong)).status_code == 422
        assert not ran
        for right in ("x" * 255, "*", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'):
            assert client.post("/must", headers=key(right)).status_code == 200


def test_the_key_shows_in_the_document(app: FastAPI, limits: Limits) -> None:
    @app.post("/may", responses={409: {"description": "Of its own"}})
    @limits.idempotent()
    async def may() -> str: ...

    @app.post("/must")
    @limits.idempotent(required=True)
    async def must() -> str: ...

    paths = app.openapi()["paths"]
    for path, required in {"/may": False, "/must": True}.items():
        (parameter,) = paths[path]["post"]["parameters"]
        assert (parameter["name"], parameter["in"], parameter["required"]) == ("Idempotency-Key", "header", required)
        assert parameter["description"].startswith("Tells a repeated request from a new one")
        assert set(paths[path]["post"]["responses"]) == {"200", "409", "422"}
    assert paths["/may"]["post"]["responses"]["409"]["description"] == "Of its own"


def test_on_an_ordinary_router_it_is_refused_rather_than_unprotected(call: Call, limits: Limits) -> None:
    app = FastAPI()

    @app.post("/pay")
    @limits.idempotent()
    async def pay() -> str:
        return "paid"

    with (
        call(app) as client,
        pytest.raises(RuntimeError, match="only on a router with route_class=KitRoute"),
    ):
        client.post("/pay")


def test_what_makes_no_sense_is_refused(limits: Limits) -> None:
    async def stream():  # type: ignore[no-untyped-def]
        yield 1

    with pytest.raises(TypeError, match="a stream can't be given again"):
        limits.idempotent()(stream)
    for options in ({"ttl": 0}, {"lease": 0}, {"wait": -1}):
        with pytest.raises(ValueError, match="seconds, above 0"):
            limits.idempotent(**options)  # type: ignore[arg-type]


# -- when the store is down


def test_closed_without_the_store_nothing_runs_and_open_everything(call: Call, down: Store, ran: Counter[str]) -> None:
    app = application(down)
    app.router.route_class = KitRoute
    limits = Limits(down)

    @app.post("/closed")
    @limits.idempotent()
    async def closed() -> None:
        ran["closed"] += 1

    @app.post("/open")
    @limits.idempotent(on_store_down="open")
    async def open_() -> None:
        ran["open"] += 1

    with call(app) as client:
        for _ in range(2):
            answer = client.post("/closed", headers=key("a"))
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert client.post("/open", headers=key("a")).status_code == 200
        assert client.post("/closed").status_code == 200, "without a key there is nothing to ask the store"
    assert ran == {"open": 2, "closed": 1}
