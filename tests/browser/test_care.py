"""Moderation, public opinion, traffic emergency and paid traffic in Chromium: both languages, light and dark."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import faint, nameless, strange
from tests.browser.server import SLOW, Desk, LiveServer

Shoot = Callable[[Page, str], None]
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
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


def in_every_light(page: Page, place: str, desk: Desk, shoot: Shoot, settle: str, *also: str) -> None:
    """As it stands, in the other language and its own, light and dark: nothing untranslated, nameless or faint.

    The switches stand behind an open dialog: they are pressed by the page itself.
    """
    own = str(page.evaluate("document.documentElement.lang"))[:2]
    for language, theme in (("en" if own == "zh" else "zh", "light"), (own, "dark")):
        page.evaluate("dark => document.documentElement.classList.toggle('dark', dark)", theme == "dark")
        if page.locator("html").get_attribute("lang") != LANGUAGES[language]:
            page.evaluate("document.querySelector('[data-testid=lang-switch]').click()")
        expect(page.locator("html")).to_have_attribute("lang", LANGUAGES[language])
        expect(page.get_by_test_id(settle).first).to_be_visible()
        shoot(page, f"{place}-{theme}")
        assert faint(page) == [], (place, theme)
        assert strange(page, desk, language, *also) == [], (place, language)
    assert nameless(page) == []


def sent(server: LiveServer, kind: str) -> list[tuple[str, int]]:
    """(state, how often the platform was asked) of every action of a kind."""
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        return base.execute("SELECT state, attempts FROM outbox WHERE kind = ? ORDER BY number", (kind,)).fetchall()


def act_on(page: Page, key: str, what: str) -> None:
    # In the middle, where a person clicks: nothing may lie over the newest one.
    page.locator(f"[data-testid=comment-row][data-key='{key}']").click()
    page.get_by_test_id(f"comment-{what}").click()
    expect(page.get_by_test_id("moderate-form")).to_be_visible()


def test_fair_criticism_is_not_hidden_and_the_screen_says_why(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot
) -> None:
    page = enter()
    page.goto("/console/demo")
    expect(page.get_by_test_id("console")).to_be_visible()
    page.get_by_test_id("comment-row").first.wait_for()
    say(server, desk, ("fair", "路人甲", FAIR), ("rude", "路人乙", RUDE))
    act_on(page, "fair", "hide")
    expect(page.get_by_test_id("moderate-verdict")).to_have_attribute("data-verdict", "refused")
    expect(page.get_by_test_id("moderate-go")).to_be_disabled()
    # The reason, and what to do instead.
    expect(page.get_by_test_id("moderate-verdict")).to_contain_text("答复")
    in_every_light(page, "moderate", desk, shoot, "moderate-form")
    # Away from every figure: the tip of one under the mouse takes the key for itself.
    page.mouse.move(1, 1)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("moderate-form")).not_to_be_visible()
    # Abuse with an opinion in it may be hidden: with a reason, and by somebody who looks twice.
    act_on(page, "rude", "hide")
    expect(page.get_by_test_id("moderate-verdict")).to_contain_text("里面有对商品或服务的意见")
    expect(page.get_by_test_id("moderate-problem")).to_have_count(0)
    expect(page.get_by_test_id("moderate-go")).to_be_disabled()
    page.get_by_test_id("moderate-note").fill("辱骂主播")
    expect(page.get_by_test_id("moderate-verdict")).to_have_attribute("data-verdict", "second")
    expect(page.get_by_test_id("moderate-go")).to_be_enabled()
    page.goto("/office/moderation?room=demo")
    in_every_light(page, "moderation", desk, shoot, "moderation-page")


CHEER = "这个锅真的太好看啦"
PUSHED = "加微信 lv8888 领红包啦"


# It takes some 45 s; what it holds is held without a browser too (tests/desk/moderation).
@pytest.mark.faults
def test_an_excited_crowd_is_left_alone_and_a_ring_is_muted(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot
) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("comment-row").first.wait_for()
    cheers = [(f"cheer-{n}", f"老客{n}", CHEER) for n in range(14)]
    pushes = [(f"push-{n}", f"推手{n % 3}", PUSHED) for n in range(6)]
    say(server, desk, *cheers, *pushes)
    page.get_by_test_id("open-crowd").click()
    # The crowd is looked at every five seconds of the room.
    desk.rate(5)
    accounts = page.get_by_test_id("spammer").filter(has_text="推手")
    expect(accounts).to_have_count(3)
    expect(page.get_by_test_id("chorus").filter(has_text=CHEER)).to_contain_text("14")
    expect(page.get_by_test_id("spammer").filter(has_text="老客")).to_have_count(0)
    shoot(page, "crowd")
    first = accounts.filter(has_text="推手0")
    first.get_by_test_id("spammer-mute").click()
    expect(page.get_by_test_id("moderate-verdict")).to_have_attribute("data-verdict", "free")
    expect(page.get_by_test_id("moderate-verdict")).to_contain_text("可以处理")
    page.get_by_test_id("moderate-minutes").select_option("60")
    page.get_by_test_id("moderate-go").click()
    # Not before the platform says so, and once.
    expect(first).to_contain_text("已禁言")
    assert sent(server, "MuteViewer") == [("done", 1)]
    # The show's own crew acts too, and may be refused: ours is the one that can be undone.
    act = page.get_by_test_id("moderation-act").filter(has=page.get_by_test_id("moderation-undo")).first
    expect(act).to_have_attribute("data-state", "done")
    act.get_by_test_id("moderation-undo").click()
    expect(first).not_to_contain_text("已禁言")
    assert sent(server, "UnmuteViewer") == [("done", 1)]
    page.keyboard.press("Escape")
    # A person by their comment: who only cheers is not muted without somebody's reason.
    desk.rate(SLOW)
    say(server, desk, ("cheer-late", "老客0", CHEER))
    act_on(page, "cheer-late", "mute")
    page.get_by_test_id("moderate-reason").select_option("abuse")
    expect(page.get_by_test_id("moderate-note")).to_be_visible()
    expect(page.get_by_test_id("moderate-go")).to_be_disabled()
    assert len(sent(server, "MuteViewer")) == 1


@pytest.mark.faults
def test_public_opinion_from_the_decision_to_the_pause_and_on(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot
) -> None:
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
    pause_and_go_on(page, director, server, desk, shoot)
    write_it_anew(page, director, desk)
    see_it_to_its_end(page)


def pause_and_go_on(page: Page, director: Page, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    """The live stands still when the platform says so, and everybody sees since when."""
    director.get_by_test_id("opinion-why").fill("先停播核实")
    director.get_by_test_id("opinion-pause").click()
    director.locator(".el-message-box").get_by_role("button", name="Confirm").click()
    desk.rate(5)
    expect(director.get_by_test_id("opinion-state")).to_have_attribute("data-state", "paused")
    expect(page.get_by_test_id("opinion-state")).to_have_attribute("data-state", "paused")
    expect(page.get_by_test_id("opinion-state")).to_contain_text("已暂停")
    shoot(page, "opinion-paused")
    assert sent(server, "PauseStream") == [("done", 1)]
    page.get_by_test_id("opinion-resume").click()
    expect(director.get_by_test_id("opinion-state")).to_have_attribute("data-state", "open")
    assert sent(server, "ResumeStream") == [("done", 1)]
    desk.rate(SLOW)


def write_it_anew(page: Page, director: Page, desk: Desk) -> None:
    """An approval is of the words that were approved: changed words ask for it again."""
    director.get_by_test_id("statement-measures").fill("停售、召回，全额退款")
    director.get_by_test_id("statement-write").click()
    expect(page.get_by_test_id("statement-approvals")).to_contain_text("0")
    page.get_by_test_id("statement-approve").click()
    expect(page.get_by_test_id("statement-approve")).to_be_disabled()
    lawyer = desk.post("/api/team/people", {"name": "法务小陈"})["person"]
    desk.post(f"/api/team/people/{lawyer}/roles", {"role": "legal", "brand": "main"})
    case = desk.get("/api/rooms/demo/snapshot")["opinion"]["cases"][-1]["case"]
    agreed = {"kind": "StatementApproved", "case": case["case"], "digest": case["statement"]["digest"]}
    Desk(desk.server, desk.link_for(lawyer)).command("demo", agreed)
    expect(page.get_by_test_id("statement-approvals")).to_have_text("声明已批准")


def see_it_to_its_end(page: Page) -> None:
    """Every step is done or left out with its reason; then after-care, which ends with what came of it."""
    steps = page.locator("[data-testid=opinion-step][data-state=open]")
    expect(steps.first).to_be_visible()
    for left in range(steps.count(), 0, -1):
        page.get_by_test_id("opinion-note").fill(f"第 {left} 步")
        steps.first.get_by_test_id("opinion-step-done").click()
        expect(steps).to_have_count(left - 1)
    expect(page.get_by_test_id("opinion-evidence")).to_be_visible()
    page.get_by_test_id("opinion-after-care").click()
    expect(page.get_by_test_id("opinion-state")).to_have_attribute("data-state", "after_care")


def test_the_traffic_dialog_prepares_within_the_rules(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/console/demo")
    page.get_by_test_id("open-traffic").click()
    expect(page.get_by_test_id("traffic-look")).to_be_visible()
    page.get_by_test_id("traffic-prepare").click()
    page.get_by_test_id("traffic-add-group").click()
    page.get_by_test_id("traffic-group").last.fill("老客群")
    page.get_by_test_id("traffic-text").last.fill("今晚八点开播，回复 TD 退订")
    page.get_by_test_id("traffic-consent").last.check()
    in_every_light(page, "traffic", desk, shoot, "traffic-dialog")
    page.get_by_test_id("traffic-save").click()
    expect(page.get_by_test_id("traffic-add-group")).to_have_count(0)
    groups = desk.get("/api/rooms/demo/snapshot")["traffic"]["groups"]
    assert any(one["group"] == "老客群" for one in groups)


def test_paid_traffic_is_planned_imported_and_held_against_break_even(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter()
    page.goto("/office/ads?room=demo")
    show = desk.get("/api/rooms/demo/snapshot")["shows"]["show"]
    page.get_by_test_id("ads-show").select_option(show)
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
    in_every_light(page, "ads", desk, shoot, "ads-figures", "时间")
    page.goto("/console/demo")
    strip = page.get_by_test_id("ads-strip")
    expect(strip).to_contain_text("320.5")
    # Below break-even: 400 over 320.50 against one over 40 %.
    expect(page.get_by_test_id("ads-roi")).to_have_attribute("data-tone", "bad")
    expect(strip.locator("[data-metric=M56]")).to_contain_text("2.5")
    expect(page.get_by_test_id("ads-age")).to_contain_text("同场直播")
    in_every_light(page, "ads-strip", desk, shoot, "ads-strip")
