"""The night of a sale in Chromium: four hours, 50,000 comments, 5,000 orders, run by operator, host and two agents.

The simulator runs at a multiple of the real pace on its own clock; where people press something it slows down. Nothing
is lost when the machine cannot keep up: room time is then slower. Afterwards the server is stopped, and journal, outbox
and the fake platform's own record are held against each other by code that shares nothing with the ledgers.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, Page, expect

from livecue.events import PinProduct, ReplyToComment
from livecue.integrations.simulator import PREPARES_MS, Books, Call, Simulation, big_show
from tests.browser.conftest import Enter
from tests.browser.retold import Retold, repeated
from tests.browser.server import Desk, LiveServer
from tests.browser.test_show import compare_the_debrief
from tests.programs import free_port

# It takes a quarter of an hour on a quiet machine.
pytestmark = pytest.mark.faults

Shoot = Callable[[Page, str], None]
PACE = 24.0
"""Times real, while people do what comes."""
BY_HAND = 4.0
"""Times real, while somebody presses one thing after the other."""
AFTER_S = 900
"""How long the room's clock goes on after the show before the figures are asked."""
PATIENCE_S = 1800
COMMENTS, ORDERS, REFUNDS, MESSAGES, RATED = 50_000, 5_000, 150, 250, 15
"""What there is of each at the least."""
ANSWERS = (
    "您好，这边帮您看到了，付款后四十八小时内发出",
    "在的，您可以在订单里看到单号，有变化我第一时间告诉您",
    "非常抱歉让您久等，这件我给您登记补发，麻烦您拍一张照片",
    "可以的，您在订单里点申请，我这边帮您处理",
    "支持七天无理由，运费险也有，您放心试用",
)


