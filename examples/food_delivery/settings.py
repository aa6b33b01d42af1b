"""What the environment says: `FOOD_DATABASE_URL=postgresql://... python -m examples.food_delivery`."""

from __future__ import annotations

import os
import secrets
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, SecretStr

from vivace.kit.settings import Settings as KitSettings
from vivace.kit.settings import SettingsConfigDict


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"


class Settings(KitSettings):
    """All have defaults: SQLite in the working folder, and everything else within the process."""

    # `FOOD_SECRETS_DIR`: a folder with a file for each secret, named as its variable, in small letters: how Docker and
    # Kubernetes hand them over.
    model_config = SettingsConfigDict(
        env_prefix="FOOD_", env_file=".env", extra="ignore", secrets_dir=os.environ.get("FOOD_SECRETS_DIR")
    )

    database_url: SecretStr = SecretStr("sqlite:///food_delivery.db")
    store_url: SecretStr = SecretStr("memory://")  # logins, limits, idempotency keys, locks
    channels_url: SecretStr = SecretStr("memory://")  # what followers are told
    cache_url: SecretStr = SecretStr("memory://")  # a store of its own: what is cached may push out what is not
    # Signs tokens and cursors. Without one, logins end with the process; several workers need the same.
    secret_key: SecretStr = Field(default_factory=lambda: SecretStr(secrets.token_urlsafe(32)), min_length=32)
    access_seconds: Annotated[int, Field(ge=1)] = 15 * 60
    refresh_seconds: Annotated[int, Field(ge=1)] = 30 * 24 * 3600
    login_rate: str = "60/minute"  # for each address
    secure_cookies: bool = True  # over HTTPS only

    payment_failures: Annotated[float, Field(ge=0, le=1)] = 0.05  # share of the simulated provider's refusals
    payment_seconds: Annotated[float, Field(ge=0)] = 0.2  # one in ten takes ten times as long

    model: bool = True  # recommend by taste, where the extra `examples-models` is installed

    log_format: LogFormat = LogFormat.TEXT  # text: what the server logs by itself; JSON: `logs` sees to all of it
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"  # of JSON
    migrate: bool = True  # at start; false where `migrate` has been run before
    seed: bool = True  # a city, where there is none
    simulation: bool = True
    pace: Annotated[float, Field(gt=0)] = 1.0  # how much faster than a film the simulation is
