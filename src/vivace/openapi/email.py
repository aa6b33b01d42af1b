"""E-mail addresses in the document: checked where the package that checks them is installed."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

from pydantic import EmailStr, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

from vivace.logger import logger


def _accept(value: Any) -> str:
    logger.warning("Any text is taken for an e-mail address. To have them checked: pip install email-validator")
    return str(value)


class UncheckedEmail(str):
    """Stands in for `EmailStr`: any text, with a warning in the log."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(_accept)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "format": "email"}


if not TYPE_CHECKING and importlib.util.find_spec("email_validator") is None:
    EmailStr = UncheckedEmail

__all__ = ["EmailStr"]