@pytest.fixture(scope="module")
def server(screens: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The big show at its beginning."""
    made = LiveServer(tmp_path_factory.mktemp("big") / "data", "--big", "--rate", "0.1")
    made.start()
    yield made
    made.stop()


@dataclass
class Agent:
    """Somebody of customer service at a browser."""

    page: Page
    person: str
    name: str
    answered: dict[str, int] = field(default_factory=dict)
    """Messages of a customer that stood there when it was answered last."""
    asked_at: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    refused: int = 0


@dataclass
class Floor:
    """Everybody who works in this room, and the clock."""

    desk: Desk
    start: int
    operator: Page
    director: Page
    host: Page
    agents: list[Agent]
    cues: Counter[str] = field(default_factory=Counter)
    rounds: int = 0

    def at(self) -> float:
        """Room seconds since the show was to begin."""
        return (int(self.desk.get("/api/rooms/demo/snapshot")["now"]) - self.start) / 1000

    def until(self, second: float) -> None:
        """Work as it comes until the room's clock says ``second``."""
        self.desk.rate(PACE)
        patience = time.monotonic() + PATIENCE_S
        while self.at() < second:
            assert time.monotonic() < patience, f"the show does not get to {second} s"
            self.rounds += 1
            for agent in self.agents:
                serve(agent)
            self.follow()

    def follow(self) -> None:
        """Host and operator answer the cue before them, now and then with "no"."""
        for name, done, other in (
            ("host", self.host.get_by_test_id("stage-done"), self.host.get_by_test_id("stage-dismiss")),
            ("operator", own_cue(self.operator).get_by_test_id("cue-done"), None),
        ):
            press = other if other is not None and self.rounds % 5 == 0 else done
            if press.count() == 0:
                continue
            try:
                press.first.click(timeout=1500)
                self.cues[name] += 1
            except Error:
                # It was over, or went to somebody else, before it was pressed.
                self.cues["gone"] += 1


OPERATOR = "中控小苏"


def own_cue(page: Page) -> Locator:
    """A cue on the console that is for the operator."""
    return page.get_by_test_id("cue-card").filter(has_text=OPERATOR)


_ROWS = """() => [...document.querySelectorAll('[data-testid=inbox-row]')].map(row => ({
  talk: row.dataset.conversation, way: row.dataset.channel, wait: row.querySelector('.wait').textContent.trim(),
  text: row.querySelector('.text').textContent}))"""


_THREAD = """text => {
  const said = [...document.querySelectorAll('[data-who=customer] .bubble')]
  return said.length && said[said.length - 1].textContent === text ? said.length : 0 }"""


_WRITTEN = """() => {
  const field = document.querySelector('[data-testid=reply-text]')
  return !field || field.value === '' }"""
"""A comment in the room has one answer: the field goes with it."""


def serve(agent: Agent) -> None:
    """Answer the customer of one's own who waits longest."""
    page, now = agent.page, time.monotonic()
    for row in page.evaluate(_ROWS)[:12]:
        talk = row["talk"]
        if "超时" not in row["wait"] or now - agent.asked_at.get(talk, 0.0) < 2.5:
            continue
        try:
            page.locator(f"[data-testid=inbox-row][data-conversation='{talk}']").click(timeout=3000)
            count = int(page.wait_for_function(_THREAD, arg=row["text"], timeout=3000).json_value())
        except Error:
            # It was given to somebody else, or another message came while it opened.
            continue
        if count <= agent.answered.get(talk, 0):
            continue
        agent.asked_at[talk] = now
        field = page.get_by_test_id("reply-text")
        try:
            field.fill(ANSWERS[(agent.sent + count) % len(ANSWERS)], timeout=3000)
            page.get_by_test_id("reply-send").click(timeout=3000)
        except Error:
            # Somebody or something else answered or closed it while it was written.
            continue
        try:
            page.wait_for_function(_WRITTEN, timeout=30_000)
        except Error:
            expect(page.get_by_test_id("reply-failure")).to_be_visible()
            agent.refused += 1
            field.fill("")
            continue
        if page.get_by_test_id("reply-failure").count():
            agent.refused += 1
            continue
        agent.answered[talk] = count
        agent.sent += 1
        return


def hired(desk: Desk, name: str, *roles: str) -> str:
    person = str(desk.post("/api/team/people", {"name": name})["person"])
    for role in roles:
        desk.post(f"/api/team/people/{person}/roles", {"role": role, "brand": "main"})
    return person


def take_duty(page: Page, role: str) -> None:
    page.goto("/console/demo")
    expect(page.get_by_test_id("console")).to_be_visible()
    page.get_by_test_id("duty-button").click()
    page.get_by_test_id("duty-role").select_option(role)
    page.get_by_test_id("duty-take").click()
    expect(page.get_by_test_id("duty-leave").first).to_be_visible()
    page.keyboard.press("Escape")


def people_come(enter: Enter, desk: Desk) -> Floor:
    """Operator, host, two agents take over from the script; the director is called when one is wanted."""
    people = {
        OPERATOR: hired(desk, OPERATOR, "console"),
        "主播小雨": hired(desk, "主播小雨", "host"),
        "客服小安": hired(desk, "客服小安", "cs"),
        "客服小博": hired(desk, "客服小博", "cs"),
    }
    pages = {name: enter(person) for name, person in people.items()}
    director = enter("sim-zhou")
    director.goto("/console/demo")
    for name, role in ((OPERATOR, "console"), ("主播小雨", "host"), ("客服小安", "cs"), ("客服小博", "cs")):
        take_duty(pages[name], role)
    desk.rate(BY_HAND)
    # The script's own go home: cues and customers are for people now.
    duty = [
        pages[OPERATOR].get_by_test_id("duty-entry").filter(has_text="模拟").filter(has_text=role)
        for role in ("主播", "客服")
    ]
    pages[OPERATOR].get_by_test_id("duty-button").click()
    for entry in duty:
        expect(entry).to_have_count(0)
    pages[OPERATOR].keyboard.press("Escape")
    pages["主播小雨"].goto("/stage/demo")
    expect(pages["主播小雨"].get_by_test_id("stage")).to_be_visible()
    agents = []
    for name in ("客服小安", "客服小博"):
        pages[name].goto("/service?room=demo")
        pages[name].get_by_test_id("whose-mine").click()
        agents.append(Agent(pages[name], people[name], name))
    start = int(desk.get("/api/rooms/demo/snapshot")["shows"]["starts_at"])
    return Floor(desk, start, pages[OPERATOR], director, pages["主播小雨"], agents)


def row_of(page: Page, product: str) -> Locator:
    return page.locator(f"[data-testid=product-row][data-product='{product}']")


def pin(floor: Floor, product: str) -> None:
    floor.desk.rate(BY_HAND)
    row = row_of(floor.operator, product)
    row.get_by_test_id("product-pin").click()
    expect(row).to_have_attribute("data-pinned", "true")


def approve(floor: Floor, kind: str) -> None:
    """The director agrees to what waits for a second person."""
    asked = floor.director.locator(f"[data-testid=dock-action][data-kind={kind}][data-state=asked]")
    asked.get_by_test_id("dock-approve").click()
    expect(asked).to_have_count(0)


def change_price(floor: Floor, product: str, fen: int, *, call_off: bool = False) -> None:
    """The operator asks, the director agrees, it counts down; and leaves, unless it is called off."""
    floor.desk.rate(BY_HAND / 4 if call_off else BY_HAND)
    page = floor.operator
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-price-input").fill(f"{fen / 100:.2f}")
    expect(page.get_by_test_id("live-second")).to_be_visible()
    page.get_by_test_id("live-go").click()
    mine = page.locator("[data-testid=dock-action][data-kind=ChangePrice]")
    expect(mine).to_have_attribute("data-state", "asked")
    expect(mine.get_by_test_id("dock-approve")).to_have_count(0)
    approve(floor, "ChangePrice")
    if call_off:
        expect(mine.get_by_test_id("dock-left")).to_be_visible()
        page.keyboard.press("z")
        expect(mine).to_have_count(0)
        return
    expect(row_of(page, product).locator(".price")).to_have_text(re.compile(rf"^¥{fen / 100:g}0?$"))


def set_stock(floor: Floor, product: str, pieces: int) -> None:
    floor.desk.rate(BY_HAND)
    page = floor.operator
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-stock").click()
    page.get_by_test_id("live-stock-input").fill("9999999")
    # More than there is is stopped before it is sent.
    expect(page.get_by_test_id("live-problem").first).to_be_visible()
    expect(page.get_by_test_id("live-go")).to_be_disabled()
    page.get_by_test_id("live-stock-input").fill(str(pieces))
    expect(page.get_by_test_id("live-go")).to_be_enabled()
    asks = page.get_by_test_id("live-second").count() > 0
    page.get_by_test_id("live-go").click()
    expect(page.get_by_test_id("live-action")).to_have_count(0)
    if asks:
        approve(floor, "SetStock")
    expect(page.locator("[data-testid=dock-done][data-kind=SetStock]")).to_be_visible()


def take_off(floor: Floor, product: str) -> None:
    """Sold out: off the shelf, unless a colleague of the script was quicker."""
    floor.desk.rate(BY_HAND)
    page, row = floor.operator, row_of(floor.operator, product)
    # After the colleague took it off, a hold that ran out may have brought a piece back, which nobody can buy now.
    over = row.filter(has=page.locator(".stock", has_text="售罄")).or_(row.and_(page.locator("[data-listed=false]")))
    expect(over).to_have_count(1)
    if row.get_attribute("data-listed") == "true":
        row.get_by_test_id("product-list").click()
        page.locator(".el-message-box").get_by_role("button", name="确定").click()
    expect(row).to_have_attribute("data-listed", "false")


def two_at_once(floor: Floor) -> None:
    """Both agents answer the same customer; one answer goes out."""
    floor.desk.rate(BY_HAND)
    one, two = floor.agents

    def waiting() -> str:
        # A comment ends with its answer, a private message does not.
        rows = one.page.evaluate(_ROWS)
        return next((row["talk"] for row in rows if row["way"] == "message" and "超时" in row["wait"]), "")

    talk = floor.desk.wait_for(waiting)
    for agent in (one, two):
        agent.page.goto(f"/service?room=demo&c={talk}")
        expect(agent.page.locator("[data-who=customer]").first).to_be_visible()
        agent.page.get_by_test_id("reply-text").fill(f"{agent.name}在的，马上为您看")
    one.page.get_by_test_id("reply-send").click()
    expect(one.page.get_by_test_id("reply-text")).to_have_value("")
    two.page.get_by_test_id("reply-send").click()
    expect(two.page.get_by_test_id("reply-failure")).to_contain_text("同事")
    two.page.get_by_test_id("reply-text").fill("")
    one.sent += 1
    two.refused += 1
    for agent in (one, two):
        agent.page.goto("/service?room=demo")
        agent.page.get_by_test_id("whose-mine").click()


def decide_the_flood(floor: Floor, level: int, why: str) -> None:
    """Signs of a flood stand on the console; the director decides the level, and what is to be done is done."""
    floor.desk.rate(BY_HAND)
    expect(floor.operator.get_by_test_id("care-case").first).to_be_visible()
    director = floor.director
    director.get_by_test_id("open-opinion").click()
    director.get_by_test_id("opinion-level").select_option(str(level))
    director.get_by_test_id("opinion-why").fill(why)
    director.get_by_test_id("opinion-decide").click()
    expect(director.get_by_test_id("opinion-state")).to_contain_text(f"L{level}")
    steps = director.locator("[data-testid=opinion-step][data-state=open]")
    for _ in range(steps.count()):
        left = steps.count()
        director.get_by_test_id("opinion-note").fill("已做")
        steps.first.get_by_test_id("opinion-step-done").click()
        expect(steps).to_have_count(left - 1)
    expect(director.get_by_test_id("opinion-after-care")).to_be_enabled()
    director.get_by_test_id("opinion-after-care").click()
    expect(director.get_by_test_id("opinion-state")).to_have_attribute("data-state", "after_care")
    director.keyboard.press("Escape")
    expect(director.get_by_test_id("opinion-dialog")).to_have_count(0)


def verify_the_drop(floor: Floor) -> None:
    floor.desk.rate(BY_HAND)
    page = floor.operator
    expect(page.get_by_test_id("care-traffic")).to_be_visible()
    page.get_by_test_id("open-traffic").click()
    page.get_by_test_id("traffic-cause").select_option("push")
    page.get_by_test_id("traffic-note").fill("平台推荐掉了，画面和节奏正常")
    page.get_by_test_id("traffic-verify").click()
    expect(page.get_by_test_id("traffic-state")).to_have_attribute("data-state", re.compile("^(?!warned)"))
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("traffic-dialog")).to_have_count(0)


