"""Pages of selects, on both databases."""

import asyncio
import enum
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from sqlalchemy import JSON, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlmodel import Field, SQLModel
from sqlmodel import select as sqlmodel_select
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession

from tests.doors import Call
from vivace import FastAPI, Request
from vivace import Response as VivaceResponse
from vivace.kit.paginate import ByCursor, ByNumber, CursorPage, Cursors, Page, by_number
from vivace.kit.paginate.keyset import Key
from vivace.kit.sql import Database

cursors = Cursors("0123456789abcdef")


class Base(DeclarativeBase):
    pass


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Row(Base):
    __tablename__ = "rows"

    id: Mapped[int] = mapped_column(primary_key=True)
    group: Mapped[int]
    name: Mapped[str]
    made: Mapped[datetime]
    day: Mapped[date]
    price: Mapped[Decimal]
    code: Mapped[UUID]
    note: Mapped[str | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    color: Mapped[Color]
    weight: Mapped[float]
    raw: Mapped[bytes]
    flag: Mapped[bool]


class Out(BaseModel):
    id: int
    name: str


START = datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC).replace(tzinfo=None)
ROWS = [
    {
        "id": n,
        "group": n % 3,
        "name": "ÄBc'%"[n % 5] * (n % 2 + 1),
        "made": START + timedelta(microseconds=n % 4),
        "day": date(2024, 1, 1 + n % 3),
        "price": Decimal(n % 4) / 10,
        "code": UUID(int=n % 5),
        "data": {},
        "color": list(Color)[n % 2],
        "weight": n % 4 / 3,
        "raw": bytes([255, n % 3]),
        "flag": n % 2 == 0,
    }
    for n in range(1, 12)
]


def lifespan(db: Database) -> Any:
    @asynccontextmanager
    async def run(_: Any) -> AsyncIterator[None]:
        async with db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                session.add_all(Row(**row) for row in ROWS)
            yield

    return run


def program(url: str) -> FastAPI:
    db = Database(url)
    app = FastAPI(lifespan=lifespan(db))
    Session = Annotated[AsyncSession, db.session]
    Cursor = Annotated[ByCursor, cursors.by_cursor(size=4)]

    @app.get("/numbered")
    async def numbered(session: Session, page: Annotated[ByNumber, by_number(size=4)]) -> Page[Out]:
        return await page.select(session, select(Row).where(Row.group > 0).order_by(Row.id))

    @app.get("/cursor")
    async def cursor(session: Session, page: Cursor) -> CursorPage[Out]:
        return await page.select(session, select(Row), order_by=[Row.group.desc(), Row.name])

    @app.get("/other")
    async def other(session: Session, page: Cursor) -> CursorPage[Out]:
        return await page.select(session, select(Row), order_by=[Row.group, Row.name])

    @app.get("/columns")
    async def columns(session: Session, page: Annotated[ByNumber, by_number(size=2)]) -> Page[tuple[int, str]]:
        return await page.select(session, select(Row.id, Row.name).order_by(Row.id))

    return app


def test_a_select_by_number(call: Call, url: str) -> None:
    with call(program(url)) as client:
        page = client.get("/numbered?page=2").json()
    assert (page["total"], page["pages"], [item["id"] for item in page["items"]]) == (8, 2, [7, 8, 10, 11])
    assert set(page["items"][0]) == {"id", "name"}  # the model's, not the row's


def test_a_select_of_columns(call: Call, url: str) -> None:
    with call(program(url)) as client:
        assert [row[0] for row in client.get("/columns").json()["items"]] == [1, 2]


def test_a_page_far_out_is_empty(call: Call, url: str) -> None:
    with call(program(url)) as client:
        assert client.get(f"/numbered?page={2**31 - 1}&size=100").json()["items"] == []


def test_a_select_by_cursor(call: Call, url: str) -> None:
    with call(program(url)) as client:
        seen, answer = [], client.get("/cursor")
        while True:
            seen += [item["id"] for item in answer.json()["items"]]
            if answer.json()["next"] is None:
                break
            answer = client.get(answer.links["next"]["url"])
    assert sorted(seen) == [row["id"] for row in ROWS]
    assert [ROWS[n - 1]["group"] for n in seen] == sorted((row["group"] for row in ROWS), reverse=True)


