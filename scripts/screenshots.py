"""The pictures in docs/images: the city looked at by Chromium, after it has lived for a while. `make screenshots`.

Needs the extra `test` and a Chromium of the system's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from examples.food_delivery.full import free_port

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
DESK, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_LIVES = 30_000  # milliseconds, until there is something to be seen everywhere


@contextmanager
def city() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "examples.food_delivery", "--port", str(port), "--log-level", "warning"]
    env = os.environ | {"FOOD_PACE": "3", "FOOD_PAYMENT_FAILURES": "0", "FOOD_MODEL": "false"}
    server = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            httpx2.get(url)
            return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise SystemExit("the city does not answer")


def enter(browser: Browser, url: str, name: str, viewport: ViewportSize) -> Page:
    page = browser.new_context(viewport=viewport, device_scale_factor=1).new_page()
    page.goto(url)
    page.get_by_role("button", name=f"Go in as {name}").click()
    page.wait_for_url(re.compile("/(eat|cook|ride|run)$"))
    return page


def order(customer: Page, url: str) -> None:
    """Something from the demo restaurant, as far as the courier who brings it."""
    customer.goto(f"{url}/eat/restaurants/1")
    customer.get_by_role("button", name="One Pizza Margherita more").click()
    customer.get_by_role("button", name="Order and pay").click()
    expect(customer.locator("#track .badge")).to_have_text("picked up", timeout=60_000)


def keep(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(IMAGES / f"{name}.png")


def main() -> None:
    executable = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if executable is None:
        raise SystemExit("no Chromium found: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with city() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        front = browser.new_page(viewport=DESK)
        front.goto(url)
        kitchen, admin = enter(browser, url, "Remo", DESK), enter(browser, url, "Ada", DESK)
        customer, wide = enter(browser, url, "Clara", PHONE), enter(browser, url, "Clara", DESK)
        front.wait_for_timeout(_LIVES)
        keep(front, "city-desktop")
        keep(customer, "browse-phone")
        keep(wide, "browse-desktop")
        order(customer, url)
        keep(customer, "track-phone")
        keep(kitchen, "kitchen-desktop")
        keep(admin, "admin-desktop")
        browser.close()


if __name__ == "__main__":
    main()
