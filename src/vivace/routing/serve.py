"""How an operation answers a request: by its plan, made on first use, whichever door the request came in by."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace.body_limits import limited
from vivace.exchange import ASGIExchange
from vivace.fronts import Front
from vivace.operation.asgi import request_response
from vivace.operation.errors import answer_error
from vivace.operation.handler import Handler, get_request_handler
from vivace.operation.operation import Operation
from vivace.plan import Plan, compile_plan
from vivace.plan.plan import general_plan
from vivace.plan.reasons import Reason
from vivace.routing._third_party import replaced_handler
from vivace.routing.tree import EPOCH
from vivace.telemetry.observer import SCOPE_KEY as TELEMETRY_KEY


class Served(Operation):
    """An operation that answers requests."""

    _plan: Plan | None = None
    _app: ASGIApp | None = None
    _own_handler: Handler | None = None  # of a route class that overrides `get_route_handler`
    _front: Front | None = None

    @property
    def front(self) -> Front | None:
        """What is asked before the route runs (`vivace.fronts`). To be set before requests come."""
        return self._front

    @front.setter
    def front(self, front: Front | None) -> None:
        self._front, self._plan = front, None
        EPOCH.now = object()

    @property
    def plan(self) -> Plan:
        """The compiled route."""
        if self._plan is None:
            self._plan = self._compile()
        return self._plan

    def _compile(self) -> Plan:
        if self._app is not None:
            return general_plan(self, self._app, Reason("its `app` was replaced", "whatever that app costs"))
        for handler, why in (
            (self._own_handler, "its class overrides `get_route_handler`"),
            (replaced_handler(self), "somebody has replaced a function of `vivace.routing`"),
        ):
            if handler is not None:
                what = Reason(why, "the general path, and what the replacement costs")
                return general_plan(self, request_response(self._fronted(handler)), what)
        handler = get_request_handler(self)
        if self.front is None:
            return compile_plan(self, request_response(handler))
        return compile_plan(self, request_response(handler), self.front, request_response(self._fronted(handler)))

    def _fronted(self, handler: Handler) -> Handler:
        return handler if self.front is None else self.front.wrap(handler)

    @property
    def app(self) -> ASGIApp:
        """The route as an ASGI application. Assign another to take its place."""
        return self._app or self._run_plan

    @app.setter
    def app(self, app: ASGIApp) -> None:
        self._app, self._plan = app, None
        EPOCH.now = object()

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose path fits: 405 where the method does not."""
        if scope["method"] not in self.methods:
            headers = {"Allow": ", ".join(self.methods)}
            if "app" in scope:
                raise HTTPException(status_code=405, headers=headers)
            await PlainTextResponse("Method Not Allowed", status_code=405, headers=headers)(scope, receive, send)
            return
        await limited(self.app, self.max_body_size, scope)(scope, receive, send)

    async def _run_plan(self, scope: Scope, receive: Receive, send: Send) -> None:
        plan = self.plan
        if scope.get(TELEMETRY_KEY) is not None:
            await plan.general(scope, receive, send)
            return
        found = scope.get("path_params", {})
        x = ASGIExchange(scope, receive, send, tuple([found.get(name) for name in self.param_convertors]))
        try:
            await plan.answer(x)
        except Exception as error:  # noqa: BLE001  # whatever it is, there may be a handler for it
            await answer_error(x, error)
