"""What all security schemes share: one credential is fetched from the request, and one rule decides about it.

The rule (`authenticate`) does no I/O and never sees the request, so that a compiled route can fetch the value itself
and call the rule directly.
"""

from typing import Annotated, ClassVar, Generic, Literal, TypedDict, TypeVar

from annotated_doc import Doc
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import HTTPConnection
from starlette.status import HTTP_401_UNAUTHORIZED

from vivace.openapi.models import SecurityBase as SecurityBaseModel

Credential = TypeVar("Credential")
Source = tuple[Literal["header", "query", "cookie"], str]


class SecurityBase:
    """Whatever has these two attributes, and is depended on, is shown in the OpenAPI document as a security scheme.

    Attributes:
        model: the scheme as the document has it.
        scheme_name: its key in the document.
    """

    model: SecurityBaseModel
    scheme_name: str


class SchemeOptions(TypedDict, total=False):
    """What every scheme can be told."""

    scheme_name: Annotated[str | None, Doc("The key of the scheme in the OpenAPI document; by default the class name.")]
    description: Annotated[str | None, Doc("Shown in the OpenAPI document.")]
    auto_error: Annotated[
        bool,
        Doc(
            "Refuse a request without the credential (the default), or call the dependant with None, for optional use."
        ),
    ]


class CredentialScheme(SecurityBase, Generic[Credential]):
    """A scheme that looks at one header, query parameter or cookie.

    Attributes:
        source: where the credential is: ("header", lower-case name), ("query", name) or ("cookie", name). Of several
            headers of that name the first counts, of several query parameters or cookies the last.
        auto_error: whether a missing credential is refused, or None.
    """

    http_exception: ClassVar[type[StarletteHTTPException]] = StarletteHTTPException

    def __init__(
        self,
        model: SecurityBaseModel,
        source: Source,
        *,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        self.model = model
        self.model.description = description
        self.scheme_name = scheme_name or type(self).__name__
        self.source = source
        self.auto_error = auto_error

    async def __call__(self, request: HTTPConnection) -> Credential | None:
        """Authenticate with the value at `source`: what makes a scheme a dependency."""
        return self.authenticate(fetch(request, self.source))

    def authenticate(self, value: str | None) -> Credential | None:
        """The credential in `value`, or None.

        Raises:
            HTTPException: 401, if there is none and `auto_error` is set.
        """
        raise NotImplementedError

    def challenge(self) -> str:
        """How to authenticate, in the terms of `WWW-Authenticate` (RFC 9110 section 11.6.1)."""
        raise NotImplementedError

    def make_authenticate_headers(self) -> dict[str, str]:
        """The headers of the refusal."""
        return {"WWW-Authenticate": self.challenge()}

    def make_not_authenticated_error(self) -> StarletteHTTPException:
        """The exception for a request without the credential. Override it to answer in another way."""
        return self.http_exception(HTTP_401_UNAUTHORIZED, "Not authenticated", self.make_authenticate_headers())

    def refuse(self) -> Credential | None:
        """Raise, or stand in for the missing credential with None: that is what `auto_error` decides."""
        if self.auto_error:
            raise self.make_not_authenticated_error()
        return None


def fetch(request: HTTPConnection, source: Source) -> str | None:
    """The value at `source` of a request or WebSocket."""
    place, name = source
    if place == "header":
        return request.headers.get(name)
    if place == "query":
        return request.query_params.get(name)
    return request.cookies.get(name)


def only_authenticates(dependency: object) -> bool:
    """Whether calling this dependency is nothing but `authenticate` on the value at `source`.

    Not so if a subclass has its own `__call__`, or an `__init__` that left `source` out.
    """
    if not isinstance(dependency, CredentialScheme) or not hasattr(dependency, "source"):
        return False
    return type(dependency).__call__ is CredentialScheme.__call__
