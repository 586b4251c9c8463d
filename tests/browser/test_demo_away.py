"""Taking the demo away; a house of its own, because nothing is left of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.server import SLOW, Desk

Shoot = Callable[[Page, str], None]


def test_who_played_the_host_reads_the_debrief_as_themselves(enter: Enter, desk: Desk) -> None:
    desk.rate(SLOW)
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("demo-as-host").click()
    expect(page).to_have_url(re.compile(r"/stage/demo$"))
    page.goto("/console/demo")
    expect(page.get_by_test_id("demo-as-host")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("demo-end").click()
    page.get_by_role("dialog").locator("button.el-button--primary").click()
    page.get_by_test_id("open-debrief").first.click()
    expect(page).to_have_url(re.compile("/office/debriefs/"))
    expect(page.get_by_test_id("debrief")).to_be_visible()
    expect(page.get_by_text("没有权限做这件事")).to_have_count(0)


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
