"""The documentation pages work under the preset's content security policy, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.test_docs import browser as browser
from tests.servers import BIN, serving

pytestmark = [pytest.mark.browser, pytest.mark.socket, pytest.mark.timeout(120)]


def test_the_documentation_works_and_tries_out_a_post(browser: Browser) -> None:
    with serving([BIN / "vivace", "run", Path(__file__).parent / "app.py"]) as server:
        page = browser.new_context().new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(f"{server.url}/docs")
        page.locator("#operations-default-echo_echo_post").click()
        page.get_by_role("button", name="Try it out").click()
        page.locator("input[placeholder=word]").fill("hello")
        page.get_by_role("button", name="Execute").click()
        answer = page.locator(".live-responses-table .response").first
        expect(answer.locator(".response-col_status")).to_contain_text("200")
        page.goto(f"{server.url}/redoc")
        expect(page.get_by_role("heading", name="Echo").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert [text for text in refused if "Content Security Policy" in text] == []
