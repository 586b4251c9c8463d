"""The roster in Chromium: made from shifts, searched, accepted, changed by hand with its rule named, published."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import nameless
from tests.browser.server import Desk

Shoot = Callable[[Page, str], None]
DAYS = 3
HOSTS = ("甲", "乙")
CREW, LONG = 30, "长月份"


def staff(desk: Desk, name: str, role: str) -> str:
    """A person who holds a role in every room of the demo's brand."""
    made = desk.post("/api/team/people", {"name": name})
    brand = desk.get("/api/rooms")[0]["brand"]
    desk.post(f"/api/team/people/{made['person']}/roles", {"role": role, "brand": brand, "grant": True})
    return str(made["person"])


def test_a_roster_is_made_searched_changed_and_published(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    hosts = [staff(desk, name, "host") for name in HOSTS]
    page = enter()
    page.goto("/office/roster")
    page.get_by_test_id("roster-new").click()
    page.get_by_test_id("roster-days").fill(str(DAYS))
    for role in ("cohost", "floor", "console"):
        page.get_by_test_id(f"roster-count-{role}").fill("0")
    # A second shift in the same room, an hour after the first ends.
    page.get_by_test_id("roster-add-line").click()
    second = page.get_by_test_id("roster-line").nth(1)
    for role in ("cohost", "floor", "console"):
        second.get_by_test_id(f"roster-count-{role}").fill("0")
    second.locator("input[type=time]").nth(0).fill("20:00")
    second.locator("input[type=time]").nth(1).fill("22:00")
    page.get_by_test_id("roster-make").click()
    places = page.get_by_test_id("roster-post")
    expect(places).to_have_count(2 * DAYS)

    page.get_by_test_id("roster-solve").click()
    expect(page.get_by_test_id("roster-result")).to_be_visible(timeout=60_000)
    page.get_by_test_id("roster-accept").click()
    expect(page.locator("[data-testid=roster-post][data-person='']")).to_have_count(0)
    expect(page.get_by_test_id("roster-violations")).to_have_attribute("data-count", "0")
    shoot(page, "roster")

    # The two shifts of a day overlap: whoever has one breaks a rule by the other, and is told before and after.
    first, other = places.nth(0), places.nth(DAYS)
    taken = str(first.get_attribute("data-person"))
    other.get_by_role("button").press("Enter")
    row = page.locator(f"[data-testid=roster-candidate][data-person='{taken}']")
    expect(row.locator(".o-bad")).to_be_visible()
    row.get_by_role("button").click()
    expect(page.get_by_test_id("roster-wrong").first).to_be_visible()
    page.get_by_test_id("roster-publish").click()
    expect(page.locator(".o-bad[role=alert]").first).to_be_visible()

    free = next(person for person in hosts if person != taken)
    other.get_by_role("button").click()
    page.locator(f"[data-testid=roster-candidate][data-person='{free}']").get_by_role("button").click()
    expect(page.get_by_test_id("roster-violations")).to_have_attribute("data-count", "0")
    page.get_by_test_id("roster-publish").click()
    expect(page.get_by_test_id("roster-publish")).to_be_disabled()


def a_long_month(desk: Desk) -> str:
    """A roster whose search takes many times as long as somebody needs to call it off; its id."""
    for number in range(CREW):
        staff(desk, f"播{number:02d}", "host")
    starts = range(8 * 60, 22 * 60, 120)
    lines = [{"room": "demo", "start": at, "end": at + 240, "roles": {"host": 3}} for at in starts]
    first = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    body = {"title": LONG, "first": first, "days": 31, "lines": lines, "shows": False}
    brand = desk.get("/api/rooms")[0]["brand"]
    answered = desk.post(f"/api/rosters?brand={brand}", body)
    assert answered["refused"] is None, answered
    return str(answered["roster"])


def test_a_search_shows_how_far_it_is_and_is_called_off(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    roster = a_long_month(desk)
    page = enter()
    page.goto("/office/roster")
    page.get_by_test_id("roster-choose").select_option(roster)
    stands = page.get_by_test_id("roster-stands")
    expect(stands).to_contain_text("0/")
    before = stands.inner_text()
    search = page.get_by_test_id("roster-search")
    page.get_by_test_id("roster-solve").click()
    expect(search).to_have_attribute("data-state", "running")
    expect(page.get_by_test_id("roster-progress")).to_contain_text(re.compile(r"\d+ 秒，已看过 \d+%，罚分 [\d,]+"))
    page.get_by_test_id("roster-cancel").click()
    expect(search).to_have_attribute("data-state", "none")
    # One that went on behind the screen would let no other begin.
    page.get_by_test_id("roster-solve").click()
    expect(search).to_have_attribute("data-state", "running")
    shoot(page, "roster-progress")
    assert nameless(page) == []
    page.get_by_test_id("roster-cancel").click()
    expect(search).to_have_attribute("data-state", "none")
    # Nothing of it was taken.
    page.reload()
    page.get_by_test_id("roster-choose").select_option(roster)
    expect(stands).to_have_text(before)
    expect(search).to_have_attribute("data-state", "none")


def test_the_stage_is_told_beside_the_people(enter: Enter, desk: Desk) -> None:
    page = enter()
    page.goto("/office/people")
    expect(page.get_by_test_id("stage-shows")).not_to_be_empty()
    expect(page.get_by_test_id("stage-sales")).not_to_be_empty()
