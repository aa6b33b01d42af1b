"""OpenID Connect: the document names the discovery URL; the token in the header is the program's to check."""

# ruff: noqa: N803  # the parameters are spelled as in OpenAPI

from typing import Annotated, Unpack

from annotated_doc import Doc
from typing_extensions import override

from vivace.keywords import spelled_out
from vivace.openapi.models import OpenIdConnect as OpenIdConnectModel
from vivace.security.base import CredentialScheme, SchemeOptions


class OpenIdConnect(CredentialScheme[str]):
    """The whole `Authorization` header, as it came. Derive from it, and verify the token in `authenticate`."""

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        openIdConnectUrl: Annotated[
            str, Doc("Where the provider's configuration is: `.../.well-known/openid-configuration`.")
        ],
        **options: Unpack[SchemeOptions],
    ) -> None:
        model = OpenIdConnectModel(openIdConnectUrl=openIdConnectUrl)
        super().__init__(model, ("header", "authorization"), **options)

    @override
    def authenticate(self, value: str | None) -> str | None:
        return value or self.refuse()

    @override
    def challenge(self) -> str:
        return "Bearer"
