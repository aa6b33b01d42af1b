"""The documentation pages in a real browser, cut off from every other host."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.servers import BIN, ROOT, Server, serving

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.timeout(120)]

_ARGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _chromium() -> Path:
    """A Chromium of the system's. Without one the tests are skipped, under CI=true they fail."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    reason = "no Chromium found: apt-get install chromium"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = _chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable, args=_ARGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving([BIN / "vivace", "run", ROOT / "examples" / "student" / "app.py"]) as started:
        yield started


class Visit:
    """A page, with every request to another host blocked and noted, and every error of the page noted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.abroad: list[str] = []
        self.errors: list[str] = []
        page.route("**/*", self._decide)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("websocket", lambda socket: self.abroad.append(socket.url))

    def _decide(self, route: Route) -> None:
        url = route.request.url
        if urlsplit(url).hostname in ("127.0.0.1", None):  # None: data: and blob:
            route.continue_()
        else:
            self.abroad.append(url)
            route.abort()

    def assert_at_home(self) -> None:
        """Nothing was asked of another host, and nothing went wrong in the page."""
        self.page.wait_for_load_state("networkidle")
        assert self.abroad == []
        assert self.errors == []


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(service_workers="block")  # a service worker's requests would not be seen
    yield Visit(context.new_page())
    context.close()


def _execute(page: Page, body: str) -> None:
    page.locator(".body-param__text").fill(body)
    page.get_by_role("button", name="Execute").click()


def test_docs_try_out_a_bad_and_a_good_student(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"{server.url}/docs")
    page.locator("#operations-default-add_student_student_post").click()
    page.get_by_role("button", name="Try it out").click()
    answer = page.locator(".live-responses-table .response").first

    _execute(page, '{"name": "Ann", "age": 20, "marks": "abc"}')
    expect(answer.locator(".response-col_status")).to_contain_text("422")
    expect(answer).to_contain_text("Input should be a valid number, unable to parse string as a number")

    _execute(page, '{"name": "Ann", "age": 20, "marks": 81.5}')
    expect(answer.locator(".response-col_status")).to_contain_text("200")
    expect(answer).to_contain_text("received")
    visit.assert_at_home()


def test_redoc_renders_the_operation(visit: Visit, server: Server) -> None:
    visit.page.goto(f"{server.url}/redoc")
    expect(visit.page.get_by_role("heading", name="Add Student")).to_be_visible()
    visit.assert_at_home()


def test_a_request_to_another_host_would_be_noticed(visit: Visit, server: Server) -> None:
    visit.page.goto(f"{server.url}/openapi.json")
    visit.page.evaluate("fetch('https://other.example/x').catch(() => null)")
    with pytest.raises(AssertionError, match=r"other\.example"):
        visit.assert_at_home()
