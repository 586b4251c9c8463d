"""One ledger of stock: holds, policies, quotas, bundles, warehouses, pre-sale; every movement is a double entry."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from livecue.events import (
    BundleSaved,
    CommandApplied,
    CommandRefused,
    Event,
    FaultSettled,
    Line,
    OrderApproved,
    OrderCancelled,
    OrderCreated,
    OrderMismatched,
    OrderPaid,
    OrderRefunded,
    OrderTold,
    QuotaSet,
    StockAdjusted,
    StockChanged,
    StockCorrected,
    StockEntered,
    StockOpened,
    StockPolicySet,
    StockShort,
    StockTransferred,
    WarehouseSaved,
)
from livecue.flow import RoomInfo
from livecue.sales import Sales, list_balances, list_moves, list_quotas, list_stock, unbalanced
from tests.folding import ROOM, TestUnit

HOUSE = RoomInfo(room="house", org="*", brand="*", name="office")
_NUMBERS = itertools.count()


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "t.db")


def say(unit: TestUnit, *edits: Event) -> None:
    """Edits of the office, in its own stream."""
    house = _HOUSES.setdefault(id(unit), Sales(HOUSE, None))
    unit.room = "house"
    house.fold(list(edits), unit)
    unit.room = "r1"


_HOUSES: dict[int, Sales] = {}


def enter(sku: str, quantity: int, warehouse: str = "main") -> StockEntered:
    return StockEntered(
        org="o", brand="b", sku=sku, quantity=quantity, warehouse=warehouse, reason="期初", command=f"e{sku}{warehouse}"
    )


def created(order: str, quantity: int = 1, sku: str = "s", region: str = "") -> OrderCreated:
    line = Line(sku=sku, product="p", quantity=quantity, price=100)
    return OrderCreated(order=order, amount=100 * quantity, user="u", lines=(line,), region=region)


def paid(order: str, quantity: int = 1, sku: str = "s", region: str = "") -> OrderPaid:
    line = Line(sku=sku, product="p", quantity=quantity, price=100)
    return OrderPaid(order=order, amount=100 * quantity, user="u", lines=(line,), region=region)


def balances(unit: TestUnit) -> dict[tuple[str, str], tuple[int, int]]:
    return {(b.sku, b.warehouse): (b.on_hand, b.reserved) for b in list_balances(unit, "o", "b")}


def test_the_first_warehouse_that_has_it_all_gives_it_and_else_several(unit: TestUnit) -> None:
    say(unit, enter("s", 2), enter("s", 5, "杭州仓"))
    sales = Sales(ROOM, None)
    sales.fold([created("1", 2), created("2", 3), created("3", 2)], unit)
    assert balances(unit) == {("s", "main"): (2, 2), ("s", "杭州仓"): (5, 5)}
    sales.fold([OrderCancelled(order="1"), paid("4", 2), OrderCancelled(order="2")], unit)
    assert balances(unit) == {("s", "main"): (0, 0), ("s", "杭州仓"): (5, 2)}
    sales.fold([created("5", 4)], unit)
    assert [(e.order, e.wanted, e.free) for e in unit.said(StockShort)] == [("5", 4, 3)]
    assert unbalanced(unit) == []


def test_an_order_is_split_when_no_warehouse_has_all(unit: TestUnit) -> None:
    say(unit, enter("s", 2), enter("s", 2, "杭州仓"))
    sales = Sales(ROOM, None)
    sales.fold([created("1", 3)], unit)
    assert balances(unit) == {("s", "main"): (2, 2), ("s", "杭州仓"): (2, 1)}


def test_the_warehouse_is_chosen_by_the_rule(unit: TestUnit) -> None:
    near = WarehouseSaved(org="o", brand="b", warehouse="广州仓", regions=("广东",), priority=9, command="w")
    say(unit, enter("s", 3), enter("s", 9, "广州仓"), near)
    rule = {"org": "o", "brand": "b", "command": "p"}
    say(unit, StockPolicySet(**rule, choose="near"))  # type: ignore[arg-type]
    Sales(ROOM, None).fold([created("1", 1, region="广东省"), created("2", 1, region="北京市")], unit)
    assert balances(unit) == {("s", "main"): (3, 1), ("s", "广州仓"): (9, 1)}
    say(unit, StockPolicySet(**rule, choose="most"))  # type: ignore[arg-type]
    Sales(ROOM, None).fold([created("3", 1)], unit)
    assert balances(unit)["s", "广州仓"] == (9, 2)


def test_first_paid_holds_nothing(unit: TestUnit) -> None:
    say(unit, enter("s", 1), StockPolicySet(org="o", brand="b", sku="s", policy="first_paid", command="p"))
    sales = Sales(ROOM, None)
    sales.fold([created("1"), created("2"), paid("2"), paid("1")], unit)
    assert balances(unit) == {("s", "main"): (0, 0)}
    assert [e.order for e in unit.said(StockShort)] == ["1"]


def test_safety_stock_is_not_promised_but_absorbs_what_is_paid(unit: TestUnit) -> None:
    say(unit, enter("s", 5), StockPolicySet(org="o", brand="b", safety=3, command="p"))
    sales = Sales(ROOM, None)
    sales.fold([created("1", 3)], unit)
    assert [e.order for e in unit.said(StockShort)] == ["1"]
    sales.fold([paid("1", 3), paid("2", 3)], unit)
    assert balances(unit) == {("s", "main"): (2, 0)}
    assert [e.order for e in unit.said(StockShort)] == ["1", "2"]


def test_a_channel_sells_at_most_its_quota(unit: TestUnit) -> None:
    say(unit, enter("s", 50), QuotaSet(org="o", brand="b", channel="room:r1", sku="s", quota=3, command="q"))
    other = Sales(RoomInfo(room="r2", org="o", brand="b"), None)
    sales = Sales(ROOM, None)
    sales.fold([created("1", 2), created("2", 2)], unit)
    assert [(e.order, e.free) for e in unit.said(StockShort)] == [("2", 1)]
    sales.fold([OrderCancelled(order="1"), created("3", 3)], unit)
    unit.room = "r2"
    other.fold([created("4", 9)], unit)
    assert [(q.channel, q.quota, q.used) for q in list_quotas(unit, "o", "b")] == [("room:r1", 3, 3)]
    assert balances(unit) == {("s", "main"): (50, 12)}


def test_a_bundle_is_there_when_all_its_parts_are(unit: TestUnit) -> None:
    say(
        unit,
        enter("a", 4),
        enter("b", 3),
        BundleSaved(org="o", brand="b", sku="set", parts={"a": 2, "b": 1}, command="s"),
    )
    sales = Sales(ROOM, None)
    sales.fold([created("1", 2, "set"), created("2", 1, "set")], unit)
    assert balances(unit) == {("a", "main"): (4, 4), ("b", "main"): (3, 2)}
    assert [(e.order, e.sku) for e in unit.said(StockShort)] == [("2", "set")]
    sales.fold(
        [paid("1", 2, "set"), OrderRefunded(order="1", refund="r", amount=1, sku="set", quantity=1, restock=True)], unit
    )
    assert balances(unit) == {("a", "main"): (2, 0), ("b", "main"): (2, 0)}
    assert unbalanced(unit) == []


def test_presale_is_promised_last_and_waits_for_the_goods(unit: TestUnit) -> None:
    promise = WarehouseSaved(org="o", brand="b", warehouse="预售", holds="presale", command="w")
    say(unit, promise, enter("s", 1), enter("s", 2, "预售"))
    sales = Sales(ROOM, None)
    sales.fold([paid("1"), paid("2")], unit)
    states = dict(unit.rows("SELECT number, state FROM orders"))
    assert states == {"1": "to_ship", "2": "paid_hold"}
    sales.fold([OrderApproved(order="2")], unit)
    assert dict(unit.rows("SELECT number, state FROM orders"))["2"] == "to_ship"


def test_a_cancelled_order_lets_go_at_once_and_other_rooms_see_it_within_seconds(unit: TestUnit) -> None:
    say(unit, enter("s", 1))
    first, second = Sales(ROOM, None), Sales(RoomInfo(room="r2", org="o", brand="b"), None)
    first.fold([created("1")], unit)
    second.fold([created("2")], unit)
    assert [e.order for e in unit.said(StockShort)] == ["2"]
    first.fold([OrderCancelled(order="1")], unit)
    second.fold([created("3")], unit)
    assert balances(unit) == {("s", "main"): (1, 1)}
    first.fold([StockOpened(sku="t", product="q", quantity=1)], unit)
    unit.announced.clear()
    from livecue.events import LineupChanged, ProductCard

    card = ProductCard(product="p", name="p", skus=("s",))
    first.fold([LineupChanged(show="x", products=(card,))], unit)
    unit.feed(first, [unit.tick(5_000)])
    assert [(e.sku, e.reserved) for e in unit.said(StockChanged) if e.sku == "s"] == [("s", 1)]


def test_pieces_move_between_warehouses_never_more_than_are_free(unit: TestUnit) -> None:
    say(unit, enter("s", 5))
    Sales(ROOM, None).fold([created("1", 3)], unit)
    move = {"org": "o", "brand": "b", "sku": "s", "source": "main", "target": "杭州仓", "reason": "调拨"}
    say(unit, StockTransferred(**move, quantity=3, command="t1"), StockTransferred(**move, quantity=2, command="t2"))  # type: ignore[arg-type]
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [("t1", "stock_below_zero")]
    assert balances(unit) == {("s", "main"): (3, 3), ("s", "杭州仓"): (2, 0)}
    assert unbalanced(unit) == []


def test_a_change_from_outside_below_zero_is_listed_not_done(unit: TestUnit) -> None:
    say(unit, enter("s", 2))
    Sales(ROOM, None).fold([StockAdjusted(sku="s", delta=-5)], unit)
    assert balances(unit) == {("s", "main"): (2, 0)}
    assert [(e.order, e.got) for e in unit.said(OrderMismatched)] == [("stock:s", "-5")]
    assert unit.rows("SELECT kind, what, got FROM order_faults") == [("stock", "s", "-5")]


def test_a_refused_change_of_stock_is_settled_by_a_person(unit: TestUnit) -> None:
    say(unit, enter("s", 2))
    sales = Sales(ROOM, None)
    sales.fold([StockAdjusted(sku="s", delta=-5)], unit)
    fault = unit.rows("SELECT fault FROM order_faults")[0][0]
    for note in ("", "盘点更正", "再一次"):
        sales.fold([FaultSettled(order="", fault=fault, note=note, by="ops", command=note or "empty")], unit)
    assert unit.rows("SELECT state, settled_by, note FROM order_faults") == [("settled", "ops", "盘点更正")]
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [("empty", "say_how"), ("再一次", "no_fault")]
    assert [e.command for e in unit.said(CommandApplied)][-1] == "盘点更正"


def test_every_movement_has_a_cause_and_a_subject(unit: TestUnit) -> None:
    say(unit, enter("s", 9))
    sales = Sales(ROOM, None)
    sales.fold(
        [
            created("1", 2),
            paid("1", 2),
            OrderRefunded(order="1", refund="r", amount=1, sku="s", quantity=1, restock=True),
        ],
        unit,
    )
    found = [(m.source, m.target, m.quantity, m.cause, m.subject) for m in reversed(list_moves(unit, "o", "b", "s"))]
    assert sorted(found) == sorted(
        [
            ("outside", "free@main", 9, "期初", ""),
            ("free@main", "held@main", 2, "order created", "1"),
            ("held@main", "sold", 2, "order paid", "1"),
            ("sold", "free@main", 1, "refund", "1"),
        ]
    )


def test_a_row_changed_by_hand_is_found(unit: TestUnit) -> None:
    say(unit, enter("s", 9))
    unit.write("UPDATE stock SET on_hand = 8")
    assert [(row.sku, row.on_hand, row.free_moved) for row in unbalanced(unit)] == [("s", 8, 9)]


def test_the_picture_sums_the_warehouses_that_sell(unit: TestUnit) -> None:
    inspect = WarehouseSaved(org="o", brand="b", warehouse="质检", holds="inspection", command="w")
    say(unit, inspect, enter("s", 2), enter("s", 3, "杭州仓"), enter("s", 7, "质检"))
    sales = Sales(ROOM, None)
    sales.fold([created("1", 4)], unit)
    view = sales.picture(unit.now).stock[0]
    assert (view.on_hand, view.reserved) == (5, 4)
    assert list_stock(unit, "o", "b")[0].on_hand == 5


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (WarehouseSaved(org="o", brand="b", warehouse="a@b", command="x"), "warehouse_name"),
        (WarehouseSaved(org="o", brand="b", warehouse="a", holds="cats", command="x"), "warehouse_holds"),
        (WarehouseSaved(org="o", brand="b", warehouse="main", active=False, command="x"), "warehouse_main"),
        (StockPolicySet(org="o", brand="b", policy="auction", command="x"), "stock_policy"),
        (StockPolicySet(org="o", brand="b", hold_s=5, command="x"), "stock_hold"),
        (StockPolicySet(org="o", brand="b", safety=-1, command="x"), "stock_quantity"),
        (QuotaSet(org="o", brand="b", channel="everywhere", sku="s", quota=1, command="x"), "stock_channel"),
        (BundleSaved(org="o", brand="b", sku="s", parts={"s": 1}, command="x"), "stock_bundle"),
        (StockCorrected(org="o", brand="b", sku="?", delta=1, reason="r", command="x"), "stock_unknown"),
    ],
)
def test_bad_edits_are_refused_with_what_to_do(unit: TestUnit, edit: Event, code: str) -> None:
    say(unit, edit)
    assert [e.code for e in unit.said(CommandRefused)] == [code]


_steps = st.lists(st.tuples(st.sampled_from("CPXRTA"), st.integers(0, 9), st.integers(0, 1)), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> TestUnit:
    return TestUnit(tmp_path_factory.mktemp("stock") / "t.db")


@settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(steps=_steps, opened=st.integers(0, 8))
def test_two_rooms_never_sell_what_is_not_there(
    shared: TestUnit, steps: list[tuple[str, int, int]], opened: int
) -> None:
    """Whatever two rooms do to one SKU: nothing below zero, nothing sold twice, everything sums."""
    brand = f"b{next(_NUMBERS)}"
    rooms = [RoomInfo(room=f"{brand}r{n}", org="o", brand=brand, nature="simulated") for n in (0, 1)]
    ledgers = [Sales(room, None) for room in rooms]
    shared.now = 1_000_000
    ledgers[0].fold([StockOpened(sku="s", product="p", quantity=opened)], shared)
    shared.announced.clear()
    for kind, order, place in steps:
        number, quantity = f"o{order}", 1 + order % 3
        event: Event
        if kind == "C":
            event = created(number, quantity)
        elif kind == "P":
            event = paid(number, quantity)
        elif kind == "X":
            event = OrderCancelled(order=number)
        elif kind == "A":
            event = StockAdjusted(sku="s", delta=order - 5)
        elif kind == "R":
            event = OrderRefunded(order=number, refund="r", amount=100, sku="s", quantity=1, restock=False)
        else:
            event = shared.tick(60_000)
        ledgers[place].fold([event], shared)
        on_hand, reserved = shared.rows("SELECT on_hand, reserved FROM stock WHERE brand = ?", (brand,))[0]
        assert on_hand >= 0 and reserved >= 0
    arrived = opened + sum(
        q if target == "free@main" else -q
        for q, source, target in shared.rows(
            "SELECT quantity, source, target FROM stock_moves"
            " WHERE brand = ? AND (source = 'count' OR target = 'count')",
            (brand,),
        )
    )
    sold = shared.rows(
        "SELECT COALESCE(SUM(quantity), 0) FROM stock_moves WHERE brand = ? AND target = 'sold'", (brand,)
    )
    on_hand = shared.rows("SELECT on_hand FROM stock WHERE brand = ?", (brand,))[0][0]
    assert sold[0][0] == arrived - on_hand, "every piece that left was sold once"
    assert [row for row in unbalanced(shared) if row.brand == brand] == []


def lines_of(*pairs: tuple[str, int]) -> tuple[Line, ...]:
    return tuple(Line(sku=sku, product="p", quantity=count, price=100) for sku, count in pairs)


def test_a_second_line_of_a_sku_that_is_partly_held_is_told_short(unit: TestUnit) -> None:
    say(unit, enter("a", 1))
    lines = lines_of(("a", 1), ("a", 2))
    sales = Sales(ROOM, None)
    sales.fold([OrderCreated(order="1", amount=300, user="u", lines=lines)], unit)
    unit.announced.clear()
    sales.fold([OrderPaid(order="1", amount=300, user="u", lines=lines)], unit)
    assert balances(unit) == {("a", "main"): (0, 0)}
    assert [(e.sku, e.wanted, e.free) for e in unit.said(StockShort)] == [("a", 2, 0)]
    assert unit.rows("SELECT what, got FROM order_faults WHERE kind = 'short'") == [("a", "2")]


def test_a_second_line_of_a_sku_is_taken_when_more_came_before_payment(unit: TestUnit) -> None:
    say(unit, enter("a", 5))
    lines = lines_of(("a", 2), ("a", 4))
    sales = Sales(ROOM, None)
    sales.fold([OrderCreated(order="1", amount=600, user="u", lines=lines)], unit)
    say(unit, StockCorrected(org="o", brand="b", sku="a", delta=10, reason="到货", command="more"))
    sales.fold([OrderPaid(order="1", amount=600, user="u", lines=lines)], unit)
    assert balances(unit) == {("a", "main"): (9, 0)}


def test_what_is_paid_by_its_state_alone_takes_the_lines_that_were_not_held_too(unit: TestUnit) -> None:
    say(unit, enter("a", 1), enter("b", 1))
    sales = Sales(ROOM, None)
    sales.fold([OrderCreated(order="1", amount=400, user="u", lines=lines_of(("a", 1), ("b", 3)))], unit)
    say(unit, StockCorrected(org="o", brand="b", sku="b", delta=4, reason="到货", command="more"))
    sales.fold([OrderTold(order="1", status="to_ship")], unit)
    assert balances(unit) == {("a", "main"): (0, 0), ("b", "main"): (2, 0)}


def test_held_pieces_that_a_corrected_order_no_longer_wants_go_back(unit: TestUnit) -> None:
    say(unit, enter("a", 9))
    sales = Sales(ROOM, None)
    sales.fold([OrderCreated(order="1", at=9_000, amount=500, user="u", lines=lines_of(("a", 5)))], unit)
    sales.fold([OrderCreated(order="1", at=1_000, amount=500, user="u", lines=lines_of(("a", 2)))], unit)
    sales.fold([OrderPaid(order="1", amount=500, user="u", lines=lines_of(("a", 2)))], unit)
    assert balances(unit) == {("a", "main"): (7, 0)}
    assert unbalanced(unit) == []


def test_a_refund_puts_back_no_more_than_the_order_took(unit: TestUnit) -> None:
    say(unit, enter("s", 2))
    sales = Sales(ROOM, None)
    back = OrderRefunded(order="9", refund="r", amount=1, sku="s", quantity=1000, restock=True)
    sales.fold([back], unit)
    assert balances(unit) == {("s", "main"): (2, 0)}, "an order nobody knows took nothing"
    sales.fold(
        [paid("1", 3), OrderRefunded(order="1", refund="r", amount=300, sku="s", quantity=3, restock=True)], unit
    )
    assert balances(unit) == {("s", "main"): (2, 0)}, "it was paid short, and took nothing"
    sales.fold([paid("2", 2), OrderRefunded(order="2", refund="r", amount=1, sku="s", quantity=5, restock=True)], unit)
    sales.fold([OrderRefunded(order="2", refund="r2", amount=1, sku="s", quantity=1, restock=True)], unit)
    assert balances(unit) == {("s", "main"): (2, 0)}
    assert unbalanced(unit) == []


def test_a_refund_that_is_told_before_the_payment_comes_to_the_same(unit: TestUnit) -> None:
    say(unit, enter("s", 5))
    sales = Sales(ROOM, None)
    back = OrderRefunded(order="1", refund="r", amount=100, sku="s", quantity=1, restock=True)
    sales.fold([back, paid("1", 2), back], unit)
    sales = Sales(ROOM, sales.dump())
    sales.fold([back, paid("1", 2)], unit)
    assert balances(unit) == {("s", "main"): (4, 0)}


def test_of_equal_lines_one_counted_away_the_other_is_sold_and_comes_back(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    lines = lines_of(("a", 2), ("a", 2))
    sales.fold([StockOpened(sku="a", product="p", quantity=4)], unit)
    sales.fold([OrderCreated(order="1", amount=400, user="u", lines=lines)], unit)
    sales.fold([StockOpened(sku="a", product="p", quantity=3)], unit)
    sales.fold([OrderPaid(order="1", amount=400, user="u", lines=lines)], unit)
    assert balances(unit) == {("a", "main"): (1, 0)}
    assert [(e.sku, e.wanted) for e in unit.said(StockShort)] == [("a", 2)]
    sales.fold([OrderRefunded(order="1", refund="r", amount=400, sku="a", quantity=4, restock=True)], unit)
    assert balances(unit) == {("a", "main"): (3, 0)}, "the two that were sold are back, no more"
    assert unbalanced(unit) == []


_BUNDLES = {"set": {"a": 2, "b": 1}, "duo": {"a": 1, "c": 1}}
_lines = st.lists(
    st.tuples(st.sampled_from(["a", "a", "b", "set", "duo"]), st.integers(1, 3)), min_size=1, max_size=4
).map(lambda pairs: lines_of(*pairs))
_moves = st.lists(
    st.tuples(st.sampled_from("CCCPPPXRRRTESOA"), st.integers(0, 4), st.integers(0, 9)), min_size=1, max_size=25
)


def _pieces(pairs: list[tuple[str, int]]) -> dict[str, int]:
    found = dict.fromkeys("abc", 0)
    for sku, count in pairs:
        for part, each in _BUNDLES.get(sku, {sku: 1}).items():
            found[part] += each * count
    return found


@settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@example(
    orders=[lines_of(("a", 2), ("a", 2))] * 5,
    steps=[("C", 0, 0), ("O", 0, 6), ("P", 0, 0), ("R", 0, 4)],
    opened=(4, 1, 1),
)
@given(
    orders=st.lists(_lines, min_size=5, max_size=5),
    steps=_moves,
    opened=st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(1, 3)),
)
def test_lines_and_bundles_that_share_scarce_parts_are_taken_or_told_short(
    shared: TestUnit, orders: list[tuple[Line, ...]], steps: list[tuple[str, int, int]], opened: tuple[int, int, int]
) -> None:
    """Of every paid order each piece was taken or is listed short; what was taken comes back when it is refunded."""
    brand = f"b{next(_NUMBERS)}"
    room = RoomInfo(room=f"{brand}r", org="o", brand=brand, nature="simulated")
    own = {"org": "o", "brand": brand}
    shared.now, shared.room = 1_000_000, room.room
    sales = Sales(room, None)
    refunds: dict[str, dict[str, tuple[str, int]]] = {}
    for sku, count in zip("abc", opened, strict=True):
        sales.fold([StockEntered(**own, sku=sku, quantity=count, reason="期初", command=f"e{sku}")], shared)  # type: ignore[arg-type]
    for sku, parts in _BUNDLES.items():
        sales.fold([BundleSaved(**own, sku=sku, parts=parts, command=sku)], shared)  # type: ignore[arg-type]
    for number, (kind, which, luck) in enumerate(steps):
        order, lines = f"o{which}", orders[which]
        event: Event
        if kind == "C":
            event = OrderCreated(order=order, amount=900, user="u", lines=lines)
        elif kind == "P":
            event = OrderPaid(order=order, amount=900, user="u", lines=lines)
        elif kind == "S":
            event = OrderTold(order=order, status="to_ship")
        elif kind == "X":
            event = OrderCancelled(order=order)
        elif kind == "R":
            sku = lines[luck % len(lines)].sku
            event = OrderRefunded(
                order=order, refund=f"r{luck}", amount=10, sku=sku, quantity=1 + luck % 5, restock=luck % 3 > 0
            )
            if event.restock:
                refunds.setdefault(order, {})[event.refund] = (sku, event.quantity)
        elif kind == "O":
            # Told by the platform, below what is held too: held pieces are counted away.
            event = StockOpened(sku="abc"[luck % 3], product="p", quantity=luck // 2)
        elif kind == "A":
            event = StockAdjusted(sku="abc"[luck % 3], delta=luck - 6)
        elif kind == "E":
            event = StockCorrected(**own, sku="abc"[luck % 3], delta=luck - 3, reason="盘点", command=f"c{number}")  # type: ignore[arg-type]
        else:
            event = shared.tick(600_000)
        sales.fold([event], shared)
        if luck == 7:
            sales = Sales(room, sales.dump())
    rows = shared.rows("SELECT sku, on_hand, reserved FROM stock WHERE brand = ?", (brand,))
    left = {sku: on_hand for sku, on_hand, _ in rows}
    counted = shared.rows(
        "SELECT sku, SUM(CASE WHEN source IN ('outside', 'count') THEN quantity ELSE -quantity END) FROM stock_moves"
        " WHERE brand = ? AND (source IN ('outside', 'count') OR target IN ('outside', 'count')) GROUP BY sku",
        (brand,),
    )
    assert all(min(on_hand, reserved) >= 0 for _, on_hand, reserved in rows)
    out = dict.fromkeys("abc", 0)
    moves = shared.rows(
        "SELECT subject, sku, SUM(CASE WHEN target = 'sold' THEN quantity ELSE 0 END),"
        " SUM(CASE WHEN source = 'sold' THEN quantity ELSE 0 END) FROM stock_moves WHERE brand = ?"
        " AND subject <> '' GROUP BY subject, sku",
        (brand,),
    )
    taken = {(order, sku): count for order, sku, count, _ in moves}
    for order, sku, count, back in moves:
        back_due = min(_pieces([*refunds.get(order, {}).values()])[sku], count)
        assert back == back_due, f"{order} took {count} of {sku}; of those that were refunded all came back, no more"
        out[sku] += count - back
    assert {sku: left[sku] + out[sku] for sku in "abc"} == dict(counted), "every piece is on hand or out, once"
    for order in [row[0] for row in shared.rows("SELECT number FROM orders WHERE brand = ? AND paid_at > 0", (brand,))]:
        wanted = _pieces([(line.sku, line.quantity) for line in orders[int(order[1:])]])
        faults = shared.rows(
            "SELECT what, got FROM order_faults WHERE brand = ? AND number = ? AND kind = 'short'", (brand, order)
        )
        short = _pieces([(sku, int(count)) for sku, count in faults])
        assert {sku: taken.get((order, sku), 0) + short[sku] for sku in "abc"} == wanted
    assert [row for row in unbalanced(shared) if row.brand == brand] == []