def course(floor: Floor, prices: dict[str, int], shoot: Shoot) -> list[tuple[int, Callable[[], None]]]:
    """What people do of their own accord, and when: seconds of the show."""

    def look(place: str) -> None:
        shoot(floor.operator, place)

    return [
        (420, lambda: pin(floor, "p06")),
        (1_000, lambda: two_at_once(floor)),
        (1_500, lambda: change_price(floor, "p04", prices["p04"] - 900)),
        (2_200, lambda: change_price(floor, "p05", prices["p05"] - 500, call_off=True)),
        (3_420, lambda: take_off(floor, "p03")),
        (5_800, lambda: look("flood")),
        (5_810, lambda: decide_the_flood(floor, 3, "多名顾客反映面膜到手破损")),
        (6_400, lambda: change_price(floor, "p04", prices["p04"])),
        (6_900, lambda: set_stock(floor, "p12", 40)),
        (7_640, lambda: take_off(floor, "p07")),
        (9_100, lambda: verify_the_drop(floor)),
        (9_110, lambda: look("drop")),
        (11_990, lambda: take_off(floor, "p02")),
        (12_700, lambda: decide_the_flood(floor, 2, "洁面乳发货慢，统一答复")),
    ]


def test_the_night_of_a_sale(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot, tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:  # fmt: skip
    began = time.monotonic()
    floor = people_come(enter, desk)
    scenario = big_show(starts_at=floor.start, room="demo")
    prices = {one.card.product: one.card.price for one in scenario.products}
    for second, what in course(floor, prices, shoot):
        floor.until(second)
        what()
    floor.until(scenario.duration_s + 5)
    expect(floor.operator.get_by_test_id("show-status")).to_contain_text("已结束")
    floor.until(scenario.duration_s + AFTER_S)
    took = time.monotonic() - began
    stand_still(floor)
    see_the_story(floor, server, desk, scenario.show, shoot)
    boards = {by: board(desk, by) for by in ("all", "agent")}
    print(json.dumps({"boards": boards, "sent": [(a.person, a.sent, a.refused) for a in floor.agents]}))
    compare_the_debrief(floor.director, server, desk, scenario.show)
    server.stop()
    told = Retold(server.database, "demo")
    books, calls = the_platforms_own(server, told, floor.start, tmp_path)
    nothing_is_sold_that_is_not_there(server, told, books)
    nothing_is_said_or_done_twice(server, told, calls, floor)
    the_clocks_agree(told, boards, floor)
    the_chain_is_whole(server)
    figures = {
        "minutes": round(took / 60, 1),
        "times real": round((scenario.duration_s + AFTER_S) / took, 1),
        "comments": told.counts["CommentPosted"],
        "orders paid": len(told.paid),
        "orders created": told.counts["OrderCreated"],
        "refunds": len(told.refunded),
        "private messages": len(told.waits),
        "conversations": len(told.talks),
        "answers": len(told.answers),
        "answers refused (a colleague was quicker)": sum(agent.refused for agent in floor.agents),
        "within the platform's 3 minutes": "{good} of {of}".format(**boards["all"]["rows"][0]["platform"]),
        "cues answered by people": dict(floor.cues),
        "actions carried out": len({call.action for call in calls if call.outcome == "done"}),
        "calls of the platform": len(calls),
        "events": sum(told.counts.values()),
    }
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    record_property("the night of a sale", json.dumps(figures, ensure_ascii=False))


def stand_still(floor: Floor) -> None:
    """Room time stops: what was on its way is counted before anybody compares."""
    floor.desk.rate(0.001)
    before = -1.0
    while (now := floor.at()) != before:
        before = now
        floor.operator.wait_for_timeout(2_000)


def see_the_story(floor: Floor, server: LiveServer, desk: Desk, show: str, shoot: Shoot) -> None:
    """The page of the debrief names what happened, and its figures are those of the journal."""
    page = floor.director
    page.goto(f"/office/debriefs/{show}")
    expect(page.get_by_test_id("debrief")).to_be_visible()
    shoot(page, "debrief")
    problems = page.get_by_test_id("debrief-problems")
    for product in ("洗碗巾", "锅巴", "保鲜盒"):
        expect(problems.locator("li").filter(has_text="售罄").filter(has_text=product).first).to_be_visible()
    expect(problems.locator("li").filter(has_text="退款").first).to_be_visible()
    expect(problems.locator("li").filter(has_text="投诉").first).to_be_visible()
    expect(problems.locator("li").filter(has_text="舆情").first).to_contain_text("L3")
    incidents = page.get_by_test_id("debrief-incidents")
    expect(incidents).to_contain_text("流量应急")
    expect(incidents).to_contain_text("口播违禁词")
    expect(incidents).to_contain_text("已做")


def board(desk: Desk, by: str) -> dict[str, Any]:
    until = int(desk.get("/api/rooms/demo/snapshot")["now"])
    found: dict[str, Any] = desk.get(
        f"/api/service/board?room=demo&by={by}&since={until - 8 * 3_600_000}&until={until}"
    )
    return found


def the_platforms_own(server: LiveServer, told: Retold, start: int, folder: Path) -> tuple[Books, list[Call]]:
    """What the fake platform has on its own books, gone through again from the record of what it was asked."""
    scenario = big_show(starts_at=start, room="demo")
    log = folder / "platform.jsonl"
    shutil.copyfile(server.data / f"simulated-{scenario.show}.jsonl", log)
    platform = Simulation(scenario, log)
    platform.step(scenario.starts_at - PREPARES_MS)
    platform.step(told.now)
    return platform.books(), list(platform.calls)


def nothing_is_sold_that_is_not_there(server: LiveServer, told: Retold, books: Books) -> None:
    # What the program was told is what the platform has on its books.
    assert told.counts["OrderCreated"] == books.orders_created
    assert len(told.paid) == books.orders_paid >= ORDERS
    assert sum(told.paid.values()) == books.gmv
    assert len(told.refunded) == books.orders_refunded >= REFUNDS
    # The host's answers in the room are comments that nobody of the audience wrote.
    assert told.counts["CommentPosted"] >= books.comments >= COMMENTS
    assert min(told.least.values()) >= 0, told.least
    for product in ("p02-30", "p03-6", "p03-3", "p07-b", "p07-g"):
        assert told.least[product] == 0, f"{product} was sold to the last piece"
    assert told.left == books.stock
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        kept = dict(base.execute("SELECT sku, SUM(on_hand) FROM stock GROUP BY sku").fetchall())
        short = base.execute("SELECT COUNT(*) FROM stock WHERE on_hand < 0 OR reserved < 0").fetchone()[0]
    assert {sku: kept[sku] for sku in told.left} == told.left
    assert short == 0


def nothing_is_said_or_done_twice(server: LiveServer, told: Retold, calls: list[Call], floor: Floor) -> None:
    messages = [call for call in calls if call.kind == "SendMessage" and call.effect]
    replies = [call.what.reply for call in messages]  # type: ignore[attr-defined]
    assert repeated(replies) == []
    assert repeated(reply for _, reply in told.answers) == []
    assert told.twice == []
    assert sorted(replies) == sorted(reply for _, reply in told.answers)
    public = [call.what for call in calls if isinstance(call.what, ReplyToComment) and call.effect]
    assert repeated(what.ref for what in public) == []
    assert repeated(what.comment for what in public) == []
    # What people sent is what left, but for what the platform lost: that is told to a person and never repeated.
    unknown = [call for call in calls if call.outcome == "unknown"]
    lost = sum(call.kind in ("SendMessage", "ReplyToComment") and not call.effect for call in unknown)
    assert len(replies) + len(public) == sum(agent.sent for agent in floor.agents) - lost
    changed = [call.action for call in calls if call.effect]
    assert repeated(changed) == []
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        rows = base.execute("SELECT id, kind, state, attempts FROM outbox WHERE room = 'demo'").fetchall()
    assert {state for _, _, state, _ in rows} <= {"done", "failed", "uncertain"}, "nothing hangs"
    uncertain = {action for action, _, state, _ in rows if state == "uncertain"}
    assert uncertain <= {call.action for call in unknown}
    done = {action for action, _, state, _ in rows if state == "done"}
    called = {call.action for call in calls}
    assert done <= called
    # Asked for three times, once of it called off before it left.
    prices = [(state, attempts) for _, kind, state, attempts in rows if kind == "ChangePrice"]
    assert sorted(state for state, _ in prices) == ["done", "done", "failed"]
    assert [attempts for state, attempts in prices if state == "failed"] == [0]
    assert any(isinstance(call.what, PinProduct) for call in calls)


def the_clocks_agree(told: Retold, boards: dict[str, dict[str, Any]], floor: Floor) -> None:
    rule, until = boards["all"]["clock"], boards["all"]["until"]
    (whole,) = boards["all"]["rows"]
    right = told.clocks(until, rule, "Asia/Shanghai")
    assert right.messages >= MESSAGES and right.satisfied[1] >= RATED, "there is something to count"
    figures = {
        "messages": right.messages,
        "conversations": right.conversations,
        "unanswered": right.unanswered,
        "first_ms": right.first_ms,
        "mean_ms": right.mean_ms,
        "p95_ms": right.p95_ms,
    }
    assert {name: whole[name] for name in figures} == pytest.approx(figures)
    for name in ("platform", "fast", "satisfied"):
        assert (whole[name]["good"], whole[name]["of"]) == getattr(right, name), name
    rows = {row["group"]: row for row in boards["agent"]["rows"]}
    for agent in floor.agents:
        mine, row = told.clocks(until, rule, "Asia/Shanghai", agent.person), rows[agent.person]
        assert (row["messages"], row["conversations"]) == (mine.messages, mine.conversations)
        assert (row["mean_ms"], row["p95_ms"]) == (pytest.approx(mine.mean_ms), mine.p95_ms)
        for name in ("platform", "fast"):
            assert (row[name]["good"], row[name]["of"]) == getattr(mine, name), (agent.name, name)


def the_chain_is_whole(server: LiveServer) -> None:
    command = [sys.executable, "-m", "livecue", "check", "--data", str(server.data), "--port", str(free_port())]
    said = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "audit chain: whole" in said.stdout
