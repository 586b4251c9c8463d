"""Live actions in Chromium: looked at, refused, agreed to by another, called off, sent once, undone, verified."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import data_of, nameless, untranslated
from tests.browser.server import SLOW, Desk, LiveServer, free_port

Shoot = Callable[[Page, str], None]
SECOND = "sim-zhou"
"""The director of the simulated team: may agree to what somebody else asks for."""


@pytest.fixture(autouse=True)
def slowly(desk: Desk) -> None:
    """Room time creeps while somebody looks; what must pass is let pass."""
    desk.rate(SLOW)


def let_pass(desk: Desk) -> None:
    """A few room seconds at once."""
    desk.rate(5)


def row_of(page: Page, product: str) -> Locator:
    return page.locator(f"[data-testid=product-row][data-product='{product}']")


def outbox(server: LiveServer, kind: str) -> list[tuple[str, int]]:
    """(state, how often it was sent) of every action of a kind."""
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        return base.execute("SELECT state, attempts FROM outbox WHERE kind = ? ORDER BY number", (kind,)).fetchall()


def floored(desk: Desk) -> tuple[str, int]:
    """A listed product of the demo, given a floor one yuan below its price; (product, price in fen)."""
    shows = desk.get("/api/rooms/demo/snapshot")["shows"]
    card = next(
        one for one in shows["products"] if one["product"] in shows["listed"] and one["product"] != shows["pinned"]
    )
    known = next(
        row
        for row in desk.get("/api/catalog/products?brand=main")["products"]
        if row["card"]["product"] == card["product"]
    )
    facts = {**known["card"].get("facts", {}), "floor_price": str(card["price"] - 100)}
    body = {**known, "card": {**known["card"], "facts": facts}}
    desk.post("/api/catalog/products?brand=main", body)
    return str(card["product"]), int(card["price"])


def test_a_price_from_the_look_to_the_audit_chain(enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    product, price = floored(desk)
    page, second = enter(), enter(SECOND, language="en")
    for one in (page, second):
        one.goto("/console/demo")
        expect(one.get_by_test_id("console")).to_be_visible()
    too_low_is_stopped(page, product, price, shoot)
    cheaper = price - 50
    ask(page, product, cheaper, shoot)
    # Nobody agrees to their own wish; somebody else does, in English.
    item = page.locator("[data-testid=dock-action][data-kind=ChangePrice]")
    expect(item).to_have_attribute("data-state", "asked")
    expect(item).to_contain_text("等第二个人同意")
    expect(item.get_by_test_id("dock-approve")).to_have_count(0)
    agree(second, "waits for a second person")
    shoot(second, "dock")
    expect(item.get_by_test_id("dock-left")).to_contain_text(re.compile(r"[1-5] 秒后执行"))
    # Called off by its key, once; nothing was sent and the price stands.
    page.keyboard.press("z")
    expect(item).to_have_count(0)
    assert outbox(server, "ChangePrice") == [("failed", 0)]
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(price))
    # Again, and this time it leaves.
    ask(page, product, cheaper, shoot)
    agree(second, "waits for a second person")
    let_pass(desk)
    expect(page.locator("[data-testid=dock-done][data-kind=ChangePrice]")).to_be_visible()
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(cheaper))
    expect(page.locator("[data-testid=dock-done][data-kind=ChangePrice]")).to_have_attribute("data-shown", "true")
    desk.rate(SLOW)
    assert outbox(server, "ChangePrice") == [("failed", 0), ("done", 1)]
    assert untranslated(page, data_of(desk), "zh") == []
    assert untranslated(second, data_of(desk), "en") == []
    take_back(page, second, desk, product, price)
    assert outbox(server, "ChangePrice") == [("failed", 0), ("done", 1), ("done", 1)]
    the_chain_holds(server)


def too_low_is_stopped(page: Page, product: str, price: int, shoot: Shoot) -> None:
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-price-input").fill(f"{(price - 200) / 100:.2f}")
    expect(page.get_by_test_id("live-problem")).to_contain_text("低于底价")
    expect(page.get_by_test_id("live-problem")).to_contain_text(yuan(price - 100))
    expect(page.get_by_test_id("live-go")).to_be_disabled()
    shoot(page, "below-floor")
    assert nameless(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("live-action")).to_have_count(0)


def ask(page: Page, product: str, price: int, shoot: Shoot) -> None:
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-price-input").fill(f"{price / 100:.2f}")
    expect(page.get_by_test_id("live-effect")).to_contain_text(yuan(price))
    expect(page.get_by_test_id("live-second")).to_be_visible()
    shoot(page, "look")
    page.get_by_test_id("live-go").click()
    expect(page.get_by_test_id("live-action")).to_have_count(0)


def agree(second: Page, state: str) -> None:
    item = second.locator("[data-testid=dock-action][data-kind=ChangePrice]")
    expect(item).to_contain_text(state)
    item.get_by_test_id("dock-approve").click()
    expect(item).not_to_have_attribute("data-state", "asked")


def take_back(page: Page, second: Page, desk: Desk, product: str, price: int) -> None:
    """Undo goes the same way: checked, agreed to, counted down."""
    page.keyboard.press("u")
    # Pressed once more it is still one.
    page.keyboard.press("u")
    agree(second, "waits for a second person")
    let_pass(desk)
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(price))
    desk.rate(SLOW)


def the_chain_holds(server: LiveServer) -> None:
    """``livecue check`` beside the running server."""
    command = [sys.executable, "-m", "livecue", "check", "--data", str(server.data), "--port", str(free_port())]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "audit chain: whole" in said.stdout


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}" if fen % 100 == 0 else f"¥{fen / 100:,.2f}"
