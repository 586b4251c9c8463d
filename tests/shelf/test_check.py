"""Mistakes are caught before anything is sent; what is done can be undone where the platform allows it."""

import pytest

from livecue.events import (
    Action,
    ChangePrice,
    DelistProduct,
    DrawPlan,
    EndDraw,
    EndOffer,
    ListProduct,
    PinProduct,
    ProductCard,
    SetStock,
    StartDraw,
    StartOffer,
    UnpinProduct,
)
from livecue.sales import SalesPicture, StockView
from livecue.shelf import SHELF_PRESETS, Facts, inverse, judge
from livecue.shows import Draw, Offer, SegmentState, Shows
from tests.folding import ROOM

CARD = ProductCard(product="p", name="锅", price=10_000, skus=("p-a",))
RULES = StartDraw(
    draw="d", title="福袋", prize="锅", prizes=3, value=10_000, method="发评论", duration_s=60, claim_days=7
)
COUPON = StartOffer(offer="o", title="立减", product="p", off=1_000, quantity=50, duration_s=600)


def facts(stage: str = "startup", **shows: object) -> Facts:
    import msgspec

    empty = Shows(ROOM, None).picture(1_000)
    picture = msgspec.structs.replace(empty, products=[CARD], listed={"p": 1}, **shows)  # type: ignore[arg-type]
    sales = SalesPicture([StockView("p-a", "p", 10, 4, True)], 0, 0, 0, 0)
    return Facts(1_000, picture, sales, {"p": 8_000}, stage, SHELF_PRESETS[-1])


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (PinProduct(product="q"), "wrong_product"),
        (ChangePrice(product="p", price=7_999), "price_below_floor"),
        (ChangePrice(product="p", price=0), "price_nothing"),
        (ChangePrice(product="p", sku="q-a", price=9_000), "wrong_sku"),
        (SetStock(product="p", sku="q-a", quantity=1), "wrong_sku"),
        (SetStock(product="p", sku="p-a", quantity=7), "stock_above_real"),
        (SetStock(product="p", sku="p-a", quantity=-1), "stock_negative"),
        (StartOffer(offer="o", title="x", product="p", off=3_000, quantity=5, duration_s=60), "price_below_floor"),
        (StartOffer(offer="o", title="x", off=100, duration_s=60), "offer_quantity"),
        (StartDraw(draw="d"), "draw_rules"),
        (StartDraw(draw="d", title="t", prize="x", prizes=1, value=5_000_001, method="m", duration_s=60), "draw_cap"),
        (StartDraw(draw="d", title="t", prize="x", prizes=1, value=1, method="m", duration_s=5), "draw_time"),
        (EndOffer(offer="x"), "offer_not_running"),
    ],
)
def test_mistakes_are_caught(action: Action, code: str) -> None:
    assert code in [found for found, _ in judge(action, facts()).problems]


@pytest.mark.parametrize(
    "action",
    [
        PinProduct(product="p"),
        ChangePrice(product="p", price=9_000),
        SetStock(product="p", sku="p-a", quantity=6),
        COUPON,
        RULES,
    ],
)
def test_what_is_right_may_leave(action: Action) -> None:
    assert judge(action, facts()).problems == ()


def test_a_draw_that_runs_is_not_changed() -> None:
    running = facts(draws=[Draw("d0", "福袋", 9_000)])
    assert [code for code, _ in judge(RULES, running).problems] == ["draw_running"]
    ended = judge(EndDraw(draw="d0"), running)
    assert ended.problems == () and ended.second


def test_a_second_person_is_asked_where_the_stage_asks_it_or_the_price_jumps() -> None:
    cheaper = ChangePrice(product="p", price=9_000)
    assert not judge(cheaper, facts("startup")).second
    assert judge(cheaper, facts("growth")).second
    assert judge(COUPON, facts("mature")).second and not judge(COUPON, facts("growth")).second
    assert judge(ChangePrice(product="p", price=100_000), facts("startup")).second


