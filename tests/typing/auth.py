"""What type checkers say about `Auth`: it is typed by what the loader of users gives."""

from dataclasses import dataclass, field
from typing import assert_type

from vivace.kit.auth import Auth, Identity
from vivace.kit.store import Store


@dataclass
class User:
    username: str
    password_hash: str
    scopes: set[str] = field(default_factory=set)


@dataclass
class Nameless:
    password_hash: str


async def load(username: str) -> User | None: ...


async def load_nameless(username: str) -> Nameless | None: ...


def load_at_once(username: str) -> User | None: ...


store = Store.from_url("memory://")
auth = Auth(load, secret="x" * 32, store=store, active=lambda user: bool(user.scopes))
assert_type(auth, Auth[User])


async def dependencies() -> None:
    assert_type(await auth.user(), User)
    assert_type(await auth.optional_user(), User | None)
    assert_type(await auth.identity(), Identity[User])
    assert_type((await auth.identity()).user, User)
    assert_type(await auth.requires(roles=["admin"])(), User)


Auth(load_nameless, secret="x" * 32, store=store)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
Auth(load_at_once, secret="x" * 32, store=store)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
