"""How propagators (trace context, baggage) read the headers of a request."""

from __future__ import annotations

from opentelemetry.propagators.textmap import Getter

from vivace.head import RawHeaders


class HeadersGetter(Getter[RawHeaders]):
    """Names in any case; each value that came under a name, in order."""

    def get(self, carrier: RawHeaders, key: str) -> list[str] | None:
        name = key.lower().encode("latin-1")
        found = [value.decode("latin-1") for header, value in carrier if header == name]
        if name == b"baggage" and found:
            return [",".join(found)]  # the propagator looks at the first value only
        return found or None

    def keys(self, carrier: RawHeaders) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


HEADERS = HeadersGetter()
