"""Pages of lists, by number and by cursor, and what is told beside them."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from tests.doors import Call
from vivace import FastAPI, Response
from vivace.kit.paginate import LINKED, ByCursor, ByNumber, CursorPage, Cursors, Page, by_number
from vivace.kit.problem import use_problems

cursors = Cursors("0123456789abcdef")


class Item(BaseModel):
    id: int


ITEMS = [Item(id=n) for n in range(1, 8)]


def by_id(item: Item) -> tuple[int]:
    return (item.id,)


def by_negative(item: Item) -> tuple[int]:
    return (item.id - 100,)


def program(items: list[Item] = ITEMS) -> FastAPI:
    app = FastAPI()

    @app.get("/numbered", responses=LINKED)
    async def numbered(page: Annotated[ByNumber, by_number(size=3, max_size=5)]) -> Page[Item]:
        return page.of(items)

    @app.get("/cursor", responses=LINKED)
    async def cursor(page: Annotated[ByCursor, cursors.by_cursor(size=3, max_size=5)]) -> CursorPage[Item]:
        return page.of(items, key=by_id)

    @app.get("/other")
    async def other(page: Annotated[ByCursor, cursors.by_cursor()]) -> CursorPage[Item]:
        return page.of(items, key=by_negative)

    @app.get("/linked")
    async def linked(page: Annotated[ByNumber, by_number(size=3)], response: Response) -> Page[Item]:
        response.headers["link"] = '</style.css>; rel="preload"'
        return page.of(items)

    @app.get("/p/{name}")
    async def named(name: str, page: Annotated[ByNumber, by_number(size=3)]) -> Page[Item]:
        return page.of(items)

    return app


def ids(response: Any) -> list[int]:
    return [item["id"] for item in response.json()["items"]]


# -- by number


def test_pages_by_number(call: Call) -> None:
    client = call(program())
    first = client.get("/numbered").json()
    assert first == {"items": [{"id": 1}, {"id": 2}, {"id": 3}], "total": 7, "page": 1, "size": 3, "pages": 3}
    assert ids(client.get("/numbered?page=3")) == [7]
    assert ids(client.get("/numbered?page=2&size=5")) == [6, 7]


def test_a_page_past_the_end_is_empty_and_leads_back(call: Call) -> None:
    response = call(program()).get("/numbered?page=9")
    assert ids(response) == []
    assert response.links["prev"]["url"] == "http://testserver/numbered?page=3"
    assert "next" not in response.links


def test_an_empty_list_has_one_empty_page(call: Call) -> None:
    client = call(program([]))
    assert client.get("/numbered").json() == {"items": [], "total": 0, "page": 1, "size": 3, "pages": 0}
    assert client.get("/cursor").json() == {"items": [], "next": None, "previous": None}


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "size=0", "size=6", f"page={2**70}"])
@pytest.mark.parametrize("path", ["/numbered", "/cursor"])
def test_numbers_out_of_range_are_422(call: Call, path: str, query: str) -> None:
    status = 200 if path == "/cursor" and query.startswith("page") else 422
    assert call(program()).get(f"{path}?{query}").status_code == status


# -- links


def test_links_lead_to_the_other_pages_and_keep_the_rest_of_the_query(call: Call) -> None:
    client = call(program())
    links = client.get("/numbered?q=a&q=b%26c&page=2").links
    base = "http://testserver/numbered?q=a&q=b%26c&page="
    assert {rel: link["url"] for rel, link in links.items()} == {
        "first": base + "1",
        "prev": base + "1",
        "next": base + "3",
        "last": base + "3",
    }
    assert ids(client.get(links["next"]["url"])) == [7]


def test_links_of_the_first_and_of_the_last_page(call: Call) -> None:
    client = call(program())
    assert set(client.get("/numbered").links) == {"first", "next", "last"}
    assert set(client.get("/numbered?page=3").links) == {"first", "prev", "last"}


def test_links_of_the_program_stay(call: Call) -> None:
    assert len(call(program()).get("/linked").headers.get_list("link")) == 2


@pytest.mark.parametrize("name", ["a%3E%22;%20rel=x", "%C3%A9", "%0D%0Ax:y"])
def test_a_path_can_not_break_out_of_its_link(call: Call, name: str) -> None:
    response = call(program()).get(f"/p/{name}")
    url = response.links["next"]["url"]
    assert not set(url) & set('<>"\r\n ')
    assert call(program()).get(url).json()["page"] == 2


def test_links_know_the_root_path(call: Call) -> None:
    response = call(program(), root_path="/api").get("/api/numbered")
    assert response.links["first"]["url"] == "http://testserver/api/numbered?page=1"


# -- by cursor


def test_cursors_lead_through_all_items_and_back(call: Call) -> None:
    client = call(program())
    pages, answer = [], client.get("/cursor")
    while True:
        pages.append(ids(answer))
        if answer.json()["next"] is None:
            break
        answer = client.get(answer.links["next"]["url"])
    assert pages == [[1, 2, 3], [4, 5, 6], [7]]
    back = []
    while answer.json()["previous"] is not None:
        answer = client.get(answer.links["prev"]["url"])
        back.append(ids(answer))
    assert back == [[4, 5, 6], [1, 2, 3]]
    assert ids(client.get(answer.links["first"]["url"])) == [1, 2, 3]


def test_items_that_come_and_go_move_no_others(call: Call) -> None:
    items = list(ITEMS)
    client = call(program(items))
    after_three = client.get("/cursor").json()["next"]
    items.insert(0, Item(id=0))
    items.remove(Item(id=3))
    assert ids(client.get("/cursor", params={"cursor": after_three})) == [4, 5, 6]


def _tampered(cursor: str) -> list[str]:
    return [cursor[:-3] + "abc", cursor[1:], cursor + "AAAA", "x", "", "é", "AAAA" * 20, cursor.swapcase()]


def test_a_tampered_cursor_is_422(call: Call) -> None:
    client = call(program())
    for wrong in _tampered(client.get("/cursor").json()["next"]):
        response = client.get("/cursor", params={"cursor": wrong})
        assert response.status_code == 422, wrong
        (error,) = response.json()["detail"]
        assert (error["type"], error["loc"]) == ("cursor_invalid", ["query", "cursor"])


def test_a_cursor_of_another_list_is_422(call: Call) -> None:
    client = call(program())
    cursor = client.get("/cursor").json()["next"]
    assert client.get("/other", params={"cursor": cursor}).status_code == 422


def test_a_tampered_cursor_is_a_problem_where_errors_are(call: Call) -> None:
    app = program()
    use_problems(app)
    response = call(app).get("/cursor?cursor=forged")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["errors"][0]["parameter"] == "cursor"


# -- the document


def test_the_document_shows_typed_pages(call: Call) -> None:
    document = call(program()).get("/openapi.json").json()
    operation = document["paths"]["/cursor"]["get"]
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/CursorPage_Item_"
    }
    assert "Link" in operation["responses"]["200"]["headers"]
    items = document["components"]["schemas"]["CursorPage_Item_"]["properties"]["items"]
    assert items["items"] == {"$ref": "#/components/schemas/Item"}
    size = next(p for p in operation["parameters"] if p["name"] == "size")
    assert (size["schema"]["minimum"], size["schema"]["maximum"], size["schema"]["default"]) == (1, 5, 3)
    assert {p["name"] for p in document["paths"]["/numbered"]["get"]["parameters"]} == {"page", "size"}


@pytest.mark.parametrize(("size", "max_size"), [(0, 1), (2, 1)])
def test_sizes_are_checked_where_they_are_written(size: int, max_size: int) -> None:
    with pytest.raises(ValueError, match="1 <= size <= max_size"):
        by_number(size=size, max_size=max_size)
    with pytest.raises(ValueError, match="1 <= size <= max_size"):
        cursors.by_cursor(size=size, max_size=max_size)
