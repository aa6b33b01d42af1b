"""One request with an idempotency key: the first of its kind, or one that gets the first one's answer."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

import anyio
from starlette.exceptions import HTTPException as AnyHTTPException

from vivace import HTTPException, Request, Response
from vivace.kit.answer import is_whole, pack, unpack
from vivace.kit.limits.idempotency import HEADER, REPLAYED, Idempotent
from vivace.kit.route import Handler, Turn
from vivace.kit.store import StoreUnavailable, ValueTooLarge

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25  # seconds

_logger = logging.getLogger("vivace.kit.limits")


class Attempt:
    """A record in the store is a line of JSON, and the packed answer where there is one.

    `state`: "pending" while the first request is under way; "answered"; "raised" for an `HTTPException`; "lost" for an
    answer that can't be kept.
    """

    def __init__(self, idempotent: Idempotent, handler: Handler, request: Request, key: str, fingerprint: str) -> None:
        self._terms, self._guarded = idempotent.terms, idempotent.guarded
        self._store = idempotent.guarded.store
        self._handler, self._request, self._fingerprint = handler, request, fingerprint
        who = self._terms.by(request)
        self._place = f"{idempotent.name}|{len(who)}:{who}|{key}"
        self._pending = self._record("pending", token=secrets.token_hex(8))

    async def respond(self) -> Response:
        """The answer of the endpoint, or the one that the first request got.

        Raises:
            HTTPException: 422 for another request under the same key, 409 if the first is under way for too long, 503
                if the store is down and that is not to be borne; and whatever the endpoint raises.
        """
        deadline, pause = anyio.current_time() + self._terms.wait, _FIRST_PAUSE
        while True:
            found = await self._guarded.ask(self._begin)
            if found is None:
                return await self._handler(self._request)
            if found == self._pending:
                return await self._first()
            head, _, packed = found.partition(b"\n")
            record = json.loads(head)
            self._check(record)
            if record["state"] != "pending":
                return await self._again(record, packed)
            if anyio.current_time() >= deadline:
                detail = "The first request with this Idempotency-Key is still under way"
                raise HTTPException(409, detail, headers={"Retry-After": "1"})
            await anyio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _begin(self) -> bytes:
        """The record that is there; our own if there was none."""
        while True:
            if await self._store.compare_and_set(self._place, None, self._pending, ttl=self._terms.lease):
                return self._pending
            if (found := await self._store.get(self._place)) is not None:
                return found

    def _check(self, record: dict[str, Any]) -> None:
        if record["fingerprint"] == self._fingerprint:
            return
        message = "This key was used for another request"
        error = {"type": "idempotency_key_reused", "loc": ["header", HEADER], "msg": message, "input": None}
        raise HTTPException(422, [error])

    async def _first(self) -> Response:
        turn = Turn()
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
            with anyio.CancelScope(shield=True):
                await self._finish(record)
        return response

    async def _finish(self, record: bytes | None) -> None:
        """Leave the record for those who come after; without one, they may try themselves."""
        ttl = None if record is None else self._terms.ttl
        try:
            try:
                await self._store.compare_and_set(self._place, self._pending, record, ttl=ttl)
            except ValueTooLarge:
                await self._store.compare_and_set(self._place, self._pending, self._record("lost"), ttl=ttl)
        except StoreUnavailable as error:
            _logger.warning("An idempotent request was answered, and its answer could not be kept: %s", error)

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

    async def _again(self, record: dict[str, Any], packed: bytes) -> Response:
        """The first answer, to who passes the dependencies."""
        return await Turn(_replayed(record, packed)).run(self._handler, self._request)

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
