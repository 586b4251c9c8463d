"""智能选品 in Chromium: propose, see why, ask, lock, take it into a show; contradictions are named."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import nameless
from tests.browser.server import Desk

Shoot = Callable[[Page, str], None]


def test_a_proposal_is_understood_changed_and_taken_into_a_new_show(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/selection?room=demo")
    expect(page.get_by_test_id("selection-facts")).to_be_visible()
    page.get_by_test_id("selection-length").fill("60")
    page.get_by_test_id("selection-length").press("Tab")
    page.get_by_test_id("selection-least").fill("0")
    page.get_by_test_id("selection-propose").click()
    cards = page.get_by_test_id("proposal-card")
    expect(cards).to_have_count(2, timeout=30_000)
    first = page.get_by_test_id("pick-row").first
    product = first.get_attribute("data-product") or ""
    first.get_by_test_id("pick-why").click()
    expect(page.get_by_test_id("pick-facts")).to_be_visible()
    assert nameless(page) == []
    shoot(page, "selection")
    # Out by a person's hand: it stays out of the next proposals.
    first.get_by_test_id("pick-out").click()
    expect(page.locator(f'[data-testid="pick-row"][data-product="{product}"]')).to_have_count(0, timeout=30_000)
    expect(page.get_by_test_id("selection-locks")).to_be_visible()
    chosen = [row.get_attribute("data-product") for row in page.get_by_test_id("pick-row").all()]
    page.get_by_test_id("selection-accept").click()
    page.get_by_test_id("accept-show").select_option("")
    page.get_by_test_id("accept-title").fill("选出来的一场")
    page.get_by_test_id("accept-go").click()
    expect(page.get_by_test_id("selection-taken")).to_be_visible(timeout=15_000)
    show = next(row for row in desk.get("/api/rooms/demo/shows") if row["title"] == "选出来的一场")
    assert [card["product"] for card in show["products"]] == chosen
    assert [segment["product"] for segment in show["segments"]] == chosen
    assert page.request.get(f"{desk.server.base}{page.get_by_test_id('selection-sheet').get_attribute('href')}").ok


def test_whom_products_suit_is_said_and_asked_for(enter: Enter, desk: Desk) -> None:
    page = enter()
    page.goto("/office/catalog")
    row = page.get_by_test_id("catalog-row").first
    product = row.get_attribute("data-product") or ""
    row.get_by_role("button").last.click()
    page.get_by_test_id("product-tags").fill("宝妈\n学生")
    page.get_by_test_id("product-save").click()
    expect(page.get_by_test_id("product-drawer")).to_be_hidden()
    brand = desk.get("/api/session")["brands"][0]["brand"]
    saved = {one["card"]["product"]: one for one in desk.get(f"/api/catalog/products?brand={brand}")["products"]}
    assert saved[product]["card"]["facts"]["tags"] == "宝妈;学生"
    page.goto("/office/selection?room=demo")
    page.get_by_test_id("selection-tags").locator("summary").click()
    page.get_by_test_id("tag-add").select_option("宝妈")
    page.get_by_test_id("tag-share").fill("80")
    page.get_by_test_id("selection-least").fill("0")
    with page.expect_request(lambda request: request.method == "POST" and request.url.endswith("/selection")) as asked:
        page.get_by_test_id("selection-propose").click()
    assert asked.value.post_data_json["brief"]["audience_tags"] == {"宝妈": 0.8}


def test_constraints_against_each_other_are_named(enter: Enter) -> None:
    page = enter()
    page.goto("/office/selection?room=demo")
    page.get_by_test_id("quota-low-hook").fill("400")
    page.get_by_test_id("selection-propose").click()
    told = page.get_by_test_id("selection-contradiction")
    expect(told).to_be_visible(timeout=60_000)
    expect(told).to_contain_text("互相矛盾")
