"""Security schemes, with and without automatic errors, scopes, and what each makes of odd headers."""

from typing import Annotated

from tests.differential import strategies
from tests.differential.case import form, get, multipart, sub


def build(f):
    s = sub(f, "security")
    app = f.FastAPI()
    flows = {"password": {"tokenUrl": "token", "scopes": {"read": "Read", "write": "Write"}}}
    schemes = {
        "key-query": s.APIKeyQuery(name="key", description="A key"),
        "key-header": s.APIKeyHeader(name="X-Key", scheme_name="HeaderKey"),
        "key-cookie": s.APIKeyCookie(name="key"),
        "basic": s.HTTPBasic(),
        "basic-realm": s.HTTPBasic(realm="here"),
        "bearer": s.HTTPBearer(bearerFormat="JWT", description="A token"),
        "digest": s.HTTPDigest(),
        "http": sub(f, "security.http").HTTPBase(scheme="Other"),
        "oauth2": s.OAuth2(flows=flows),
        "password": s.OAuth2PasswordBearer(tokenUrl="token", scopes={"read": "Read"}),
        "code": s.OAuth2AuthorizationCodeBearer(authorizationUrl="auth", tokenUrl="token", refreshUrl="refresh"),
        "openid": s.OpenIdConnect(openIdConnectUrl="/openid"),
    }
    optional = {
        "key-query": s.APIKeyQuery(name="key", auto_error=False),
        "key-header": s.APIKeyHeader(name="X-Key", auto_error=False),
        "key-cookie": s.APIKeyCookie(name="key", auto_error=False),
        "basic": s.HTTPBasic(auto_error=False),
        "basic-realm": s.HTTPBasic(realm="here", auto_error=False),
        "bearer": s.HTTPBearer(auto_error=False),
        "digest": s.HTTPDigest(auto_error=False),
        "http": sub(f, "security.http").HTTPBase(scheme="Other", auto_error=False),
        "oauth2": s.OAuth2(flows=flows, auto_error=False),
        "password": s.OAuth2PasswordBearer(tokenUrl="token", auto_error=False),
        "code": s.OAuth2AuthorizationCodeBearer(authorizationUrl="auth", tokenUrl="token", auto_error=False),
        "openid": s.OpenIdConnect(openIdConnectUrl="/openid", auto_error=False),
    }

    def protect(kind, name, scheme):
        @app.get(f"/{kind}/{name}", name=f"{kind} {name}")
        def read(credentials=f.Security(scheme)):
            return {"got": credentials}

    for name, scheme in schemes.items():
        protect("required", name, scheme)
    for name, scheme in optional.items():
        protect("optional", name, scheme)
    _forms(f, s, app)
    _scopes(f, s, app, schemes["password"])
    return app


def _forms(f, s, app):
    @app.post("/token")
    async def token(data: Annotated[s.OAuth2PasswordRequestForm, f.Depends()]):
        return vars(data)

    @app.post("/token-strict")
    def token_strict(data: Annotated[s.OAuth2PasswordRequestFormStrict, f.Depends()]):
        return vars(data)


def _scopes(f, s, app, scheme):
    def seen(name):
        def dependency(scopes: s.SecurityScopes, token: Annotated[str, f.Depends(scheme)]):
            app.state.events.append([name, scopes.scopes, scopes.scope_str, token])
            return scopes.scopes

        return dependency

    user = seen("user")

    def active(current: Annotated[list, f.Security(user, scopes=["me"])], own: f.security.SecurityScopes):
        return [current, own.scopes]

    @app.get("/scopes")
    def scopes(a: Annotated[list, f.Security(active, scopes=["items", "more"])], b: Annotated[list, f.Depends(user)]):
        return [a, b]

    @app.get("/scopes-route", dependencies=[f.Security(user, scopes=["route"])])
    def scopes_route(b: Annotated[list, f.Security(user, scopes=["endpoint"])]):
        return b

    @app.get("/scopes-same")
    def scopes_same(
        a: Annotated[list, f.Security(user, scopes=["x"])], b: Annotated[list, f.Security(user, scopes=["x"])]
    ):
        return [a, b]


_SCHEMES = "key-query key-header key-cookie basic basic-realm bearer digest http oauth2 password code openid".split()
_HEADERS = (
    "Basic dXNlcjpwYXNz", "basic dXNlcjpwYXNz", "Basic dXNlcg==", "Basic !!!", "Basic", "Basic  dXNlcjpwYXNz", "Basic w7xzZXI6cMO8",
    "Basic /////w==", "Basic OnBhc3M=", "Basic dTpwOnE=", "Bearer token", "bearer token", "Bearer", "Bearer  two words", "Digest abc",
    "digest", "Other value", "other value", "token", "", "Bearer\ttab",
)  # fmt: skip

CASES = [
    *(get(f"/{kind}/{name}") for kind in ("required", "optional") for name in _SCHEMES),
    *(
        get(f"/{kind}/{name}", {"authorization": value}, note=value)
        for kind in ("required", "optional")
        for name in _SCHEMES[3:]
        for value in _HEADERS
    ),
    *(
        get(f"/{kind}/{path}", headers)
        for kind in ("required", "optional")
        for path, headers in (
            ("key-query?key=k", ()),
            ("key-query?key=", ()),
            ("key-query?key=a&key=b", ()),
            ("key-header", {"x-key": "k"}),
            ("key-header", {"x-key": ""}),
            ("key-cookie", {"cookie": "key=k"}),
            ("key-cookie", {"cookie": "key="}),
        )
    ),
    form("/token", {"username": "u", "password": "p"}),
    form(
        "/token",
        {
            "username": "u",
            "password": "p",
            "grant_type": "password",
            "scope": "a b  c",
            "client_id": "i",
            "client_secret": "s",
        },
    ),
    form("/token", {"username": "u", "password": "p", "grant_type": "code"}),
    form("/token", {}),
    multipart("/token", ("username", "u"), ("password", "p")),
    form("/token-strict", {"username": "u", "password": "p"}),
    form("/token-strict", {"username": "u", "password": "p", "grant_type": "password"}),
    *(get(path, {"authorization": "Bearer t"}) for path in ("/scopes", "/scopes-route", "/scopes-same")),
    get("/scopes"),
]

DRAWN = strategies.header_requests(
    {f"/{kind}/{name}": ["authorization"] for kind in ("required", "optional") for name in _SCHEMES[3:]}
)
