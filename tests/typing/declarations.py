"""What type checkers say about parameter declarations. An error that doesn't come is an unused `type: ignore`."""

from typing import Annotated, Any, Unpack, assert_type

from starlette.requests import Request

from vivace.exceptions import HTTPException
from vivace.param_functions import Body, Depends, File, Form, Header, Path, Query, Security
from vivace.param_options import ParamOptions
from vivace.params import Query as QueryMarker
from vivace.security import APIKeyHeader, HTTPBasic, HTTPBasicCredentials, HTTPBearer, OAuth2PasswordBearer
from vivace.security.http import HTTPAuthorizationCredentials, HTTPBase


def options_are_known_by_name_and_type(
    a: int = Query(1, gt=0, alias="A", examples=[1], json_schema_extra={"x": 1}),
    b: str = Header("x", convert_underscores=False, pattern="^x"),
    c: Annotated[int, Path(title="C")] = 0,
    d: bytes = File(media_type="image/png"),
    e: str = Form(max_length=5),
    f: str = Body(embed=True, openapi_examples={"one": {"value": 1}}),
) -> None: ...


def wrong_options_are_errors(
    a: int = Query(greater=1),  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    b: int = Query(gt="1"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    c: int = Query(convert_underscores=False),  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    e: int = Form(embed=True),  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    f: int = Query(annotation=int),  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    g: int = Depends(len, scope="app"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    h: int = Security(len, scope="request"),  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
) -> None: ...


def page_size(**options: Unpack[ParamOptions]) -> Any:
    """A wrapper passes the options on, and they stay checked."""
    return Query(20, **options)


page_size(title="Size")
page_size(titel="Size")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

marker = QueryMarker(1, annotation=int)
assert_type(marker.include_in_schema, bool)


async def schemes(request: Request) -> None:
    assert_type(await HTTPBearer()(request), HTTPAuthorizationCredentials | None)
    assert_type(await HTTPBase(scheme="Other")(request), HTTPAuthorizationCredentials | None)
    assert_type(await HTTPBasic(realm="r")(request), HTTPBasicCredentials | None)
    assert_type(await OAuth2PasswordBearer("token")(request), str | None)
    assert_type(await APIKeyHeader(name="k", auto_error=False)(request), str | None)
    APIKeyHeader(name="k", auto_eror=False)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    APIKeyHeader("k")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


raise HTTPException(404, headers={"X": "y"})
