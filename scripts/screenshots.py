"""The pictures in docs/images: the city looked at by Chromium, after it has lived for a while. `make screenshots`.

Needs the extra `test` and a Chromium of the system's.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from examples.food_delivery.full import free_port
from examples.food_delivery.seed import PASSWORD

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
DESK, PHONE = ViewportSize(width=1280, height=860), ViewportSize(width=390, height=844)
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_LIVES = 75_000  # milliseconds, until there is something to be seen everywhere
_SEEN = 4_000  # until every page shows it
_HALF_WAY = 2_500
_BOARD = ((), (), ("accept",), ("accept", "cook"), ("accept", "cook"), ("accept", "cook", "finish"))
_NOTES = {2: "No onions, please", 4: "Extra spicy"}


@contextmanager
def city() -> Iterator[tuple[str, Path]]:
    """Its address, and the file of its database."""
    port = free_port()
    command = [sys.executable, "-m", "examples.food_delivery", "--port", str(port), "--log-level", "warning"]
    with tempfile.TemporaryDirectory(prefix="screenshots-") as folder:
        file = Path(folder) / "city.db"
        settings = {"FOOD_DATABASE_URL": f"sqlite:///{file}", "FOOD_PACE": "3", "FOOD_PAYMENT_FAILURES": "0"}
        server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings, "FOOD_MODEL": "false"})
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url)
            yield url, file
        finally:
            server.terminate()
            server.wait()


def live_longer(file: Path) -> None:
    """Orders that are over move into the half hour before: what a city looks like that has lived for so long."""
    columns = {"orders": ("placed_at", "promised_at", "changed_at", "delivered_at"), "order_events": ("at",)}
    with closing(sqlite3.connect(file, timeout=30)) as database, database:
        over = [id_ for (id_,) in database.execute("SELECT id FROM orders WHERE status = 'delivered'")]
        for number, order_id in enumerate(over):
            earlier = f"-{28 * (number * 5 % 17) // 17 + number % 3} minutes"
            for table, names in columns.items():
                moved = ", ".join(f"{name} = strftime('%Y-%m-%d %H:%M:%f000', {name}, ?)" for name in names)
                key = "id" if table == "orders" else "order_id"
                database.execute(f"UPDATE {table} SET {moved} WHERE {key} = ?", [*[earlier] * len(names), order_id])


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
    """Something from the demo restaurant, until the courier is half way with it."""
    customer.goto(f"{url}/eat/restaurants/1")
    customer.get_by_role("button", name="One Pizza Margherita more").click()
    customer.get_by_role("button", name="One Tiramisù more").click()
    customer.get_by_role("button", name="Order and pay").click()
    expect(customer.locator("#track .badge")).to_have_text("picked up", timeout=60_000)
    customer.wait_for_timeout(_HALF_WAY)


def fill_kitchen(url: str) -> None:
    """A board with something in each column, and nobody who moves it on."""
    with httpx2.Client(base_url=url) as client:

        def bearer(email: str) -> dict[str, str]:
            answer = client.post("/login", data={"username": email, "password": PASSWORD})
            return {"Authorization": f"Bearer {answer.json()['access_token']}"}

        kitchen = bearer("restaurant@vivace.example")
        client.patch("/kitchen/restaurant", json={"autopilot": False}, headers=kitchen).raise_for_status()
        dishes = client.get("/restaurants/1/menu").json()["dishes"]
        for number, steps in enumerate(_BOARD, 1):
            cart = [dishes[number % 6], dishes[(number + 2) % 6]][: 1 + number % 2]
            lines = [{"dish_id": dish["id"], "quantity": 1, "price_cents": dish["price_cents"]} for dish in cart]
            body = {"restaurant_id": 1, "lines": lines, "note": _NOTES.get(number, "")}
            answer = client.post("/order", json=body, headers=bearer(f"customer{number}@vivace.example"))
            for step in steps:
                client.post(f"/orders/{answer.json()['id']}/{step}", headers=kitchen).raise_for_status()


def keep(page: Page, name: str) -> None:
    page.screenshot(path=IMAGES / f"{name}.png")
    print(IMAGES / f"{name}.png")


def main() -> None:
    executable = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if executable is None:
        raise SystemExit("no Chromium found: apt-get install chromium")
    IMAGES.mkdir(exist_ok=True)
    with city() as (url, file), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        pages = {
            f"{name}-{size}": enter(browser, url, who, viewport)
            for name, who in (("browse", "Clara"), ("ride", "Carlo"), ("admin", "Ada"))
            for size, viewport in (("desktop", DESK), ("phone", PHONE))
        }
        front = browser.new_page(viewport=DESK)
        front.goto(url)
        front.wait_for_timeout(_LIVES)
        live_longer(file)
        front.wait_for_timeout(_SEEN)
        keep(front, "city-desktop")
        for name, page in pages.items():
            keep(page, name)
        customer, wide = pages["browse-phone"], pages["browse-desktop"]
        order(customer, url)
        keep(customer, "track-phone")
        wide.goto(customer.url)
        wide.wait_for_timeout(_SEEN // 4)
        keep(wide, "track-desktop")
        fill_kitchen(url)
        for size, viewport in (("desktop", DESK), ("phone", PHONE)):
            keep(enter(browser, url, "Remo", viewport), f"kitchen-{size}")
        browser.close()


if __name__ == "__main__":
    main()
