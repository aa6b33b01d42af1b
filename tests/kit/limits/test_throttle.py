"""Limited rates, through both doors, on every store."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

import pytest

from tests.doors import Call
from tests.kit.applications import application, at_once
from tests.kit.hammer import hammer
from vivace import APIRouter, Depends, FastAPI, Header, HTTPException, Request, Response
from vivace.kit.limits import Limits, Rate, address, everybody, header, route, together
from vivace.kit.limits.rate import Algorithm
from vivace.kit.store import Store


@pytest.fixture
def limits(served_store: Store) -> Limits:
    return Limits(served_store)


@pytest.fixture
def app(served_store: Store) -> FastAPI:
    return application(served_store)


@pytest.mark.parametrize("algorithm", ["fixed", "sliding", "bucket"])
def test_so_many_pass_and_each_is_told_what_is_left(
    call: Call, app: FastAPI, limits: Limits, algorithm: Algorithm
) -> None:
    limit = limits.rate(Rate(3, 3600, algorithm), name="search")

    @app.get("/search", dependencies=[Depends(limit)])
    async def search() -> str:
        return "found"

    with call(app) as client:
        answers = [client.get("/search") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    for left, answer in zip((2, 1, 0, 0, 0), answers, strict=True):
        assert answer.headers["ratelimit-policy"] == '"search";q=3;w=3600'
        start, _, seconds = answer.headers["ratelimit"].rpartition("=")
        assert start == f'"search";r={left};t'
        assert 0 < int(seconds) <= 3600
    assert "retry-after" not in answers[0].headers
    assert answers[3].json() == {"detail": "Too many requests: 3 per 3600 s"}
    assert 0 < int(answers[3].headers["retry-after"]) <= 7200


def test_a_default_for_the_application_and_one_for_a_router(call: Call, served_store: Store, limits: Limits) -> None:
    app = application(served_store, dependencies=[Depends(limits.rate("4/day", name="all"))])
    router = APIRouter(prefix="/inner", dependencies=[Depends(limits.rate("2/day", name="inner"))])

    @app.get("/")
    async def home() -> str:
        return "home"

    @router.get("/")
    async def inner() -> str:
        return "inner"

    app.include_router(router)
    with call(app) as client:
        first = client.get("/inner/")
        assert first.headers["ratelimit-policy"] == '"all";q=4;w=86400, "inner";q=2;w=86400'
        assert first.headers["ratelimit"].count(";r=") == 2
        statuses = [client.get(path).status_code for path in ("/inner/", "/inner/", "/", "/")]
    assert statuses == [200, 429, 200, 429], "what the inner limit refuses has cost the outer one"


def test_limits_made_apart_count_apart_and_one_used_twice_counts_together(
    call: Call, app: FastAPI, limits: Limits
) -> None:
    shared = limits.rate("2/day")
    for path, dependency in {
        "/a": limits.rate("2/day"),
        "/b": limits.rate("2/day"),
        "/c": shared,
        "/d": shared,
    }.items():
        app.get(path, dependencies=[Depends(dependency)])(lambda: "ok")
    with call(app) as client:
        assert [client.get(path).status_code for path in ("/a", "/a", "/a", "/b", "/b")] == [200, 200, 429, 200, 200]
        assert [client.get(path).status_code for path in ("/c", "/d", "/c", "/d")] == [200, 200, 429, 429]


def test_who_is_limited(call: Call, app: FastAPI, limits: Limits) -> None:
    async def current_user(token: Annotated[str | None, Header()] = None) -> str:
        if token is None:
            raise HTTPException(401)
        return token.partition(".")[0]

    for path, by in {
        "/key": header("X-Key"),
        "/user": Depends(current_user),
        "/route/{x}": together(address, route),
        "/route/{x}/more": together(address, route),
        "/own": lambda request: request.query_params["who"],
    }.items():
        app.get(path, dependencies=[Depends(limits.rate("1/day", by=by))])(lambda: "ok")
    with call(app) as client:

        def status(path: str, **headers: str) -> int:
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            return client.get(path, headers=given).status_code

        assert [status("/key", x_key=key) for key in ("a", "b", "a", "a\tb")] == [200, 200, 429, 200]
        assert [status("/key"), status("/key")] == [200, 429]
        assert [status("/user", token=token) for token in ("ann.1", "ann.2", "bob.1")] == [200, 429, 200]
        assert status("/user") == 401
        assert [status(path) for path in ("/route/1", "/route/2", "/route/1/more")] == [200, 429, 200]
        names = ("a", "%00*", "a", "%00*", "x" * 5000)
        assert [status(f"/own?who={name}") for name in names] == [200, 200, 429, 429, 200]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_an_address_is_a_client_and_of_ipv6_a_site(host: str | None, name: str) -> None:
    scope = {"type": "http", "client": None if host is None else (host, 1)}
    assert address(Request(scope)) == name


def test_routes_are_told_apart_behind_whatever_prefix(call: Call, app: FastAPI, limits: Limits) -> None:
    limit = limits.rate("1/day", by=route)

    async def one(x: int) -> None: ...

    async def two(x: int) -> None: ...

    for prefix, endpoint in {"/one": one, "/two": two}.items():
        router = APIRouter(dependencies=[Depends(limit)])
        router.get("/{x}")(endpoint)
        app.include_router(router, prefix=prefix)
    with call(app) as client:
        paths = ("/one/1", "/two/1", "/one/2", "/two/2")
        assert [client.get(path).status_code for path in paths] == [200, 200, 429, 429]


def test_several_names_together_are_told_apart() -> None:
    names = {
        together(lambda _, a=a: a, lambda _, b=b: b)(Request({"type": "http"}))
        for a, b in [("a", "b"), ("ab", ""), ("", "ab"), ("a1:b", ""), ("1:a", "b")]
    }
    assert len(names) == 5
    assert everybody(Request({"type": "http"})) == ""


def test_a_request_may_cost_more(call: Call, app: FastAPI, limits: Limits) -> None:
    limit = limits.rate("10/day", cost=lambda request: int(request.query_params.get("size", 1)))

    @app.get("/export", dependencies=[Depends(limit)])
    async def export() -> str:
        return "ok"

    with call(app, raises=False) as client:
        answers = [client.get(f"/export?size={size}") for size in (4, 7, 5, 0, 1, 1, 11)]
        assert [answer.status_code for answer in answers] == [200, 429, 200, 200, 200, 429, 429]
        assert "retry-after" not in answers[-1].headers, "it will never pass"
        assert client.get("/export?size=-1").status_code == 500


def test_what_the_endpoint_sets_itself_stays(call: Call, app: FastAPI, limits: Limits) -> None:
    @app.get("/", dependencies=[Depends(limits.rate("10/day", name="x"))])
    async def home(response: Response) -> str:
        response.headers["X-Own"] = "1"
        response.status_code = 202
        return "ok"

    with call(app) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["x-own"]) == (202, "1")
    assert answer.headers["ratelimit"].startswith('"x";r=9;t=')


def test_a_limited_route_keeps_its_plan(app: FastAPI, limits: Limits) -> None:
    @app.get("/", dependencies=[Depends(limits.rate("10/day"))])
    async def home() -> str:
        return "ok"

    route: Any = app.routes[-1]
    assert route.plan.source is not None
    assert not route.plan.reasons


def test_of_many_at_once_so_many_pass(call: Call, app: FastAPI, limits: Limits) -> None:
    @app.get("/", dependencies=[Depends(limits.rate("10/day"))])
    async def home() -> str:
        return "ok"

    with call(app) as client:
        statuses = Counter(at_once(25, lambda: client.get("/").status_code))
    assert statuses == {200: 10, 429: 15}


@pytest.mark.anyio
async def test_code_may_count_by_itself(store: Store) -> None:
    throttle = Limits(store).throttle("3/day")
    spent = [await throttle.spend("mails to ann", cost) for cost in (2, 2, 1)]
    assert [(verdict or [])[:2] for verdict in spent] == [[1, 1], [0, 1], [1, 0]]


# -- exact between processes

HAMMERED, TRIES = 75, 60


async def hit(store: Store) -> int:
    """How many of this process's tries pass."""
    throttle = Limits(store).throttle(Rate(HAMMERED, 3600, _algorithm), name="hammered")
    verdicts = [await throttle.spend("all") for _ in range(TRIES)]
    return sum(verdict[0] for verdict in verdicts if verdict)


