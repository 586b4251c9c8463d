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


# The floor holds whatever runs beside it: reductions by the worth they start from, offers on everything, several.

CHEAP = ProductCard(product="q", name="勺", price=2_000, skus=("q-a",))
OTHER = ProductCard(product="x", name="碗", price=5_000, skus=("x-a", "x-b"))


def shop(offers: list[Offer] | None = None, floors: dict[str, int] | None = None) -> Facts:
    import msgspec

    made = facts(offers=offers or [])
    shows = msgspec.structs.replace(made.shows, products=[CARD, CHEAP, OTHER])
    known = {"p": 8_000, "q": 1_000, "x": 4_000} if floors is None else floors
    return msgspec.structs.replace(made, shows=shows, floors=known)


def offer(**fields: object) -> StartOffer:
    told = {"offer": "n", "title": "满减", "quantity": 5, "duration_s": 60, "product": "p", **fields}
    return StartOffer(**told)  # type: ignore[arg-type]


def codes(action: Action, known: Facts) -> list[str]:
    return [code for code, _ in judge(action, known).problems]


@pytest.mark.parametrize(
    ("action", "stopped"),
    [
        # 5 pieces of 100.00 for 200.00: 40.00 each, the floor is 80.00.
        (offer(kind_of="full_reduction", threshold=50_000, off=30_000), True),
        (offer(kind_of="full_reduction", threshold=50_000, off=10_000), False),
        (offer(kind_of="full_reduction", threshold=50_000, off=10_001), True),
        # 45.00 is reached by one piece only.
        (offer(kind_of="full_reduction", threshold=4_500, off=2_001), True),
        (offer(threshold=50_000, off=10_000), False),
        (offer(off=2_001), True),
        # On everything: 20 % of the spoon may go (floor 10.00 of 20.00), 20 % of the bowl (40.00 of 50.00) and the pot.
        (offer(product="", threshold=10_000, off=2_000), False),
        (offer(product="", threshold=10_000, off=2_001), True),
        (offer(product="", off=1_000), False),
        (offer(product="", off=1_001), True),
    ],
)
def test_a_reduction_is_held_against_the_floor_of_every_piece(action: StartOffer, stopped: bool) -> None:
    assert ("price_below_floor" in codes(action, shop())) is stopped


def test_an_offer_on_everything_is_told_and_asks_a_second_person_where_floors_are_unknown() -> None:
    everything = offer(product="", off=500)
    known = judge(everything, shop())
    assert "offer_all" in dict(known.warnings) and not known.second
    unknown = judge(everything, shop(floors={"p": 8_000}))
    assert dict(unknown.warnings)["floor_unknown_of"] == {"count": "2"} and unknown.second


def test_a_steep_offer_asks_a_second_person_like_a_steep_price() -> None:
    verdict = judge(offer(product="q", off=1_001), shop(floors={}))
    assert "price_steep" in dict(verdict.warnings) and verdict.second


def test_running_offers_and_prices_add_up() -> None:
    running = [Offer("o", "立减", "p", 0, 1_000, 0)]
    assert codes(ChangePrice(product="p", price=9_000), shop(running)) == []
    assert codes(ChangePrice(product="p", price=8_999), shop(running)) == ["stacked_below_floor"]
    assert codes(offer(off=1_001), shop(running)) == ["stacked_below_floor"]
    assert codes(offer(off=1_000), shop(running)) == []
    # Five pieces: 100.00 off by the reduction and 10.00 by the coupon.
    assert codes(offer(kind_of="full_reduction", threshold=50_000, off=9_001), shop(running)) == ["stacked_below_floor"]
    assert codes(offer(kind_of="full_reduction", threshold=50_000, off=9_000), shop(running)) == []
    everywhere = [Offer("o", "全场", "", 0, 1_500, 10_000)]
    assert codes(ChangePrice(product="p", price=9_411), shop(everywhere)) == ["stacked_below_floor"]
    assert codes(ChangePrice(product="p", price=9_412), shop(everywhere)) == []
    assert codes(ChangePrice(product="p", price=9_000), shop([Offer("o", "别的", "q", 0, 1_500, 0)])) == []


