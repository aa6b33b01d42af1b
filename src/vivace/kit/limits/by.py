"""Who is limited: functions from a request to a name. `by=Depends(...)` takes the name from a dependency."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from vivace import Request

By = Callable[[Request], str]

_IPV6_SITE = 64  # bits: within it anybody has as many addresses as they like


def address(request: Request) -> str:
    """The client's address; of an IPv6 one its /64.

    Behind a proxy the server has to be told to trust it (`--proxy-headers`, `--forwarded-allow-ips`): what a client
    writes into `X-Forwarded-For` is not read here.
    """
    host = request.client.host if request.client else ""
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

    by.__name__ = name
    return by


def together(*parts: By) -> By:
    """Several at once: `together(address, route)`."""

    def by(request: Request) -> str:
        names = [part(request) for part in parts]
        return "".join(f"{len(name)}:{name}" for name in names)  # no two lists give the same

    return by
