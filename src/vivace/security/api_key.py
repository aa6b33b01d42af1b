"""A secret that the client sends as a header, a query parameter or a cookie (OpenAPI: `type: apiKey`)."""

from typing import Annotated, ClassVar, Unpack, cast

from annotated_doc import Doc
from typing_extensions import override

from vivace.keywords import spelled_out
from vivace.openapi.models import APIKey, APIKeyIn
from vivace.security.base import CredentialScheme, SchemeOptions, Source


class APIKeyBase(CredentialScheme[str]):
    """What the three have in common. The key is any string that isn't empty: checking it is the program's part."""

    location: ClassVar[APIKeyIn]

    @spelled_out(SchemeOptions)
    def __init__(
        self,
        *,
        name: Annotated[str, Doc("The name of the header, query parameter or cookie.")],
        **options: Unpack[SchemeOptions],
    ) -> None:
        source = (self.location.value, name.lower() if self.location is APIKeyIn.header else name)
        model = APIKey.model_validate({"in": self.location, "name": name})
        super().__init__(model, cast(Source, source), **options)

    @override
    def authenticate(self, value: str | None) -> str | None:
        return self.check_api_key(value)

    def check_api_key(self, api_key: str | None) -> str | None:
        """The rule by the name that FastAPI gives it."""
        return api_key or self.refuse()

    @override
    def challenge(self) -> str:
        # Not a registered scheme: there is none for API keys, and a 401 must name one.
        return "APIKey"


class APIKeyQuery(APIKeyBase):
    """An API key in the query string."""

    location = APIKeyIn.query


class APIKeyHeader(APIKeyBase):
    """An API key in a header.

    ```python
    api_key = APIKeyHeader(name="X-Key")


    @app.get("/me")
    async def me(key: Annotated[str, Depends(api_key)]): ...
    ```
    """

    location = APIKeyIn.header


class APIKeyCookie(APIKeyBase):
    """An API key in a cookie."""

    location = APIKeyIn.cookie
