"""Pages by cursor: each begins where another ended. Far down a list they cost what they cost at its start, and an item
that comes or goes meanwhile moves no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretBytes, SecretStr, TypeAdapter

from vivace import Depends, Query, Request, Response
from vivace.exceptions import RequestValidationError
from vivace.kit.paginate.links import set_links
from vivace.kit.paginate.number import check_sizes
from vivace.kit.paginate.pages import CursorPage
from vivace.kit.paginate.signing import Signer

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncSession

_LONGEST = 2048  # characters
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


class Cursors:
    """Makes cursors, and knows its own again.

    ```python
    cursors = Cursors(settings.cursor_key)


    @app.get("/items", responses=LINKED)
    async def items(session: Session, page: Annotated[ByCursor, cursors.by_cursor()]) -> CursorPage[Item]:
        return await page.select(session, select(Row), order_by=[Row.created.desc()])
    ```

    Args:
        keys: what cursors are signed with: the first is used, all are known. A cursor can be read by whoever has it.

    Raises:
        ValueError: there is no key, or one is shorter than 16 bytes.
    """

    def __init__(self, *keys: str | bytes | SecretStr | SecretBytes) -> None:
        self._signer = Signer(*keys)

    def by_cursor(self, *, size: int = 20, max_size: int = 100) -> Any:
        """The dependency: `Annotated[ByCursor, cursors.by_cursor()]`, with the query parameters `cursor` and `size`.

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
            cursor: str | None = Query(None, max_length=_LONGEST, description="`next` or `previous` of another page"),
            size: int = Query(size, ge=1, le=max_size, description="Items on a page"),
        ) -> ByCursor:
            return ByCursor(request, response, self._signer, cursor, size)

        return Depends(paging)


class ByCursor:
    """The page that a request asks for. `size` is in items."""

    def __init__(self, request: Request, response: Response, signer: Signer, cursor: str | None, size: int) -> None:
        self._request = request
        self._response = response
        self._signer = signer
        self._cursor = cursor
        self.size = size
        self._backward, self._order, self._values = self._read()

    async def select(
        self, session: AsyncSession, statement: Select[Any], *, order_by: Sequence[Any]
    ) -> CursorPage[Any]:
        """The page of a select.

        Args:
            session: where it is run.
            statement: without an order, which is given here.
            order_by: columns, or their `.asc()` or `.desc()`. The primary key of the model is put behind them.

        Raises:
            RequestValidationError: the cursor is not one of this order. Answered 422.
            TypeError: a column may be NULL, or can't be put into a cursor.
        """
        from vivace.kit.paginate.fetch import fetch
        from vivace.kit.paginate.keyset import Keyset

        keyset = Keyset(statement, order_by)
        after = self._position(str(keyset), keyset.load)
        own = len(statement.column_descriptions)
        paged = keyset.page(statement, after, backward=self._backward, limit=self.size + 1)
        rows = [tuple(row) for row in await fetch(session, paged)]
        found = [(row[0] if own == 1 else row[:own], keyset.dump(row[own:])) for row in rows]
        return self._made(found, str(keyset))

    def of(self, items: Sequence[Any], *, key: Callable[[Any], tuple[Any, ...]]) -> CursorPage[Any]:
        """The page of a list.

        Args:
            items: in ascending order of `key`.
            key: the values that an item is ordered by, no two items with the same.

        Raises:
            RequestValidationError: the cursor is not one of this list. Answered 422.
        """
        order = f"list by {getattr(key, '__qualname__', key)}"
        types = [TypeAdapter(type(value)) for value in key(items[0])] if items else []

        def load(values: Sequence[Any]) -> tuple[Any, ...]:
            raw = zip(types, values, strict=bool(items))
            return tuple(adapter.validate_json(_ANY.dump_json(value)) for adapter, value in raw)

        after = self._position(order, load)
        if after is not None:
            items = [item for item in items if (key(item) < after if self._backward else key(item) > after)]
        items = items[::-1] if self._backward else items
        return self._made([(item, _ANY.dump_python(key(item), mode="json")) for item in items[: self.size + 1]], order)

    # -- cursors

    def _read(self) -> tuple[bool, str, list[Any] | None]:
        if self._cursor is None:
            return False, "", None
        try:
            backward, order, values = self._signer.read(self._cursor)
        except ValueError:
            raise self._refusal() from None
        return bool(backward), str(order), list(values)

    def _position(self, order: str, load: Callable[[Sequence[Any]], Any]) -> Any:
        if self._values is None:
            return None
        try:
            if self._order != _short(order):
                raise ValueError("of another order")
            return load(self._values)
        except ValueError:
            raise self._refusal() from None

    def _refusal(self) -> RequestValidationError:
        told = "The cursor is not one of this list: begin again without it"
        return RequestValidationError(
            [{"type": "cursor_invalid", "loc": ("query", "cursor"), "msg": told, "input": self._cursor}]
        )

    # -- pages

    def _made(self, found: list[tuple[Any, Any]], order: str) -> CursorPage[Any]:
        """Of what was found on the way from the cursor, one item more than the page has if there are more."""
        more = len(found) > self.size
        found = found[: self.size]
        if self._backward:
            found.reverse()
        elsewhere = self._values is not None  # where the cursor comes from
        ahead, behind = (elsewhere, more) if self._backward else (more, elsewhere)
        upto, onward = self._ends(found, order)
        page = CursorPage[Any](
            items=[item for item, _ in found], next=onward if ahead else None, previous=upto if behind else None
        )
        relations = {
            "first": {"cursor": None},
            "prev": {"cursor": page.previous} if page.previous else None,
            "next": {"cursor": page.next} if page.next else None,
        }
        set_links(self._request, self._response, relations)
        return page

    def _ends(self, found: Sequence[tuple[Any, Any]], order: str) -> tuple[str | None, str | None]:
        """Cursors before the first and after the last item. Of an empty page there are none."""
        if not found:
            return None, None
        return self._signed(True, order, found[0][1]), self._signed(False, order, found[-1][1])

    def _signed(self, backward: bool, order: str, values: Any) -> str:
        return self._signer.sign([int(backward), _short(order), values])


def _short(order: str) -> str:
    """Enough of a digest to tell two orders apart by accident; nobody can make cursors on purpose."""
    return hashlib.sha256(order.encode()).hexdigest()[:12]
