"""Pages by number. Each is asked by its distance from the start, which the database counts off anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vivace import Depends, Query, Request, Response
from vivace.kit.paginate.links import set_links
from vivace.kit.paginate.pages import Page

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

_LAST = 2**31 - 1  # times any size, it is a number that databases take for an offset


def by_number(*, size: int = 20, max_size: int = 100) -> Any:
    """The dependency: `Annotated[ByNumber, by_number()]`, with the query parameters `page` and `size`.

    Args:
        size: items on a page, where the client doesn't say.
        max_size: how many it may ask for.

    Raises:
        ValueError: they are not 1 <= size <= max_size.
    """
    check_sizes(size, max_size)

    async def paging(
        request: Request,
        response: Response,
        page: int = Query(1, ge=1, le=_LAST, description="Number of the page"),
        size: int = Query(size, ge=1, le=max_size, description="Items on a page"),
    ) -> ByNumber:
        return ByNumber(request, response, page, size)

    return Depends(paging)


def check_sizes(size: int, max_size: int) -> None:
    if not 1 <= size <= max_size:
        raise ValueError(f"size={size}, max_size={max_size}: it should be 1 <= size <= max_size")


class ByNumber:
    """The page that a request asks for. `page` begins with 1, `size` is in items."""

    def __init__(self, request: Request, response: Response, page: int, size: int) -> None:
        self._request = request
        self._response = response
        self.page = page
        self.size = size

    async def select(self, session: AsyncSession, statement: Select[Any]) -> Page[Any]:
        """The page of a select. Give it an `order_by` that leaves nothing open, or items may move from page to page."""
        from sqlalchemy import func, select

        from vivace.kit.paginate.fetch import fetch

        counted = select(func.count()).select_from(statement.order_by(None).subquery())
        ((total,),) = await fetch(session, counted)
        rows = await fetch(session, statement.limit(self.size).offset((self.page - 1) * self.size))
        one = len(statement.column_descriptions) == 1
        return self._made([row[0] if one else tuple(row) for row in rows], total)

    def of(self, items: Sequence[Any]) -> Page[Any]:
        """The page of a list."""
        start = (self.page - 1) * self.size
        return self._made(items[start : start + self.size], len(items))

    def _made(self, items: Sequence[Any], total: int) -> Page[Any]:
        pages = -(-total // self.size)
        page, last = self.page, max(pages, 1)
        relations = {
            "first": {"page": 1},
            "prev": {"page": min(page - 1, last)} if page > 1 else None,
            "next": {"page": page + 1} if page < last else None,
            "last": {"page": last},
        }
        set_links(self._request, self._response, relations)
        return Page[Any](items=list(items), total=total, page=page, size=self.size, pages=pages)
