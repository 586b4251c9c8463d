"""A whole simulated show in Chromium: cues come, are answered and judged; the debrief leads into the next plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.looks import strange, unexplained
from tests.browser.recount import Recount, count_cues
from tests.browser.server import PAUSED, SLOW, Desk, LiveServer
from tests.browser.shown import is_shown, read

Shoot = Callable[[Page, str], None]
JUDGED_MS = 90_000
"""The demo at thirty times its pace needs ten seconds from an answer to its judgement; a busy machine lags behind."""
VERDICTS = {
    "useful": "有效",
    "harmful": "反效果",
    "no_effect": "无明显变化",
    "too_little_data": "数据不足",
    "not_measured": "不衡量",
    "not_followed": "未执行",
}
"""What the screen says of a judged cue."""
READABLE_PX = 60
"""Type that is read at three metres on a tablet."""


@pytest.fixture(autouse=True)
def quietly(desk: Desk) -> None:
    """The show waits until somebody presses a speed."""
    desk.rate(SLOW)


def cue_card(console: Page, cue: str) -> Locator:
    """An open cue on the console."""
    return console.locator(f"[data-testid=cue-card][data-cue='{cue}']")


def closed_cue(console: Page, cue: str) -> Locator:
    """An answered or judged cue on the console."""
    return console.locator(f"[data-testid=cue-closed][data-cue='{cue}']")


def next_cue(console: Page, stage: Page, desk: Desk) -> str:
    """Let the show run until the host's screen shows a cue; it waits there, unanswered."""
    console.get_by_test_id("demo-rate-5").click()
    shown = stage.get_by_test_id("stage-cue")
    expect(shown).to_be_visible()
    desk.rate(SLOW)
    return shown.get_attribute("data-cue") or ""


