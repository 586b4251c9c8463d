"""What the screens show: true figures, both languages, both themes, names for everything, and soon."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import NOTHING, Data, data_of, faint, nameless, untranslated
from tests.browser.recount import Recount
from tests.browser.server import PAUSED, Desk, LiveServer
from tests.browser.shown import is_shown, read

Shoot = Callable[[Page, str], None]
FIRST_CONTENT_MS = 5_000
"""Promised are 2 s (docs/*/performance.md measures it); here other tests share the machine."""
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}

OFFICE = {
    "rooms": "/office",
    "shows": "/office/shows",
    "debriefs": "/office/debriefs",
    "catalog": "/office/catalog",
    "rules": "/office/rules",
    "people": "/office/people",
    "connect": "/office/connect",
    "actions": "/office/actions",
    "health": "/office/health",
    "audit": "/office/audit",
}


@pytest.fixture(scope="module", autouse=True)
def standing_still(desk: Desk) -> None:
    """The show waits, so that every page and the journal speak of the same moment."""
    desk.rate(PAUSED)


@pytest.fixture(scope="module")
def data(desk: Desk, standing_still: None) -> Data:
    """What is nobody's to translate."""
    return data_of(desk)


_SHEET = """() => {
  const figure = (cell) => cell.querySelector('.lc-num, .lc-unknown')?.innerText ?? ''
  return {
  number: Number(document.querySelector('[data-testid=journal-number]').dataset.number),
  rows: [...document.querySelectorAll('[data-testid^=metric-row-]')].map(row => [
    row.dataset.testid.replace('metric-row-', ''),
    ...[...row.querySelectorAll('td.num')].slice(0, 2).map(figure),
  ]),
  tiles: [...document.querySelectorAll('[data-testid=tiles] [data-metric]')].map(tile => [
    tile.dataset.metric, tile.dataset.window, tile.querySelector('.value').innerText,
  ]),
}}"""


def differences(shown: list[tuple[str, str, str]], counted: dict[str, dict[str, Any]]) -> tuple[list[str], int]:
    """Where (metric, window, text) is not what was counted; and how many could be compared."""
    wrong, compared = [], 0
    for metric, window, text in shown:
        if not text or metric not in counted[window]:
            continue
        figure, right = read(text), counted[window][metric]
        compared += 1
        if not is_shown(figure, right):
            wrong.append(f"{metric} {window}: shown {text!r}, the journal says {right and float(right)}")
    return wrong, compared


def test_figures_are_those_of_the_journal(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("all-metrics").click()
    expect(page.get_by_test_id("metric-row-M41")).to_be_visible()
    seen = page.evaluate(_SHEET)
    recount = Recount(server.database, "demo", upto=seen["number"])
    counted = {window: recount.figures(window) for window in ("show", "5m")}
    sheet = [
        (metric, window, text)
        for metric, *texts in seen["rows"]
        for window, text in zip(("show", "5m"), texts, strict=True)
    ]
    wrong, compared = differences(sheet, counted)
    assert wrong == []
    assert compared >= 75, f"only {compared} figures of the sheet were compared"
    wrong, compared = differences([tuple(tile) for tile in seen["tiles"]], counted)
    assert wrong == []
    assert compared >= 15, f"only {compared} tiles were compared"


def test_products_and_stock_are_those_of_the_journal(enter: Enter, server: LiveServer) -> None:
    page = enter()
    page.goto("/console/demo")
    rows = page.get_by_test_id("product-row")
    expect(rows).to_have_count(12)
    number = int(page.get_by_test_id("journal-number").get_attribute("data-number") or 0)
    recount = Recount(server.database, "demo", upto=number)
    for row in rows.all():
        product = row.get_attribute("data-product") or ""
        click, buy, gmv = (read(text) for text in row.locator("td.num").all_inner_texts()[:3])
        for metric, figure in (("M28", click), ("M33", buy), ("M41", gmv)):
            right = recount.product(product)[metric]
            assert is_shown(figure, right), f"{product} {metric}: shown {figure}, the journal says {right}"
    page.get_by_test_id("tab-stock").click()
    skus = page.get_by_test_id("stock-row")
    assert skus.count() == len(recount.stock) > 12
    for row in skus.all():
        sku = row.get_attribute("data-sku") or ""
        have, promised = recount.stock[sku], recount.reserved(sku)
        texts = row.locator("td.num").all_inner_texts()
        free = max(0, have - promised)
        assert texts == [f"{have:,}", f"{promised:,}", f"{free:,}" if free else "售罄"], sku


def speak(page: Page, language: str) -> None:
    """One click to the other language, where it is not spoken already."""
    if page.locator("html").get_attribute("lang") != LANGUAGES[language]:
        page.get_by_test_id("lang-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", LANGUAGES[language])


def inspect(page: Page, place: str, data: Data, shoot: Shoot) -> dict[str, list[str]]:
    """Everything wrong with the page in either language and theme; both are one click away on it."""
    wrong: dict[str, list[str]] = {}
    for language in ("en", "zh"):
        speak(page, language)
        wrong[f"{place} in {language}"] = untranslated(page, data, language)
        shoot(page, place)
    wrong[f"{place}: without a name"] = nameless(page)
    first = page.evaluate("document.documentElement.className")
    for _ in range(2):
        theme = "dark" if "dark" in page.evaluate("document.documentElement.className") else "light"
        wrong[f"{place}: faint when {theme}"] = faint(page)
        page.get_by_test_id("theme-switch").click()
    assert page.evaluate("document.documentElement.className") == first
    return {what: found for what, found in wrong.items() if found}


def test_console_and_stage_speak_both_languages(enter: Enter, data: Data, shoot: Shoot) -> None:
    page = enter()
    expect(page.get_by_test_id("room-card")).to_be_visible()
    wrong = inspect(page, "rooms", data, shoot)
    page.goto("/console/demo")
    expect(page.locator("[data-testid=trend] canvas").first).to_be_visible()
    wrong |= inspect(page, "console", data, shoot)
    page.get_by_test_id("all-metrics").click()
    expect(page.get_by_test_id("metric-row-M41")).to_be_visible()
    assert nameless(page) == []
    page.keyboard.press("Escape")
    page.goto("/stage/demo")
    expect(page.get_by_test_id("stage-product")).to_be_visible()
    wrong |= inspect(page, "stage", data, shoot)
    page.get_by_test_id("stage-voice").click()
    expect(page.get_by_test_id("voice-panel")).to_be_visible()
    assert nameless(page) == []
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_the_office_speaks_both_languages(enter: Enter, data: Data, shoot: Shoot) -> None:
    page = enter()
    wrong: dict[str, list[str]] = {}
    for place, path in OFFICE.items():
        page.goto(path)
        expect(page.get_by_test_id("page-title")).to_be_visible()
        page.wait_for_load_state("networkidle")
        wrong |= inspect(page, f"office-{place}", data, shoot)
    page.get_by_test_id("office-nav-office-shows").click()
    page.get_by_test_id("show-row").get_by_role("link").first.click()
    expect(page.get_by_test_id("rundown-editor")).to_be_visible()
    page.wait_for_load_state("networkidle")
    wrong |= inspect(page, "office-show", data, shoot)
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_the_front_door_speaks_both_languages(enter: Enter, shoot: Shoot) -> None:
    page = enter(link="")
    wrong: dict[str, list[str]] = {}
    for place in ("signin", "pair"):
        page.goto(f"/{place}")
        expect(page.get_by_test_id(f"{place}-form")).to_be_visible()
        wrong |= inspect(page, place, NOTHING, shoot)
    assert wrong == {}, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_a_person_comes_in_their_own_language(enter: Enter, desk: Desk) -> None:
    made = desk.post("/api/team/people", {"name": "Ann", "language": "en"})["person"]
    desk.post(f"/api/team/people/{made}/roles", {"role": "floor", "brand": "main", "room": "", "grant": True})
    page = enter(made)
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    expect(page.get_by_test_id("page-title").or_(page.locator("h1")).first).to_have_text("Rooms")


def test_first_content_comes_soon(enter: Enter, record_property: Callable[[str, object], None]) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("tile-M41").wait_for()
    page.goto("about:blank")
    page.goto("/console/demo", wait_until="commit")
    page.get_by_test_id("tile-M41").locator(".lc-num").wait_for()
    took = float(page.evaluate("performance.now()"))
    record_property("first content of the console, ms", round(took))
    print(f"first content of the console after {took:.0f} ms")
    assert took < FIRST_CONTENT_MS
