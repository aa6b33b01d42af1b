"""HTTP authentication: credentials in the `Authorization` header (RFC 9110 section 11.6.2; OpenAPI: `type: http`)."""

# ruff: noqa: N803  # the parameters are spelled as in OpenAPI

from base64 import b64decode
from typing import Annotated, Unpack, cast

from annotated_doc import Doc
from pydantic import BaseModel
from typing_extensions import TypeVar, override

from vivace.exceptions import HTTPException
from vivace.keywords import spelled_out
from vivace.openapi.models import HTTPBase as HTTPBaseModel
from vivace.openapi.models import HTTPBearer as HTTPBearerModel
from vivace.security.base import CredentialScheme, SchemeOptions
from vivace.security.utils import get_authorization_scheme_param


class HTTPBasicCredentials(BaseModel):
    """A user name and a password, as `HTTPBasic` found them. Compare them with `secrets.compare_digest`."""

    username: Annotated[str, Doc("Everything before the first colon.")]
    password: Annotated[str, Doc("Everything after it.")]


class HTTPAuthorizationCredentials(BaseModel):
    """The header `Authorization: Bearer abc` as `scheme="Bearer"` and `credentials="abc"`."""

    scheme: Annotated[str, Doc("The scheme as the client spelled it.")]
    credentials: Annotated[str, Doc("What follows the scheme.")]


Credentials = TypeVar("Credentials", default=HTTPAuthorizationCredentials)


class HTTPBase(CredentialScheme[Credentials]):
    """Any scheme of the `Authorization` header: which one the client uses is for the program to check."""

    http_exception = HTTPException
    model: HTTPBaseModel

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        scheme: Annotated[str, Doc("The scheme's name, as registered with IANA.")],
        **options: Unpack[SchemeOptions],
    ) -> None:
        super().__init__(HTTPBaseModel(scheme=scheme), ("header", "authorization"), **options)

    @override
    def challenge(self) -> str:
        return self.model.scheme.title()

    @override
    def authenticate(self, value: str | None) -> Credentials | None:
        # Subclasses with credentials of another type have an `authenticate` of their own.
        return cast(Credentials | None, authorization(value)) or self.refuse()


class HTTPBearer(HTTPBase[HTTPAuthorizationCredentials]):
    """A bearer token (RFC 6750), with the scheme that stands before it.

    ```python
    @app.get("/me")
    async def me(token: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]): ...
    ```
    """

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        bearerFormat: Annotated[str | None, Doc("A hint for humans on the form of the token, such as JWT.")] = None,
        **options: Unpack[SchemeOptions],
    ) -> None:
        super().__init__(scheme="bearer", **options)
        self.model = HTTPBearerModel(bearerFormat=bearerFormat, description=self.model.description)

    @override
    def authenticate(self, value: str | None) -> HTTPAuthorizationCredentials | None:
        return authorization(value, "bearer") or self.refuse()


class HTTPDigest(HTTPBase[HTTPAuthorizationCredentials]):
    """The credentials of digest authentication (RFC 7616), not taken apart. Only the scheme is checked."""

    @spelled_out(SchemeOptions)
    def __init__(self, **options: Unpack[SchemeOptions]) -> None:
        super().__init__(scheme="digest", **options)

    @override
    def authenticate(self, value: str | None) -> HTTPAuthorizationCredentials | None:
        return authorization(value, "digest") or self.refuse()


class HTTPBasic(HTTPBase[HTTPBasicCredentials]):
    """A user name and a password (RFC 7617)."""

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        realm: Annotated[str | None, Doc("What the password is for: browsers show it when they ask.")] = None,
        **options: Unpack[SchemeOptions],
    ) -> None:
        super().__init__(scheme="basic", **options)
        self.realm = realm

    @override
    def challenge(self) -> str:
        return f'Basic realm="{self.realm}"' if self.realm else "Basic"

    @override
    def authenticate(self, value: str | None) -> HTTPBasicCredentials | None:
        scheme, encoded = get_authorization_scheme_param(value)
        if scheme.lower() != "basic":
            return self.refuse()
        credentials = decode_basic(encoded)
        if credentials is None:  # malformed is not missing: refused in any case
            raise self.make_not_authenticated_error()
        return credentials


def authorization(value: str | None, wanted: str | None = None) -> HTTPAuthorizationCredentials | None:
    """The credentials in a header value, if there are any, and of the `wanted` scheme (lower case; None for any)."""
    scheme, credentials = get_authorization_scheme_param(value)
    if scheme and credentials and wanted in (None, scheme.lower()):
        return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials)
    return None


def decode_basic(encoded: str) -> HTTPBasicCredentials | None:
    """User and password from the base64 of `user:password`, in ASCII; None if it is anything else."""
    try:
        username, colon, password = b64decode(encoded).decode("ascii").partition(":")
    except ValueError:
        return None
    return HTTPBasicCredentials(username=username, password=password) if colon else None
