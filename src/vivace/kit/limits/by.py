"""Who is limited: functions from a request to a name. `by=Depends(...)` takes the name from a dependency."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import cast

from vivace import Request
from vivace.fronts import Exchange

By = Callable[[Request], str]
LightBy = Callable[[Exchange], str]

_LIGHT = "__vivace_light_by__"
_IPV6_SITE = 64  # bits: within it anybody has as many addresses as they like


def address(request: Request) -> str:
    """The client's address; of an IPv6 one its /64.

    Behind a proxy the server has to be told to trust it (`--proxy-headers`, `--forwarded-allow-ips`): what a client
    writes into `X-Forwarded-For` is not read here.
    """
    return _site(request.client.host if request.client else "")


@lru_cache(maxsize=1024)
def _site(host: str) -> str:
    try:
        parsed = ip_address(host)
    except ValueError:
        return host
    if not isinstance(parsed, IPv6Address):
        return host
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> _IPV6_SITE << _IPV6_SITE)}/{_IPV6_SITE}"


def everybody(request: Request) -> str:  # noqa: ARG001  # they are one
    """All together."""
    return ""


def route(request: Request) -> str:
    """The path operation, its path parameters left open: behind several prefixes it is still one."""
    endpoint, found = request.scope.get("endpoint"), request.scope.get("route")
    path = getattr(found, "path", request.scope["path"])
    return f"{request.method} {path} {getattr(endpoint, '__module__', '')}.{getattr(endpoint, '__qualname__', '')}"


def header(name: str) -> By:
    """A request header, such as an API key; clients without it share one name."""

    def by(request: Request) -> str:
        return request.headers.get(name, "")

    def by_exchange(x: Exchange) -> str:
        return next((value.decode("latin-1") for key, value in x.headers if key == raw), "")

    raw = name.lower().encode("latin-1")
    by.__name__ = name
    setattr(by, _LIGHT, by_exchange)
    return by


def together(*parts: By) -> By:
    """Several at once: `together(address, route)`."""

    def by(request: Request) -> str:
        names = [part(request) for part in parts]
        return "".join(f"{len(name)}:{name}" for name in names)  # no two lists give the same

    return by


def light_by(by: By) -> LightBy:
    """The same of an `Exchange`: without a `Request`, where it is an address, a header or everybody."""
    found = getattr(by, _LIGHT, None)
    return cast("LightBy", found) if found is not None else lambda x: by(x.request)


def _light_address(x: Exchange) -> str:
    client = x.client
    return _site(client[0] if client else "")


setattr(address, _LIGHT, _light_address)
setattr(everybody, _LIGHT, lambda _: "")
