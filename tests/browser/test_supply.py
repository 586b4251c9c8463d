"""供应链 in Chromium: papers make a product sellable, goods arrive, a case's clock runs, lists come in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import nameless
from tests.browser.server import Desk
from tests.browser.test_office import EXCEL, sheet

Shoot = Callable[[Page, str], None]


def day(ago: int) -> str:
    return (datetime.now(UTC) - timedelta(days=ago)).strftime("%Y-%m-%d")


def test_a_product_lacks_papers_until_they_are_entered(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/selection?room=demo")
    expect(page.get_by_test_id("selection-lacking")).to_be_visible()
    page.get_by_test_id("selection-fill").click()
    page.get_by_test_id("file-only-blocked").click()
    row = page.get_by_test_id("file-row").first
    product = row.get_attribute("data-product") or ""
    brand = desk.get("/api/session")["brands"][0]["brand"]
    before = desk.get(f"/api/supply/products?brand={brand}")["counts"]["blocked"]
    shoot(page, "files")
    row.get_by_test_id("file-open").click()
    expect(page.get_by_test_id("file-verdict")).to_contain_text("R041")
    needed = len(page.locator('[data-testid=paper-need][data-state="missing"]').all())
    for left in range(needed, 0, -1):
        page.get_by_test_id("paper-add").click()
        page.get_by_test_id("paper-issued").fill(day(10))
        page.get_by_test_id("paper-expires").fill(day(-300))
        page.get_by_test_id("paper-number").fill(f"JC-{left}")
        page.get_by_test_id("paper-save").click()
        expect(page.locator('[data-testid=paper-need][data-state="missing"]')).to_have_count(left - 1)
    if page.get_by_test_id("sample-state").inner_text() == "没做":
        page.get_by_test_id("sample-add").click()
        page.get_by_test_id("sample-what").fill("拉力")
        page.get_by_test_id("sample-save").click()
        expect(page.get_by_test_id("sample-state")).to_have_text("通过")
    expect(page.get_by_test_id("file-verdict")).to_contain_text("可以上架")
    price = desk.get(f"/api/supply/products?brand={brand}&q={product}")["rows"][0]["price"]
    page.get_by_test_id("rival-add").click()
    page.get_by_test_id("rival-shop").fill("隔壁店")
    page.get_by_test_id("rival-price").fill(f"{price / 0.93 / 100:.2f}")
    page.get_by_test_id("rival-source").fill("店铺页")
    page.get_by_test_id("rival-save").click()
    expect(page.get_by_test_id("rival-verdict")).to_have_attribute("data-state", "band")
    page.get_by_test_id("listing-title").fill("手工编织 大号收纳篮 家用")
    page.get_by_test_id("listing-pictures").fill("6")
    page.get_by_test_id("listing-seven").select_option("yes")
    page.get_by_test_id("listing-freight").select_option("yes")
    page.get_by_test_id("listing-save").click()
    expect(page.get_by_test_id("listing-score")).not_to_have_text("0 分")
    assert nameless(page) == []
    shoot(page, "file")
    page.get_by_test_id("file-close").click()
    assert desk.get(f"/api/supply/products?brand={brand}")["counts"]["blocked"] == before - 1


def test_short_goods_are_ordered_and_arrive_once(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/supply?tab=suppliers")
    page.get_by_test_id("supplier-add").click()
    page.get_by_test_id("supplier-id").fill("S01")
    page.get_by_test_id("supplier-name").fill("竹坊")
    page.get_by_test_id("supplier-restock").fill("24")
    page.get_by_test_id("supplier-payment").fill("30")
    page.get_by_test_id("supplier-save").click()
    expect(page.locator("[data-testid=supplier-row][data-supplier=S01]")).to_contain_text("补货 24 小时")
    shoot(page, "suppliers")
    page.get_by_test_id("tab-stock").click()
    row = page.get_by_test_id("position-row").first
    sku = row.get_attribute("data-sku") or ""
    brand = desk.get("/api/session")["brands"][0]["brand"]

    def on_hand() -> int:
        return sum(row["on_hand"] for row in desk.get(f"/api/stock?brand={brand}")["balances"] if row["sku"] == sku)

    before = on_hand()
    row.get_by_test_id("line-set").click()
    page.get_by_test_id("replenish-pieces").fill("80")
    page.get_by_test_id("replenish-save").click()
    expect(page.locator(f'[data-testid=position-row][data-sku="{sku}"]')).to_contain_text("自定")
    page.locator(f'[data-testid=position-row][data-sku="{sku}"]').get_by_test_id("position-ask").click()
    page.get_by_test_id("replenish-pieces").fill("120")
    page.get_by_test_id("replenish-supplier").fill("S01")
    page.get_by_test_id("replenish-save").click()
    order = page.get_by_test_id("replenishment-row").first
    expect(order.get_by_test_id("replenishment-clock")).to_contain_text("剩")
    assert nameless(page) == []
    shoot(page, "stock")
    order.get_by_test_id("order-arrive").click()
    page.get_by_test_id("replenish-pieces").fill("118")
    page.get_by_test_id("replenish-save").click()
    expect(page.get_by_test_id("replenishment-row").first).to_contain_text("已到货")
    assert on_hand() == before + 118
    assert page.request.get(f"{desk.server.base}{page.get_by_test_id('purchase-sheet').get_attribute('href')}").ok


def test_a_bad_sample_opens_a_case_whose_clock_runs(enter: Enter, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/supply?tab=quality")
    page.get_by_test_id("batch-add").click()
    for field, text in (("quality-sku", "S-1"), ("quality-batch", "B-1129"), ("batch-quantity", "100")):
        page.get_by_test_id(field).fill(text)
    page.get_by_test_id("batch-sampled").fill("2")
    page.get_by_test_id("batch-failed").fill("5")
    expect(page.get_by_test_id("quality-save")).to_be_disabled()
    page.get_by_test_id("batch-failed").fill("2")
    page.get_by_test_id("quality-save").click()
    case = page.get_by_test_id("case-row")
    expect(case).to_have_attribute("data-clock", "running")
    expect(case.get_by_test_id("case-clock")).to_contain_text("剩 1 小时")
    case.get_by_test_id("case-orders").click()
    expect(page.get_by_test_id("affected-drawer")).to_contain_text("没有已付订单")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("affected-drawer")).to_be_hidden()
    case.get_by_test_id("case-close").click()
    expect(page.get_by_test_id("quality-save")).to_be_disabled()
    page.get_by_test_id("quality-note").fill("未售出，退回供应商")
    page.get_by_test_id("quality-save").click()
    expect(case).to_contain_text("未换货结案")
    assert nameless(page) == []
    shoot(page, "quality")


def test_a_list_is_brought_with_its_faults_told(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/supply?tab=lists")
    page.get_by_test_id("list-import").first.click()
    page.get_by_test_id("market-source").fill("平台趋势榜")
    rows = [
        ["排名", "商品名称", "价格", "日期"],
        ["1", "藤编收纳筐", "45.9", ""],
        ["二", "香薰", "", ""],
        ["3", "餐垫", "9", "11-28"],
    ]
    page.get_by_test_id("import-file").set_input_files({"name": "榜.xlsx", "mimeType": EXCEL, "buffer": sheet(rows)})
    expect(page.get_by_test_id("import-sum")).to_have_attribute("data-accepted", "1")
    errors = page.get_by_test_id("import-error")
    expect(errors).to_have_count(2)
    for error, number in zip(errors.all(), ("3", "4"), strict=True):
        expect(error).to_have_attribute("data-row", number)
    expect(errors.nth(1)).to_contain_text("缺年份")
    shoot(page, "list-import")
    page.get_by_test_id("import-close").click()
    expect(page.get_by_test_id("list-row")).to_contain_text("藤编收纳筐")
    page.goto("/office/selection?room=demo")
    page.get_by_test_id("pool-tab-lists").click()
    expect(page.get_by_test_id("pool-lists")).to_contain_text("藤编收纳筐")


def test_words_and_colours_hold_in_english_and_in_the_dark(enter: Enter, shoot: Shoot) -> None:
    page = enter()
    page.evaluate("localStorage.setItem('livecue.theme', 'dark'); localStorage.setItem('livecue.language', 'en')")
    for tab in ("due", "products", "lists", "suppliers", "stock", "quality"):
        page.goto(f"/office/supply?tab={tab}")
        expect(page.get_by_test_id(f"tab-{tab}")).to_have_attribute("aria-selected", "true")
        page.wait_for_load_state("networkidle")
        shoot(page, tab)
