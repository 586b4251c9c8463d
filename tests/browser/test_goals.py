"""The goal tree in a browser: a year comes down to its parts, one set by hand stays, a running show counts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.recount import Recount
from tests.browser.server import PAUSED, Desk, LiveServer

Shoot = Callable[[Page, str], None]


def row_of(page: Page, period: str) -> Locator:
    return page.locator(f"[data-testid=goal-row][data-period='{period}']")


def set_target(page: Page, period: str, yuan: int) -> None:
    row_of(page, period).get_by_test_id("goal-edit").click()
    page.get_by_test_id("goal-amount").fill(str(yuan))
    page.get_by_test_id("goal-save").click()
    expect(row_of(page, period)).to_have_attribute("data-target", str(yuan * 100))


def test_a_year_comes_down_to_its_parts_and_a_running_show_counts(
    enter: Enter, desk: Desk, server: LiveServer, shoot: Shoot
) -> None:
    desk.rate(PAUSED)
    page = enter()
    page.goto("/office/goals?room=demo")
    running = page.locator("[data-testid=goal-row][data-period^='show:']").first
    expect(running).to_be_visible()
    year = int(page.get_by_test_id("goal-row").first.get_attribute("data-period") or 0)
    set_target(page, str(year), 1_200_000)
    # What it sold so far: full minutes, by a count that shares nothing with the ledgers.
    sold = round(Recount(server.database, "demo").figures("show")["M41"] or 0)
    brought = int(running.get_attribute("data-brought") or 0)
    assert 0.9 * sold < brought <= sold, f"{brought} of {sold}"
    top = row_of(page, str(year))
    expect(top).to_have_attribute("data-brought", str(brought))
    expect(top).to_contain_text("%")
    shoot(page, "year")
    # Of the coming year nothing is over: its quarters make it to the fen, and one set by hand leaves the rest to them.
    page.get_by_test_id("goals-later").click()
    expect(row_of(page, str(year + 1))).to_be_visible()
    set_target(page, str(year + 1), 1_000_001)
    quarters = [row_of(page, f"{year + 1}Q{n}") for n in range(1, 5)]
    targets = [int(quarter.get_attribute("data-target") or 0) for quarter in quarters]
    assert sum(targets) == 100_000_100 and min(targets) > 0
    set_target(page, f"{year + 1}Q1", 400_000)
    expect(quarters[0]).to_contain_text("手工设定")
    kept = [int(quarter.get_attribute("data-target") or 0) for quarter in quarters]
    assert kept[0] == 40_000_000 and sum(kept) == 100_000_100
    shoot(page, "coming")
