"""The office in Chromium: catalogue, rundown, thresholds, people, devices, and the trail they leave."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import xlsxwriter
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import nameless, strange
from tests.browser.server import OPENS_S, PAUSED, Desk

Shoot = Callable[[Page, str], None]
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module", autouse=True)
def after_a_show(desk: Desk) -> None:
    """The demo's show is over, its debrief is written, and the room's clock stands still."""
    desk.post("/api/demo/demo/end")
    desk.rate(30)
    desk.wait_for(lambda: desk.get("/api/rooms/demo/debriefs"), OPENS_S)
    desk.rate(PAUSED)


def said_no(desk: Desk, page: Page, path: str) -> int:
    """The status that the page's own session gets for an address."""
    return int(page.request.get(f"{desk.server.base}{path}").status)


def sheet(rows: list[list[str]]) -> bytes:
    """A workbook with these rows."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def test_a_wrong_row_of_a_spreadsheet_is_named(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/catalog")
    page.get_by_test_id("catalog-import").first.click()
    expect(page.get_by_test_id("import-dialog")).to_be_visible()
    content = sheet(
        [
            ["商品编号", "商品名称", "直播价"],
            ["B1", "竹编提篮", "59.90"],
            ["B2", "竹编果盘", "便宜"],
            ["B3", "", "19"],
        ]
    )
    page.get_by_test_id("import-file").set_input_files({"name": "选品.xlsx", "mimeType": EXCEL, "buffer": content})
    told = page.get_by_test_id("import-sum")
    expect(told).to_have_attribute("data-accepted", "1")
    expect(told).to_have_attribute("data-rejected", "2")
    errors = page.get_by_test_id("import-error")
    expect(errors.locator("td:nth-child(1)")).to_have_text(["3", "4"])
    expect(errors.locator("td:nth-child(2)")).to_have_text(["直播价", "商品名称"])
    expect(errors.first).to_contain_text("不是金额")
    assert nameless(page) == []
    shoot(page, "import")
    page.get_by_test_id("import-close").click()
    page.get_by_test_id("catalog-search").fill("竹编")
    row = page.locator("[data-testid=catalog-row][data-product=B1]")
    expect(row.get_by_test_id("catalog-price")).to_have_text("¥59.90")
    expect(page.get_by_test_id("catalog-row")).to_have_count(1)
    page.get_by_test_id("import-dialog").wait_for(state="hidden")
    page.get_by_test_id("catalog-import").first.click()
    page.get_by_test_id("import-file").set_input_files({"name": "x.xlsx", "mimeType": EXCEL, "buffer": b"no workbook"})
    expect(page.get_by_test_id("import-failure")).to_be_visible()


def expect_order(page: Page, titles: str) -> None:
    """The segments of the rundown from top to bottom, each of one sign."""
    fields = page.locator("[data-testid=segment-row] [data-testid=segment-title]")
    expect(fields).to_have_count(len(titles))
    for at, title in enumerate(titles):
        expect(fields.nth(at)).to_have_value(title)


def drag(page: Page, handle: Locator, onto: Locator) -> None:
    """Take hold of a row and let it go in the lower half of another."""
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), onto.bounding_box()
    assert start is not None and end is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + 60, end["y"] + end["height"] * 0.5, steps=6)
    page.mouse.move(end["x"] + 60, end["y"] + end["height"] * 0.9, steps=3)
    page.mouse.up()


def save_new(page: Page) -> None:
    """Save a plan for the first time: from then on it has an address of its own."""
    page.get_by_test_id("show-save").click()
    expect(page).to_have_url(re.compile(r"/office/shows/(?!new)"))
    expect(page.get_by_test_id("show-version")).to_be_visible()


def test_a_rundown_is_put_in_order_by_mouse_and_by_keys(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/shows?room=demo")
    page.get_by_test_id("show-new").first.click()
    page.get_by_test_id("show-title").fill("周三晚场")
    page.get_by_test_id("rundown-skeleton").click()
    rows = page.get_by_test_id("segment-row")
    expect(rows).to_have_count(9)
    for at, name in enumerate("甲乙丙丁戊己庚辛壬"):
        rows.nth(at).get_by_test_id("segment-title").fill(name)
    drag(page, rows.nth(1).get_by_test_id("segment-handle"), rows.nth(3))
    expect_order(page, "甲丙丁乙戊己庚辛壬")
    expect(page.get_by_test_id("rundown-said")).to_contain_text("乙")
    handle = rows.nth(4).get_by_test_id("segment-handle")
    handle.focus()
    handle.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect_order(page, "甲丙戊丁乙己庚辛壬")
    page.keyboard.press("End")
    expect_order(page, "甲丙丁乙己庚辛壬戊")
    length = rows.nth(0).get_by_test_id("segment-length")
    length.fill("12:30")
    length.press("Enter")
    expect(rows.nth(1)).to_have_attribute("data-offset", "750")
    assert nameless(page) == []
    shoot(page, "rundown")
    save_new(page)
    page.reload()
    expect(rows).to_have_count(9)
    expect_order(page, "甲丙丁乙己庚辛壬戊")
    saved = next(show for show in desk.get("/api/rooms/demo/shows") if show["title"] == "周三晚场")
    assert [segment["title"] for segment in saved["segments"]] == list("甲丙丁乙己庚辛壬戊")
    assert saved["segments"][0]["duration_s"] == 750
    assert saved["segments"][1]["offset_s"] == 750


def test_two_people_edit_one_rundown_and_neither_is_overwritten(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    first, second = enter(), enter()
    first.goto("/office/shows?room=demo")
    first.get_by_test_id("show-new").first.click()
    first.get_by_test_id("show-title").fill("两人同改")
    first.get_by_test_id("rundown-skeleton").click()
    save_new(first)
    second.goto(first.url)
    rows = [page.get_by_test_id("segment-row") for page in (first, second)]
    rows[1].nth(2).get_by_test_id("segment-title").fill("乙改第三段")
    rows[0].nth(1).get_by_test_id("segment-title").fill("甲改第二段")
    first.get_by_test_id("show-save").click()
    expect(first.get_by_test_id("show-dirty")).to_have_count(0)
    # It comes into the other's open page at once, beside what stands there unsaved.
    expect(rows[1].nth(1).get_by_test_id("segment-title")).to_have_value("甲改第二段")
    expect(rows[1].nth(2).get_by_test_id("segment-title")).to_have_value("乙改第三段")
    expect(second.get_by_test_id("show-merged")).to_have_attribute("data-clashes", "0")
    second.get_by_test_id("show-save").click()
    expect(rows[0].nth(2).get_by_test_id("segment-title")).to_have_value("乙改第三段")
    # Both write something else in the same place: asked, not guessed.
    rows[1].first.get_by_test_id("segment-title").fill("后改")
    rows[0].first.get_by_test_id("segment-title").fill("先改")
    first.get_by_test_id("show-save").click()
    expect(second.get_by_test_id("merge-clash")).to_have_count(1)
    expect(second.get_by_test_id("show-save")).to_be_disabled()
    shoot(second, "clash")
    second.get_by_test_id("clash-keep").click()
    second.get_by_test_id("show-save").click()
    expect(rows[0].first.get_by_test_id("segment-title")).to_have_value("后改")
    saved = next(show for show in desk.get("/api/rooms/demo/shows") if show["title"] == "两人同改")
    assert [segment["title"] for segment in saved["segments"]][:3] == ["后改", "甲改第二段", "乙改第三段"]


def test_a_script_is_handed_in_remarked_approved_and_printed(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/shows?room=demo")
    page.get_by_test_id("show-new").first.click()
    page.get_by_test_id("show-title").fill("审批一场")
    page.get_by_test_id("rundown-skeleton").click()
    save_new(page)
    talk = page.get_by_test_id("segment-talk")
    talk.fill("大家好，价格 ")
    page.get_by_test_id("variable-price").click()
    expect(talk).to_have_value("大家好，价格 {价格}")
    expect(page.get_by_test_id("spoken-gap")).to_have_count(1)
    page.get_by_test_id("show-save").click()
    expect(page.get_by_test_id("review-missing")).to_contain_text("价格")
    expect(page.get_by_test_id("review-hand-in")).to_be_disabled()
    talk.fill("大家好")
    page.get_by_test_id("show-save").click()
    page.get_by_test_id("remark-text").fill("开场再短些")
    page.get_by_test_id("remark-send").click()
    expect(page.get_by_test_id("remark")).to_have_count(1)
    page.get_by_test_id("review-hand-in").click()
    expect(page.get_by_test_id("review-state")).to_have_text("审批中")
    page.get_by_test_id("remark-close").click()
    # Whoever handed it in cannot approve it: the director does, and it stands on the open page at once.
    expect(page.get_by_test_id("review-approve")).to_have_count(0)
    director = enter("sim-zhou")
    director.goto(page.url)
    director.get_by_test_id("review-approve").click()
    expect(page.get_by_test_id("review-panel")).to_have_attribute("data-state", "approved")
    assert nameless(page) == []
    shoot(page, "review")
    address = page.get_by_test_id("script-print").get_attribute("href")
    page.goto(str(address))
    expect(page.locator("section")).to_have_count(9)
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF") and len(pdf) > 10_000


SHOWN_TITLE = "差异一场"


def in_versions(desk: Desk) -> str:
    """A show whose second version cuts a segment, moves and edits another, and has another price and goal; its id."""
    show, later = "versions-1", int((datetime.now(UTC) + timedelta(days=40)).timestamp() * 1000)
    opening = {"segment": "a", "part": "warm_up", "title": "开场", "duration_s": 60, "talk_track": "大家好"}
    pitch = {"segment": "b", "part": "pitch", "title": "讲篮", "offset_s": 60, "duration_s": 120, "product": "q1"}
    close = {"segment": "c", "part": "goodbye", "duration_s": 60, "offset_s": 180}
    card = {"product": "q1", "name": "竹提篮", "price": 3990}
    plan = {"kind": "ShowPlanned", "show": show, "title": SHOWN_TITLE, "starts_at": later, "products": [card]}
    before = [opening, {**pitch, "talk_track": "今天 39 元"}, close]
    desk.command("demo", {**plan, "segments": before, "goals": {"M41": 100_000}, "version": 1})
    after = [{**close, "offset_s": 0}, {**pitch, "talk_track": "今天 29 元", "host": "sim-zhou"}]
    moved = [after[1], {**after[0], "offset_s": 180, "duration_s": 90}]
    card = {**card, "price": 2990}
    desk.command("demo", {**plan, "products": [card], "segments": moved, "goals": {"M41": 200_000}, "version": 2})
    desk.command("demo", {"kind": "RundownChanged", "show": show, "segments": after, "version": 3})
    return show


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_versions_of_a_plan_are_told_apart(enter: Enter, desk: Desk, shoot: Shoot, language: str, theme: str) -> None:
    if not any(one["title"] == SHOWN_TITLE for one in desk.get("/api/rooms/demo/shows")):
        in_versions(desk)
    page = enter(language=language)
    page.add_init_script(f"localStorage.setItem('livecue.theme', '{theme}')")
    page.goto("/office/shows/versions-1?room=demo")
    page.get_by_test_id("script-versions").locator("summary").click()
    page.locator("[data-testid=version-row][data-version='2']").get_by_test_id("version-look").click()
    segment = page.locator("[data-testid=difference][data-segment=b]")
    expect(segment.locator("[data-field=talk_track] del")).to_have_text("3")
    expect(segment.locator("[data-field=talk_track] ins")).to_have_text("2")
    # What is struck out is the older one's, whichever of the two is looked at.
    plan = page.get_by_test_id("plan-difference")
    expect(plan.locator("[data-field='goal.M41'] del")).to_have_text("¥1,000.00")
    expect(plan.locator("[data-product=q1] ins")).to_contain_text("¥29.90")
    expect(page.get_by_test_id("version-direction")).to_contain_text(
        {"zh": "从第 1 版到第 2 版", "en": "1 to"}[language]
    )
    shoot(page, f"versions-{theme}")
    page.get_by_test_id("version-look").nth(2).click()
    page.get_by_test_id("version-against").select_option("2")
    expect(segment.locator("[data-field=talk_track] del")).to_have_text("3")
    expect(page.get_by_test_id("version-direction")).to_contain_text(
        {"zh": "从第 1 版到第 2 版", "en": "1 to"}[language]
    )
    # Put elsewhere and edited: both are said.
    page.get_by_test_id("version-look").nth(2).click()
    page.get_by_test_id("version-look").nth(0).click()
    moved = page.locator("[data-testid=difference][data-segment=c][data-what=changed]")
    expect(moved.get_by_test_id("difference-moved")).to_have_count(1)
    expect(moved.locator("[data-field=duration_s]")).to_have_count(1)
    expect(segment).to_have_count(0)
    shoot(page, f"versions-moved-{theme}")
    assert nameless(page) == []
    assert strange(page, desk, language, "开场") == []


def test_thresholds_tell_how_often_they_would_have_fired(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/rules?room=demo")
    rows = page.get_by_test_id("rule-row")
    expect(rows.first).to_be_visible()
    assert rows.count() >= 20
    row = page.locator("[data-testid=rule-row][data-rule=R005]")
    fired = row.get_by_test_id("rule-fired").first
    expect(fired).to_have_attribute("data-shows", "1")
    before = int(fired.get_attribute("data-times") or -1)
    assert before >= 0
    row.get_by_test_id("rule-open").click()
    row.get_by_test_id("value-below").fill("9999")
    row.get_by_test_id("rule-try").click()
    trial = row.get_by_test_id("rule-trial").get_by_test_id("rule-fired")
    expect(trial).to_have_attribute("data-shows", "1")
    assert int(trial.get_attribute("data-times") or -1) >= max(1, before)
    shoot(page, "rules")
    row.get_by_test_id("rule-save").click()
    # Saved, it is the room's own: the count beside it is that of the new value.
    expect(row.get_by_test_id("rule-fired").first).not_to_have_attribute("data-times", "0")
    expect(row.get_by_test_id("rule-reset")).to_be_visible()
    force = next(rule for rule in desk.get("/api/rules?room=demo")["rules"] if rule["rule"] == "R005")
    assert force["values"]["below"] == pytest.approx(99.99), "9999 % as a share"
    row.get_by_test_id("rule-reset").click()
    expect(row.get_by_test_id("rule-reset")).to_have_count(0)


def test_a_threshold_is_set_for_many_rooms_and_undone(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/rules?room=demo")
    row = page.locator("[data-testid=rule-row][data-rule=R004]")
    row.get_by_test_id("rule-open").click()
    row.locator("[data-testid=rule-scope] [data-layer=all]").click()
    row.get_by_test_id("value-below").fill("3")
    row.get_by_test_id("rule-save").click()
    expect(row.get_by_test_id("value-by")).to_have_attribute("data-layer", "all")
    row.locator("[data-testid=rule-scope] [data-layer=category]").click()
    row.get_by_test_id("rule-category").fill("锅具")
    row.get_by_test_id("value-below").fill("4")
    row.get_by_test_id("rule-save").click()
    expect(row.get_by_test_id("rule-change")).to_have_count(2)
    shoot(page, "rules-scopes")
    force = next(rule for rule in desk.get("/api/rules?room=demo")["rules"] if rule["rule"] == "R004")
    assert (force["values"]["below"], force["categories"]["锅具"]["values"]["below"]) == (0.03, 0.04)
    # The newest change stands first.
    row.get_by_test_id("rule-undo").last.click()
    expect(row.locator("[data-testid=rule-change][data-undone=true]")).to_have_count(1)
    expect(row.locator("[data-testid=value-by][data-layer=all]")).to_have_count(0)
    page.goto("/office/audit")
    expect(page.get_by_text("R004").first).to_be_visible()
    told = [line["detail"] for line in desk.get("/api/audit?limit=20")["rows"] if line["what"] == "ThresholdSet"]
    assert '"undoes"' in told[0]


def add_person(page: Page, name: str, role: str, where: str) -> str:
    """Add a person with a role by the screens; their sign-in link."""
    page.goto("/office/people")
    page.get_by_test_id("person-new").click()
    drawer = page.get_by_test_id("person-drawer")
    drawer.get_by_test_id("person-name").fill(name)
    drawer.get_by_test_id("person-save").click()
    drawer.get_by_test_id("grant-role").select_option(role)
    drawer.get_by_test_id("grant-where").select_option(where)
    drawer.get_by_test_id("grant-give").click()
    expect(drawer.locator(f"[data-testid=grant-row][data-role={role}]")).to_be_visible()
    drawer.get_by_test_id("person-make-link").click()
    return drawer.get_by_test_id("person-link").inner_text()


def test_a_host_comes_in_by_a_link_and_sees_no_more_than_a_host(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    owner = enter()
    link = add_person(owner, "小雨", "host", "r/demo")
    assert nameless(owner) == []
    shoot(owner, "person")
    host = enter(link=link)
    expect(host.get_by_test_id("session-name")).to_have_text("小雨")
    expect(host.get_by_test_id("room-card")).to_have_count(1)
    host.goto("/office")
    expect(host.get_by_test_id("page-title")).to_be_visible()
    expect(host.get_by_test_id("office-nav-office-shows")).to_be_visible()
    nav = [link.get_attribute("data-testid") for link in host.locator("[data-testid^=office-nav-]").all()]
    assert "office-nav-office-shows" in nav
    assert not {"office-nav-office-catalog", "office-nav-office-audit", "office-nav-office-connect"} & set(nav)
    host.goto("/office/people")
    expect(host.get_by_test_id("password-panel")).to_be_visible()
    assert host.get_by_test_id("people-table").count() == 0
    assert host.get_by_test_id("person-new").count() == 0
    shoot(host, "host-office")
    for path in ("/api/team/people", "/api/audit", "/api/catalog/products?brand=main"):
        assert said_no(desk, host, path) == 403, path
    host.goto("/console/demo")
    expect(host.get_by_test_id("console")).to_be_visible()
    for control in ("end-show", "next-segment", "product-pin"):
        assert host.get_by_test_id(control).count() == 0, control
    again = enter(link=link)
    expect(again.get_by_test_id("link-used")).to_be_visible()


def test_what_is_done_stands_in_the_audit(enter: Enter, shoot: Shoot) -> None:
    page = enter()
    add_person(page, "留痕", "floor", "b/main")
    page.goto("/office/audit")
    expect(page.get_by_test_id("audit-whole")).to_be_visible()
    kinds = page.get_by_test_id("audit-what")
    newest: dict[str, int] = {}
    for kind in ("PersonSaved", "RoleGranted", "SignedIn"):
        kinds.select_option(kind)
        row = page.get_by_test_id("audit-row").first
        expect(row.locator("td").nth(3)).to_have_text(kinds.locator(f"option[value={kind}]").inner_text())
        expect(row).to_contain_text("所有者")
        newest[kind] = int(row.get_attribute("data-number") or 0)
    assert newest["SignedIn"] < newest["PersonSaved"] < newest["RoleGranted"]
    words = kinds.locator("option").all_inner_texts()
    assert all(not re.fullmatch(r"[A-Za-z]+", word) for word in words), f"an action without words: {words}"
    kinds.select_option("")
    shoot(page, "audit")


def test_a_device_is_paired_and_sees_only_the_stage(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    owner = enter()
    owner.get_by_test_id("room-pair").first.click()
    code = owner.get_by_test_id("pairing-code")
    expect(code).to_have_text(re.compile(r"^\d{4} \d{4}$"))
    picture = owner.get_by_test_id("pairing-dialog").locator("img")
    # The QR code is drawn.
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    assert nameless(owner) == []
    shoot(owner, "pairing")
    tablet = enter(link="", viewport={"width": 1024, "height": 768}, has_touch=True)
    tablet.goto("/pair")
    tablet.get_by_test_id("pair-code").fill(code.inner_text())
    tablet.get_by_test_id("pair-submit").click()
    expect(tablet).to_have_url(re.compile("/stage/demo$"))
    expect(tablet.get_by_test_id("stage")).to_be_visible()
    for elsewhere in ("/", "/console/demo", "/office/people"):
        tablet.goto(elsewhere)
        expect(tablet).to_have_url(re.compile("/stage/demo$"))
    assert tablet.get_by_test_id("open-console").count() == 0
    for path in ("/api/team/people", "/api/audit", "/api/catalog/products?brand=main"):
        assert said_no(desk, tablet, path) == 403, path
    shoot(tablet, "tablet")
    second = enter(link="")
    second.goto("/pair")
    second.get_by_test_id("pair-code").fill(code.inner_text())
    second.get_by_test_id("pair-submit").click()
    expect(second.get_by_test_id("pair-error")).to_be_visible()


def test_a_brand_is_renamed_where_its_rooms_are(enter: Enter) -> None:
    page = enter()
    page.goto("/office")
    row = page.locator("[data-testid=brand-row][data-brand=main]")
    room = page.get_by_test_id("room-row").first
    for name in ("小镇好物", "main"):
        row.get_by_test_id("brand-rename").click()
        row.get_by_test_id("brand-name").fill(name)
        row.get_by_test_id("brand-save").click()
        expect(row.locator("b")).to_have_text(name)
        expect(room.get_by_role("cell", name=name, exact=True)).to_be_visible()
    assert nameless(page) == []


def test_a_room_whose_speech_nobody_sends_says_that_it_is_not_watched(enter: Enter, desk: Desk) -> None:
    room = desk.post("/api/rooms", {"brand": "main", "name": "没有语音", "platform": "own", "nature": "rehearsed"})[
        "room"
    ]
    desk.command(room, {"kind": "ShowPlanned", "show": "silent", "title": "没有语音", "starts_at": 1, "version": 1})
    desk.command(room, {"kind": "ShowStarted", "show": "silent"})
    page = enter()
    page.goto(f"/console/{room}")
    alarms = page.get_by_test_id("alarms")
    expect(alarms).to_contain_text("没有监听主播说话，违禁词口播不会提示")
    page.get_by_test_id("lang-switch").click()
    expect(alarms).to_contain_text("Speech not watched: banned words on air are not noticed")
    # The simulator says what its host says: there it is watched.
    page.goto("/console/demo")
    expect(page.get_by_test_id("product-row").first).to_be_visible()
    expect(alarms).not_to_contain_text("Speech not watched")
