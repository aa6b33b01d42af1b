"""`UploadFile` and `Default`."""

from __future__ import annotations

import io

import fastapi.datastructures
import pytest
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.datastructures import UploadFile as StarletteUploadFile

import vivace.datastructures
from vivace.datastructures import Default, DefaultPlaceholder, UploadFile

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_an_upload_is_an_awaitable_file() -> None:
    file = UploadFile(io.BytesIO(b"data"), size=4, filename="a.txt", headers=Headers({"content-type": "text/plain"}))
    assert await file.read(2) == b"da"
    assert await file.read() == b"ta"
    await file.write(b", more")
    assert file.size == 10
    await file.seek(2)
    assert await file.read() == b"ta, more"
    assert (file.filename, file.content_type) == ("a.txt", "text/plain")
    await file.close()
    assert file.file.closed


def test_any_starlette_upload_is_valid_and_stays_itself() -> None:
    adapter = TypeAdapter(UploadFile)
    file = StarletteUploadFile(io.BytesIO())
    assert adapter.validate_python(file) is file


@pytest.mark.parametrize("value", ["text", b"bytes", None, 1])
def test_anything_else_is_refused_as_by_fastapi(value: object) -> None:
    def errors(upload_file: type) -> str:
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(upload_file).validate_python(value)
        return str(caught.value.errors(include_url=False))

    assert errors(UploadFile) == errors(fastapi.datastructures.UploadFile)


def test_the_schema_of_an_upload() -> None:
    schema = TypeAdapter(UploadFile).json_schema()
    assert schema == TypeAdapter(fastapi.datastructures.UploadFile).json_schema()


def test_a_default_can_be_told_from_the_value_itself() -> None:
    default = Default("a")
    assert isinstance(default, DefaultPlaceholder)
    assert default == Default("a")
    assert default != Default("b")
    assert default != "a"
    assert default.value == "a"


def test_a_default_is_as_true_as_its_value() -> None:
    assert Default("a")
    assert not Default("")


def test_a_default_has_no_hash() -> None:
    with pytest.raises(TypeError):
        hash(Default("a"))


@pytest.mark.parametrize("name", ["URL", "Address", "FormData", "Headers", "QueryParams", "State"])
def test_starlettes_structures_are_the_same_objects(name: str) -> None:
    assert getattr(vivace.datastructures, name) is getattr(fastapi.datastructures, name)
