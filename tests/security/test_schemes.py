"""Every scheme against FastAPI's: with credentials good, missing, malformed."""

from __future__ import annotations

import asyncio
import inspect
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import fastapi.security
import fastapi.security.http
import fastapi.security.utils
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import HTTPConnection

import vivace.security
import vivace.security.http
import vivace.security.utils
from vivace.security.base import CredentialScheme, only_authenticates

Make = Callable[[Any, bool], Any]
NAMED = {"scheme_name": "Named", "description": "described"}

SCHEMES: dict[str, Make] = {
    "HTTPBase": lambda s, auto: s.http.HTTPBase(scheme="oTHER", auto_error=auto),
    "HTTPBase named": lambda s, auto: s.http.HTTPBase(scheme="Other", auto_error=auto, **NAMED),
    "HTTPBasic": lambda s, auto: s.HTTPBasic(auto_error=auto),
    "HTTPBasic realm": lambda s, auto: s.HTTPBasic(realm="r", auto_error=auto, **NAMED),
    "HTTPBasic no realm": lambda s, auto: s.HTTPBasic(realm="", auto_error=auto),
    "HTTPBearer": lambda s, auto: s.HTTPBearer(auto_error=auto),
    "HTTPBearer JWT": lambda s, auto: s.HTTPBearer(bearerFormat="JWT", auto_error=auto, **NAMED),
    "HTTPDigest": lambda s, auto: s.HTTPDigest(auto_error=auto, **NAMED),
    "OAuth2": lambda s, auto: s.OAuth2(auto_error=auto),
    "OAuth2 flows": lambda s, auto: s.OAuth2(flows={"password": {"tokenUrl": "t"}}, auto_error=auto, **NAMED),
    "PasswordBearer": lambda s, auto: s.OAuth2PasswordBearer("t", auto_error=auto),
    "PasswordBearer all": lambda s, auto: s.OAuth2PasswordBearer("t", "N", {"s": "d"}, "d", auto, "r"),
    "CodeBearer": lambda s, auto: s.OAuth2AuthorizationCodeBearer("a", "t", auto_error=auto),
    "CodeBearer all": lambda s, auto: s.OAuth2AuthorizationCodeBearer("a", "t", "r", "N", {"s": "d"}, "d", auto),
    "OpenIdConnect": lambda s, auto: s.OpenIdConnect(openIdConnectUrl="u", auto_error=auto, **NAMED),
    "APIKeyCookie": lambda s, auto: s.APIKeyCookie(name="X-Key", auto_error=auto, **NAMED),
    "APIKeyHeader": lambda s, auto: s.APIKeyHeader(name="X-Key", auto_error=auto),
    "APIKeyQuery": lambda s, auto: s.APIKeyQuery(name="X-Key", auto_error=auto),
}


def encoded(text: bytes) -> str:
    return b64encode(text).decode()


BASIC = [b"u:p", b"u:p:q", b"up", b":", "ü:p".encode(), b"\xff:p", b"u:p\0", b"u\x7f:p", b""]
AUTHORIZATION = [
    *("", " ", "Bearer", "Bearer ", "Bearer x", "bearer x", "BEARER  x y ", " Bearer x", "Bearer\tx", "Bearer é"),
    *("Digest", "Digest x", "digest  x", "Other", "Other x", "x  y", "Basic", "Basic !!", "Basic abc", "Basic d*Tpw"),
    *("Basic é", "Basic\xa0x", "Basic a\nb", f"basic {encoded(b'u:p')}", f"Basic  {encoded(b'u:p')} ", "Basic dTp"),
    *(f"Basic {encoded(credentials)}" for credentials in BASIC),
]


def request(*headers: tuple[str, str], query: str = "") -> HTTPConnection:
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    return HTTPConnection({"type": "http", "headers": raw, "query_string": query.encode()})


REQUESTS = [
    request(),
    *(request(("Authorization", value)) for value in AUTHORIZATION),
    request(("Authorization", "Bearer 1"), ("Authorization", "Bearer 2")),
    *(request(("X-Key", value)) for value in ("v", "", " v ")),
    request(("x-key", "1"), ("X-Key", "2")),
    *(request(("Cookie", value)) for value in ("X-Key=v", "X-Key=", "x-key=v", "X-Key=1; X-Key=2", 'X-Key="q"')),
    *(request(query=value) for value in ("X-Key=v", "X-Key=", "x-key=v", "X-Key=1&X-Key=2", "X-Key=%20")),
]


def answer(scheme: Any, connection: HTTPConnection) -> tuple[Any, ...]:
    try:
        return "returned", repr(asyncio.run(scheme(connection)))
    except Exception as error:  # noqa: BLE001  # whatever it is, the other must raise the same
        details = [getattr(error, name, None) for name in ("status_code", "detail", "headers")]
        return type(error).__module__.replace("fastapi", "vivace"), type(error).__name__, *details


