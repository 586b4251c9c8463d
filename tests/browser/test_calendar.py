"""The calendar in a browser: plan a show, meet a refusal that names the other, move it, prepare it, subscribe."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.server import Desk

Shoot = Callable[[Page, str], None]
DAY = "2030-05-15"


def plan(page: Page, title: str, clock: str) -> None:
    page.get_by_test_id("calendar-plan").click()
    drawer = page.get_by_test_id("show-drawer")
    drawer.get_by_test_id("drawer-title").fill(title)
    drawer.get_by_test_id("drawer-start").fill(f"{DAY}T{clock}")
    drawer.get_by_test_id("drawer-start").blur()
    drawer.get_by_test_id("drawer-kits").fill("便携 1 号")
    drawer.get_by_test_id("drawer-save").click()


def test_a_show_is_planned_refused_moved_and_prepared(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto(f"/office/calendar?room=demo&day={DAY}")
    expect(page.get_by_test_id("calendar-month")).to_be_visible()
    plan(page, "五月场", "20:00")
    cell = page.locator(f"[data-testid=calendar-day][data-day='{DAY}']")
    expect(cell.get_by_test_id("calendar-show")).to_have_count(1)
    plan(page, "撞期场", "21:00")
    refused = page.get_by_test_id("show-refused")
    expect(refused).to_contain_text("五月场")
    shoot(page, "refused")
    drawer = page.get_by_test_id("show-drawer")
    drawer.get_by_test_id("drawer-start").fill(f"{DAY}T22:00")
    drawer.get_by_test_id("drawer-start").blur()
    drawer.get_by_test_id("drawer-save").click()
    expect(cell.get_by_test_id("calendar-show")).to_have_count(2)
    shoot(page, "month")
    cell.get_by_test_id("calendar-show").first.click()
    rows = page.get_by_test_id("prep-row")
    expect(rows).to_have_count(11)
    selection = page.locator("[data-testid=prep-row][data-task$='/selection']")
    selection.get_by_test_id("prep-done").click()
    expect(selection).to_have_attribute("data-state", "done")
    page.get_by_test_id("drawer-call-off").click()
    page.locator(".el-message-box button.el-button--primary").click()
    expect(cell.get_by_test_id("calendar-show")).to_have_count(1)
    for view in ("week", "rooms"):
        page.get_by_test_id(f"calendar-view-{view}").click()
        expect(page.get_by_test_id(f"calendar-{view}")).to_be_visible()
        expect(page.get_by_test_id("calendar-show")).to_have_count(1)
        shoot(page, view)
    page.get_by_test_id("calendar-feed").click()
    page.get_by_test_id("feed-name").fill("手机")
    page.get_by_test_id("feed-make").click()
    address = page.get_by_test_id("feed-url").inner_text()
    answered = desk.http.get(address)
    assert answered.status_code == 200
    assert answered.text.startswith("BEGIN:VCALENDAR\r\n")
    page.get_by_test_id("feed-drop").click()
    page.locator(".el-message-box button.el-button--primary").click()
    expect(page.get_by_test_id("feed-drop")).to_have_count(0)
    assert desk.http.get(address).status_code == 401
