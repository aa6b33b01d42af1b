"""One request with an idempotency key: the first of its kind, or one that gets the first one's answer."""

from __future__ import annotations

import json
import secrets
from typing import Any, cast

import anyio
from starlette.exceptions import HTTPException as AnyHTTPException

from vivace import HTTPException, Request, Response
from vivace.kit.answer import is_whole, pack, unpack
from vivace.kit.limits.by import By
from vivace.kit.limits.idempotency import HEADER, REPLAYED, WHOSE, Idempotent
from vivace.kit.route import Handler, Turn

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25  # seconds


class Attempt:
    """A record in the store is a line of JSON, and the packed answer where there is one.

    `state`: "pending" while the first request is under way; "answered"; "raised" for an `HTTPException`; "lost" for an
    answer that can't be kept.
    """

    def __init__(self, idempotent: Idempotent, handler: Handler, request: Request, key: str, fingerprint: str) -> None:
        self._idempotent, self._handler, self._request = idempotent, handler, request
        self._terms, self._records = idempotent.terms, idempotent.records
        self._key, self._fingerprint = key, fingerprint
        self._pending = self._record("pending", token=secrets.token_hex(8))
        self._place: str | None = None  # of the record that this request has begun

    async def respond(self) -> Response:
        """The answer of the endpoint, or the one that the first request got.

        Raises:
            HTTPException: 422 for another request under the same key, 409 if the first is under way for too long, 503
                if the store is down and that is not to be borne; and whatever the endpoint raises.
        """
        turn = await self._turn()
        record: bytes | None = None
        try:
            response = await turn.run(self._handler, self._request)
            if turn.began and response.status_code < 500:
                record = self._answered(response)
        except AnyHTTPException as error:
            if turn.began and error.status_code < 500:
                record = self._raised(error)
            raise
        finally:
            if self._place is not None:
                with anyio.CancelScope(shield=True):
                    await self._records.end(self._place, record, self._record("lost"), self._terms.ttl)
        return turn.settled(response)

    async def _turn(self) -> Turn:
        """Whose key it is, is known now, or when the dependencies have run."""
        if not callable(self._terms.by):
            return Turn(gate=self._claim_by_dependency)
        name_of = cast("By", self._terms.by)
        return Turn(await self._claim(name_of(self._request)))

    async def _claim_by_dependency(self) -> Response | Exception | None:
        return await self._claim(self._request.scope[WHOSE])

    async def _claim(self, who: str) -> Response | Exception | None:
        """The first answer; None if this request is the first, or goes on without a store."""
        place = f"{self._idempotent.name}|{len(who)}:{who}|{self._key}"
        deadline, pause = anyio.current_time() + self._terms.wait, _FIRST_PAUSE
        while True:
            found = self._records.known(place) or await self._begin(place)
            if found is None:
                return None
            if found == self._pending:
                self._place = place
                return None
            head, _, packed = found.partition(b"\n")
            record = json.loads(head)
            self._check(record)
            if record["state"] != "pending":
                return _replayed(record, packed)
            if anyio.current_time() >= deadline:
                detail = "The first request with this Idempotency-Key is still under way"
                raise HTTPException(409, detail, headers={"Retry-After": "1"})
            await anyio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _begin(self, place: str) -> bytes | None:
        """The record that is there; our own if there was none."""
        return await self._idempotent.guarded.ask(lambda: self._records.begin(place, self._pending, self._terms.lease))

    def _check(self, record: dict[str, Any]) -> None:
        if record["fingerprint"] == self._fingerprint:
            return
        message = "This key was used for another request"
        error = {"type": "idempotency_key_reused", "loc": ["header", HEADER], "msg": message, "input": None}
        raise HTTPException(422, [error])

    def _answered(self, response: Response) -> bytes:
        if not is_whole(response):
            return self._record("lost")
        return self._record("answered") + b"\n" + pack(response)

    def _raised(self, error: AnyHTTPException) -> bytes:
        headers = dict(error.headers or {})
        try:
            return self._record("raised", status=error.status_code, detail=error.detail, headers=headers)
        except (TypeError, ValueError):  # its detail is no JSON
            return self._record("lost")

    def _record(self, state: str, **more: Any) -> bytes:
        return json.dumps({"state": state, "fingerprint": self._fingerprint, **more}).encode()


def _replayed(record: dict[str, Any], packed: bytes) -> Response | Exception:
    if record["state"] == "answered":
        response, _ = unpack(packed)
        response.headers[REPLAYED] = "true"
        return response
    if record["state"] == "raised":
        headers = {**record["headers"], REPLAYED: "true"}
        return HTTPException(record["status"], record["detail"], headers=headers)
    return HTTPException(409, "This was done already, and its answer can't be given again")