def test_a_whole_show_from_cue_to_the_next_plan(enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    console = enter()
    see_the_room(console, shoot)
    see_the_console(console, shoot)
    stage = enter()
    become_host(stage)
    first = next_cue(console, stage, desk)
    for page, place in ((console, "console-cue"), (stage, "stage-cue")):
        read_in_both_languages(page, place, desk, shoot)
    answer_by_key(console, stage, first)
    second = next_cue(console, stage, desk)
    answer_by_tap(console, stage, second)
    see_the_judgement(console, second)
    shoot(console, "console-judged")
    end_the_show(console)
    show = see_the_debrief(console, desk)
    shoot(console, "debrief")
    compare_the_debrief(console, server, desk, show)
    read_it_in_english(console, desk)
    shoot(console, "debrief")
    chosen = accept_an_improvement(console)
    take_it_into_the_next_plan(console, desk, show, chosen, shoot)


def at_least(count: int, found: Locator) -> None:
    """So many are there, or come."""
    expect(found.nth(count - 1)).to_be_attached()


def see_the_room(page: Page, shoot: Shoot) -> None:
    room = page.get_by_test_id("room-card")
    expect(room).to_have_count(1)
    expect(room.get_by_test_id("nature-badge")).to_have_text("模拟")
    expect(room.get_by_test_id("room-status")).to_contain_text("直播中")
    shoot(page, "rooms")
    room.get_by_test_id("room-console").click()


def see_the_console(page: Page, shoot: Shoot) -> None:
    expect(page.get_by_test_id("console-header").get_by_test_id("nature-badge")).to_have_text("模拟")
    expect(page.get_by_test_id("show-status")).to_contain_text("直播中")
    expect(page.get_by_test_id("connection")).to_contain_text("已连接")
    expect(page.get_by_test_id("show-clock")).to_have_text(re.compile(r"^4\d:\d\d$"))
    tiles = page.locator("[data-testid=tiles] [data-metric][data-window]")
    expect(tiles).to_have_count(16)
    told = [read(text) for text in tiles.locator(".value").all_inner_texts()]
    assert sum(figure is not None for figure in told) >= 14, "most figures of a show that runs are known"
    expect(page.locator("[data-testid=rundown] [data-phase=now]")).to_have_count(1)
    expect(page.locator("[data-testid=rundown] [data-testid=segment-row]")).to_have_count(20)
    expect(page.locator("[data-testid=trend] canvas").first).to_be_visible()
    expect(page.get_by_test_id("trend")).to_have_attribute("data-minutes", re.compile(r"^(3[5-9]|[4-9]\d)$"))
    at_least(20, page.get_by_test_id("comment-row"))
    at_least(1, page.locator("[data-testid=comment-row][data-label=question]"))
    # What was judged before, and of what was measured how sure it is.
    at_least(1, page.locator("[data-testid=cue-closed]:not([data-verdict=''])"))
    for effect in page.get_by_test_id("cue-effect").all():
        expect(effect).to_contain_text(re.compile(r"[+−][\d.]+%（[+−]\d+% ～ [+−]\d+%）"))
    tile = page.get_by_test_id("tile-M41")
    tile.hover()
    expect(page.get_by_test_id("metric-tip")).to_contain_text("支付金额之和")
    expect(page.get_by_test_id("metric-tip")).to_contain_text("模拟器")
    shoot(page, "console")
    page.mouse.move(0, 0)


def become_host(page: Page) -> None:
    page.get_by_test_id("room-console").click()
    page.get_by_test_id("demo-as-host").click()
    expect(page).to_have_url(re.compile("/stage/demo$"))
    expect(page.get_by_test_id("stage")).to_be_visible()
    expect(page.get_by_test_id("stage-product")).to_be_visible()
    at_least(2, page.locator("[data-testid=selling-points] li"))
    page.set_viewport_size({"width": 1280, "height": 800})


def read_in_both_languages(page: Page, place: str, desk: Desk, shoot: Shoot) -> None:
    assert strange(page, desk, "zh") == []
    shoot(page, place)
    page.get_by_test_id("lang-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    assert strange(page, desk, "en") == []
    shoot(page, place)
    page.get_by_test_id("lang-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def reach_by_tab(page: Page, testid: str, steps: int) -> None:
    """Walk through the controls as somebody without a mouse does."""
    for _ in range(steps):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset.testid") == testid:
            return
    raise AssertionError(f"{testid} is not reached by {steps} steps of Tab")


def answer_by_key(console: Page, stage: Page, cue: str) -> None:
    card = cue_card(console, cue)
    expect(card).to_be_visible()
    expect(card.get_by_test_id("cue-left")).to_be_visible()
    size = stage.get_by_test_id("stage-cue-act").locator("p").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    assert size >= READABLE_PX, f"{size} px is not read at three metres"
    reach_by_tab(stage, "stage-done", 10)
    reach_by_tab(stage, "stage-dismiss", 1)
    stage.keyboard.press("Space")
    expect(stage.locator(f"[data-testid=stage-cue][data-cue='{cue}']")).to_have_count(0)
    expect(card).to_have_count(0)
    expect(closed_cue(console, cue)).to_have_attribute("data-state", "done")


def answer_by_tap(console: Page, stage: Page, cue: str) -> None:
    expect(cue_card(console, cue)).to_be_visible()
    stage.get_by_test_id("stage-done").click()
    expect(cue_card(console, cue)).to_have_count(0)
    expect(closed_cue(console, cue)).to_have_attribute("data-state", "done")


def see_the_judgement(console: Page, cue: str) -> None:
    console.get_by_test_id("demo-rate-30").click()
    expect(console.get_by_test_id("demo-rate-30")).to_have_attribute("aria-pressed", "true")
    judged = closed_cue(console, cue)
    expect(judged).to_have_attribute("data-verdict", re.compile("."), timeout=JUDGED_MS)
    verdict = judged.get_attribute("data-verdict") or ""
    expect(judged.get_by_test_id("cue-verdict")).to_have_text(VERDICTS[verdict])


def end_the_show(console: Page) -> None:
    console.get_by_test_id("demo-end").click()
    console.locator(".el-message-box").get_by_role("button", name="确定").click()
    expect(console.get_by_test_id("show-status")).to_contain_text("已结束")
    console.get_by_test_id("open-debrief").click()


def see_the_debrief(page: Page, desk: Desk) -> str:
    expect(page.get_by_test_id("debrief")).to_be_visible()
    desk.rate(PAUSED)
    at_least(8, page.get_by_test_id("debrief-tile"))
    expect(page.get_by_test_id("debrief-made-up")).to_be_visible()
    expect(page.get_by_test_id("debrief-segment")).to_have_count(20)
    at_least(5, page.get_by_test_id("cue-rule"))
    at_least(3, page.get_by_test_id("improvement"))
    assert unexplained(page, 40) == []
    return page.url.split("/debriefs/")[1].split("?")[0]


def compare_the_debrief(page: Page, server: LiveServer, desk: Desk, show: str) -> None:
    """What the page shows is what the journal says up to the moment at which the debrief measured."""
    body = desk.get(f"/api/shows/{show}/debrief")
    counted = Recount(server.database, "demo", until=body["measured_at"])
    wanted = counted.figures("show")
    # Net figures are the newest: what was paid or refunded since is in them.
    newest = Recount(server.database, "demo", until=body["net_at"]).figures("show")
    wanted |= {line["metric"]: newest.get(line["metric"]) for line in body["net"] if line["metric"] in wanted}
    rows = page.locator("[data-testid=debrief-figure]")
    shown = dict(zip(rows.evaluate_all("rows => rows.map(row => row.dataset.metric)"), rows.all(), strict=True))
    compared = 0
    for metric, row in shown.items():
        if metric not in wanted:
            continue
        text = row.locator("td").nth(1).locator("span").first.inner_text()
        figure, right = read(text), wanted[metric]
        assert is_shown(figure, right), f"{metric}: shown {text!r}, the journal says {right and float(right)}"
        compared += 1
    assert compared >= 20, f"only {compared} figures were compared"
    products = page.locator("[data-testid=debrief-products] tbody tr")
    for line, row in zip(body["products"], products.all(), strict=True):
        figure = read(row.locator("td[data-metric=M41]").inner_text())
        right = counted.product(line["product"])["M41"]
        assert is_shown(figure, right), f"{line['name']}: shown {figure}, the journal says {right}"
    sums = page.get_by_test_id("cue-sums")
    cues = count_cues(server.database, "demo", body["started_at"], desk.get("/api/rooms/demo/snapshot")["now"])
    assert {name: int(sums.get_attribute(f"data-{name}") or -1) for name in cues} == cues


def read_it_in_english(page: Page, desk: Desk) -> None:
    with page.expect_download() as book:
        page.get_by_test_id("debrief-excel").click()
    assert book.value.suggested_filename.endswith(".xlsx")
    page.get_by_test_id("cue-list-toggle").click()
    assert strange(page, desk, "zh") == []
    page.get_by_test_id("lang-switch").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    assert strange(page, desk, "en") == []


def accept_an_improvement(page: Page) -> str:
    """One that a person thought of, beside those that the debrief proposes."""
    page.get_by_test_id("improvement-title").fill("下一场先试一遍麦克风")
    page.get_by_test_id("improvement-add-yes").click()
    item = page.get_by_test_id("improvement").filter(has_text="下一场先试一遍麦克风")
    expect(item).to_have_attribute("data-state", "proposed")
    item.get_by_test_id("improvement-accept").click()
    expect(item).to_have_attribute("data-state", "accepted")
    return item.get_attribute("data-improvement") or ""


def take_it_into_the_next_plan(page: Page, desk: Desk, show: str, chosen: str, shoot: Shoot) -> None:
    """The demo has planned its next show with what the debrief proposed; what was added later is ticked there."""
    proposed = {line["improvement"] for line in desk.get(f"/api/shows/{show}/debrief")["improvements"]}

    def planned() -> dict[str, Any] | None:
        return next((row for row in desk.get("/api/rooms/demo/shows") if row["status"] == "planned"), None)

    coming = desk.wait_for(planned)
    assert set(coming["carried"]) == proposed
    page.get_by_test_id("office-nav-office-shows").click()
    expect(page.get_by_test_id("coming-carried")).to_have_attribute("data-count", str(len(proposed)))
    expect(page.get_by_test_id("plan-next-open")).to_be_visible()
    page.get_by_test_id("plan-open").click()
    for improvement in proposed:
        expect(carried(page, improvement).get_by_test_id("carried-check")).to_be_checked()
    carried(page, chosen).get_by_test_id("carried-check").check()
    assert strange(page, desk, "en") == []
    shoot(page, "next-plan")
    page.get_by_test_id("show-save").click()
    expect(page.get_by_test_id("show-dirty")).to_have_count(0)
    coming = desk.wait_for(planned)
    assert set(coming["carried"]) == {*proposed, chosen}
    kept = {row["improvement"]: row for row in desk.get("/api/rooms/demo/improvements")}
    assert (kept[chosen]["state"], kept[chosen]["carried_to"]) == ("carried", coming["show"])
    page.goto(f"/office/debriefs/{show}")
    expect(page.locator(f"[data-testid=improvement][data-improvement='{chosen}']")).to_have_attribute(
        "data-state", "carried"
    )


def carried(page: Page, improvement: str) -> Locator:
    """An improvement on the page of a plan."""
    return page.locator(f"[data-testid=carried-row][data-improvement='{improvement}']")
