"""Cached endpoints, through both doors, on every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest

from tests.doors import Call
from tests.kit.applications import Meeting, application, at_once
from vivace import APIRouter, BackgroundTasks, Depends, FastAPI, Header, HTTPException, Query, Request, Response
from vivace.kit.cache import Cache, KitRoute
from vivace.kit.store import Store
from vivace.responses import JSONResponse, StreamingResponse
from vivace.routing import APIRoute


@pytest.fixture
def ran() -> Counter[str]:
    """What ran how often."""
    return Counter()


@pytest.fixture
def app(served_store: Store) -> FastAPI:
    app = application(served_store)
    app.router.route_class = KitRoute
    return app


@pytest.fixture
def cache(served_store: Store) -> Cache:
    return Cache(served_store)


def test_a_hit_does_not_run_the_endpoint(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/items/{number}", status_code=200)
    @cache(ttl=60)
    async def item(number: int, q: Annotated[list[str] | None, Query()] = None) -> dict[str, Any]:
        ran["endpoint"] += 1
        return {"number": number, "q": q, "text": "é"}

    with call(app) as client:
        first, second = client.get("/items/1?q=a"), client.get("/items/1?q=a")
        assert first.json() == second.json() == {"number": 1, "q": ["a"], "text": "é"}
        assert first.headers == second.headers
        assert ran["endpoint"] == 1
        for other in ("/items/2?q=a", "/items/1", "/items/1?q=b", "/items/1?q=a&q=a"):
            client.get(other)
        assert ran["endpoint"] == 5
        assert client.get("/items/x").status_code == client.get("/items/x").status_code == 422


def test_hosts_paths_and_queries_do_not_meet(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/{path:path}")
    @cache(ttl=60)
    async def echo(path: str, request: Request) -> list[str]:
        return [request.headers["host"], path, request.url.query]

    targets = [
        ("a", "/x"),
        ("b", "/x"),
        ("a", "/x%3Fq?"),
        ("a", "/x?q?"),
        ("a", "/x%3Fq"),
        ("a", "/x?q"),
        ("a1", "/x"),
    ]
    with call(app) as client:
        for _ in range(2):
            for host, target in targets:
                path, _, query = target.partition("?")
                answer = client.get(target, headers={"host": host}).json()
                assert answer == [host, path[1:].replace("%3F", "?"), query]


def test_a_def_endpoint_and_a_response_of_ones_own(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/page")
    @cache(ttl=60)
    def page(request: Request) -> Response:
        ran["endpoint"] += 1
        return Response(b"\x00<html>\n\xff", media_type="text/html", headers={"X-Own": "a, b"})

    with call(app) as client:
        for _ in range(2):
            answer = client.get("/page")
            assert answer.content == b"\x00<html>\n\xff"
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["x-own"] == "a, b"
    assert ran["endpoint"] == 1


def test_the_document_is_as_without_a_cache(app: FastAPI, cache: Cache) -> None:
    plain = FastAPI()

    def declare(app: FastAPI, wrap: Any) -> None:
        async def item(number: int, q: str = "x") -> dict[str, int]:
            """Text."""
            return {}

        app.get("/items/{number}")(wrap(item))

    declare(plain, lambda function: function)
    declare(app, cache(ttl=60))
    assert app.openapi() == plain.openapi()


def test_an_endpoint_without_cache_keeps_its_plan(app: FastAPI) -> None:
    @app.get("/")
    async def home() -> str:
        return "home"

    assert type(app.routes[-1]) is APIRoute
    assert app.routes[-1].plan.source is not None


# -- dependencies


async def dependency(request: Request, response: Response) -> AsyncIterator[str]:
    request.app.state.ran["enters"] += 1
    response.headers["X-From-Dependency"] = "yes"
    yield "value"
    request.app.state.ran["leaves"] += 1


def test_dependencies_run_for_a_hit_since_they_may_be_guards(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    def guard(token: Annotated[str, Header()]) -> None:
        if token != "s3cret":
            raise HTTPException(403)

    @app.get("/secret", dependencies=[Depends(guard)])
    @cache(ttl=60)
    async def secret(value: Annotated[str, Depends(dependency)]) -> str:
        ran["endpoint"] += 1
        return value

    app.state.ran = ran
    with call(app) as client:
        answers = [client.get("/secret", headers={"token": "s3cret"}) for _ in range(3)]
        assert [answer.json() for answer in answers] == ["value"] * 3
        assert [answer.headers["x-from-dependency"] for answer in answers] == ["yes"] * 3
        assert ran == {"endpoint": 1, "enters": 3, "leaves": 3}
        assert client.get("/secret", headers={"token": "wrong"}).status_code == 403
        assert client.get("/secret").status_code == 422
        etag = answers[0].headers["etag"]
        assert client.get("/secret", headers={"token": "wrong", "if-none-match": etag}).status_code == 403


def test_dependencies_can_be_left_out(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/open")
    @cache(ttl=60, run_dependencies=False)
    async def open_(value: Annotated[str, Depends(dependency)]) -> str:
        ran["endpoint"] += 1
        return value

    app.state.ran = ran
    with call(app) as client:
        assert [client.get("/open").json() for _ in range(3)] == ["value"] * 3
    assert ran == {"endpoint": 1, "enters": 1, "leaves": 1}


def test_an_included_router_keeps_its_cache(call: Call, served_store: Store, cache: Cache, ran: Counter[str]) -> None:
    router = APIRouter(route_class=KitRoute, prefix="/inner")

    @router.get("/{name}")
    @cache(ttl=60)
    async def inner(name: str) -> str:
        ran["endpoint"] += 1
        return name

    app = application(served_store)
    for prefix in ("/one", "/two"):
        app.include_router(router, prefix=prefix)
    with call(app) as client:
        for path in ("/one/inner/x", "/two/inner/x", "/one/inner/x"):
            assert client.get(path).json() == "x"
    assert ran["endpoint"] == 2


# -- conditional requests and what clients are told


def test_a_client_that_has_it_already_gets_304(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.api_route("/data", methods=["GET", "HEAD"])
    @cache(ttl=60)
    async def data() -> str:
        ran["endpoint"] += 1
        return "data"

    with call(app) as client:
        etag = client.get("/data").headers["etag"]
        assert etag.startswith('W/"')
        for known in (etag, etag.removeprefix("W/"), "*", f'"other", {etag}', f'W/"a,b" ,{etag}'):
            for method in ("GET", "HEAD"):
                answer = client.request(method, "/data", headers={"if-none-match": known})
                assert (answer.status_code, answer.content) == (304, b"")
                assert answer.headers["etag"] == etag
                assert answer.headers["cache-control"] == "public, no-cache"
                assert "content-type" not in answer.headers
                assert "content-length" not in answer.headers
        for unknown in ('"other"', "", "nonsense", etag[:-2] + '"', '"' + etag + '"'):
            assert client.get("/data", headers={"if-none-match": unknown}).status_code == 200
    assert ran["endpoint"] == 1


def test_the_first_answer_is_conditional_too(call: Call, app: FastAPI, cache: Cache) -> None:
    @app.get("/data")
    @cache(ttl=60)
    async def data() -> str:
        return "data"

    with call(app) as client:
        etag = client.get("/data?other").headers["etag"]
        assert client.get("/data", headers={"if-none-match": etag}).status_code == 304
        assert client.get("/data").json() == "data"


def test_head_is_get_without_its_body(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.api_route("/data", methods=["GET", "HEAD"])
    @cache(ttl=60)
    async def data(request: Request) -> str:
        ran[request.method] += 1
        return "data"

    with call(app) as client:
        for _ in range(2):
            early = client.head("/data")
            assert (early.status_code, early.content) == (200, b"")
        get, head = client.get("/data"), client.head("/data")
        assert get.text == '"data"'
        assert head.content == b""
        assert head.headers == get.headers
        assert head.headers["content-length"] == "6"
        assert ran == {"HEAD": 2, "GET": 1}, "what HEAD answers is not kept for GET"


@pytest.mark.parametrize(
    ("options", "control"),
    [
        ({}, "public, no-cache"),
        ({"max_age": 30}, "public, max-age=30"),
        ({"max_age": 0}, "public, max-age=0"),
        ({"max_age": 30, "stale": 10}, "public, max-age=30, stale-while-revalidate=10"),
        ({"user": lambda request: "ann"}, "private, no-cache"),
        ({"vary": ["Authorization"], "max_age": 5}, "private, max-age=5"),
        ({"vary": ["Accept-Language"]}, "public, no-cache"),
    ],
)
def test_clients_are_told_how_long_they_may_keep_it(
    call: Call, app: FastAPI, cache: Cache, options: dict[str, Any], control: str
) -> None:
    @app.get("/data")
    @cache(ttl=60, **options)
    async def data() -> str:
        return "data"

    with call(app) as client:
        for age in (None, 0):
            headers = client.get("/data").headers
            assert headers["cache-control"] == control
            assert headers.get("vary", "").lower() == ", ".join(options.get("vary", [])).lower()
            if "max_age" in options and age is not None:
                assert 0 <= int(headers["age"]) < 60
            else:
                assert "age" not in headers


def test_what_the_endpoint_says_itself_stays(call: Call, app: FastAPI, cache: Cache) -> None:
    @app.get("/data")
    @cache(ttl=60)
    async def data(response: Response) -> str:
        response.headers["ETag"] = '"v1"'
        response.headers["Cache-Control"] = "public, max-age=7"
        return "data"

    with call(app) as client:
        for _ in range(2):
            answer = client.get("/data")
            assert (answer.headers["etag"], answer.headers["cache-control"]) == ('"v1"', "public, max-age=7")
        assert client.get("/data", headers={"if-none-match": 'W/"v1"'}).status_code == 304


# -- what is not kept


def _not_found() -> Any:
    raise HTTPException(404)


NOT_KEPT: dict[str, Any] = {
    "an error": _not_found,
    "another status": lambda: JSONResponse("made", status_code=201),
    "a redirect": lambda: Response(status_code=307, headers={"location": "/"}),
    "a stream": lambda: StreamingResponse(iter([b"a", b"b"])),
    "a cookie": lambda: Response("x", headers={"set-cookie": "session=1"}),
    "no-store": lambda: Response("x", headers={"cache-control": "max-age=1, No-Store"}),
    "private": lambda: Response("x", headers={"cache-control": 'private="x"'}),
}


@pytest.mark.parametrize("make", NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_is_not_for_everybody_or_no_success_is_not_kept(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str], make: Any
) -> None:
    @app.get("/data")
    @cache(ttl=60)
    async def data() -> Any:
        ran["endpoint"] += 1
        return make()

    with call(app) as client:
        answers = [client.get("/data", follow_redirects=False) for _ in range(2)]
    assert ran["endpoint"] == 2
    assert "etag" not in answers[0].headers
    assert answers[0].content == answers[1].content


def test_other_methods_pass_by(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.api_route("/data", methods=["GET", "POST", "DELETE"])
    @cache(ttl=60)
    async def data(request: Request) -> str:
        ran[request.method] += 1
        return request.method

    with call(app) as client:
        for method in ("GET", "POST", "DELETE", "GET", "POST", "DELETE"):
            answer = client.request(method, "/data")
            assert answer.json() == method
            assert ("etag" in answer.headers) == (method == "GET")
    assert ran == {"GET": 1, "POST": 2, "DELETE": 2}


def test_an_answer_that_is_too_large_for_the_store_is_not_kept(
    call: Call, store_url: str, namespace: str, ran: Counter[str]
) -> None:
    store = Store.from_url(store_url, namespace=namespace, max_value_bytes=200)
    app = application(store)
    app.router.route_class = KitRoute

    @app.get("/data")
    @Cache(store)(ttl=60)
    async def data() -> str:
        ran["endpoint"] += 1
        return "x" * 200

    with call(app) as client:
        assert [len(client.get("/data").json()) for _ in range(2)] == [200, 200]
    assert ran["endpoint"] == 2


# -- whose answer it is


def test_requests_with_credentials_pass_by_unless_it_is_said_whose_they_are(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    @app.get("/me")
    @cache(ttl=60)
    async def me(request: Request) -> Any:
        ran["endpoint"] += 1
        return request.headers.get("authorization") or request.headers.get("cookie")

    with call(app) as client:
        for headers in ({"authorization": "Bearer a"}, {"cookie": "session=b"}, {}, {"authorization": "Bearer a"}):
            for _ in range(2):
                assert client.get("/me", headers=headers).json() == (next(iter(headers.values())) if headers else None)
    assert ran["endpoint"] == 7


@pytest.mark.parametrize(
    "options",
    [
        {"vary": ["Authorization"]},
        {"user": lambda request: request.headers.get("authorization")},
    ],
)
def test_each_user_has_answers_of_their_own(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str], options: dict[str, Any]
) -> None:
    @app.get("/me")
    @cache(ttl=60, **options)
    async def me(request: Request) -> Any:
        ran["endpoint"] += 1
        return request.headers.get("authorization")

    with call(app) as client:
        for _ in range(2):
            for user in ("Bearer a", "Bearer b", 'Bearer a","'):
                assert client.get("/me", headers={"authorization": user}).json() == user
            assert client.get("/me").json() is None
    assert ran["endpoint"] == 4


def test_a_private_answer_is_kept_for_its_user(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/me")
    @cache(ttl=60, user=lambda request: request.headers["name"])
    async def me(name: Annotated[str, Header()], response: Response) -> str:
        ran["endpoint"] += 1
        response.headers["Cache-Control"] = "private, max-age=5"
        return name

    with call(app) as client:
        assert [client.get("/me", headers={"name": name}).json() for name in ("a", "b", "a")] == ["a", "b", "a"]
    assert ran["endpoint"] == 2


def test_what_is_public_is_kept_for_requests_with_credentials(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    @app.get("/news")
    @cache(ttl=60, public=True)
    async def news() -> str:
        ran["endpoint"] += 1
        return "news"

    with call(app) as client:
        for headers in ({"cookie": "a=b"}, {"authorization": "x"}, {}):
            assert client.get("/news", headers=headers).json() == "news"
    assert ran["endpoint"] == 1


def test_a_key_of_ones_own(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/search")
    @cache(ttl=60, key=lambda request: request.query_params.get("q", "").lower())
    async def search(q: str) -> str:
        ran["endpoint"] += 1
        return q

    with call(app) as client:
        assert [client.get(f"/search?{query}").json() for query in ("q=A", "q=a&utm=1", "q=b")] == ["A", "A", "b"]
    assert ran["endpoint"] == 2


# -- invalidation


def test_what_is_tagged_goes_with_its_tag(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/items")
    @cache(ttl=60, tags=["items"])
    async def items() -> int:
        ran["items"] += 1
        return ran["items"]

    @app.get("/items/{number}")
    @cache(ttl=60, tags=["items", "item:{number}"])
    async def item(number: str) -> int:
        ran[number] += 1
        return ran[number]

    @app.get("/pages/{number}")
    @cache(ttl=60, tags=lambda request: [f"page:{request.path_params['number']}"])
    async def page(number: str) -> int:
        ran["page"] += 1
        return ran["page"]

    @app.delete("/tags/{tags}")
    async def invalidate(tags: str) -> None:
        await cache.invalidate(*tags.split(","))

    def seen() -> list[int]:
        return [client.get(path).json() for path in ("/items", "/items/1", "/items/2", "/pages/1")]

    with call(app) as client:
        assert seen() == seen() == [1, 1, 1, 1]
        client.delete("/tags/item:1")
        assert seen() == seen() == [1, 2, 1, 1]
        client.delete("/tags/items")
        assert seen() == seen() == [2, 3, 2, 1]
        client.delete("/tags/page:1,items")
        assert seen() == seen() == [3, 4, 3, 2]


def test_what_was_invalidated_while_it_was_made_is_not_taken_for_new(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    @app.get("/data")
    @cache(ttl=60, tags=["data"])
    async def data() -> int:
        ran["endpoint"] += 1
        if ran["endpoint"] == 1:
            await cache.invalidate("data")
        return ran["endpoint"]

    with call(app) as client:
        assert [client.get("/data").json() for _ in range(3)] == [1, 2, 2]


def test_everything_can_be_made_to_go(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/data")
    @cache(ttl=60, tags=["data"])
    async def data() -> int:
        ran["endpoint"] += 1
        return ran["endpoint"]

    @app.delete("/all")
    async def clear() -> None:
        await cache.clear()

    with call(app) as client:
        assert [client.get("/data").json() for _ in range(2)] == [1, 1]
        client.delete("/all")
        assert [client.get("/data").json() for _ in range(2)] == [2, 2]


# -- many at once


def test_of_many_at_once_one_computes(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    meeting = Meeting(20)

    def key(request: Request) -> str:
        meeting.come()
        return "key"

    @app.get("/slow")
    @cache(ttl=60, key=key)
    async def slow() -> int:
        ran["endpoint"] += 1
        await meeting.all_here()
        return ran["endpoint"]

    with call(app) as client:
        answers = at_once(20, lambda: client.get("/slow").json())
    assert answers == [1] * 20
    assert ran["endpoint"] == 1


def test_when_the_one_fails_the_others_compute_for_themselves(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    meeting = Meeting(10)

    def key(request: Request) -> str:
        meeting.come()
        return "key"

    @app.get("/slow")
    @cache(ttl=60, key=key)
    async def slow() -> int:
        ran["endpoint"] += 1
        number = ran["endpoint"]
        await meeting.all_here()
        if number == 1:
            raise HTTPException(503)
        return number

    with call(app) as client:
        statuses = at_once(10, lambda: client.get("/slow").status_code)
    assert sorted(statuses) == [200] * 9 + [503]


def test_what_is_stale_is_given_while_one_computes(
    call: Call, app: FastAPI, cache: Cache, served_store: Store, ran: Counter[str]
) -> None:
    answered = asyncio.Event()

    @app.get("/data")
    @cache(ttl=60, stale=60)
    async def data() -> int:
        ran["endpoint"] += 1
        number = ran["endpoint"]
        if number == 2:
            await answered.wait()
        return number

    @app.post("/end-freshness")
    async def end_freshness() -> None:
        name = f"{__name__}.test_what_is_stale_is_given_while_one_computes.<locals>.data"
        assert await cache.store.delete(f"f{name}|all|10:testserver5:/data?")

    @app.post("/answered")
    async def set_answered() -> None:
        answered.set()

    with call(app) as client:
        assert client.get("/data").json() == 1
        client.post("/end-freshness")

        def ask() -> int:
            number = int(client.get("/data").json())
            ran[f"got {number}"] += 1
            if ran["got 1"] == 5:
                client.post("/answered")
            return number

        assert sorted(at_once(6, ask)) == [1, 1, 1, 1, 1, 2]
        assert client.get("/data").json() == 2
    assert ran["endpoint"] == 2


# -- when the store is down


def test_open_without_the_store_everything_runs(
    call: Call, down: Store, ran: Counter[str], caplog: pytest.LogCaptureFixture
) -> None:
    app = application(down)
    app.router.route_class = KitRoute

    @app.api_route("/data", methods=["GET", "HEAD"])
    @Cache(down)(ttl=60, tags=["x"])
    async def data() -> str:
        ran["endpoint"] += 1
        return "data"

    with call(app) as client:
        assert [client.get("/data").json() for _ in range(3)] == ["data"] * 3
        assert client.head("/data").status_code == 200
    assert ran["endpoint"] == 4
    told = [record for record in caplog.records if record.name == "vivace.kit.cache"]
    assert [record.levelname for record in told] == ["WARNING"], "an outage is told once"


def test_closed_without_the_store_nothing_runs(call: Call, down: Store, ran: Counter[str]) -> None:
    app = application(down)
    app.router.route_class = KitRoute

    @app.get("/data")
    @Cache(down, on_store_down="closed")(ttl=60)
    async def data() -> str:
        ran["endpoint"] += 1
        return "data"

    with call(app) as client:
        for _ in range(2):
            answer = client.get("/data")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.json() == {"detail": "The cache can't be reached"}
    assert not ran


@pytest.mark.parametrize("on_store_down", ["open", "closed"])
def test_another_store_of_the_program_that_is_down_is_its_own_matter(
    call: Call, app: FastAPI, served_store: Store, down: Store, ran: Counter[str], on_store_down: Any
) -> None:
    @app.get("/data")
    @Cache(served_store, on_store_down=on_store_down)(ttl=60)
    async def data() -> None:
        ran["endpoint"] += 1
        await down.get("key")

    with call(app, raises=False) as client:
        assert client.get("/data").status_code == 500
    assert ran["endpoint"] == 1


# -- on the straight line


def test_a_cached_endpoint_keeps_its_plan(app: FastAPI, cache: Cache) -> None:
    @app.get("/items/{n}")
    @cache(ttl=60)
    async def item(n: int) -> int:
        return n

    plan: Any = app.routes[-1].plan  # type: ignore[attr-defined]
    assert plan.source is not None
    assert repr(plan.front).endswith(".item: ttl=60 s")


def test_what_the_key_does_not_tell_is_validated_for_a_hit_too(call: Call, app: FastAPI, cache: Cache) -> None:
    @app.get("/items")
    @cache(ttl=60)
    async def items(version: Annotated[int, Header()]) -> str:
        return "items"

    with call(app) as client:
        statuses = [client.get("/items", headers={"version": version}).status_code for version in ("1", "1", "x")]
    assert statuses == [200, 200, 422]


def test_background_tasks_of_dependencies_run_for_a_hit(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    @app.get("/counted", dependencies=[Depends(counting)])
    @cache(ttl=60)
    async def counted() -> str:
        ran["endpoint"] += 1
        return "counted"

    app.state.ran = ran
    with call(app) as client:
        assert [client.get("/counted").json() for _ in range(3)] == ["counted"] * 3
    assert ran == {"endpoint": 1, "task": 3}


def counting(request: Request, tasks: BackgroundTasks) -> None:
    tasks.add_task(request.app.state.ran.update, ["task"])


def test_an_overridden_dependency_does_not_stop_the_cache(
    call: Call, app: FastAPI, cache: Cache, ran: Counter[str]
) -> None:
    @app.get("/data")
    @cache(ttl=60)
    async def data(value: Annotated[str, Depends(given)]) -> str:
        ran["endpoint"] += 1
        return value

    app.dependency_overrides[given] = lambda: "other"
    with call(app) as client:
        answers = [client.get("/data") for _ in range(3)]
    assert [answer.json() for answer in answers] == ["other"] * 3
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert ran["endpoint"] == 1


def given() -> str:
    return "own"


def test_many_keys_are_forgotten_and_found_again(call: Call, app: FastAPI, cache: Cache, ran: Counter[str]) -> None:
    @app.get("/items")
    @cache(ttl=60, public=True)
    async def items(q: str) -> str:
        ran["endpoint"] += 1
        return q

    long = "x" * 600  # too long to be remembered beside the store
    with call(app) as client:
        for _ in range(3):
            assert [client.get("/items", params={"q": q}).json() for q in ("a", long)] == ["a", long]
    assert ran["endpoint"] == 2
