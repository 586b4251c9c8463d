"""Moderation, public opinion, traffic emergency and paid traffic in Chromium: both languages, light and dark."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import data_of, faint, nameless, untranslated
from tests.browser.server import SLOW, Desk, LiveServer

Shoot = Callable[[Page, str], None]
FAIR = "收到的锅底是歪的，质量太差了，退货"
RUDE = "主播你个傻逼骗子滚"


@pytest.fixture(autouse=True)
def slowly(desk: Desk) -> None:
    desk.rate(SLOW)


def say(server: LiveServer, desk: Desk, *said: tuple[str, str, str]) -> None:
    """(id, viewer, text) of comments that come in by the bridge."""
    made = desk.post("/api/rooms/demo/tokens", {"name": "said", "scope": "both"})
    lines = [
        json.dumps({"kind": "CommentPosted", "key": key, "text": text, "user": user, "name": user}, ensure_ascii=False)
        for key, user, text in said
    ]
    answered = httpx.post(
        f"{server.base}/bridge/v1/rooms/demo/events",
        content="\n".join(lines).encode(),
        headers={"Authorization": f"Bearer {made['token']}"},
        timeout=30,
    )
    assert answered.status_code == 200, answered.text


def in_every_light(page: Page, place: str, desk: Desk, shoot: Shoot, settle: str) -> None:
    """As it stands, in the other language, dark and light: nothing untranslated, nameless or faint."""
    for theme in ("light", "dark"):
        page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
        expect(page.get_by_test_id(settle).first).to_be_visible()
        shoot(page, f"{place}-{theme}")
        assert faint(page) == [], (place, theme)
    language = str(page.evaluate("document.documentElement.lang"))[:2]
    assert untranslated(page, data_of(desk), language) == []
    assert nameless(page) == []


def act_on(page: Page, key: str, what: str) -> None:
    page.locator(f"[data-testid=comment-row][data-key='{key}']").click()
    page.get_by_test_id(f"comment-{what}").click()
    expect(page.get_by_test_id("moderate-form")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_fair_criticism_is_not_hidden_and_the_screen_says_why(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot, language: str
) -> None:
    page = enter(language=language)
    page.goto("/console/demo")
    expect(page.get_by_test_id("console")).to_be_visible()
    page.get_by_test_id("comment-row").first.wait_for()
    say(server, desk, (f"fair-{language}", "路人甲", FAIR), (f"rude-{language}", "路人乙", RUDE))
    act_on(page, f"fair-{language}", "hide")
    expect(page.get_by_test_id("moderate-verdict")).to_have_attribute("data-verdict", "refused")
    expect(page.get_by_test_id("moderate-go")).to_be_disabled()
    # The reason, and what to do instead.
    words = {"zh": "答复", "en": "nswer"}[language]
    expect(page.get_by_test_id("moderate-verdict")).to_contain_text(words)
    in_every_light(page, "moderate", desk, shoot, "moderate-form")
    page.keyboard.press("Escape")
    if language == "zh":
        act_on(page, "rude-zh", "hide")
        expect(page.get_by_test_id("moderate-verdict")).not_to_have_attribute("data-verdict", "refused")
        expect(page.get_by_test_id("moderate-verdict")).not_to_have_attribute("data-verdict", "")
    page.goto("/office/moderation?room=demo")
    in_every_light(page, "moderation", desk, shoot, "moderation-page")


def test_public_opinion_from_the_decision_to_the_pause_and_on(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page, director = enter(), enter("sim-zhou", language="en")
    for one in (page, director):
        one.goto("/console/demo")
        one.get_by_test_id("open-opinion").click()
        expect(one.get_by_test_id("opinion-dialog")).to_be_visible()
    in_every_light(page, "opinion-none", desk, shoot, "opinion-dialog")
    director.get_by_test_id("opinion-level").select_option("4")
    director.get_by_test_id("opinion-why").fill("两位观众说受了伤")
    director.get_by_test_id("opinion-decide").click()
    expect(page.get_by_test_id("opinion-state")).to_contain_text("L4")
    director.get_by_test_id("statement-facts").fill("批次 0812 的锅柄可能松动")
    director.get_by_test_id("statement-measures").fill("停售并召回")
    director.get_by_test_id("statement-contact").fill("400 电话")
    director.get_by_test_id("statement-write").click()
    # Nobody approves what they wrote.
    expect(director.get_by_test_id("statement-approve")).to_be_disabled()
    page.get_by_test_id("statement-approve").click()
    expect(page.get_by_test_id("statement-approvals")).to_contain_text("1")
    in_every_light(page, "opinion", desk, shoot, "opinion-dialog")
    in_every_light(director, "opinion", desk, shoot, "opinion-dialog")
    expect(page.get_by_test_id("opinion-after-care")).to_be_disabled()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_traffic_dialog_prepares_within_the_rules(enter: Enter, desk: Desk, shoot: Shoot, language: str) -> None:
    page = enter(language=language)
    page.goto("/console/demo")
    page.get_by_test_id("open-traffic").click()
    expect(page.get_by_test_id("traffic-look")).to_be_visible()
    page.get_by_test_id("traffic-prepare").click()
    page.get_by_test_id("traffic-add-group").click()
    page.get_by_test_id("traffic-group").last.fill(f"老客群 {language}")
    page.get_by_test_id("traffic-text").last.fill("今晚八点开播，回复 TD 退订")
    page.get_by_test_id("traffic-consent").last.check()
    in_every_light(page, "traffic", desk, shoot, "traffic-dialog")
    page.get_by_test_id("traffic-save").click()
    expect(page.get_by_test_id("traffic-add-group")).to_have_count(0)
    groups = desk.get("/api/rooms/demo/snapshot")["traffic"]["groups"]
    assert any(one["group"] == f"老客群 {language}" for one in groups)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paid_traffic_is_planned_imported_and_held_against_break_even(
    enter: Enter, desk: Desk, shoot: Shoot, language: str
) -> None:
    page = enter(language=language)
    page.goto("/office/ads?room=demo")
    show = desk.get("/api/rooms/demo/snapshot")["shows"]["show"]
    page.get_by_test_id("ads-show").select_option(show)
    if language == "zh":
        page.get_by_test_id("ads-add").click()
        page.get_by_test_id("ads-title").fill("开场引流")
        page.get_by_test_id("ads-budget").fill("500")
        page.get_by_test_id("ads-margin").fill("40")
        page.get_by_test_id("ads-save").click()
        expect(page.get_by_test_id("ads-notice")).to_contain_text("计划已保存")
        table = "计划名称,时间,消耗,成交金额\n开场引流,2026-11-29 20:00,320.50,400\n开场引流,昨天,1,1\n"
        page.get_by_test_id("ads-file").set_input_files(
            {"name": "spend.csv", "mimeType": "text/csv", "buffer": table.encode()}
        )
        page.get_by_test_id("ads-attribution").fill("同场直播")
        page.get_by_test_id("ads-unit").select_option("yuan")
        page.get_by_test_id("ads-import").click()
        expect(page.get_by_test_id("ads-taken")).to_contain_text("已导入 1 行")
        expect(page.get_by_test_id("ads-taken")).to_contain_text("时间看不懂")
    expect(page.get_by_test_id("ads-slot-figures")).to_contain_text("320.50")
    in_every_light(page, "ads", desk, shoot, "ads-figures")
    page.goto("/console/demo")
    strip = page.get_by_test_id("ads-strip")
    expect(strip).to_contain_text("320.5")
    # Below break-even: 400 over 320.50 against one over 40 %.
    expect(page.get_by_test_id("ads-roi")).to_have_attribute("data-tone", "bad")
    expect(page.get_by_test_id("ads-roi")).to_contain_text("2.5")
    expect(page.get_by_test_id("ads-age")).to_contain_text("同场直播")
    shoot(page, "ads-strip")
    assert untranslated(page, data_of(desk), language) == []
