"""Reading the `Authorization` header."""


def get_authorization_scheme_param(authorization_header_value: str | None) -> tuple[str, str]:
    """`"Bearer abc"` gives `("Bearer", "abc")`; without a header, both are empty."""
    scheme, _, param = (authorization_header_value or "").partition(" ")
    return scheme, param.strip()
