"""The demo's own buttons: its speed, whose eyes one looks with, and taking it away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.server import OPENS_S, SLOW, Desk, LiveServer

Shoot = Callable[[Page, str], None]
ROLES = {"operator": "console", "director": "director", "host": "host"}
"""Button to the role that the server then knows."""


def console_of(enter: Enter, language: str = "zh") -> Page:
    page = enter(language=language)
    page.goto("/console/demo")
    expect(page.get_by_test_id("demo-bar")).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_speed_is_the_rooms_speed(enter: Enter, desk: Desk, language: str) -> None:
    page = console_of(enter, language)
    for rate in (1, 2, 10):
        page.get_by_test_id(f"demo-rate-{rate}").click()
        # The button shows what the room runs at, not what was pressed.
        expect(page.get_by_test_id(f"demo-rate-{rate}")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-testid^=demo-rate-][aria-pressed=true]")).to_have_count(1)
        assert desk.get("/api/rooms/demo/snapshot")["rate"] == rate
    desk.rate(SLOW)


def test_looking_on_as_operator_and_director_and_back(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    desk.rate(SLOW)
    page = console_of(enter)
    for name in ("operator", "director"):
        button = page.get_by_test_id(f"demo-as-{name}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        seen = page.evaluate("fetch('/api/session').then((answer) => answer.json())")
        assert seen["acting"] == ROLES[name]
        expect(page.get_by_test_id("demo-bar")).to_be_visible()
        shoot(page, name)
    page.get_by_test_id("demo-as-director").click()
    expect(page.get_by_test_id("demo-as-director")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("fetch('/api/session').then((answer) => answer.json())")["acting"] == ""
    page.get_by_test_id("demo-as-host").click()
    expect(page).to_have_url(re.compile(r"/stage/demo$"))
    assert page.evaluate("fetch('/api/session').then((answer) => answer.json())")["acting"] == ROLES["host"]


def test_a_console_comes_back_after_a_restart_and_says_what_it_missed(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot
) -> None:
    """The short form of what ``test_live`` does to the whole desk."""
    page = console_of(enter)
    desk.rate(1)
    page.evaluate("window.sameDocument = true")
    number = page.get_by_test_id("journal-number")
    before = int(number.get_attribute("data-number") or 0)
    server.kill()
    expect(page.get_by_test_id("connection-lost")).to_be_visible()
    # What was last known stays to be read.
    assert int(number.get_attribute("data-number") or 0) >= before
    server.options = ("--rate", "5")
    server.start()
    gap = page.get_by_test_id("connection-gap")
    expect(gap).to_be_visible(timeout=OPENS_S * 1000)
    assert int(gap.get_attribute("data-seconds") or 0) >= 1
    shoot(page, "gap")
    expect(page.get_by_test_id("connection-lost")).to_have_count(0)
    expect(page.get_by_test_id("connection")).to_contain_text("已连接")
    assert page.evaluate("window.sameDocument") is True, "the page came back without being loaded anew"
    assert int(number.get_attribute("data-number") or 0) >= before