def test_stock_nobody_counted_is_unknown_and_wants_a_second_person() -> None:
    import msgspec

    unknown = msgspec.structs.replace(facts(), sales=SalesPicture([], 0, 0, 0, 0))
    verdict = judge(SetStock(product="p", sku="p-a", quantity=3), unknown)
    assert [code for code, _ in verdict.warnings] == ["stock_unknown"] and verdict.second


@pytest.mark.parametrize(
    ("action", "before", "back"),
    [
        (PinProduct(product="p"), {"pinned": "q"}, PinProduct(product="q")),
        (PinProduct(product="p"), {"pinned": ""}, UnpinProduct(product="p")),
        (ListProduct(product="p"), {}, DelistProduct(product="p")),
        (DelistProduct(product="p"), {"number": 3}, ListProduct(product="p", number=3)),
        (ChangePrice(product="p", price=1), {"price": 9}, ChangePrice(product="p", price=9)),
        (SetStock(product="p", sku="s", quantity=1), {"stock": 4}, SetStock(product="p", sku="s", quantity=4)),
        (COUPON, {}, EndOffer(offer="o")),
        (RULES, {}, None),
    ],
)
def test_what_undoes_it(action: Action, before: dict[str, int | str], back: Action | None) -> None:
    import msgspec

    assert inverse(msgspec.structs.replace(action, before=before)) == back


def test_an_offer_that_runs_is_not_started_twice() -> None:
    running = facts(offers=[Offer("o", "立减", "p", 0)])
    assert [code for code, _ in judge(COUPON, running).problems] == ["offer_running"]


PLANNED = DrawPlan(
    kind="goods", prize="锅", prizes=3, value=10_000, conditions="关注直播间", method="随机抽取", word="我要锅",
    after_s=300, claim="7 天内联系客服", published="直播间公告",
)  # fmt: skip
BAG = SegmentState("s1", "lucky_bag", "福袋", "", "", 0, 0, 1, 0, 0, 0, 0, 0, "", PLANNED)
AS_PLANNED = StartDraw(
    draw="d", title="福袋", prize="锅", prizes=3, value=10_000, method="关注直播间；随机抽取；每人一次",
    word="我要 锅！", duration_s=240, claim_days=7, segment="s1",
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"title": "今晚的福袋", "duration_s": 120, "claim_days": 14}, []),
        ({"prize": "大锅"}, ["draw_signed_prize"]),
        ({"prizes": 5}, ["draw_signed_number"]),
        ({"value": 9_999}, ["draw_signed_value"]),
        ({"method": "随机抽取"}, ["draw_signed_method"]),
        ({"word": "锅"}, ["draw_signed_word"]),
        ({"segment": "other"}, ["draw_not_planned"]),
        ({"segment": "", "prize": "碗", "prizes": 1, "value": 100, "method": "点福袋", "word": ""}, []),
    ],
)
def test_a_planned_draw_stays_within_what_was_signed(change: dict[str, object], codes: list[str]) -> None:
    import msgspec

    asked = msgspec.structs.replace(AS_PLANNED, **change)
    assert [code for code, _ in judge(asked, facts(segments=[BAG])).problems] == codes


def test_a_planned_draw_is_held_once_whoever_holds_it() -> None:
    import msgspec

    used = msgspec.structs.replace(facts(segments=[BAG]), drawn=frozenset({"s1"}))
    assert [code for code, _ in judge(AS_PLANNED, used).problems] == ["draw_twice"]
    free = msgspec.structs.replace(AS_PLANNED, segment="")
    assert judge(free, used).problems == (), "one of its own may be started"


def test_what_was_left_open_in_the_plan_is_filled_in_on_the_console() -> None:
    import msgspec

    draw = msgspec.structs.replace(PLANNED, prizes=0, odds="1 : 100", word="", conditions="")
    bag = msgspec.structs.replace(BAG, draw=draw)
    chosen = msgspec.structs.replace(AS_PLANNED, prizes=9, word="锅", method="随机抽取")
    assert judge(chosen, facts(segments=[bag])).problems == ()
    bare = msgspec.structs.replace(BAG, draw=msgspec.structs.replace(draw, prize="", value=0))
    assert judge(chosen, facts(segments=[bare])).problems == ()
