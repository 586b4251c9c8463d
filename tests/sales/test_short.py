"""R039: what is short is the customer's to decide, a person writes it down, and the ledger does what follows."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import (
    CommandRefused,
    Event,
    Line,
    OrderPaid,
    OrderRefunded,
    ParcelShipped,
    ShortChosen,
    StockAdjusted,
    StockOpened,
    TaskAdded,
    WarehouseSaved,
)
from livecue.flow import RoomInfo
from livecue.sales import Sales, list_faults
from tests.folding import ROOM, TestUnit

HOUSE = RoomInfo(room="house", org="*", brand="*", name="office")

LINES = (Line(sku="s", product="p", quantity=2, price=500),)
DAY = 86_400_000


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "t.db")
    made.db.execute("BEGIN")
    return made


def shop(unit: TestUnit, *orders: str) -> Sales:
    """Three pieces of ``s`` and five of ``t``; each order wants two of ``s``."""
    sales = Sales(ROOM, None)
    opened = [StockOpened(sku="s", product="p", quantity=3), StockOpened(sku="t", product="p", quantity=5)]
    paid = [OrderPaid(order=name, amount=1000, user="u", lines=LINES, address=True) for name in orders]
    sales.fold([*opened, *paid], unit)
    return sales


def choose(sales: Sales, unit: TestUnit, choice: str, order: str = "b", **more: object) -> str:
    """ "" when it was taken, else the code of the refusal."""
    before = len(unit.said(CommandRefused))
    known = {"note": "买家说", **more}
    sales.fold([ShortChosen(command="c", order=order, sku="s", choice=choice, by="an", **known)], unit)  # type: ignore[arg-type]
    said = unit.said(CommandRefused)[before:]
    return said[0].code if said else ""


def short(unit: TestUnit) -> list[tuple[str, str]]:
    return [(row.number, row.choice) for row in list_faults(unit, "o", "b", ["r1"]) if row.kind == "short"]  # type: ignore[arg-type]


def stock(unit: TestUnit) -> dict[str, int]:
    return {str(sku): int(count) for sku, count in unit.rows("SELECT sku, SUM(on_hand) FROM stock GROUP BY sku")}


def test_other_goods_are_taken_out_of_the_stock_and_the_order_is_short_no_more(unit: TestUnit) -> None:
    sales = shop(unit, "a", "b")
    assert (short(unit), stock(unit)) == ([("b", "")], {"s": 1, "t": 5})
    assert choose(sales, unit, "exchange", instead="t", note=" ") == "say_what"
    assert choose(sales, unit, "exchange") == "no_instead"
    assert choose(sales, unit, "exchange", instead="s") == "no_instead"
    assert choose(sales, unit, "exchange", instead="unknown") == "instead_short"
    assert stock(unit) == {"s": 1, "t": 5}
    assert choose(sales, unit, "exchange", instead="t") == ""
    assert (short(unit), stock(unit)) == ([], {"s": 1, "t": 3})
    assert choose(sales, unit, "exchange", instead="t") == "not_short"
    assert unit.rows("SELECT choice, pieces, instead, note, state, chosen_by FROM order_choices") == [
        ("exchange", 2, "t", "买家说", "done", "an")
    ]


def test_who_waits_gets_what_comes_in_first_come_first_served(unit: TestUnit) -> None:
    sales = shop(unit, "a", "b", "c")
    assert choose(sales, unit, "wait", until=unit.now) == "bad_until"
    assert choose(sales, unit, "wait", order="c", until=unit.now + DAY) == ""
    assert choose(sales, unit, "wait", until=unit.now + DAY) == ""
    assert short(unit) == [("b", "wait"), ("c", "wait")]
    sales = Sales(ROOM, sales.dump())
    sales.fold([StockAdjusted(sku="s", delta=1, reason="came in")], unit)
    unit.feed(sales, [unit.tick(6_000)])
    assert (short(unit), stock(unit)["s"]) == ([("b", "wait")], 0), "the first who chose to wait"
    unit.feed(sales, [unit.tick(DAY)])
    assert [task.cause for task in unit.said(TaskAdded) if "承诺" in task.title] == ["R039"]
    unit.feed(sales, [unit.tick(6_000)])
    assert len([task for task in unit.said(TaskAdded) if "承诺" in task.title]) == 1
    assert unit.rows("SELECT number, state FROM order_choices ORDER BY number") == [("b", "late"), ("c", "done")]
    assert choose(sales, unit, "refund") == "", "asked again, they choose otherwise"
    unit.feed(sales, [unit.tick(6_000)])
    sales.fold([StockAdjusted(sku="s", delta=9, reason="came in")], unit)
    unit.feed(sales, [unit.tick(6_000)])
    assert stock(unit)["s"] == 9, "who wants the money back waits for nothing"


def test_money_back_is_a_task_and_ends_with_the_refund(unit: TestUnit) -> None:
    sales = shop(unit, "a", "b")
    assert choose(sales, unit, "refund") == ""
    told = [task for task in unit.said(TaskAdded) if "退款" in task.title]
    assert [(task.role, task.cause) for task in told if "在店铺后台" in task.title] == [("cs", "R039")]
    assert short(unit) == [("b", "refund")]
    sales.fold([OrderRefunded(order="b", refund="r", amount=400, sku="s", quantity=1)], unit)
    assert short(unit) == [("b", "refund")]
    sales.fold([OrderRefunded(order="b", refund="r2", amount=600, sku="s", quantity=1)], unit)
    assert short(unit) == []


def state(unit: TestUnit, number: str = "b") -> str:
    return str(unit.rows("SELECT state FROM orders WHERE number = ?", (number,))[0][0])


@pytest.mark.parametrize("choice", ["wait", "exchange"])
def test_what_was_paid_back_of_a_short_line_is_owed_no_more(unit: TestUnit, choice: str) -> None:
    lines = (Line(sku="s", product="p", quantity=3, price=500),)
    sales = Sales(ROOM, None)
    opened = [StockOpened(sku="s", product="p", quantity=0), StockOpened(sku="t", product="p", quantity=5)]
    sales.fold([*opened, OrderPaid(order="b", amount=1500, user="u", lines=lines, address=True)], unit)
    sales.fold([OrderRefunded(order="b", refund="r", amount=500, sku="s", quantity=1)], unit)
    assert unit.rows("SELECT got FROM order_faults WHERE kind = 'short'") == [("2",)]
    assert choose(sales, unit, choice, instead="t", until=unit.now + DAY) == ""
    sales.fold([StockAdjusted(sku="s", delta=5, reason="came in")], unit)
    unit.feed(sales, [unit.tick(6_000)])
    assert (short(unit), sum(stock(unit).values())) == ([], 8), "two pieces, not three"
    sales.fold([OrderRefunded(order="b", refund="r", amount=500, sku="s", quantity=1)], unit)
    unit.feed(sales, [unit.tick(6_000)])
    assert (short(unit), sum(stock(unit).values())) == ([], 8)


def test_pieces_that_a_file_and_the_platform_both_tell_of_are_the_same(unit: TestUnit) -> None:
    lines = (Line(sku="s", product="p", quantity=3, price=500),)
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=0)], unit)
    sales.fold([OrderPaid(order="b", amount=1500, user="u", lines=lines, address=True)], unit)
    filed = OrderRefunded(order="b", refund="file:b:3", amount=500, sku="s", quantity=1)
    told = OrderRefunded(order="b", refund="r1", amount=500, sku="s", quantity=1)
    for refund in (told, filed, told):
        sales.fold([refund], unit)
        assert unit.rows("SELECT got FROM order_faults WHERE kind = 'short'") == [("2",)]
    sales.fold([OrderRefunded(order="b", refund="r2", amount=500, sku="s", quantity=1)], unit)
    assert unit.rows("SELECT got FROM order_faults WHERE kind = 'short'") == [("1",)]


@pytest.mark.parametrize("named", ["s", "t"])
def test_an_exchanged_order_is_whole_with_what_was_sent_and_gives_that_back(unit: TestUnit, named: str) -> None:
    sales = shop(unit, "a", "b")
    assert choose(sales, unit, "exchange", instead="t") == ""
    sales.fold([ParcelShipped(order="b", parcel="1", part=True, lines=(Line(sku=named, quantity=1),))], unit)
    assert state(unit) == "part_shipped"
    sales.fold([ParcelShipped(order="b", parcel="2", part=True, lines=(Line(sku=named, quantity=1),))], unit)
    assert state(unit) == "to_collect"
    back = OrderRefunded(order="b", refund="r", amount=500, sku=named, quantity=1, restock=True, shipped=True)
    sales.fold([back, back], unit)
    assert stock(unit) == {"s": 1, "t": 4}
    more = OrderRefunded(order="b", refund="r2", amount=500, sku=named, quantity=5, restock=True, shipped=True)
    sales.fold([more], unit)
    assert stock(unit) == {"s": 1, "t": 5}, "never more than was taken"


@pytest.mark.parametrize("choice", ["wait", "exchange"])
def test_pieces_that_are_only_promised_hold_the_order(unit: TestUnit, choice: str) -> None:
    sales = shop(unit, "a", "b")
    saved = WarehouseSaved(org="o", brand="b", warehouse="预售", holds="presale", command="w")
    unit.room = "house"
    Sales(HOUSE, None).fold([saved], unit)
    unit.room = "r1"
    sales = Sales(ROOM, sales.dump())
    sales.fold([StockOpened(sku=sku, product="p", quantity=9, warehouse="预售") for sku in ("s", "u")], unit)
    unit.feed(sales, [unit.tick(6_000)])
    assert state(unit) == "to_ship"
    assert choose(sales, unit, choice, instead="u", until=unit.now + DAY) == ""
    unit.feed(sales, [unit.tick(6_000)])
    assert (short(unit), state(unit)) == ([], "paid_hold")


def test_who_is_owed_nothing_any_more_is_not_asked_again(unit: TestUnit) -> None:
    sales = shop(unit, "a", "b", "c")
    for order in ("b", "c"):
        assert choose(sales, unit, "wait", order=order, until=unit.now + 3_000) == ""
    sales.fold(
        [
            OrderRefunded(order="b", refund="r", amount=900, sku="s", quantity=2),
            OrderRefunded(order="c", refund="r", amount=1000),
        ],
        unit,
    )
    unit.feed(sales, [unit.tick(6_000), unit.tick(6_000)])
    assert [task.title for task in unit.said(TaskAdded) if "承诺" in task.title] == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "exchange", "refund", "in", "out", "time", "money", "again"]),
        st.sampled_from(["a", "b", "c", "d"]),
    ),
    max_size=16,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_piece_is_given_twice_whatever_is_chosen(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    unit = TestUnit(tmp_path_factory.mktemp("short") / "t.db")
    unit.db.execute("BEGIN")
    sales = shop(unit, "a", "b", "c", "d")
    came = 8
    for step, order in steps:
        events: list[Event] = []
        if step in ("wait", "exchange", "refund"):
            choose(sales, unit, step, order=order, instead="t", until=unit.now + DAY)
        elif step == "in":
            events, came = [StockAdjusted(sku="s", delta=2, reason="x")], came + 2
        elif step == "out" and stock(unit)["t"] > 0:
            events, came = [StockAdjusted(sku="t", delta=-1, reason="x")], came - 1
        elif step == "time":
            unit.feed(sales, [unit.tick(6_000)])
        elif step == "money":
            events = [OrderRefunded(order=order, refund=f"r{order}", amount=1000)]
        elif step == "again":
            sales = Sales(ROOM, sales.dump())
        sales.fold(events, unit)
        held = sum(count for one in sales._state.orders.values() for _, _, count in one.allocs)
        assert held + sum(stock(unit).values()) == came
        assert all(count >= 0 for count in stock(unit).values())
        for one in sales._state.orders.values():
            assert sum(count for _, _, count in one.allocs) <= 2, "an order gets what it paid for, once"
    moves = unit.rows("SELECT sku, source, target, SUM(quantity) FROM stock_moves GROUP BY sku, source, target")
    assert all(quantity > 0 for *_, quantity in moves)
