"""Taking the demo away; a house of its own, because nothing is left of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.server import SLOW, Desk

Shoot = Callable[[Page, str], None]


def test_taking_the_demo_away_asks_first_and_leaves_an_empty_house(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    desk.rate(SLOW)
    page = enter()
    page.goto("/console/demo")
    expect(page.get_by_test_id("demo-bar")).to_be_visible()
    page.get_by_test_id("demo-remove").click()
    box = page.get_by_role("dialog")
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    assert [room["room"] for room in desk.get("/api/rooms")] == ["demo"], "nothing happened without a yes"
    page.get_by_test_id("demo-remove").click()
    expect(box).to_be_visible()
    box.locator("button.el-button--primary").click()
    expect(page).to_have_url(re.compile(r"/$"))
    assert desk.get("/api/rooms") == []
    expect(page.get_by_test_id("demo-bar")).to_have_count(0)
    shoot(page, "removed")
    page.goto("/console/demo")
    expect(page.get_by_test_id("demo-bar")).to_have_count(0)
