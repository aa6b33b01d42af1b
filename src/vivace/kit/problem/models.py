"""The bodies of problems, as OpenAPI shows them. What an exception becomes, `build` knows."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"  # RFC 9457 section 6.1
BLANK = "about:blank"  # RFC 9457 section 4.2.1: nothing to add to the status


_URI: dict[str, Any] = {"format": "uri-reference"}


class Problem(BaseModel):
    """RFC 9457 section 3.1. Members beyond these five are extensions."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(default=BLANK, description="URI that names the kind of problem", json_schema_extra=_URI)
    title: str = Field(description="The kind of problem, in words that don't change from one occurrence to the next")
    status: int = Field(description="The HTTP status", ge=100, le=599)
    detail: str | None = Field(default=None, description="This occurrence, in words")
    instance: str | None = Field(default=None, description="URI that names this occurrence", json_schema_extra=_URI)


class InvalidPart(BaseModel):
    """One thing wrong with a request: where it is, and what is wrong. The value itself is not sent back."""

    detail: str = Field(description="What is wrong, in words")
    type: str = Field(description="What is wrong, as Pydantic names it")
    location: str = Field(description="path, query, header, cookie or body")
    parameter: str | None = Field(default=None, description="Name of the parameter, where it is one")
    pointer: str | None = Field(default=None, description="JSON pointer into the body (RFC 6901, as a URI fragment)")


class ValidationProblem(Problem):
    """A request that doesn't fit the declared types."""

    errors: list[InvalidPart]