def test_a_cursor_of_another_order_is_422(call: Call, url: str) -> None:
    with call(program(url)) as client:
        cursor = client.get("/cursor").json()["next"]
        assert client.get("/other", params={"cursor": cursor}).status_code == 422
        assert client.get("/cursor", params={"cursor": cursor[:-4] + "AAAA"}).status_code == 422


# -- every order, there and back


def _page(cursor: str | None, size: int) -> ByCursor:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"x")]}
    return ByCursor(Request(scope), VivaceResponse(), cursors._signer, cursor, size)


async def _walk(session: AsyncSession, statement: Select[Any], order: list[Any], size: int) -> list[list[int]]:
    """All items, once on the way there and once on the way back."""
    page = await _page(None, size).select(session, statement, order_by=order)
    there = [row.id for row in page.items]
    while page.next:
        page = await _page(page.next, size).select(session, statement, order_by=order)
        there += [row.id for row in page.items]
    back = [row.id for row in page.items]
    while page.previous:
        page = await _page(page.previous, size).select(session, statement, order_by=order)
        back = [row.id for row in page.items] + back
    return [there, back]


COLUMNS = ["group", "name", "made", "day", "price", "code", "color", "weight", "raw", "flag"]
ORDERS = [
    *([(name, False)] for name in COLUMNS),
    *([(name, True)] for name in COLUMNS),
    *([("group", a), ("made", b), ("id", c)] for a, b, c in itertools.product((False, True), repeat=3)),
]


def test_every_order_is_walked_there_and_back(url: str) -> None:
    async def main() -> None:
        db = Database(url)
        async with lifespan(db)(None), db.transaction() as session:
            for order, size in itertools.product(ORDERS, (1, 4, 11)):
                columns = [getattr(Row, name).desc() if down else getattr(Row, name) for name, down in order]
                whole = [*columns] if order[-1][0] == "id" else [*columns, Row.id]
                expected = list(await session.scalars(select(Row.id).order_by(*whole)))
                there, back = await _walk(session, select(Row), columns, size)
                assert there == expected, order
                assert back == expected, order

    asyncio.run(main())


def test_a_page_of_columns_by_cursor(url: str) -> None:
    async def main() -> Any:
        db = Database(url)
        async with lifespan(db)(None), db.transaction() as session:
            statement = select(Row.group, func.count().label("n")).group_by(Row.group)
            page = await _page(None, 2).select(session, statement, order_by=[Row.__table__.c.group])
            rest = await _page(page.next, 2).select(session, statement, order_by=[Row.__table__.c.group])
            return page.items + rest.items

    assert asyncio.run(main()) == [(0, 3), (1, 4), (2, 4)]


def test_sqlmodel_by_cursor(url: str) -> None:
    async def main() -> list[str]:
        db = Database(url, session_class=SQLModelSession)
        async with db:
            await db.create_all(SQLModel.metadata)
            async with db.transaction() as session:
                session.add_all([Pet(name="a"), Pet(name="b"), Pet(name="c")])
                await session.flush()
                page = await _page(None, 2).select(session, sqlmodel_select(Pet), order_by=[Pet.name])
                scope = {"type": "http", "path": "/", "query_string": b"", "headers": [(b"host", b"x")]}
                numbered = ByNumber(Request(scope), VivaceResponse(), 2, 2)
                other = await numbered.select(session, sqlmodel_select(Pet).order_by(Pet.name))
                return [pet.name for pet in page.items + other.items]

    assert asyncio.run(main()) == ["a", "b", "c"]


class Pet(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (Row.note, "rows.note may be NULL"),
        ("name", "Order by columns, not by 'name'"),
    ],
)
def test_what_can_not_be_ordered_by_is_told(column: Any, told: str) -> None:
    with pytest.raises(TypeError, match=told):
        Key.of(column)


def test_an_order_that_leaves_something_open_is_told() -> None:
    with pytest.raises(TypeError, match="Give an order that leaves nothing open"):
        asyncio.run(_page(None, 2).select(None, select(Row.__table__.c.id), order_by=[]))  # type: ignore[arg-type]