_algorithm: Algorithm = "sliding"


async def hit_fixed(store: Store) -> int:
    global _algorithm  # noqa: PLW0603  # a process of its own
    _algorithm = "fixed"
    return await hit(store)


async def hit_bucket(store: Store) -> int:
    """Refilled so slowly that nothing comes meanwhile."""
    throttle = Limits(store).throttle(Rate(1, 86400, "bucket", burst=HAMMERED), name="hammered")
    verdicts = [await throttle.spend("all") for _ in range(TRIES)]
    return sum(verdict[0] for verdict in verdicts if verdict)


@pytest.mark.parametrize("shared", ["sqlite", "redis"])
@pytest.mark.parametrize("function", ["hit", "hit_fixed", "hit_bucket"])
def test_two_processes_get_exactly_so_many_through(
    shared: str, function: str, namespace: str, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    url = request.getfixturevalue("redis_url") if shared == "redis" else f"sqlite:///{tmp_path / 'store.db'}"
    passed = hammer(url, namespace, f"{__name__}:{function}")
    assert sum(passed) == HAMMERED < 2 * TRIES


# -- when the store is down


def test_open_without_the_store_everything_passes(call: Call, down: Store, caplog: pytest.LogCaptureFixture) -> None:
    app = application(down, dependencies=[Depends(Limits(down).rate("1/day"))])
    app.get("/")(lambda: "ok")
    with call(app) as client:
        answers = [client.get("/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "ratelimit" not in answers[0].headers
    told = [record.levelname for record in caplog.records if record.name == "vivace.kit.limits"]
    assert told == ["WARNING"], "an outage is told once"


def test_closed_without_the_store_nothing_passes(call: Call, down: Store) -> None:
    ran: list[int] = []
    app = application(down, dependencies=[Depends(Limits(down, on_store_down="closed").rate("1/day"))])
    app.get("/")(lambda: ran.append(1))
    with call(app) as client:
        for _ in range(2):
            answer = client.get("/")
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
            assert answer.json() == {"detail": "Limits can't be checked now"}
    assert not ran


# -- declaring


def test_limits_show_in_the_document(app: FastAPI, limits: Limits) -> None:
    router = APIRouter(dependencies=[Depends(limits.rate("5/day"))])

    @router.post("/inner", dependencies=[Depends(limits.concurrency(2))], responses={404: {"description": "None"}})
    async def inner() -> None: ...

    @app.get("/own", responses={429: {"description": "Of its own"}}, dependencies=[Depends(limits.rate("1/day"))])
    async def own() -> None: ...

    @app.get("/free")
    async def free() -> None: ...

    app.include_router(router, prefix="/v1")
    for _ in range(2):
        paths = app.openapi()["paths"]
        limited = paths["/v1/inner"]["post"]["responses"]
        assert set(limited) == {"200", "404", "429"}
        text = "Too many requests: more than 5 per 86400 s; Too many requests at once: more than 2"
        assert limited["429"]["description"] == text
        assert set(limited["429"]["headers"]) == {"Retry-After", "RateLimit", "RateLimit-Policy"}
        assert paths["/own"]["get"]["responses"]["429"]["description"] == "Of its own"
        assert set(paths["/free"]["get"]["responses"]) == {"200"}


def test_names_are_names_and_are_taken_once(limits: Limits) -> None:
    limits.rate("1/s", name="search")
    with pytest.raises(ValueError, match="name='search' is the name of another limit"):
        limits.rate("2/s", name="search")
    for name in ('a"b', "a\\b", "é", "", "a\r\nb", "x" * 101):
        with pytest.raises(ValueError, match="printable ASCII"):
            limits.rate("1/s", name=name)
    with pytest.raises(ValueError, match="'open' or 'closed'"):
        Limits(Store.from_url("memory://"), on_store_down="half")  # type: ignore[arg-type]
