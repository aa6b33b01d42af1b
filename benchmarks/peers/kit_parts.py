"""What single parts of the kit, and of the add-ons, cost without a request around them; one line of JSON.

Run as a script in a process of its own:    python kit_parts.py --rounds 15

The parts take turns: in each round, each is called `--calls` times, and the round's figure is CPU time by call.
"""

import argparse
import json
import time
from collections.abc import Awaitable, Callable

import jwt
import uvloop
from authx import AuthX, AuthXConfig
from authx.schema import RequestToken
from kit_token import KEY_ID, SECRET, TOKEN  # type: ignore[import-not-found]  # beside this script, on its path
from limits import parse
from slowapi import Limiter
from slowapi.util import get_remote_address

from vivace.kit.auth import KeyRing, SigningKey, TokenPolicy
from vivace.kit.auth.tokens import Verifier
from vivace.kit.limits import Limits
from vivace.kit.store import Store

ALGORITHMS = ["HS256"]
Part = Callable[[], Awaitable[object]]


def parts(store: Store) -> dict[str, tuple[str, Part]]:
    """By name: what is told of it, and a coroutine function that does it once."""
    ring = KeyRing(SigningKey.from_secret(SECRET, kid=KEY_ID))
    verifier, remembering = Verifier(ring, TokenPolicy()), Verifier(ring, TokenPolicy(verified=1000))
    throttle = Limits(store).throttle("1000000000/hour")
    counted, limiter = parse("1000000000/hour"), Limiter(key_func=get_remote_address).limiter
    authx = AuthX(AuthXConfig(JWT_SECRET_KEY=SECRET))

    async def nothing() -> None:
        pass

    async def limit() -> object:
        return await throttle.spend("127.0.0.1")

    async def slowapi() -> object:
        return limiter.hit(counted, "127.0.0.1", "/limited")

    async def pyjwt() -> object:
        return jwt.decode(TOKEN, SECRET, algorithms=ALGORITHMS)

    async def verify() -> object:
        return verifier.verify(TOKEN)

    async def remembered() -> object:
        return remembering.verify(TOKEN)

    async def by_authx() -> object:
        return authx.verify_token(RequestToken(token=TOKEN, type="access", location="headers"))

    return {
        "nothing": ("a coroutine that does nothing: in each of the figures below", nothing),
        "limit": ("`vivace.kit.limits`: a limit by sliding window in memory", limit),
        "slowapi": ("slowapi: its limiter's fixed window in memory, which is what it has by default", slowapi),
        "pyjwt": ("PyJWT: `decode` of the token, HS256", pyjwt),
        "verify": ("`vivace.kit.auth`: the same token verified", verify),
        "remembered": ("`vivace.kit.auth`: the same with `verified=1000`, which remembers it", remembered),
        "authx": ("AuthX: the same token verified", by_authx),
    }


async def measure(part: Part, calls: int) -> float:
    before = time.process_time_ns()
    for _ in range(calls):
        await part()
    return (time.process_time_ns() - before) / calls / 1000


async def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--calls", type=int, default=2000)
    args = arguments.parse_args()
    async with Store.from_url("memory://") as store:
        chosen = parts(store)
        figures: dict[str, list[float]] = {name: [] for name in chosen}
        for number in range(args.rounds + 1):
            for name, (_, part) in chosen.items():
                figure = await measure(part, args.calls)
                if number:  # the first round warms up
                    figures[name].append(round(figure, 3))
    told = [{"name": name, "title": title, "rounds_us": figures[name]} for name, (title, _) in chosen.items()]
    print(json.dumps(told))


if __name__ == "__main__":
    uvloop.run(main())
