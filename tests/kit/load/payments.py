"""Idempotency keys: many duplicates at once, one run. What ran is read from the file that the workers write."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from uuid import uuid4

from tests.kit.load.client import Client
from tests.kit.load.outage import Outage
from tests.kit.load.size import Row, Size

_PARTS = ("whole", "ends down", "ends back", "comes down")


class Payments:
    def __init__(self, client: Client, size: Size, done: Path) -> None:
        self.client, self._size, self._done = client, size, done
        self._keys = {part: [f"{part.replace(' ', '-')}-{uuid4()}" for _ in range(size.keys)] for part in _PARTS}
        self._answers: dict[str, list[str]] = {}
        self._again: list[bool] = []
        self._ran_while_down = 0
        self._held = 0.0  # seconds from the beginning of what ends when the server is back until then

    async def _pay(self, key: str, ends: str) -> str:
        answer = await self.client.insist(f"/payments?ends={ends}", headers={"Idempotency-Key": key})
        assert answer.status == 200, answer
        return str(answer.json())

    async def _pay_all(self, part: str, ends: str) -> None:
        async def one(key: str) -> None:
            self._answers[key] = await asyncio.gather(*[self._pay(key, ends) for _ in range(self._size.duplicates)])

        await asyncio.gather(*[one(key) for key in self._keys[part]])

    def _runs(self, part: str) -> list[int]:
        """How often each key of this part ran."""
        ran = Counter(self._done.read_text().split()) if self._done.exists() else Counter[str]()
        return [ran[key] for key in self._keys[part]]

    async def before(self) -> None:
        await self._pay_all("whole", "soon")

    async def through(self, outage: Outage) -> None:
        """Some run at the kill, and end while the server is down or when it is back; some come while it is down."""
        await outage.prepared()
        began = time.monotonic()
        cut = [asyncio.create_task(self._pay_all(f"ends {when}", when)) for when in ("down", "back")]
        while not all(self._runs("ends down") + self._runs("ends back")):
            await asyncio.sleep(0.01)
        await outage.in_midst()
        await outage.killed.wait()
        self._done.with_suffix(".down").touch()
        come = asyncio.create_task(self._pay_all("comes down", "soon"))
        await self.client.meets_the_outage()
        self._ran_while_down = sum(self._runs("comes down"))
        await outage.met()
        await outage.back.wait()
        self._done.with_suffix(".back").touch()
        self._held = time.monotonic() - began
        await asyncio.gather(*cut, come)

    async def after(self) -> None:
        """What was paid before the outage is not paid again."""
        for key in self._keys["whole"]:
            self._again.append(await self._pay(key, "soon") == self._answers[key][0])

    def rows(self) -> list[Row]:
        size, whole = self._size, self._runs("whole")
        same = sum(len(set(self._answers[key])) == 1 for key in self._keys["whole"])
        at_once = f"{size.keys} POSTs, {size.duplicates} concurrent duplicates each"
        overrun = int(
            (self._held + 0.5) / size.lease
        )  # leases that could not be prolonged: none, unless the machine is slow
        return [
            Row.exactly(f"{at_once}: run", size.keys, sum(whole)),
            Row.exactly("… give all their duplicates the same answer", size.keys, same),
            Row.exactly("… are sent again after the restart, and get the first answer", size.keys, sum(self._again)),
            Row.exactly(f"{at_once}, that come during the outage: run during it", 0, self._ran_while_down),
            Row.exactly("… run, once it is over", size.keys, sum(self._runs("comes down"))),
            Row.between(
                f"{at_once}, that run at the kill and end after the restart: run",
                size.keys,
                size.keys * (1 + overrun),
                sum(self._runs("ends back")),
            ),
            Row.between(
                f"{at_once}, that run at the kill and end during the outage: run",
                size.keys,
                size.keys * (1 + overrun),
                sum(self._runs("ends down")),
            ),
        ]
