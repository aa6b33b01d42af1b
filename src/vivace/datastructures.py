"""Values that are neither request nor response: Starlette's data structures, `UploadFile`, and `Default`.

`Default(x)` is how a parameter says "x, unless somebody said otherwise": it keeps apart *not given* from
*given, and equal to the default*, so that app, router and route can each override the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, BinaryIO, TypeVar, cast

from annotated_doc import Doc
from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema
from starlette.datastructures import URL, Address, FormData, Headers, QueryParams, State
from starlette.datastructures import UploadFile as StarletteUploadFile

__all__ = [
    "URL",
    "Address",
    "Default",
    "DefaultPlaceholder",
    "DefaultType",
    "FormData",
    "Headers",
    "QueryParams",
    "State",
    "UploadFile",
]

DefaultType = TypeVar("DefaultType")


class UploadFile(StarletteUploadFile):
    """A file that came in a form: held in memory up to a size, then on disk, and closed after the response.

    The methods are awaitable: they go to a worker thread when the file has been rolled over to disk.
    `file` is the plain Python file underneath, for libraries that want one.
    """

    file: Annotated[BinaryIO, Doc("The spooled file itself; its methods block.")]
    filename: Annotated[str | None, Doc("The name that the client gave, unchecked.")]
    size: Annotated[int | None, Doc("Length in bytes.")]
    headers: Annotated[Headers, Doc("The headers of this part of the form.")]

    async def read(self, size: Annotated[int, Doc("How many bytes at most; -1 for the rest.")] = -1) -> bytes:
        """Read from the current position."""
        return await super().read(size)

    async def write(self, data: Annotated[bytes, Doc("What to write.")]) -> None:
        """Write at the current position, and count what was added in `size`."""
        await super().write(data)

    async def seek(self, offset: Annotated[int, Doc("The new position, in bytes from the start.")]) -> None:
        """Move, so that the next `read` or `write` starts at `offset`."""
        await super().seek(offset)

    async def close(self) -> None:
        """Close the file and free what it holds."""
        await super().close()

    @classmethod
    def _validate(cls, value: Any, _: Any) -> UploadFile:
        if isinstance(value, StarletteUploadFile):
            return cast(UploadFile, value)
        raise ValueError(f"Expected UploadFile, received: {type(value)}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: Callable[[Any], CoreSchema]) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(cls._validate)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "contentMediaType": "application/octet-stream"}


class DefaultPlaceholder:
    """A default value that can be told from the same value given on purpose. Made by `Default`."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DefaultPlaceholder) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]  # its value may have no hash


def Default(value: DefaultType) -> DefaultType:  # noqa: N802  # reads as a class, is typed as the value
    """Mark `value` as a default. Typed as the value itself, so that it fits any parameter of that type."""
    return cast(DefaultType, DefaultPlaceholder(value))


# "Not given", for parameters where None means something.
_Unset: Any = Default(None)
