"""`use_problems(app)`: the handlers that answer with problems, and the document that shows them."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException as AnyHTTPException

from vivace import FastAPI, Request, Response
from vivace.exceptions import RequestValidationError
from vivace.kit.problem.build import invalid, problem, problem_of
from vivace.kit.problem.document import Document
from vivace.kit.problem.models import MEDIA_TYPE
from vivace.responses import JSONResponse

_NO_BODY = (204, 205, 304)  # and all below 200: RFC 9110 section 6.4.1


class ProblemResponse(JSONResponse):
    """A response with the members of a problem, for programs that return one."""

    media_type = MEDIA_TYPE


def use_problems(app: FastAPI) -> None:
    """Answer every error of the application as a problem, and say so in its OpenAPI document.

    That is: `HTTPException` (404 and 405 of the routing too), invalid requests (422), and exceptions that nobody
    handles (500, without a word about the exception; in debug mode the traceback stays). Handlers that the program adds
    later for these replace ours.
    """
    app.add_exception_handler(AnyHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _unhandled)
    app.openapi = Document(app.openapi)  # type: ignore[method-assign]  # the documented way to extend the document


async def _http(_: Request, error: Any) -> Response:
    status = error.status_code
    if status < 200 or status in _NO_BODY:
        return Response(status_code=status, headers=error.headers)
    return ProblemResponse(problem_of(error), status_code=status, headers=error.headers)


async def _invalid(_: Request, error: Any) -> Response:
    return ProblemResponse(invalid(error), status_code=422)


async def _unhandled(_: Request, __: Exception) -> Response:
    return ProblemResponse(problem(500, {}), status_code=500)