def test_what_was_asked_for_before_adds_up_like_what_runs() -> None:
    import msgspec

    def after(*coming: StartOffer | ChangePrice, offers: list[Offer] | None = None) -> Facts:
        return msgspec.structs.replace(shop(offers), coming=coming)

    coupon = offer(offer="o", off=1_000)
    assert codes(offer(off=1_001), after(coupon)) == ["stacked_below_floor"]
    assert codes(offer(off=1_000), after(coupon)) == []
    assert codes(ChangePrice(product="p", price=8_999), after(coupon)) == ["stacked_below_floor"]
    assert codes(ChangePrice(product="p", price=9_000), after(coupon)) == []
    assert codes(coupon, after(ChangePrice(product="p", price=8_999))) == ["stacked_below_floor"]
    assert codes(coupon, after(ChangePrice(product="p", price=9_000))) == []
    assert codes(coupon, after(ChangePrice(product="p", price=12_000))) == [], "the price of now is enough"
    assert codes(offer(product="", off=1_000), after(ChangePrice(product="x", price=4_999))) == ["stacked_below_floor"]
    # The platform told of it already: it is not counted twice.
    assert codes(offer(off=1_000), after(coupon, offers=[Offer("o", "立减", "p", 0, 1_000, 0)])) == []


def test_a_product_without_a_price_is_unknown_and_not_below_its_floor() -> None:
    import msgspec

    known = shop()
    cards = [CARD, msgspec.structs.replace(CHEAP, price=0), OTHER]
    blank = msgspec.structs.replace(known, shows=msgspec.structs.replace(known.shows, products=cards))
    everything = judge(offer(product="", off=500), blank)
    assert everything.problems == () and everything.second
    assert dict(everything.warnings)["price_unknown"] == {"count": "1"}
    assert codes(offer(product="", off=1_001), blank) == ["price_below_floor"], "the others are held against theirs"
    alone = judge(offer(product="q", off=500), blank)
    assert alone.problems == () and alone.second and "price_unknown" in dict(alone.warnings)


def test_a_running_offer_of_unknown_worth_is_told_once() -> None:
    verdict = judge(offer(product="", off=500), shop([Offer("o", "全场", "", 0)]))
    assert [names for code, names in verdict.warnings if code == "offer_unknown"] == [{"title": "全场"}]


def test_a_running_offer_of_unknown_worth_is_told() -> None:
    verdict = judge(ChangePrice(product="p", price=9_000), shop([Offer("o", "立减", "p", 0)]))
    assert verdict.problems == () and dict(verdict.warnings)["offer_unknown"] == {"title": "立减"}


# Undoing brings back what stood before, no more.


def test_listing_under_another_number_is_undone_by_the_old_number() -> None:
    import msgspec

    renumber = ListProduct(product="p", number=9)
    verdict = judge(renumber, facts())
    done = msgspec.structs.replace(renumber, before=verdict.before)
    assert inverse(done) == ListProduct(product="p", number=1)
    assert [code for code, _ in verdict.warnings] == []
    first = msgspec.structs.replace(facts(), shows=msgspec.structs.replace(facts().shows, listed={}))
    assert inverse(msgspec.structs.replace(renumber, before=judge(renumber, first).before)) == DelistProduct(
        product="p"
    )


def test_the_price_of_one_sku_is_not_taken_for_the_product_s() -> None:
    import msgspec

    one = ChangePrice(product="x", sku="x-a", price=4_500)
    verdict = judge(one, shop())
    assert "price" not in verdict.before and inverse(msgspec.structs.replace(one, before=verdict.before)) is None
    only = ChangePrice(product="p", sku="p-a", price=9_000)
    back = inverse(msgspec.structs.replace(only, before=judge(only, shop()).before))
    assert back == ChangePrice(product="p", sku="p-a", price=10_000)
