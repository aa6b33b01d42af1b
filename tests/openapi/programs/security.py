"""Security schemes: every class, scopes at every level, alone and together."""

from functools import partial
from typing import Annotated


def build(f):
    app = f.FastAPI()
    s = f.security
    Depends, Security = f.Depends, f.Security
    schemes = {
        "header": s.APIKeyHeader(name="X-Key", description="A key"),
        "query": s.APIKeyQuery(name="key", scheme_name="QueryKey"),
        "cookie": s.APIKeyCookie(name="session", auto_error=False),
        "basic": s.HTTPBasic(realm="here", description="Basic"),
        "bearer": s.HTTPBearer(bearerFormat="JWT"),
        "digest": s.HTTPDigest(),
        "base": s.http.HTTPBase(scheme="Other", scheme_name="OtherHTTP"),
        "password": s.OAuth2PasswordBearer(tokenUrl="token", scopes={"me": "Read me", "items": "Read items"}),
        "code": s.OAuth2AuthorizationCodeBearer(
            authorizationUrl="auth", tokenUrl="token", refreshUrl="refresh", scopes={"x": "X"}, description="Code"
        ),
        "oauth2": s.OAuth2(
            flows={"implicit": {"authorizationUrl": "i"}, "clientCredentials": {"tokenUrl": "c", "scopes": {"a": "A"}}},
            scheme_name="Flows",
        ),
        "openid": s.OpenIdConnect(openIdConnectUrl="/.well-known"),
    }
    for name, scheme in schemes.items():

        @app.get(f"/direct/{name}")
        def direct(credential=Security(scheme)): ...

        @app.get(f"/depends/{name}", dependencies=[Depends(scheme)])
        def depends(): ...

    password = schemes["password"]

    def user(token: Annotated[str, Depends(password)]): ...

    def active(scopes: s.SecurityScopes, user=Security(user, scopes=["me"])): ...

    @app.get("/scoped")
    def scoped(user=Security(active, scopes=["items", "me"])): ...

    @app.get("/scoped-twice", dependencies=[Security(active, scopes=["extra"])])
    def scoped_twice(user=Security(active, scopes=["items"]), also=Depends(user)): ...

    @app.get("/both")
    def both(
        key=Security(schemes["header"]), token=Security(password, scopes=["me"]), again=Depends(schemes["header"])
    ): ...

    class Sub(s.HTTPBearer):
        pass

    @app.get("/subclass")
    def subclass(token=Depends(Sub())): ...

    @app.get("/partial")
    def of_partial(token=Depends(partial(schemes["bearer"]))): ...

    @app.get("/two-of-a-name")
    def two_of_a_name(a=Depends(s.APIKeyHeader(name="one")), b=Depends(s.APIKeyHeader(name="two"))): ...

    router = f.APIRouter(dependencies=[Security(password, scopes=["router"])])

    @router.get("/routed", dependencies=[Security(user, scopes=["route"])])
    def routed(q: int, token=Security(active, scopes=["own"])): ...

    app.include_router(router, prefix="/r", dependencies=[Security(schemes["openid"], scopes=["included"])])

    class Request2:
        def __init__(self, token=Depends(password)): ...

    @app.get("/class")
    def of_class(x: Annotated[Request2, Depends()]): ...

    return app
