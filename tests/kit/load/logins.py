"""Refresh tokens: one that comes again ends its login, whichever worker it comes to and whatever happened between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from tests.kit.load.client import Client
from tests.kit.load.outage import Outage
from tests.kit.load.size import Row, Size

_RENEWALS = 3
_THIEVES = 10


@dataclass
class Login:
    """The refresh tokens of a login, oldest first: the last one is good."""

    tokens: list[str]
    went_on: bool = False


@dataclass
class Logins:
    client: Client
    size: Size
    _caught: dict[str, int] = field(default_factory=dict)
    _won: list[int] = field(default_factory=list)
    _rested: list[Login] = field(default_factory=list)
    _cut: list[Login] = field(default_factory=list)

    async def _begin(self, number: int) -> Login:
        form = {"username": f"user-{number}", "password": "tea"}
        answer = await self.client.insist("/login", form=form)
        login = Login([answer.json()["refresh_token"]])
        for _ in range(_RENEWALS):
            login.tokens.append((await self._refresh(login.tokens[-1])).json()["refresh_token"])
        return login

    async def _refresh(self, token: str) -> Any:
        return await self.client.insist("/refresh", form={"refresh_token": token})

    async def _begin_all(self) -> list[Login]:
        return list(await asyncio.gather(*[self._begin(number) for number in range(self.size.logins)]))

    async def _is_caught(self, login: Login, old: int) -> bool:
        """A token that was used is refused, and then the good one is."""
        answers = [await self._refresh(login.tokens[old]), await self._refresh(login.tokens[-1])]
        return [answer.status for answer in answers] == [401, 401]

    async def _catch(self, part: str, logins: list[Login]) -> None:
        caught = await asyncio.gather(*[self._is_caught(one, n % _RENEWALS) for n, one in enumerate(logins)])
        self._caught[part] = sum(caught)

    async def before(self) -> None:
        await self._catch("whole", await self._begin_all())
        for login in await self._begin_all():
            answers = await asyncio.gather(*[self._refresh(login.tokens[-1]) for _ in range(_THIEVES)])
            self._won.append([answer.status for answer in answers].count(200))

    async def through(self, outage: Outage) -> None:
        """Some rest while the server is killed; some are renewed just then, and again with the same token after it."""
        self._rested, self._cut = await self._begin_all(), await self._begin_all()
        await outage.prepared()
        renewing = [asyncio.create_task(self._renew(login, outage)) for login in self._cut]
        while any(len(login.tokens) == _RENEWALS + 1 for login in self._cut):
            await asyncio.sleep(0)
        await outage.in_midst()
        await outage.killed.wait()
        await self.client.meets_the_outage()
        await outage.met()
        await asyncio.gather(*renewing)

    async def _renew(self, login: Login, outage: Outage) -> None:
        """On and on, until the kill; then with the last token until there is an answer."""
        while True:
            answer = await self.client.post("/refresh", form={"refresh_token": login.tokens[-1]})
            if answer.status == 503:
                await self.client.pause()
                continue
            if answer.status != 200:
                return
            login.tokens.append(answer.json()["refresh_token"])
            if outage.back.is_set():
                login.went_on = True
                return

    async def after(self) -> None:
        await self._catch("rested", self._rested)
        going_on = [login for login in self._cut if login.went_on]
        caught = await asyncio.gather(*[self._is_caught(login, -2) for login in going_on])
        self._caught["cut"] = sum(caught) + sum(not login.went_on for login in self._cut)

    def rows(self) -> list[Row]:
        number, ended = self.size.logins, sum(not login.went_on for login in self._cut)
        return [
            Row.exactly(
                f"{number} logins, {_RENEWALS} renewals each, then a used token: refused, and the login ended",
                number,
                self._caught["whole"],
            ),
            Row(
                f"{number} logins, one token sent {_THIEVES} times at once: pairs that each gave",
                "1",
                ", ".join(map(str, sorted(set(self._won)))),
                set(self._won) == {1},
            ),
            Row.exactly(
                f"{number} logins that were renewed before the kill, a used token after the restart: caught",
                number,
                self._caught["rested"],
            ),
            Row.exactly(
                f"{number} logins that are renewed as the server is killed: ended, by a used token after the restart,"
                f" or ({ended}) by sending one again whose answer was lost",
                number,
                self._caught["cut"],
            ),
        ]
