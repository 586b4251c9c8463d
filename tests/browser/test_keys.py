"""Console and office without a mouse: each control is reached once, in the order of the eye; dialogs hold the focus
while they are open and give it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.keys import opened_and_left, walked
from tests.browser.pages import every_page
from tests.browser.server import PAUSED, Desk

FIRST = {
    "/": "room-card",
    "/console/demo": "product-row",
    "/stage/demo": "stage-product",
    "/office": "room-row",
    "/office/catalog": "catalog-edit",
    "/office/people": "person-edit",
    "/service": "inbox-row",
    "/service/knowledge": "levels-in-force",
}
"""What stands there when the page has its content."""
DIALOGS = {
    "/": ("room-pair",),
    "/console/demo": ("all-metrics", "help-button", "open-offers", "open-traffic", "open-crowd", "open-opinion"),
    "/stage/demo": ("stage-voice",),
    "/office": ("room-new", "room-edit"),
    "/office/catalog": ("product-new", "catalog-import", "catalog-edit"),
    "/office/people": ("person-new", "person-edit"),
    "/office/calendar": ("calendar-plan", "calendar-add-content", "calendar-meetings", "calendar-feed"),
    "/office/connect": ("connect-pair",),
}
"""By page, what opens one."""
OFFICE = sorted(path for name, path in every_page().items() if name.startswith("office") and ":" not in path)


@pytest.fixture(scope="module", autouse=True)
def standing_still(desk: Desk) -> None:
    desk.rate(PAUSED)


@pytest.mark.parametrize("path", FIRST)
def test_tab_reaches_everything_once_in_the_order_of_the_eye(enter: Enter, path: str) -> None:
    page = enter()
    page.goto(path)
    expect(page.get_by_test_id(FIRST[path]).first).to_be_visible()
    assert walked(page) == []


def test_tab_reaches_everything_of_a_plan_and_of_a_conversation(enter: Enter, desk: Desk) -> None:
    page = enter()
    show = desk.get("/api/rooms/demo/snapshot")["shows"]["show"]
    page.goto(f"/office/shows/{show}?room=demo")
    expect(page.get_by_test_id("page-title")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert walked(page) == []
    page.goto("/service")
    talk = page.get_by_test_id("inbox-row").first.get_attribute("data-conversation")
    # Opened by its address: a click would be where the walk begins.
    page.goto(f"/service?room=demo&c={talk}")
    expect(page.get_by_test_id("messages")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert walked(page) == []


@pytest.mark.faults
def test_tab_reaches_everything_on_every_page_of_the_office(enter: Enter) -> None:
    page, wrong = enter(), {}
    assert len(OFFICE) > 15
    for path in OFFICE:
        page.goto(path)
        expect(page.get_by_test_id("page-title")).to_be_visible()
        page.wait_for_load_state("networkidle")
        wrong[path] = walked(page)
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("path", DIALOGS)
def test_a_dialog_holds_the_focus_and_gives_it_back(enter: Enter, path: str) -> None:
    page, wrong = enter(), {}
    page.goto(path)
    for opener in DIALOGS[path]:
        found = page.get_by_test_id(opener).first
        expect(found).to_be_visible()
        wrong[opener] = opened_and_left(page, found)
    assert {opener: found for opener, found in wrong.items() if found} == {}


def test_a_question_before_something_is_done_gives_the_focus_back(enter: Enter) -> None:
    page = enter()
    page.goto("/console/demo")
    end = page.get_by_test_id("end-show")
    expect(end).to_be_visible()
    assert opened_and_left(page, end) == []
    expect(page.get_by_text(re.compile("直播中")).first).to_be_visible()
