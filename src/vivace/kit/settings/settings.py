"""`Settings`: the class that programs derive from. It knows where values come from; what is secret, `secret` knows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Self

from pydantic import ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as SourceError

from vivace.kit._redact import without_passwords
from vivace.kit.settings.mistakes import SettingsError, error_of
from vivace.kit.settings.secret import shown

_START_FAILED = 3  # uvicorn's status for it: the supervisor of several workers then gives up instead of trying again
_LOADED: dict[type[Settings], Settings] = {}
_GIVEN: ContextVar[dict[type[Settings], Any]] = ContextVar("vivace_settings_given")  # by all sources, while one reads


class Settings(BaseSettings):
    """Settings from environment variables, a `.env` file and a folder of secrets, as `pydantic-settings` reads them.

    ```python
    class AppSettings(Settings):
        model_config = SettingsConfigDict(env_prefix="APP_")

        database_url: str = "sqlite:///app.db"
        signing_key: SecretStr


    @app.get("/")
    def home(settings: Annotated[AppSettings, Depends(AppSettings.current)]): ...
    ```

    Neither `repr`, nor `str`, nor an error shows a secret: a `SecretStr` (or its kin), whatever is named like one, and
    the password in a URL.
    """

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def _note(cls, given: Any) -> Any:
        """So that an error can be told without the secrets among what was given."""
        if (noted := _GIVEN.get(None)) is not None:
            noted[cls] = given
        return given

    @classmethod
    def load(cls) -> Self:
        """The settings, read when first asked for and kept until `forget`.

        Raises:
            SettingsError: naming every variable that is missing or wrong.
        """
        kept = _LOADED.get(cls)
        if kept is None:
            kept = _LOADED[cls] = _read(cls)
        return kept  # type: ignore[return-value]  # kept by class

    @classmethod
    def load_or_exit(cls) -> Self:
        """`load` for the first lines of a program: what is wrong goes to stderr, without a traceback.

        Raises:
            SystemExit: status 3, by which uvicorn's workers know that another try would not help.
        """
        try:
            return cls.load()
        except SettingsError as error:
            told = str(error)
        print(told, file=sys.stderr)  # noqa: T201  # there may be no logging yet
        raise SystemExit(_START_FAILED)

    @classmethod
    async def current(cls) -> Self:
        """`load` as a dependency: `Depends(AppSettings.current)`. It takes no thread."""
        return cls.load()

    @classmethod
    def forget(cls) -> None:
        """Read the environment again when next asked."""
        _LOADED.pop(cls, None)

    def __repr_args__(self) -> Any:
        fields = type(self).model_fields
        for name, value in super().__repr_args__():
            yield name, shown(name or "", fields.get(name or ""), value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # pydantic-settings' signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """pydantic-settings' own. A value that should be JSON and isn't is left for the validation to refuse."""
        sources = (init_settings, env_settings, dotenv_settings, file_secret_settings)
        for source in sources:
            source.decode_complex_value = _lenient(source.decode_complex_value)  # type: ignore[assignment, method-assign]
        return sources


def _lenient(decode: Callable[[str, FieldInfo, Any], Any]) -> Callable[[str, FieldInfo, Any], Any]:
    """Else the first such value would end the reading, and the mistakes in all others would stay untold."""

    def decoded(field_name: str, field: FieldInfo, value: Any) -> Any:
        try:
            return decode(field_name, field, value)
        except ValueError:
            return value

    return decoded


def _read(cls: type[Settings]) -> Settings:
    """Raised outside of `except`: an error's context keeps what was given, and some loggers show it."""
    given: dict[type[Settings], Any] = {}
    noted = _GIVEN.set(given)
    try:
        return cls()
    except ValidationError as error:
        told = error_of(cls, error, given.get(cls))
    except SourceError as error:
        told = SettingsError(cls.__name__, [without_passwords(str(error))])
    finally:
        _GIVEN.reset(noted)
    raise told
