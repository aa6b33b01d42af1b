"""A program for the tests: people, an `Auth`, an application with routes of each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.kit.applications import application
from vivace import Depends, FastAPI, Security, WebSocket
from vivace.kit.auth import Auth, Identity, LoginRates, Passwords, SessionPolicy
from vivace.kit.store import Store

SECRET = "a secret of thirty-two bytes, yes"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
OFTEN = LoginRates(address="1000/s", pair="1000/s", account="1000/s")


@dataclass
class Person:
    username: str
    password_hash: str | None
    scopes: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    disabled: bool = False


class People(dict[str, Person]):
    """Who there is, and who was asked for."""

    fail = False

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.add("ann", "tea", scopes={"items:read", "items:write"}, roles={"admin"})
        self.add("bob", "rum", scopes={"items:read"})

    def add(self, username: str, password: str, **more: Any) -> Person:
        self[username] = Person(username, QUICK.hash(password), **more)
        return self[username]

    async def load(self, username: str) -> Person | None:
        self.asked.append(username)
        if self.fail:
            raise RuntimeError("the database is down")
        return self.get(username)


@dataclass
class Program:
    app: FastAPI
    auth: Auth[Person]
    people: People


def program(store: Store, **options: Any) -> Program:
    """Sessions over plain HTTP, passwords that are hashed quickly, and no throttling to speak of."""
    people = People()
    given: dict[str, Any] = {"store": store, "passwords": Passwords(QUICK), "login_rates": OFTEN, **options}
    if "keys" not in given:
        given.setdefault("secret", SECRET)
    auth = Auth(people.load, **given)
    app = application(store)
    app.include_router(auth.router)
    _routes(app, auth)
    return Program(app, auth, people)


def everything(store: Store, **options: Any) -> Program:
    """With API keys and sessions, too."""
    return program(store, **{"sessions": SessionPolicy(secure=False), "api_keys": True, **options})


def _routes(app: FastAPI, auth: Auth[Person]) -> None:
    @app.get("/me")
    async def me(user: Person = Depends(auth.user)) -> str:
        return user.username

    @app.post("/me")
    async def change(user: Person = Depends(auth.user)) -> str:
        return user.username

    @app.get("/maybe")
    async def maybe(user: Person | None = Depends(auth.optional_user)) -> str | None:
        return None if user is None else user.username

    @app.get("/who")
    async def who(identity: Identity[Person] = Depends(auth.identity)) -> dict[str, Any]:
        return {"by": identity.by, "scopes": sorted(identity.scopes), "claims": identity.claims}

    @app.get("/read")
    async def read(user: Person = Security(auth.user, scopes=["items:read"])) -> str:
        return user.username

    @app.websocket("/ws")
    async def ws(websocket: WebSocket, user: Person = Depends(auth.user)) -> None:
        await websocket.accept()
        await websocket.send_text(user.username)
        await websocket.close()

    writes = Depends(auth.requires(scopes=["items:read", "items:write"]))

    @app.delete("/items", dependencies=[writes])
    async def delete(user: Person = Depends(auth.requires(roles=["admin", "owner"]))) -> str:
        return user.username


def log_in(client: Any, username: str = "ann", password: str = "tea", **form: str) -> dict[str, str]:
    """The tokens of a login."""
    answer = client.post("/login", data={"username": username, "password": password, **form})
    assert answer.status_code == 200, answer.text
    return answer.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refresh(client: Any, token: str, **form: str) -> Any:
    return client.post("/refresh", data={"refresh_token": token, **form})
