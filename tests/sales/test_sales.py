"""Orders count once, stock goes down once, whatever the order of telling."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import (
    Event,
    Line,
    OrderCancelled,
    OrderCreated,
    OrderMismatched,
    OrderPaid,
    OrderRefunded,
    StockAdjusted,
    StockChanged,
    StockOpened,
    StockShort,
)
from livecue.flow import RoomInfo
from livecue.sales import Sales, list_orders, list_stock
from tests.folding import ROOM, TestUnit


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "t.db")


def created(order: str, quantity: int = 1, sku: str = "s", amount: int = 1000) -> OrderCreated:
    return OrderCreated(
        key=order,
        order=order,
        amount=amount,
        user="u",
        lines=(Line(sku=sku, product="p", quantity=quantity, price=amount),),
    )


def paid(order: str, quantity: int = 1, sku: str = "s", amount: int = 1000) -> OrderPaid:
    return OrderPaid(
        key=f"{order}p",
        order=order,
        amount=amount,
        user="u",
        lines=(Line(sku=sku, product="p", quantity=quantity, price=amount),),
    )


def stock(unit: TestUnit) -> tuple[int, int]:
    view = list_stock(unit, "o", "b")[0]
    return view.on_hand, view.reserved


def test_an_order_reserves_and_its_payment_takes(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=10), created("1", 3)], unit)
    assert stock(unit) == (10, 3)
    sales.fold([paid("1", 3)], unit)
    assert stock(unit) == (7, 0)
    picture = sales.picture(unit.now)
    assert (picture.unpaid, picture.paid, picture.stock[0].on_hand) == (0, 1, 7)


def test_a_payment_without_an_order_takes_once(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=10), paid("1", 2), created("1", 2), paid("1", 2)], unit)
    assert stock(unit) == (8, 0)
    assert [row.state for row in list_orders(unit, "r1", 0, 1 << 60)] == ["to_ship"]


def test_a_cancelled_order_gives_its_stock_back(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold(
        [
            StockOpened(sku="s", product="p", quantity=5),
            created("1", 5),
            OrderCancelled(order="1"),
            OrderCancelled(order="1"),
        ],
        unit,
    )
    assert stock(unit) == (5, 0)


def test_a_reservation_runs_out_after_a_quarter_of_an_hour(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=5), created("1", 2)], unit)
    sales.fold([unit.tick(14 * 60_000)], unit)
    assert stock(unit) == (5, 2)
    sales.fold([unit.tick(2 * 60_000)], unit)
    assert stock(unit) == (5, 0)
    sales.fold([paid("1", 2)], unit)
    assert stock(unit) == (3, 0)


def test_more_than_there_is_is_said_and_never_sold_below_zero(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=2), created("1", 2), created("2", 1)], unit)
    assert stock(unit) == (2, 2)
    assert [(e.order, e.wanted, e.free) for e in unit.said(StockShort)] == [("2", 1, 0)]


def test_unknown_stock_stays_unknown(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([created("1"), paid("1")], unit)
    assert not list_stock(unit, "o", "b")
    assert not unit.said(StockShort)


def test_sources_that_disagree_are_told_and_nothing_is_overwritten(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([created("1", amount=1000), paid("1", amount=900)], unit)
    assert [(e.field, e.have, e.got) for e in unit.said(OrderMismatched)] == [("amount", "1000", "900")]
    assert list_orders(unit, "r1", 0, 1 << 60)[0].amount == 1000


def test_refunds_add_up_once_each(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=5), paid("1", 2, amount=1000)], unit)
    refund = OrderRefunded(order="1", refund="a", amount=400, sku="s", quantity=1, restock=True)
    sales.fold([refund, refund], unit)
    assert stock(unit) == (4, 0)
    sales.fold([OrderRefunded(order="1", refund="b", amount=600)], unit)
    row = list_orders(unit, "r1", 0, 1 << 60)[0]
    assert (row.refunded, row.state) == (1000, "closed_refunded")
    sales.fold([OrderRefunded(order="1", refund="c", amount=1)], unit)
    assert unit.said(OrderMismatched)[-1].field == "refunded"


def test_stock_is_told_at_the_tick_each_sku_once(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=50), created("1"), created("2"), created("3")], unit)
    assert not unit.said(StockChanged)
    sales.fold([unit.tick()], unit)
    assert [(e.sku, e.product, e.on_hand, e.reserved) for e in unit.said(StockChanged)] == [("s", "p", 50, 3)]


def test_two_rooms_share_the_stock(unit: TestUnit) -> None:
    first, second = Sales(ROOM, None), Sales(RoomInfo(room="r2", org="o", brand="b"), None)
    other = Sales(RoomInfo(room="r3", org="o", brand="other"), None)
    first.fold([StockOpened(sku="s", product="p", quantity=3)], unit)
    second.fold([created("a", 3)], unit)
    other.fold([created("x", 3)], unit)
    first.fold([created("b", 1)], unit)
    assert [e.order for e in unit.said(StockShort)] == ["b"]


steps = st.lists(st.tuples(st.sampled_from("CPXRT"), st.integers(0, 5), st.integers(1, 3)), max_size=40)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(steps=steps, cut=st.integers(0, 40))
def test_stock_adds_up_in_any_order_and_after_a_restart(
    tmp_path: Path, steps: list[tuple[str, int, int]], cut: int
) -> None:
    path = tmp_path / f"{random.getrandbits(60)}.db"
    unit = TestUnit(path)
    opened = 8
    events: list[Event] = [StockOpened(sku="s", product="p", quantity=opened)]
    for kind, order, _ in steps:
        name = f"o{order}"
        quantity = 1 + order % 3
        if kind == "C":
            events.append(created(name, quantity))
        elif kind == "P":
            events.append(paid(name, quantity))
        elif kind == "X":
            events.append(OrderCancelled(order=name))
        elif kind == "R":
            events.append(StockAdjusted(sku="s", delta=-1))
        else:
            events.append(unit.tick(60_000))
    straight = Sales(ROOM, None)
    unit.now = 1_000_000
    unit.feed(straight, events)
    on_hand, reserved = stock(unit)
    assert 0 <= on_hand <= opened
    assert reserved >= 0

    second = TestUnit(tmp_path / f"{random.getrandbits(60)}.db")
    first_part = Sales(ROOM, None)
    second.feed(first_part, events[:cut])
    resumed = Sales(ROOM, first_part.dump())
    second.feed(resumed, events[cut:])
    assert resumed.dump() == straight.dump()
    assert list_orders(second, "r1", 0, 1 << 60) == list_orders(unit, "r1", 0, 1 << 60)
    unit.db.close()
    second.db.close()


def test_orders_that_nobody_pays_are_let_go_from_memory_too(unit: TestUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.sales.ledger._KEPT", 50)
    unit.db.execute("BEGIN")
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=10_000)], unit)
    sizes = []
    for day in range(6):
        sales.fold([created(f"{day}-{number}") for number in range(300)], unit)
        sizes.append(len(sales.dump()))
        sales.fold([unit.tick(3_600_000)], unit)
    assert max(sizes) < 2 * sizes[0], "memory and snapshot stay as they are"
    assert stock(unit) == (10_000, 0), "every hold ran out, also of those at the head"
    sales = Sales(ROOM, sales.dump())
    sales.fold([paid("0-0"), OrderCancelled(order="0-1")], unit)
    assert stock(unit) == (9_999, 0)
    states = dict(unit.rows("SELECT number, state FROM orders WHERE number IN ('0-0', '0-1', '0-2')"))
    assert states == {"0-0": "to_ship", "0-1": "cancelled", "0-2": "unpaid"}
    assert sales.picture(unit.now).unpaid == 1_798
