"""Settings are read once, given to endpoints, and told by variable when they are wrong."""

from __future__ import annotations

import logging
import traceback
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, PostgresDsn, SecretStr, field_validator, model_validator

from tests.doors import Call
from tests.kit.programs import python
from vivace import Depends, FastAPI
from vivace.kit.settings import Settings, SettingsConfigDict, SettingsError

HIDDEN = "hunter2-xyzzy"


class Database(BaseModel):
    host: str
    port: int
    password: SecretStr


class Shop(Settings):
    model_config = SettingsConfigDict(env_prefix="SHOP_", env_nested_delimiter="__")

    name: str = "Corner"
    signing_key: SecretStr
    size: int
    tags: list[str] = Field(default=[])
    database: Database


GOOD = {
    "SHOP_SIGNING_KEY": HIDDEN,
    "SHOP_SIZE": "3",
    "SHOP_DATABASE__HOST": "db",
    "SHOP_DATABASE__PORT": "5432",
    "SHOP_DATABASE__PASSWORD": HIDDEN,
}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    Shop.forget()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return give


def everything(error: BaseException) -> str:
    """All that a log with a traceback, or a reporter that keeps the whole chain, would show."""
    seen = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    for other in (error.__cause__, error.__context__):
        seen += everything(other) if other is not None else ""
    return seen


def test_an_endpoint_is_given_the_settings(call: Call, environment: Any) -> None:
    environment(**GOOD)
    app = FastAPI()

    @app.get("/")
    def read(settings: Annotated[Shop, Depends(Shop.current)]) -> dict[str, Any]:
        return {"size": settings.size, "host": settings.database.host}

    assert call(app).get("/").json() == {"size": 3, "host": "db"}


def test_settings_are_overridden_like_any_dependency(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    def read(settings: Annotated[Shop, Depends(Shop.current)]) -> int:
        return settings.size

    other = Shop(signing_key=SecretStr(""), size=8, database=Database(host="", port=1, password=SecretStr("")))
    app.dependency_overrides[Shop.current] = lambda: other
    assert call(app).get("/").json() == 8


def test_settings_are_read_once_until_forgotten(environment: Any) -> None:
    environment(**GOOD)
    first = Shop.load()
    environment(SHOP_SIZE="4")
    assert Shop.load() is first
    Shop.forget()
    assert Shop.load().size == 4


def test_every_missing_or_wrong_variable_is_named_at_once(environment: Any) -> None:
    environment(SHOP_SIZE="three", SHOP_TAGS="not json", SHOP_DATABASE__HOST="db")
    with pytest.raises(SettingsError) as told:
        Shop.load()
    assert str(told.value).splitlines() == [
        "Shop: 5 variables missing or wrong in the environment",
        "  SHOP_SIGNING_KEY: missing",
        "  SHOP_SIZE: Input should be a valid integer, unable to parse string as an integer",
        "  SHOP_TAGS: Input should be a valid list",
        "  SHOP_DATABASE__PORT: missing",
        "  SHOP_DATABASE__PASSWORD: missing",
    ]


def test_settings_that_are_wrong_in_a_request_are_a_server_error_without_values(call: Call, environment: Any) -> None:
    environment(**GOOD | {"SHOP_SIZE": HIDDEN})
    app = FastAPI()

    @app.get("/")
    def read(settings: Annotated[Shop, Depends(Shop.current)]) -> None: ...

    response = call(app, raises=False).get("/")
    assert (response.status_code, HIDDEN in response.text) == (500, False)


def test_variables_with_aliases_are_told_by_these() -> None:
    class Aliased(Settings):
        token: str = Field(validation_alias="SERVICE_TOKEN")

    with pytest.raises(SettingsError, match="SERVICE_TOKEN: missing"):
        Aliased.load()


def test_a_missing_variable_ends_the_program_in_one_message_without_a_traceback() -> None:
    program = "class App(Settings):\n    port: int\n    api_token: str\nApp.load_or_exit()"
    ended = python("from vivace.kit.settings import Settings\n" + program, PORT=HIDDEN)
    assert ended.returncode == 3
    assert "Traceback" not in ended.stderr
    assert HIDDEN not in ended.stderr
    assert ended.stderr.splitlines()[1:] == [
        "  PORT: Input should be a valid integer, unable to parse string as an integer",
        "  API_TOKEN: missing",
    ]


# -- secrets


class Vault(Settings):
    model_config = SettingsConfigDict(env_prefix="VAULT_")

    api_key: str = "none"
    pin: SecretStr = SecretStr("")
    url: str = "http://localhost"
    dsn: PostgresDsn | None = None
    place: str = "here"

    @field_validator("pin")
    @classmethod
    def _long(cls, pin: SecretStr) -> SecretStr:
        if 0 < len(pin.get_secret_value()) < 20:
            raise ValueError(f"{pin.get_secret_value()} is too short")
        return pin

    @model_validator(mode="after")
    def _somewhere(self) -> Vault:
        if self.place == "nowhere":
            raise ValueError(f"can't use {self.api_key} nowhere")
        return self


@pytest.fixture
def vault(environment: Any) -> Vault:
    url = f"postgresql://me:{HIDDEN}@db/app"
    environment(VAULT_API_KEY=HIDDEN, VAULT_PIN=HIDDEN + "-0123456789", VAULT_URL=url, VAULT_DSN=url)
    Vault.forget()
    return Vault.load()


@pytest.mark.parametrize("show", [repr, str, "{}".format, "{!r}".format], ids=["repr", "str", "format", "format!r"])
def test_no_secret_is_in_a_representation(vault: Vault, show: Any) -> None:
    text = show(vault)
    assert HIDDEN not in text
    assert "me:**********@db/app" in text
    assert "here" in text


def test_no_secret_is_in_a_log(vault: Vault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("shop").info("starting with %s and %r", vault, vault.pin)
    assert HIDDEN not in caplog.text
    assert "VAULT" not in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"VAULT_PIN": HIDDEN},  # a validator that quotes the value of its own secret
        {"VAULT_API_KEY": HIDDEN, "VAULT_PLACE": "nowhere"},  # one that quotes another's
        {"VAULT_DSN": f"postgresql://me:{HIDDEN}@db:none/app"},
    ],
    ids=["own validator", "model validator", "password in a URL"],
)
def test_no_secret_is_in_an_error_or_what_hangs_on_it(environment: Any, wrong: dict[str, str]) -> None:
    environment(**wrong)
    Vault.forget()
    with pytest.raises(SettingsError) as told:
        Vault.load()
    assert HIDDEN not in everything(told.value)


def test_a_value_that_was_found_wrong_is_not_in_pydantics_own_error(environment: Any) -> None:
    environment(**GOOD | {"SHOP_SIZE": HIDDEN})
    with pytest.raises(ValueError, match="size") as told:
        Shop()  # type: ignore[call-arg]
    assert HIDDEN not in str(told.value)