@pytest.mark.parametrize("auto_error", [True, False])
@pytest.mark.parametrize("make", SCHEMES.values(), ids=SCHEMES)
def test_every_request(make: Make, auto_error: bool) -> None:
    theirs, ours = make(fastapi.security, auto_error), make(vivace.security, auto_error)
    for connection in REQUESTS:
        assert answer(ours, connection) == answer(theirs, connection), connection.scope


@given(st.text(st.characters(codec="latin-1"), max_size=20), st.sampled_from(["", "Basic ", "Bearer "]))
def test_any_header(value: str, prefix: str) -> None:
    connection = request(("Authorization", prefix + value))
    for name in ("HTTPBase", "HTTPBasic", "HTTPBearer", "HTTPDigest", "OAuth2", "PasswordBearer"):
        theirs, ours = SCHEMES[name](fastapi.security, True), SCHEMES[name](vivace.security, True)
        assert answer(ours, connection) == answer(theirs, connection)


@pytest.mark.parametrize("make", SCHEMES.values(), ids=SCHEMES)
def test_the_document_s_model(make: Make) -> None:
    theirs, ours = make(fastapi.security, True), make(vivace.security, True)
    dump = {"by_alias": True, "exclude_none": True, "mode": "json"}
    assert ours.model.model_dump(**dump) == theirs.model.model_dump(**dump)
    assert type(ours.model).__name__ == type(theirs.model).__name__
    assert (ours.scheme_name, ours.auto_error) == (theirs.scheme_name, theirs.auto_error)


@pytest.mark.parametrize("make", SCHEMES.values(), ids=SCHEMES)
def test_the_rule_alone_answers_as_the_call(make: Make) -> None:
    scheme = make(vivace.security, False)
    assert only_authenticates(scheme)
    place, name = scheme.source
    found = {"header": lambda r: r.headers.get(name), "query": lambda r: r.query_params.get(name)}
    fetch = found.get(place, lambda r: r.cookies.get(name))
    for connection in REQUESTS:
        try:
            alone: tuple[Any, ...] = "returned", repr(scheme.authenticate(fetch(connection)))
        except vivace.security.http.HTTPException:
            alone = ("refused",)
        assert answer(scheme, connection)[: len(alone)] == alone or alone == ("refused",)


def test_sources() -> None:
    assert SCHEMES["APIKeyHeader"](vivace.security, True).source == ("header", "x-key")
    assert SCHEMES["APIKeyQuery"](vivace.security, True).source == ("query", "X-Key")
    assert SCHEMES["APIKeyCookie"](vivace.security, True).source == ("cookie", "X-Key")
    assert SCHEMES["OAuth2"](vivace.security, True).source == ("header", "authorization")


def test_a_scheme_with_a_call_of_its_own_is_not_only_its_rule() -> None:
    class Cookie(vivace.security.OAuth2PasswordBearer):
        async def __call__(self, request: HTTPConnection) -> str | None:
            return request.cookies.get("token") or await super().__call__(request)

    scheme = Cookie("t")
    assert not only_authenticates(scheme)
    assert answer(scheme, request(("Cookie", "token=c"))) == ("returned", "'c'")
    assert answer(scheme, request(("Authorization", "Bearer b"))) == ("returned", "'b'")


def test_a_scheme_whose_init_says_nothing_of_the_source_is_not_either() -> None:
    class Odd(CredentialScheme[str]):
        def __init__(self) -> None:
            self.scheme_name = "odd"

    assert not only_authenticates(Odd())
    assert not only_authenticates(len)


def test_the_refusal_can_be_overridden() -> None:
    class Forbids(vivace.security.HTTPBearer):
        def make_not_authenticated_error(self) -> vivace.security.http.HTTPException:
            return vivace.security.http.HTTPException(403, "no")

    assert answer(Forbids(), request())[2:] == (403, "no", None)


@pytest.mark.parametrize("name", [name for name in dir(fastapi.security) if name[0].isupper()])
def test_the_same_parameters(name: str) -> None:
    theirs = inspect.signature(getattr(fastapi.security, name)).parameters
    ours = inspect.signature(getattr(vivace.security, name)).parameters
    assert set(ours) == set(theirs)
    positional = [n for n, p in theirs.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    assert [n for n, p in ours.items() if p.kind is p.POSITIONAL_OR_KEYWORD] == positional


@pytest.mark.parametrize("name", ["HTTPBasic", "HTTPBearer", "HTTPDigest"])
def test_http_schemes_have_a_common_base(name: str) -> None:
    assert issubclass(getattr(vivace.security, name), vivace.security.http.HTTPBase)


def test_a_wrong_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'auto_eror'"):
        vivace.security.APIKeyHeader(name="k", auto_eror=False)  # type: ignore[call-arg]


@given(st.none() | st.text(" \tab", max_size=6))
def test_taking_the_header_apart(value: str | None) -> None:
    expected = fastapi.security.utils.get_authorization_scheme_param(value)
    assert vivace.security.utils.get_authorization_scheme_param(value) == expected
