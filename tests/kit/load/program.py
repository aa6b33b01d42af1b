"""The program under load: limits, idempotency keys, refresh tokens and channels, all on one Redis server.

Who runs it says where that server is, how high the limit is, how long a payment may take, and in which file payments
are written down: what was done is to be known from elsewhere than the server that is killed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import BaseModel

from vivace import Depends, FastAPI, Header, Request
from vivace.kit.auth import Auth, Passwords
from vivace.kit.channels import Channels
from vivace.kit.limits import KitRoute, Limits, Rate, header
from vivace.kit.store import Store
from vivace.responses import EventSourceResponse

REDIS = os.environ["LOAD_REDIS"]
LIMIT = int(os.environ["LOAD_LIMIT"])
LEASE = float(os.environ["LOAD_LEASE"])
DONE = Path(os.environ["LOAD_DONE"])

store = Store.from_url(REDIS, namespace="load")
channels = Channels.from_url(REDIS, namespace="load")
limits = Limits(store, on_store_down="closed")


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with store, limits, channels:
        yield


app = FastAPI(lifespan=lifespan)
app.router.route_class = KitRoute


@app.get("/worker")
async def worker() -> int:
    return os.getpid()


# -- limits

rate = limits.rate(Rate(LIMIT, 86400), by=header("X-Client"))


@app.post("/limited", dependencies=[Depends(rate)])
async def limited() -> int:
    return os.getpid()


# -- idempotency keys


@app.post("/payments")
@limits.idempotent(lease=LEASE, required=True)
async def pay(idempotency_key: Annotated[str, Header()], ends: Literal["soon", "down", "back"]) -> str:
    """Write the payment down, in one write at the end of the file; answer with what no other run answers with.

    It ends soon, or when a file beside that one says that the server is down, or that it is back.
    """
    with DONE.open("ab", buffering=0) as done:
        done.write(f"{idempotency_key}\n".encode())
    await asyncio.sleep(0.05)  # long enough for its duplicates to come meanwhile
    while ends != "soon" and not DONE.with_suffix(f".{ends}").exists():
        await asyncio.sleep(0.02)
    return os.urandom(8).hex()


# -- refresh tokens


@dataclass
class User:
    username: str
    password_hash: str | None


PASSWORD = "tea"
quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
_hash = quick.hash(PASSWORD)


async def load_user(username: str) -> User:
    return User(username, _hash)


auth = Auth(
    load_user,
    secret="a secret of thirty-two bytes, yes",
    store=store,
    passwords=Passwords(quick),
    login_rates=None,
)
app.include_router(auth.router)


# -- channels


class Order(BaseModel):
    publisher: int
    number: int


orders = channels.channel("orders", Order, history=10_000, queue=1000)


@app.get("/orders", response_class=EventSourceResponse, responses=orders.responses)
async def events(request: Request) -> EventSourceResponse:
    response = orders.events(request)
    response.headers["x-worker"] = str(os.getpid())
    return response


@app.post("/orders")
async def publish(order: Order) -> str:
    return await orders.publish(order)
