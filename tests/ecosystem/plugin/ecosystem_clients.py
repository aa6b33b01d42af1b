"""A pytest plugin: every in-memory client of the tests goes in by the wire door, whichever library it comes from.

`VIVACE_DOOR=wire` is for `TestClient` as imported from FastAPI. Packages also use Starlette's own, and httpx with its
`ASGITransport`: both are led to the same protocol here. WebSocket sessions, and event loops other than asyncio's, stay
at ASGI.
"""

import asyncio

import httpx
import httpx2
import starlette.testclient

from vivace.testclient import TestClient
from vivace.testing.answer import Answer, as_sent_by_the_application
from vivace.testing.door import as_bytes
from vivace.testing.server import MemoryServer

starlette.testclient.TestClient = TestClient


def through_the_wire(library):
    """Replace the one method by which a client of `library` reaches an ASGI application."""
    asgi = library.ASGITransport.handle_async_request

    async def handle_async_request(self, request):
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # trio
            return await asgi(self, request)
        await request.aread()
        url = request.url
        extra = {"peername": self.client, "sockname": (url.host, url.port or 80), "sslcontext": url.scheme == "https"}
        call = MemoryServer(self.app, {}, self.root_path).connect(Answer(request.method), extra)
        call.transport.feed(as_bytes(request))
        try:
            head = await call.answer.head()
            pieces = [piece async for piece in body(call.answer)]
        finally:
            error = await call.finish()
        if error is not None and self.raise_app_exceptions:
            raise error
        if head is None and call.protocol.exchange.task.cancelled():
            raise asyncio.CancelledError  # as it would come through the application's own call
        if head is None:
            return library.Response(500, request=request)
        headers = as_sent_by_the_application(head)
        return library.Response(head.status_code, headers=headers, content=b"".join(pieces), request=request)

    library.ASGITransport.handle_async_request = handle_async_request


async def body(answer):
    while (piece := await answer.piece()) is not None:
        yield piece


for library in (httpx, httpx2):
    through_the_wire(library)
