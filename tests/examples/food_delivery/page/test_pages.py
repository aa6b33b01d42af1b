"""The pages: rendered, guarded, and safe to show what people have typed."""

from __future__ import annotations

from examples.food_delivery.app import create_app
from examples.food_delivery.page.render import hours, money
from examples.food_delivery.page.session import HOMES
from examples.food_delivery.seed import DEMO, PASSWORD
from examples.food_delivery.settings import Settings
from tests.examples.food_delivery.city import CUSTOMER, RESTAURANT, City
from vivace.testclient import TestClient


def enter(city: City, email: str) -> str:
    answer = city.client.post("/session", data={"username": email, "password": PASSWORD})
    assert answer.status_code == 200
    return answer.json()["csrf_token"]


def test_who_logs_in_is_at_home_and_nowhere_else(city: City) -> None:
    order = f"/eat/orders/{city.order(1)}"
    for demo in DEMO:
        enter(city, demo.email)
        for home in HOMES.values():
            answer = city.client.get(home)
            assert (answer.status_code, answer.url.path) == (200, HOMES[demo.role])
            assert demo.name in answer.text
        assert (city.client.get(order).url.path == order) == (demo.email == CUSTOMER)


def test_the_home_page_offers_the_demo_logins(city: City) -> None:
    page = city.client.get("/").text
    assert all(demo.email in page for demo in DEMO)
    assert "Forno Vivace" in page


def test_a_wrong_password_is_told_on_the_page(city: City) -> None:
    answer = city.client.post("/session", data={"username": CUSTOMER, "password": "wrong"})
    assert (answer.status_code, answer.json()["detail"]) == (401, "Incorrect username or password")
    assert city.client.get("/eat").url.path == "/"


def test_whoever_is_logged_in_is_led_home(city: City) -> None:
    assert city.client.get("/home").url.path == "/"
    enter(city, CUSTOMER)
    assert city.client.get("/home").url.path == "/eat"


def test_after_a_logout_pages_are_closed(city: City) -> None:
    token = enter(city, CUSTOMER)
    assert city.client.delete("/session", headers={"X-CSRF-Token": token}).status_code == 204
    assert city.client.get("/eat").url.path == "/"


def test_scripts_can_not_read_the_cookie_and_other_sites_can_not_use_it(city: City) -> None:
    answer = city.client.post("/session", data={"username": CUSTOMER, "password": PASSWORD})
    [cookie] = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    cart, token = city.cart(1), {"X-CSRF-Token": answer.json()["csrf_token"]}
    foreign = {"Origin": "https://evil.example"}
    for refused in ({}, token | foreign):
        assert city.client.post("/order", json=cart, headers=refused).status_code == 403
    assert city.client.post("/order", json=cart, headers=token).status_code == 201


def test_over_https_the_cookie_is_of_this_host_alone(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    with TestClient(app, base_url="https://testserver") as client:
        answer = client.post("/session", data={"username": CUSTOMER, "password": PASSWORD})
        assert answer.headers["set-cookie"].startswith("__Host-session=")
        assert client.get("/home").url.path == "/eat"


def test_what_people_type_is_text(city: City) -> None:
    cart = city.cart(1) | {"note": "<script>alert(1)</script>"}
    assert city.post(CUSTOMER, "/order", cart).status_code == 201
    enter(city, RESTAURANT)
    board = city.client.get("/cook/board").text
    assert "&lt;script&gt;" in board
    assert "<script>" not in board
    answer = city.client.get("/")
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


def test_the_parts_of_pages_that_are_fetched_again(city: City) -> None:
    order_id = city.order(1)
    for email, path, there in (
        (CUSTOMER, f"/eat/orders/{order_id}/state", "Cancel the order"),
        (RESTAURANT, "/cook/board", "Accept"),
        ("courier@vivace.example", "/ride/jobs", "Open jobs"),
        ("admin@vivace.example", "/run/numbers", "Revenue"),
    ):
        assert there in city.get(email, path).text


def test_a_search_as_a_form_sends_it(city: City) -> None:
    page = city.get(CUSTOMER, "/eat?search=ramen&cuisine=").text
    assert "Ramen Kaze" in page
    assert "Forno Vivace" not in page
    assert "Ramen Kaze" in city.get(CUSTOMER, "/eat/restaurants/5").text
    assert city.get(CUSTOMER, "/eat/restaurants/99").status_code == 404


def test_money_and_hours_are_written_for_people() -> None:
    assert [money(cents) for cents in (0, 5, 123456, -150)] == ["0.00 €", "0.05 €", "1,234.56 €", "-1.50 €"]
    assert [hours(0, 0), hours(660, 1380)] == ["Always open", "11:00-23:00 UTC"]
