"""What a page looks like. As return types, `Page[Item]` and `CursorPage[Item]`, they are response models."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """A page by number."""

    items: list[T]
    total: int = Field(description="How many items there are on all pages", ge=0)
    page: int = Field(description="Number of this page; the first is 1", ge=1)
    size: int = Field(description="How many items a page has at most", ge=1)
    pages: int = Field(description="How many pages there are", ge=0)


class CursorPage(BaseModel, Generic[T]):
    """A page by cursor."""

    items: list[T]
    next: str | None = Field(default=None, description="`cursor` of the page after this one; null: there is none")
    previous: str | None = Field(default=None, description="`cursor` of the page before this one; null: there is none")
