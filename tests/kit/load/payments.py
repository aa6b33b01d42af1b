"""Idempotency keys: many duplicates at once, one run. What ran is read from the file that the workers write."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from uuid import uuid4

from tests.kit.load.client import Client
from tests.kit.load.outage import Outage
from tests.kit.load.size import Row, Size

_QUICK = 0.05  # seconds that a payment takes
_SLOW = (1.0, 5.0)  # by turns, of those that run when the server is killed: some end while it is down, some after it


class Payments:
    def __init__(self, client: Client, size: Size, done: Path) -> None:
        self.client, self._size, self._done = client, size, done
        self._keys = {part: [f"{part}-{uuid4()}" for _ in range(size.keys)] for part in ("whole", "cut", "down")}
        self._answers: dict[str, list[str]] = {}
        self._replayed = 0
        self._again: list[bool] = []
        self._ran_while_down = 0

    async def _pay(self, key: str, takes: float) -> str:
        answer = await self.client.insist(f"/payments?takes={takes}", headers={"Idempotency-Key": key})
        assert answer.status == 200, answer
        self._replayed += "idempotency-replayed" in answer.headers
        return str(answer.json())

    async def _pay_all(self, part: str, *by_turns: float) -> None:
        async def one(number: int, key: str) -> None:
            takes = by_turns[number % len(by_turns)]
            duplicates = (self._pay(key, takes) for _ in range(self._size.duplicates))
            self._answers[key] = await asyncio.gather(*duplicates)

        await asyncio.gather(*[one(number, key) for number, key in enumerate(self._keys[part])])

    def _runs(self, part: str) -> list[int]:
        """How often each key of this part ran."""
        ran = Counter(self._done.read_text().split()) if self._done.exists() else Counter[str]()
        return [ran[key] for key in self._keys[part]]

    async def before(self) -> None:
        await self._pay_all("whole", _QUICK)

    async def through(self, outage: Outage) -> None:
        """Some are under way when the server is killed, some come while it is down."""
        await outage.prepared()
        cut = asyncio.create_task(self._pay_all("cut", *_SLOW))
        while not all(self._runs("cut")):
            await asyncio.sleep(0)
        await outage.in_midst()
        await outage.killed.wait()
        down = asyncio.create_task(self._pay_all("down", _QUICK))
        await self.client.met.wait()
        self._ran_while_down = sum(self._runs("down"))
        await outage.met()
        await asyncio.gather(cut, down)

    async def after(self) -> None:
        """What was paid before the outage is not paid again."""
        for key in self._keys["whole"]:
            self._again.append(await self._pay(key, _QUICK) == self._answers[key][0])

    def rows(self) -> list[Row]:
        size, whole, cut = self._size, self._runs("whole"), self._runs("cut")
        same = sum(len(set(self._answers[key])) == 1 for key in self._keys["whole"])
        return [
            Row.exactly(f"{size.keys} POSTs, {size.duplicates} concurrent duplicates each: run", size.keys, sum(whole)),
            Row.exactly("… give all their duplicates the same answer", size.keys, same),
            Row.exactly("… are sent again after the restart, and get the first answer", size.keys, sum(self._again)),
            Row.exactly(f"{size.keys} POSTs that come during the outage: run during it", 0, self._ran_while_down),
            Row.exactly("… run, once it is over", size.keys, sum(self._runs("down"))),
            Row(
                f"{size.keys} POSTs that run when the server is killed: runs of each",
                "1, or 1 more after the lease",
                ", ".join(
                    f"{number} time{'s' * (number > 1)}: {keys}" for number, keys in sorted(Counter(cut).items())
                ),
                set(cut) <= {1, 2},
            ),
        ]
