"""The dependencies: who asks, by whichever credential, and what they may."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.websockets import WebSocketDisconnect

from tests.doors import Call
from tests.kit.auth.program import Person, Program, bearer, everything, log_in, program
from vivace import Depends, FastAPI, Security
from vivace.kit.auth import Auth, Identity, SessionPolicy, SigningKey
from vivace.kit.problem import use_problems
from vivace.kit.store import Store


def key_for(client: Any, made: Program, owner: str = "ann", **options: Any) -> dict[str, str]:
    new = client.portal.call(lambda: made.auth.api_keys.create(owner, **options))
    return {"X-API-Key": new.text}


def test_without_a_credential_it_is_401(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"X-API-Key": ""}):
            answer = client.get("/me", headers=headers)
            assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})
            assert answer.headers["www-authenticate"] == "Bearer"
            assert client.get("/maybe", headers=headers).json() is None


def test_a_credential_that_does_not_hold_is_401_where_none_is_needed_too(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        for headers in (bearer("x"), {"X-API-Key": "x"}):
            for path in ("/me", "/maybe"):
                answer = client.get(path, headers=headers)
                assert answer.status_code == 401
                assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


def test_each_credential_is_told_apart(call: Call, served_store: Store) -> None:
    made = everything(served_store)
    with call(made.app) as client:
        told = client.get("/who", headers=bearer(log_in(client)["access_token"])).json()
        assert (told["by"], told["claims"]["sub"]) == ("token", "ann")
        told = client.get("/who", headers=key_for(client, made, scopes=["items:read"], name="ci")).json()
        assert (told["by"], told["scopes"], told["claims"]["key_name"]) == ("api_key", ["items:read"], "ci")
        client.post("/session", data={"username": "ann", "password": "tea"})
        told = client.get("/who").json()
        assert (told["by"], told["scopes"]) == ("session", ["items:read", "items:write"])
        assert client.get("/maybe").json() == "ann"


@pytest.mark.anyio
async def test_one_task_that_asks_for_several_is_told_of_each(memory: Store) -> None:
    """The straight line remembers who asks by the request, not by the task that it runs in."""
    made = everything(memory)
    transport = httpx.ASGITransport(made.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        tokens = {}
        for name, password in (("ann", "tea"), ("bob", "rum")):
            answer = await client.post("/login", data={"username": name, "password": password})
            tokens[name] = bearer(answer.json()["access_token"])
        for name in ("ann", "bob", "ann"):
            assert (await client.get("/me", headers=tokens[name])).json() == name
        assert (await client.get("/me")).status_code == 401


def test_a_token_needs_no_request(memory: Store) -> None:
    made = everything(memory)
    source = next(route.plan.source for route in made.app.routes if getattr(route, "path", "") == "/me")
    assert "identify_light(" in source
    assert "x.request" not in source


def test_the_first_that_comes_counts_and_no_other_is_tried(call: Call, memory: Store) -> None:
    made = everything(memory)
    with call(made.app) as client:
        client.post("/session", data={"username": "bob", "password": "rum"})
        token, key = bearer(log_in(client)["access_token"]), key_for(client, made)
        assert client.get("/who", headers={**token, **key}).json()["by"] == "token"
        assert client.get("/who", headers=key).json()["by"] == "api_key"
        assert client.get("/me", headers={**bearer("x"), **key}).status_code == 401
        assert client.get("/me", headers={"X-API-Key": "x"}).status_code == 401


def test_all_scopes_are_needed_and_one_of_the_roles(call: Call, served_store: Store) -> None:
    made = program(served_store)
    with call(made.app) as client:
        ann = bearer(log_in(client)["access_token"])
        less = bearer(log_in(client, scope="items:read")["access_token"])
        bob = bearer(log_in(client, "bob", "rum")["access_token"])
        assert client.delete("/items", headers=ann).json() == "ann"
        answer = client.delete("/items", headers=less)
        assert answer.status_code == 403
        assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="items:write"'
        assert answer.json() == {"detail": "Not enough permissions: needs items:write"}
        made.people["bob"].scopes.add("items:write")
        assert client.delete("/items", headers=bob).status_code == 403, "the token was granted less"
        bob = bearer(log_in(client, "bob", "rum")["access_token"])
        answer = client.delete("/items", headers=bob)
        assert answer.json() == {"detail": "Not enough permissions: needs one of the roles admin, owner"}
        made.people["bob"].roles.add("owner")
        assert client.delete("/items", headers=bob).json() == "bob"


def test_what_is_taken_from_a_user_is_gone_at_once(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app) as client:
        ann = bearer(log_in(client)["access_token"])
        assert client.get("/read", headers=ann).status_code == 200
        made.people["ann"].scopes.remove("items:read")
        assert client.get("/read", headers=ann).status_code == 403
        made.people["ann"].scopes.add("items:read")
        made.people["ann"].roles.clear()
        assert client.delete("/items", headers=ann).status_code == 403


def test_security_asks_for_scopes(call: Call, memory: Store) -> None:
    with call(program(memory).app) as client:
        assert client.get("/read", headers=bearer(log_in(client, scope="items:read")["access_token"])).json() == "ann"
        assert client.get("/read", headers=bearer(log_in(client, scope="none")["access_token"])).status_code == 403


def test_scopes_gather_from_the_router_down(call: Call, memory: Store) -> None:
    made = program(memory)
    outer = Security(made.auth.user, scopes=["items:write"])

    @made.app.get("/both", dependencies=[outer])
    async def both(user: Person = Security(made.auth.user, scopes=["items:read"])) -> str:
        return user.username

    with call(made.app) as client:
        assert client.get("/both", headers=bearer(log_in(client)["access_token"])).status_code == 200
        for scope in ("items:read", "items:write"):
            token = log_in(client, scope=scope)["access_token"]
            assert client.get("/both", headers=bearer(token)).status_code == 403


def test_a_user_is_loaded_once_for_a_request_however_many_ask(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app) as client:
        ann = bearer(log_in(client)["access_token"])
        made.people.asked.clear()
        assert client.delete("/items", headers=ann).status_code == 200
        assert made.people.asked == ["ann"]
        client.delete("/items", headers=ann)
        assert made.people.asked == ["ann", "ann"], "and again for the next request"


def test_two_of_them_do_not_mix(call: Call, memory: Store) -> None:
    one, other = program(memory), program(Store.from_url("memory://"), secret="another secret of thirty-two bytes")

    @one.app.get("/both")
    async def both(a: Person = Depends(one.auth.user), b: Person | None = Depends(other.auth.optional_user)) -> str:
        return f"{a.username} {b}"

    with call(one.app) as client:
        assert client.get("/both", headers=bearer(log_in(client)["access_token"])).status_code == 401


def test_a_guarded_route_keeps_its_plan(memory: Store) -> None:
    made = everything(memory)
    plans: list[Any] = [
        getattr(route, "plan", None) for route in made.app.routes if getattr(route, "path", "") in ("/me", "/items")
    ]
    assert len(plans) == 3
    for plan in plans:
        assert plan.source is not None
        assert not plan.reasons


def test_a_test_puts_somebody_in_the_place_of_the_user(call: Call, memory: Store) -> None:
    made = program(memory)
    made.app.dependency_overrides[made.auth.user] = lambda: Person("tester", None)
    with call(made.app) as client:
        assert client.get("/me").json() == "tester"


def test_refusals_are_problems_where_the_application_has_them(call: Call, memory: Store) -> None:
    made = program(memory)
    use_problems(made.app)
    with call(made.app) as client:
        answer = client.get("/me")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["status"] == 401


def test_a_websocket_is_guarded_too(call: Call, memory: Store) -> None:
    made = program(memory)

    with call(made.app) as client:
        token = log_in(client)["access_token"]
        with client.websocket_connect("/ws", headers=bearer(token)) as session:
            assert session.receive_text() == "ann"
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws"):
            pass


def test_the_document_tells_of_schemes_scopes_and_refusals(call: Call, memory: Store) -> None:
    made = everything(memory, scopes={"items:read": "Read items", "items:write": "Change items"})
    with call(made.app) as client:
        client.get("/openapi.json")
        document = client.get("/openapi.json").json()
    schemes = document["components"]["securitySchemes"]
    assert set(schemes) == {"Token", "APIKey", "Session"}
    assert schemes["Token"]["flows"]["password"]["scopes"]["items:read"] == "Read items"
    assert (schemes["Session"]["in"], schemes["APIKey"]["name"]) == ("cookie", "X-API-Key")
    me, delete = document["paths"]["/me"]["get"], document["paths"]["/items"]["delete"]
    assert me["security"] == [{"Token": []}, {"APIKey": []}, {"Session": []}]
    assert set(me["responses"]) == {"200", "401", "503"}
    assert delete["security"][0] == {"Token": ["items:read", "items:write"]}
    assert "needs the scopes items:read, items:write" in delete["responses"]["403"]["description"]
    assert "needs one of the roles admin, owner" in delete["responses"]["403"]["description"]
    assert set(document["paths"]["/login"]["post"]["responses"]) == {"200", "401", "422", "429", "503"}
    assert set(document["paths"]["/session"]["post"]["responses"]) == {"200", "401", "403", "422", "429", "503"}
    assert "security" not in document["paths"]["/login"]["post"]


def test_requirements_that_would_mean_something_else_are_refused(memory: Store) -> None:
    made = program(memory)
    for wrong in ({"scopes": "admin"}, {"roles": "admin"}):
        with pytest.raises(TypeError, match=r"give a list, \['admin'\]"):
            made.auth.requires(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("attribute", ["roles", "scopes"])
def test_a_user_whose_roles_are_one_string_is_an_error_and_no_admin(call: Call, memory: Store, attribute: str) -> None:
    made = program(memory)
    with call(made.app) as client:
        ann = bearer(log_in(client)["access_token"])
        setattr(made.people["ann"], attribute, "admin items:read items:write")
        with pytest.raises(TypeError, match=f"`{attribute}` of Person is one string"):
            client.delete("/items", headers=ann)


def test_parts_that_were_not_asked_for_are_told(memory: Store) -> None:
    auth = program(memory).auth
    with pytest.raises(RuntimeError, match=r"auth\.api_keys needs `api_keys=True`"):
        auth.api_keys  # noqa: B018
    with pytest.raises(RuntimeError, match=r"auth\.sessions needs `sessions=SessionPolicy\(\)`"):
        auth.sessions  # noqa: B018
    with pytest.raises(ValueError, match="sessions need a `secret`"):
        program(memory, keys=SigningKey.generate(), sessions=SessionPolicy())


def test_a_model_with_no_more_than_it_needs(call: Call, memory: Store) -> None:
    class Slim:
        username = "ann"
        password_hash = None

    async def load(username: str) -> Slim | None:
        return Slim() if username == "ann" else None

    auth = Auth(load, secret="x" * 32, store=memory)
    app = FastAPI()

    @app.get("/who")
    async def who(identity: Identity[Slim] = Depends(auth.identity)) -> list[str]:
        return sorted(identity.scopes)

    @app.get("/admin")
    async def admin(user: Slim = Depends(auth.requires(roles=["admin"]))) -> None: ...

    with call(app) as client:
        pair = client.portal.call(lambda: auth.log_in(Slim()))
        assert client.get("/who", headers=bearer(pair.access_token)).json() == []
        assert client.get("/admin", headers=bearer(pair.access_token)).status_code == 403
