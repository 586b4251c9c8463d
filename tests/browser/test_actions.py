"""Live actions in Chromium: looked at, refused, agreed to by another, called off, sent once, undone, verified."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect
from typer.testing import CliRunner

from livecue.cli import cli
from tests.browser.conftest import Enter
from tests.browser.looks import nameless, strange
from tests.browser.server import PAUSED, SLOW, Desk, LiveServer
from tests.programs import free_port

Shoot = Callable[[Page, str], None]
SECOND = "sim-zhou"
"""The director of the simulated team: may agree to what somebody else asks for."""
FAST = 60
"""Room time for what takes minutes."""
UNHURRIED = 15
"""For minutes too, where a slow machine must not run past what is looked at."""


@pytest.fixture(autouse=True)
def slowly(desk: Desk) -> None:
    """Room time creeps while somebody looks; what must pass is let pass."""
    desk.rate(SLOW)


def let_pass(desk: Desk) -> None:
    """A few room seconds at once."""
    desk.rate(5)


def row_of(page: Page, product: str) -> Locator:
    return page.locator(f"[data-testid=product-row][data-product='{product}']")


def outbox(server: LiveServer, kind: str) -> list[tuple[str, int]]:
    """(state, how often it was sent) of every action of a kind."""
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        return base.execute("SELECT state, attempts FROM outbox WHERE kind = ? ORDER BY number", (kind,)).fetchall()


def floored(desk: Desk) -> tuple[str, int]:
    """A listed product of the demo, given a floor one yuan below its price; (product, price in fen)."""
    shows = desk.get("/api/rooms/demo/snapshot")["shows"]
    card = next(
        one for one in shows["products"] if one["product"] in shows["listed"] and one["product"] != shows["pinned"]
    )
    known = next(
        row
        for row in desk.get("/api/catalog/products?brand=main")["products"]
        if row["card"]["product"] == card["product"]
    )
    facts = {**known["card"].get("facts", {}), "floor_price": str(card["price"] - 100)}
    body = {**known, "card": {**known["card"], "facts": facts}}
    desk.post("/api/catalog/products?brand=main", body)
    return str(card["product"]), int(card["price"])


def test_a_price_from_the_look_to_the_audit_chain(enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    product, price = floored(desk)
    page, second = enter(), enter(SECOND, language="en")
    for one in (page, second):
        one.goto("/console/demo")
        expect(one.get_by_test_id("console")).to_be_visible()
    too_low_is_stopped(page, product, price, shoot)
    cheaper = price - 50
    ask(page, product, cheaper, shoot)
    # Nobody agrees to their own wish; somebody else does, in English.
    item = page.locator("[data-testid=dock-action][data-kind=ChangePrice]")
    expect(item).to_have_attribute("data-state", "asked")
    expect(item).to_contain_text("等第二个人同意")
    expect(item.get_by_test_id("dock-approve")).to_have_count(0)
    # Pending is shown as pending: the price stands, the one that comes beside it; the place in the cart is not touched.
    expect(row_of(page, product).get_by_test_id("price-coming")).to_contain_text(yuan(cheaper))
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(price))
    expect(row_of(page, product).get_by_test_id("product-list")).to_have_text("下架")
    agree(second, "ChangePrice")
    shoot(second, "dock")
    expect(item.get_by_test_id("dock-left")).to_contain_text(re.compile(r"[1-5] 秒后执行"))
    # Called off by its key, once; nothing was sent and the price stands.
    page.keyboard.press("z")
    expect(item).to_have_count(0)
    assert outbox(server, "ChangePrice") == [("failed", 0)]
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(price))
    # Again, and this time it leaves.
    ask(page, product, cheaper, shoot)
    agree(second, "ChangePrice")
    let_pass(desk)
    expect(page.locator("[data-testid=dock-done][data-kind=ChangePrice]")).to_be_visible()
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(cheaper))
    expect(page.locator("[data-testid=dock-done][data-kind=ChangePrice]")).to_have_attribute("data-shown", "true")
    desk.rate(SLOW)
    assert outbox(server, "ChangePrice") == [("failed", 0), ("done", 1)]
    assert strange(page, desk, "zh") == []
    assert strange(second, desk, "en") == []
    take_back(page, second, desk, product, price)
    assert outbox(server, "ChangePrice") == [("failed", 0), ("done", 1), ("done", 1)]


def too_low_is_stopped(page: Page, product: str, price: int, shoot: Shoot) -> None:
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-price-input").fill(f"{(price - 200) / 100:.2f}")
    expect(page.get_by_test_id("live-problem")).to_contain_text("低于底价")
    expect(page.get_by_test_id("live-problem")).to_contain_text(yuan(price - 100))
    expect(page.get_by_test_id("live-go")).to_be_disabled()
    shoot(page, "below-floor")
    assert nameless(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("live-action")).to_have_count(0)


def ask(page: Page, product: str, price: int, shoot: Shoot) -> None:
    row_of(page, product).get_by_test_id("product-change").click()
    page.get_by_test_id("live-price-input").fill(f"{price / 100:.2f}")
    expect(page.get_by_test_id("live-effect")).to_contain_text(yuan(price))
    expect(page.get_by_test_id("live-second")).to_be_visible()
    shoot(page, "look")
    page.get_by_test_id("live-go").click()
    expect(page.get_by_test_id("live-action")).to_have_count(0)


def agree(second: Page, kind: str) -> None:
    item = second.locator(f"[data-testid=dock-action][data-kind={kind}]")
    expect(item).to_contain_text("waits for a second person")
    item.get_by_test_id("dock-approve").click()
    expect(item).not_to_have_attribute("data-state", "asked")


def take_back(page: Page, second: Page, desk: Desk, product: str, price: int) -> None:
    """Undo goes the same way: checked, agreed to, counted down."""
    page.keyboard.press("u")
    # Pressed once more it is still one.
    page.keyboard.press("u")
    agree(second, "ChangePrice")
    let_pass(desk)
    expect(row_of(page, product).locator(".price")).to_have_text(yuan(price))
    desk.rate(SLOW)


def test_the_chain_holds_beside_the_running_server(server: LiveServer, desk: Desk) -> None:
    """Whatever was done before: every link fits, and every draw is the one that was told."""
    action = {"kind": "DelistProduct", "product": desk.get("/api/rooms/demo/snapshot")["shows"]["pinned"]}
    desk.command("demo", {"kind": "LiveActionAsked", "action": action})
    command = [sys.executable, "-m", "livecue", "check", "--data", str(server.data), "--port", str(free_port())]
    said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "audit chain: whole" in said.stdout


def yuan(fen: int) -> str:
    return f"¥{fen // 100:,}" if fen % 100 == 0 else f"¥{fen / 100:,.2f}"


class Viewers:
    """What viewers say, brought in by the bridge."""

    def __init__(self, server: LiveServer, desk: Desk) -> None:
        made = desk.post("/api/rooms/demo/tokens", {"name": "viewers", "scope": "both"})
        self._http = httpx.Client(
            base_url=server.base, headers={"Authorization": f"Bearer {made['token']}"}, timeout=30
        )

    def say(self, text: str, users: range) -> None:
        lines = [
            json.dumps(
                {"kind": "CommentPosted", "key": f"w-{n}", "text": text, "user": f"w{n}", "name": f"王{n}"},
                ensure_ascii=False,
            )
            for n in users
        ]
        answered = self._http.post("/bridge/v1/rooms/demo/events", content="\n".join(lines).encode())
        assert answered.status_code == 200 and answered.json()["accepted"] == len(lines), answered.text


def test_a_coupon_and_a_draw_that_anybody_can_recompute(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot, tmp_path: Path
) -> None:
    page, second = enter(), enter(SECOND, language="en")
    for one in (page, second):
        one.goto("/console/demo")
        expect(one.get_by_test_id("console")).to_be_visible()
        one.keyboard.press("o")
        expect(one.get_by_test_id("offers-dialog")).to_be_visible()
    start_a_coupon(page, desk, shoot)
    draw = publish_a_draw(page, second, desk, shoot)
    Viewers(server, desk).say("抽饭盒", range(30))
    expect(page.get_by_test_id("lot-entrants")).to_contain_text("30 人参与")
    shoot(page, "draw-open")
    assert strange(second, desk, "en") == []
    desk.rate(FAST)
    expect(page.get_by_test_id("draw-proved")).to_have_attribute("data-faults", "0")
    desk.rate(SLOW)
    expect(page.get_by_test_id("draw-proved")).to_contain_text("复算一致")
    expect(page.get_by_test_id("draw-winner")).to_have_count(3)
    page.get_by_test_id("draw-prize-state").first.select_option("sent")
    expect(page.get_by_test_id("draw-prize-state").first).to_have_value("sent")
    shoot(page, "draw-proved")
    assert strange(page, desk, "zh") == [] and nameless(page) == []
    second.get_by_test_id("offers-tab-past").click()
    expect(second.get_by_test_id("draw-proved")).to_contain_text("Recomputed")
    shoot(second, "draw-proved")
    # The proof as anybody gets it, recomputed by a program that has no data of ours.
    proof = page.request.get(f"{server.base}/api/rooms/demo/draws/{draw}/proof").body()
    assert b"w12" not in proof and "王".encode() not in proof
    file = tmp_path / "proof.json"
    for content, code in ((proof, 0), (re.sub(rb'"prizes": 3', b'"prizes": 4', proof), 1)):
        file.write_bytes(content)
        said = CliRunner().invoke(cli, ["check-draw", str(file)])
        assert said.exit_code == code, said.output


def test_a_draw_of_the_platform_is_ended_by_hand(enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    page, second = enter(), enter(SECOND, language="en")
    for one in (page, second):
        one.goto("/console/demo")
        expect(one.get_by_test_id("console")).to_be_visible()
    page.keyboard.press("o")
    let_the_shows_own_draw_end(page, desk)
    fill_the_rules(page, "福袋三份", "抽福袋")
    page.get_by_test_id("bag-go").click()
    agree(second, "StartDraw")
    let_pass(desk)
    bag = page.get_by_test_id("bag-row").filter(has_text="福袋三份")
    expect(bag).to_be_visible()
    assert outbox(server, "StartDraw")[-1] == ("done", 1)
    desk.rate(SLOW)
    # Cut short it is unfair to who takes part: said before, and never one person's affair.
    bag.get_by_test_id("bag-end").click()
    box = page.locator(".el-message-box")
    expect(box).to_be_visible()
    shoot(page, "draw-cut-short")
    box.get_by_role("button", name="确定").click()
    item = page.locator("[data-testid=dock-action][data-kind=EndDraw]")
    expect(item).to_have_attribute("data-state", "asked")
    expect(bag).to_be_visible()
    assert outbox(server, "EndDraw")[-1][1] == 0, "nothing left before the second person agreed"
    agree(second, "EndDraw")
    let_pass(desk)
    expect(bag).to_have_count(0)
    assert outbox(server, "EndDraw")[-1] == ("done", 1)
    page.get_by_test_id("offers-tab-past").click()
    row = page.locator("[data-testid=draw-row][data-kind=platform]").filter(has_text="福袋三份")
    expect(row).to_have_attribute("data-state", "ended")
    row.click()
    expect(page.get_by_test_id("draw-platform")).to_be_visible()
    assert strange(page, desk, "zh") == [] and nameless(page) == []


PLANNED = {
    "prize": "蒸锅一口", "word": "抽蒸锅", "conditions": "满 18 周岁，在评论区发口令", "method": "由程序随机抽取",
    "claim": "7 天内私信客服，包邮寄出", "published": "开播即贴片公示",
}  # fmt: skip


@pytest.mark.faults
def test_a_draw_planned_in_the_rundown_is_held_as_planned(
    enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot
) -> None:
    page, second = enter(), enter(SECOND, language="en")
    page.goto("/console/demo")
    expect(page.get_by_test_id("console")).to_be_visible()
    page.keyboard.press("o")
    let_the_shows_own_draw_end(page, desk)
    # While it is written down no room time passes, or on a slow machine the crew would go on to that segment before.
    desk.rate(PAUSED)
    shows = desk.get("/api/rooms/demo/snapshot")["shows"]
    here = [one["segment"] for one in shows["segments"]]
    coming = here[here.index(shows["segment"]) + 1]
    plan_a_draw(page, shows["show"], coming, shoot)
    # The segment begins: the form comes filled in with what was planned.
    for one in (page, second):
        one.goto("/console/demo")
        expect(one.get_by_test_id("console")).to_be_visible()
    desk.rate(SLOW)
    page.keyboard.press("n")
    expect(page.locator(f"[data-testid=rundown] [data-phase=now][data-segment='{coming}']")).to_be_visible()
    for one in (page, second):
        one.keyboard.press("o")
        one.get_by_test_id("offers-tab-word").click()
    expect(page.get_by_test_id("draw-planned")).to_have_attribute("data-segment", coming)
    for name, value in (("prize", PLANNED["prize"]), ("word", PLANNED["word"]), ("prizes", "3"), ("claim", "7")):
        expect(page.get_by_test_id(f"draw-{name}")).to_have_value(value)
    shoot(page, "draw-planned")
    # Another number than the one that was planned and signed is refused.
    page.get_by_test_id("draw-prizes").fill("5")
    expect(page.locator("[data-testid=live-problem][data-code=draw_signed_number]")).to_be_visible()
    expect(page.get_by_test_id("lot-go")).to_be_disabled()
    page.get_by_test_id("draw-prizes").fill("3")
    page.get_by_test_id("lot-go").click()
    lot = page.get_by_test_id("lot")
    expect(lot).to_have_attribute("data-state", "asked")
    second.get_by_test_id("lot-agree").click()
    # Slowly: what was planned must not be over before anybody took part.
    desk.rate(1)
    expect(lot).to_have_attribute("data-state", "open")
    desk.rate(SLOW)
    Viewers(server, desk).say(PLANNED["word"], range(100, 112))
    expect(page.get_by_test_id("lot-entrants")).to_contain_text("12 人参与")
    assert strange(page, desk, "zh") == [] and nameless(page) == []
    draw = lot.get_attribute("data-draw")
    # Three minutes of the segment, and not its end besides: what was held stands in the list of the newest few.
    desk.rate(UNHURRIED)
    expect(page.get_by_test_id("draw-proved")).to_have_attribute("data-faults", "0")
    desk.rate(SLOW)
    expect(page.get_by_test_id("draw-winner")).to_have_count(3)
    shoot(page, "draw-planned-held")
    # It was this segment's draw, and there is no second one.
    (held,) = [one for one in desk.get("/api/rooms/demo/snapshot")["draws"]["recent"] if one["draw"] == draw]
    assert held["state"] == "held"
    asked = {
        "title": "再来一次", "prize": PLANNED["prize"], "prizes": 3, "value": 5_900, "word": PLANNED["word"],
        "method": f"{PLANNED['conditions']}；{PLANNED['method']}", "duration_s": 60, "claim_days": 7, "segment": coming,
    }  # fmt: skip
    assert desk.post("/api/rooms/demo/draws", asked)["refused"]["code"] == "draw_twice"


def plan_a_draw(page: Page, show: str, segment: str, shoot: Shoot) -> None:
    """All that must be published is told in the rundown of the show, and saved."""
    page.goto(f"/office/shows/{show}?room=demo")
    page.locator(f"[data-testid=segment-row][data-segment='{segment}']").click()
    form = page.get_by_test_id("draw-form")
    form.locator("summary").click()
    form.get_by_test_id("draw-kind").select_option("goods")
    form.get_by_test_id("draw-value").fill("59")
    form.get_by_test_id("draw-prizes").fill("3")
    form.get_by_test_id("draw-after").fill("3")
    for name, text in PLANNED.items():
        form.get_by_test_id(f"draw-{name}").fill(text)
    expect(form.get_by_test_id("draw-lacking")).to_have_attribute("data-lacking", "")
    shoot(page, "draw-in-the-rundown")
    page.get_by_test_id("show-save").click()
    expect(page.get_by_test_id("show-dirty")).to_have_count(0)


def start_a_coupon(page: Page, desk: Desk, shoot: Shoot) -> None:
    page.get_by_test_id("offer-title").fill("满减试一试")
    # Off everything it would take the cheap ones below their floor, and be refused.
    cards = desk.get("/api/rooms/demo/snapshot")["shows"]["products"]
    page.get_by_test_id("offer-product").select_option(max(cards, key=lambda card: card["price"])["product"])
    page.get_by_test_id("offer-off").fill("5")
    page.get_by_test_id("offer-minutes").fill("10")
    # How many there are must be said.
    expect(page.locator("[data-testid=live-problem][data-code=offer_quantity]")).to_contain_text("必须写明数量")
    expect(page.get_by_test_id("offer-go")).to_be_disabled()
    page.get_by_test_id("offer-quantity").fill("100")
    expect(page.get_by_test_id("offer-effect")).to_contain_text("减 ¥5，共 100 份")
    shoot(page, "offer")
    page.get_by_test_id("offer-go").click()
    expect(page.locator("[data-testid=dock-action][data-kind=StartOffer]")).to_have_attribute("data-state", "asked")


def fill_the_rules(page: Page, title: str, word: str, value: str = "59") -> None:
    """Everything that must be published before a draw."""
    page.get_by_test_id("draw-title").fill(title)
    page.get_by_test_id("draw-word").fill(word)
    page.get_by_test_id("draw-prize").fill("不锈钢饭盒")
    page.get_by_test_id("draw-prizes").fill("3")
    page.get_by_test_id("draw-value").fill(value)
    page.get_by_test_id("draw-minutes").fill("1")
    page.get_by_test_id("draw-method").fill("发送口令，每人一次，由程序随机抽取")


def let_the_shows_own_draw_end(page: Page, desk: Desk) -> None:
    """It runs when the demo opens, and no platform holds two."""
    page.get_by_test_id("offers-tab-bag").click()
    desk.rate(FAST)
    expect(page.get_by_test_id("bag-row")).to_have_count(0)
    desk.rate(SLOW)


def publish_a_draw(page: Page, second: Page, desk: Desk, shoot: Shoot) -> str:
    let_the_shows_own_draw_end(page, desk)
    page.get_by_test_id("offers-tab-word").click()
    fill_the_rules(page, "饭盒三份", "抽饭盒", "60000")
    expect(page.locator("[data-testid=live-problem][data-code=draw_cap]")).to_contain_text("¥50,000")
    page.get_by_test_id("draw-value").fill("59")
    expect(page.get_by_test_id("live-second")).to_be_visible()
    shoot(page, "draw-form")
    page.get_by_test_id("lot-go").click()
    lot = page.get_by_test_id("lot")
    expect(lot).to_have_attribute("data-state", "asked")
    expect(page.get_by_test_id("lot-agree")).to_have_count(0)
    second.get_by_test_id("offers-tab-word").click()
    expect(second.get_by_test_id("lot-state")).to_have_text("waits for a second person")
    second.get_by_test_id("lot-agree").click()
    desk.rate(5)
    expect(lot).to_have_attribute("data-state", "open")
    desk.rate(SLOW)
    # Bound and locked: nothing of it can be changed, and no other can be begun.
    expect(page.get_by_test_id("lot-commitment")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(page.get_by_test_id("lot-go")).to_have_count(0)
    return lot.get_attribute("data-draw") or ""


def test_a_timed_plan_follows_the_rundown(enter: Enter, server: LiveServer, desk: Desk, shoot: Shoot) -> None:
    shows = desk.get("/api/rooms/demo/snapshot")["shows"]
    here = [one["segment"] for one in shows["segments"]]
    place = here.index(shows["segment"])
    page = enter()
    page.goto(f"/office/shows/{shows['show']}?room=demo")
    for segment, offset, kind in ((here[place + 1], "0:05", "PinProduct"), (here[place + 1], "59:00", "PinProduct")):
        page.get_by_test_id("timed-add").click()
        page.get_by_test_id("timed-segment").select_option(segment)
        page.get_by_test_id("timed-offset").fill(offset)
        page.get_by_test_id("timed-kind").select_option(kind)
        page.get_by_test_id("timed-put").click()
    page.get_by_test_id("timed-save").click()
    expect(page.get_by_test_id("timed-row")).to_have_count(2)
    expect(page.get_by_test_id("timed-save")).to_have_count(0)
    assert nameless(page) == []
    shoot(page, "timed-plan")
    page.goto("/console/demo")
    steps = page.get_by_test_id("timed-step")
    expect(steps).to_have_count(2)
    expect(steps.first).to_contain_text("约")
    # The segment begins: the first step is taken at its time and shown by the platform. Until somebody has seen that
    # it comes, room time creeps.
    page.keyboard.press("n")
    expect(steps.first.get_by_test_id("timed-left")).to_be_visible()
    shoot(page, "timed-strip")
    let_pass(desk)
    expect(steps).to_have_count(1)
    done = [one for one in desk.get("/api/rooms/demo/snapshot")["shelf"]["steps"] if one["state"] == "done"]
    assert len(done) == 1 and done[0]["action"]
    # It is left before the second one is due: held for a person, who takes it or leaves it out.
    page.keyboard.press("n")
    expect(page.locator("[data-testid=timed-step][data-state=held]")).to_contain_text("环节已提前结束")
    assert strange(page, desk, "zh") == []
    page.get_by_test_id("timed-skip").click()
    expect(steps).to_have_count(0)
    with sqlite3.connect(f"file:{server.database}?mode=ro", uri=True) as base:
        rows = base.execute("SELECT attempts FROM outbox WHERE id = ?", (done[0]["action"],)).fetchall()
    assert rows == [(1,)], "taken once"


def test_the_keys_say_what_they_cannot_do(enter: Enter, desk: Desk, shoot: Shoot) -> None:
    page = enter("sim-gu", language="en")
    page.goto("/console/demo")
    expect(page.get_by_test_id("console")).to_be_visible()
    page.keyboard.press("?")
    keys = page.get_by_test_id("key-row")
    expect(keys.nth(17)).to_be_visible()
    expect(page.locator("[data-testid=key-row][data-key=p]")).to_contain_text("You have no permission for this.")
    expect(page.locator("[data-testid=key-row][data-key=o]")).to_have_attribute("data-off", "false")
    shoot(page, "keys")
    assert strange(page, desk, "en") == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.get_by_test_id("notice")).to_contain_text("You have no permission for this.")
