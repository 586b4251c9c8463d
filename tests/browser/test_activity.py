"""活动方案 (F28) in Chromium: guests, partner brands and budget of an activity, tied to calendar and show, on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import nameless
from tests.browser.server import Desk

Shoot = Callable[[Page, str], None]


def test_an_activity_is_planned_tied_to_its_show_and_printed(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai"))
    start = (today + timedelta(days=1)).replace(hour=20, minute=0, second=0, microsecond=0)
    plan = {"show": "a-show", "title": "双十二主场", "starts_at": int(start.timestamp() * 1000), "version": 1}
    desk.command("demo", {"kind": "ShowPlanned", **plan, "segments": [], "products": []})
    page = enter()
    page.goto("/office/activities?room=demo")
    page.get_by_test_id("activity-new").click()
    page.get_by_test_id("activity-title").fill("双十二家居节")
    page.get_by_test_id("activity-theme").fill("暖冬")
    page.get_by_test_id("activity-starts").fill(start.strftime("%Y-%m-%d"))
    page.get_by_test_id("activity-ends").fill((start + timedelta(days=1)).strftime("%Y-%m-%d"))
    page.get_by_test_id("activity-goal").fill("50000")
    page.get_by_label("双十二主场").check()
    page.get_by_test_id("activity-steps-add").click()
    page.get_by_test_id("step-at").fill("20:00")
    page.get_by_test_id("step-what").fill("嘉宾开场")
    page.get_by_test_id("activity-guests-add").click()
    page.get_by_test_id("guest-name").fill("家居设计师")
    page.get_by_test_id("guest-fee").fill("800")
    page.get_by_test_id("guest-state").select_option("agreed")
    page.get_by_test_id("activity-partners-add").click()
    page.get_by_test_id("partner-name").fill("竹坊")
    page.get_by_test_id("partner-pays").fill("300")
    page.get_by_test_id("partner-state").select_option("agreed")
    page.get_by_test_id("activity-budget-add").click()
    page.get_by_test_id("cost-what").fill("投流")
    page.get_by_test_id("cost-planned").fill("2000")
    page.get_by_test_id("activity-save").click()
    sums = page.get_by_test_id("activity-sums")
    expect(sums).to_contain_text("¥2,800.00")
    expect(sums).to_contain_text("待核验")
    assert nameless(page) == []
    shoot(page, "activity")
    paper = page.request.get(f"{desk.server.base}{page.get_by_test_id('activity-print').get_attribute('href')}")
    assert "家居设计师" in paper.text() and "双十二主场" in paper.text() and "活动方案" in paper.text()
    assert page.request.get(f"{desk.server.base}{page.get_by_test_id('activity-sheet').get_attribute('href')}").ok
    page.goto("/office/shows/a-show?room=demo")
    page.get_by_test_id("show-activities").get_by_text("双十二家居节").click()
    expect(page.get_by_test_id("activity-title")).to_have_value("双十二家居节")
    page.goto(f"/office/calendar?room=demo&day={start:%Y-%m-%d}")
    page.locator('[data-testid=calendar-content][data-content^="activity:"]').first.click()
    expect(page.get_by_test_id("guest-name")).to_have_value("家居设计师")
    # Somebody else was faster: nothing is overwritten.
    page.get_by_test_id("activity-theme").fill("我改的")
    other = enter()
    other.goto(page.url)
    expect(other.get_by_test_id("guest-name")).to_have_value("家居设计师")
    other.get_by_test_id("activity-theme").fill("别人改的")
    with other.expect_response(lambda answer: answer.request.method == "POST" and "/api/activities" in answer.url):
        other.get_by_test_id("activity-save").click()
    expect(other.locator(".el-message")).to_be_visible()
    page.get_by_test_id("activity-save").click()
    expect(page.get_by_test_id("activity-failure")).to_be_visible()
