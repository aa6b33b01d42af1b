"""Callbacks and webhooks."""

from typing import Annotated

from pydantic import BaseModel, HttpUrl


class Invoice(BaseModel):
    id: str
    total: float


class Event(BaseModel):
    description: str
    paid: bool


class Received(BaseModel):
    ok: bool


class Subscription(BaseModel):
    """A subscription."""

    username: str
    fee: float


def build(f):
    callbacks = f.APIRouter()
    more = f.APIRouter(prefix="/more")

    @callbacks.post("{$callback_url}/invoices/{$request.body.id}", response_model=Received)
    def invoice_notification(body: Event, x_sig: Annotated[str, f.Header()]): ...

    @callbacks.get("{$callback_url}/ping", tags=["ping"], responses={404: {"model": Received}})
    def ping(): ...

    @more.put("{$url}")
    def another(key: str = f.Security(f.security.APIKeyHeader(name="k"))): ...

    @callbacks.post("/convertor/{p:path}", include_in_schema=True)
    def with_convertor(p: str): ...

    @callbacks.get("/hidden", include_in_schema=False)
    def hidden(): ...

    callbacks.add_route("/not-an-operation", lambda request: None)

    app = f.FastAPI(callbacks=more.routes)
    router = f.APIRouter(callbacks=callbacks.routes[1:])

    @app.post("/invoices/", callbacks=callbacks.routes)
    def create_invoice(invoice: Invoice, callback_url: HttpUrl | None = None): ...

    @router.get("/routed", callbacks=callbacks.routes[:1])
    def routed(): ...

    @app.webhooks.post("new-subscription", tags=["hooks"])
    def new_subscription(body: Subscription, auth: str = f.Security(f.security.HTTPBearer())):
        """When a new user subscribes."""

    @app.webhooks.get("hidden-hook", include_in_schema=False)
    def hidden_hook(): ...

    @app.webhooks.get("plain-hook")
    def plain_hook(n: int) -> Subscription: ...

    app.include_router(router)
    return app
