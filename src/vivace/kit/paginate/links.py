"""`Link` headers (RFC 8288): the addresses of other pages, all other query parameters kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from vivace import Request, Response

LINKED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "description": "Addresses of other pages (RFC 8288), by `rel`: first, prev, next, last",
                "schema": {"type": "string"},
            }
        }
    }
}
"""For `responses=` of a route: the header, as OpenAPI shows it."""


_PATH = "/:@!$&'()*+=~"  # what RFC 3986 section 3.3 lets stand in a path; `,` and `;` mean something in the header


def set_links(request: Request, response: Response, relations: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Set the header, beside links that are there already.

    Args:
        request: its address is what changes.
        response: gets the header.
        relations: for each `rel` the parameters to set (None: to leave out); or None for a page that there isn't.
    """
    there = [(rel, changes) for rel, changes in relations.items() if changes is not None]
    links = [f'<{_address(request, changes)}>; rel="{rel}"' for rel, changes in there]
    if links:
        response.headers.append("link", ", ".join(links))


def _address(request: Request, changes: Mapping[str, Any]) -> str:
    """Quoted in every part: the path is there as it was decoded, and a `>` would end the link."""
    url = request.url
    kept = [(name, value) for name, value in parse_qsl(url.query, keep_blank_values=True) if name not in changes]
    query = urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])
    address = f"{url.scheme}://{quote(url.netloc, safe=':[]')}{quote(url.path, safe=_PATH)}"
    return f"{address}?{query}" if query else address
