"""OAuth2 (RFC 6749): schemes that take a token from the header, and the form by which a password is sent for one.

Nothing here makes or verifies tokens.
"""

# ruff: noqa: N803  # the parameters are spelled as in OpenAPI

from typing import Annotated, Any, Unpack

from annotated_doc import Doc
from typing_extensions import override

from vivace.exceptions import HTTPException
from vivace.keywords import spelled_out
from vivace.openapi.models import OAuth2 as OAuth2Model
from vivace.openapi.models import OAuthFlows as OAuthFlowsModel
from vivace.param_functions import Form
from vivace.security.base import CredentialScheme, SchemeOptions
from vivace.security.utils import get_authorization_scheme_param

# RFC 6749 section 4.3.2. The same words stand for the lax and for the strict form.
_GrantType = Doc('What the client offers: always "password" here.')
_Username = Doc("The name of the user. The specification wants this spelling.")
_Password = Doc("The password of the user.")
_Scope = Doc("The scopes that the client asks for, with spaces between them.")
_ClientId = Doc("The client, where it identifies itself in the form and not by HTTP Basic.")
_ClientSecret = Doc("The client's password, beside `client_id`.")


class OAuth2PasswordRequestForm:
    """The form of a login: `user: Annotated[OAuth2PasswordRequestForm, Depends()]`.

    Attributes:
        grant_type: None, if the client left it out. The specification doesn't allow that, clients do it.
        username, password: of the user.
        scopes: what the client asks for, as a list.
        client_id, client_secret: of the client, if sent.
    """

    def __init__(
        self,
        *,
        grant_type: Annotated[str | None, Form(pattern="^password$"), _GrantType] = None,
        username: Annotated[str, Form(), _Username],
        password: Annotated[str, Form(json_schema_extra={"format": "password"}), _Password],
        scope: Annotated[str, Form(), _Scope] = "",
        client_id: Annotated[str | None, Form(), _ClientId] = None,
        client_secret: Annotated[str | None, Form(json_schema_extra={"format": "password"}), _ClientSecret] = None,
    ) -> None:
        self.grant_type, self.username, self.password = grant_type, username, password
        self.scopes = scope.split()
        self.client_id, self.client_secret = client_id, client_secret


class OAuth2PasswordRequestFormStrict(OAuth2PasswordRequestForm):
    """The same form, to the letter of the specification: `grant_type` is required."""

    def __init__(
        self,
        grant_type: Annotated[str, Form(pattern="^password$"), _GrantType],
        username: Annotated[str, Form(), _Username],
        password: Annotated[str, Form(), _Password],
        scope: Annotated[str, Form(), _Scope] = "",
        client_id: Annotated[str | None, Form(), _ClientId] = None,
        client_secret: Annotated[str | None, Form(), _ClientSecret] = None,
    ) -> None:
        client = {"client_id": client_id, "client_secret": client_secret}
        super().__init__(grant_type=grant_type, username=username, password=password, scope=scope, **client)


class OAuth2(CredentialScheme[str]):
    """Any OAuth2 flow: the whole `Authorization` header, as it came."""

    http_exception = HTTPException

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        flows: Annotated[
            OAuthFlowsModel | dict[str, dict[str, Any]], Doc("The flows by which a token can be had, for the document.")
        ] = OAuthFlowsModel(),
        **options: Unpack[SchemeOptions],
    ) -> None:
        model = OAuth2Model.model_validate({"flows": flows})
        super().__init__(model, ("header", "authorization"), **options)

    @override
    def authenticate(self, value: str | None) -> str | None:
        return value or self.refuse()

    @override
    def challenge(self) -> str:
        return "Bearer"


class _OAuth2Bearer(OAuth2):
    """The token alone, without the word `Bearer` before it."""

    @override
    def authenticate(self, value: str | None) -> str | None:
        scheme, token = get_authorization_scheme_param(value)
        return token if scheme.lower() == "bearer" else self.refuse()


_TokenUrl = Annotated[str, Doc("Where a token can be had. Relative URLs start from the path of the document.")]
_RefreshUrl = Annotated[str | None, Doc("Where a token can be renewed.")]
_Scopes = Annotated[dict[str, str] | None, Doc("Every scope there is, with its description.")]
_SchemeName = Annotated[str | None, Doc("The key of the scheme in the OpenAPI document; by default the class name.")]
_Description = Annotated[str | None, Doc("Shown in the OpenAPI document.")]
_AutoError = Annotated[bool, Doc("Refuse a request without a token (the default), or call the dependant with None.")]


class OAuth2PasswordBearer(_OAuth2Bearer):
    """A bearer token that was given for a password.

    ```python
    oauth2 = OAuth2PasswordBearer(tokenUrl="token")


    @app.get("/me")
    async def me(token: Annotated[str, Depends(oauth2)]): ...
    ```
    """

    def __init__(
        self,
        tokenUrl: _TokenUrl,
        scheme_name: _SchemeName = None,
        scopes: _Scopes = None,
        description: _Description = None,
        auto_error: _AutoError = True,
        refreshUrl: _RefreshUrl = None,
    ) -> None:
        flow = {"tokenUrl": tokenUrl, "refreshUrl": refreshUrl, "scopes": scopes or {}}
        super().__init__(
            flows={"password": flow}, scheme_name=scheme_name, description=description, auto_error=auto_error
        )


class OAuth2AuthorizationCodeBearer(_OAuth2Bearer):
    """A bearer token that was given for an authorization code: the user logged in with the provider."""

    def __init__(
        self,
        authorizationUrl: Annotated[str, Doc("Where the user is sent to log in.")],
        tokenUrl: _TokenUrl,
        refreshUrl: _RefreshUrl = None,
        scheme_name: _SchemeName = None,
        scopes: _Scopes = None,
        description: _Description = None,
        auto_error: _AutoError = True,
    ) -> None:
        urls = {"authorizationUrl": authorizationUrl, "tokenUrl": tokenUrl, "refreshUrl": refreshUrl}
        super().__init__(
            flows={"authorizationCode": {**urls, "scopes": scopes or {}}},
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )


class SecurityScopes:
    """The scopes asked for by this dependency and by those that depend on it: a parameter of that type gets them.

    Attributes:
        scopes: all of them, outermost first.
        scope_str: the same with spaces between, as `WWW-Authenticate` has them.
    """

    def __init__(self, scopes: Annotated[list[str] | None, Doc("Filled in by the framework.")] = None) -> None:
        self.scopes: list[str] = scopes or []
        self.scope_str: str = " ".join(self.scopes)
