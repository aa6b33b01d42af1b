"""Limits: exactly so many pass, whichever worker they come to, and no more for an outage."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.kit.load.client import Client
from tests.kit.load.outage import Outage
from tests.kit.load.size import Row, Size

_SPENDERS = 8  # requests of one client that are under way at once


class Rates:
    def __init__(self, client: Client, size: Size) -> None:
        self.client, self._size = client, size
        self.statuses: dict[str, Counter[int]] = {}
        self.by_worker: Counter[int] = Counter()
        self._lost = 0  # answered 503, and under way when the server was killed
        self._after = 0

    async def _spend(self, who: str) -> int:
        answer = await self.client.post("/limited", headers={"X-Client": who})
        self.statuses.setdefault(who, Counter())[answer.status] += 1
        if answer.status == 200:
            self.by_worker[answer.json()] += 1
        return answer.status

    def _names(self, part: str) -> list[str]:
        return [f"{part}-{number}" for number in range(self._size.clients)]

    def _sum(self, part: str, status: int) -> int:
        return sum(self.statuses[name][status] for name in self._names(part))

    async def before(self) -> None:
        """Twice as many as may pass, all at once."""
        await asyncio.gather(*[self._spend(who) for who in self._names("whole") for _ in range(2 * self._size.limit)])

    async def through(self, outage: Outage) -> None:
        """A part of what may pass before the kill, then whatever passes through it."""
        part = self._size.limit // 10
        await asyncio.gather(*[self._spend(who) for who in self._names("cut") for _ in range(part)])
        await outage.prepared()
        spending = [
            asyncio.create_task(self._spend_all(who, outage)) for who in self._names("cut") for _ in range(_SPENDERS)
        ]
        while self._sum("cut", 200) < 2 * part * self._size.clients:
            await asyncio.sleep(0)
        await outage.in_midst()
        await outage.killed.wait()
        await self.client.meets_the_outage()
        await outage.met()
        await asyncio.gather(*spending)

    async def _spend_all(self, who: str, outage: Outage) -> None:
        """Until it is refused by a server that has come back."""
        while True:
            was_up, was_back = not outage.killed.is_set(), outage.back.is_set()
            status = await self._spend(who)
            if status == 429 and was_back:
                return
            if status == 503 and was_up:
                self._lost += 1
            if status != 200:
                await self.client.pause()

    async def after(self) -> None:
        """Who had spent all before the outage has nothing now."""
        statuses = await asyncio.gather(*[self._spend(who) for who in self._names("whole")])
        self._after = statuses.count(200)

    def rows(self) -> list[Row]:
        size = self._size
        all_of_it, passed = size.clients * size.limit, self._sum("cut", 200)
        whole = Row.exactly(
            f"{size.clients} clients with a limit of {size.limit} send {2 * all_of_it:,} requests at once: pass",
            all_of_it,
            self._sum("whole", 200) - self._after,
        )
        refused = Row.exactly(
            "… are refused with 429", all_of_it, self._sum("whole", 429) - (size.clients - self._after)
        )
        return [
            whole,
            refused,
            Row.exactly("… pass after the restart", 0, self._after),
            Row.between(
                f"{size.clients} more spend theirs through the outage: pass (the {self._lost} that were under way at"
                " the kill and answered 503 may have counted)",
                all_of_it - self._lost,
                all_of_it,
                passed,
            ),
            Row.between(
                "… the most that one of them got",
                0,
                size.limit,
                max(self.statuses[name][200] for name in self._names("cut")),
            ),
        ]
