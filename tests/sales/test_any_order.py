"""The same set of events in any order and any number of repeats gives the same orders, cases, sums and stock."""

import itertools
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from livecue.events import (
    AfterSaleTold,
    Event,
    FreightInsured,
    Line,
    OrderApproved,
    OrderCancelled,
    OrderCompleted,
    OrderCreated,
    OrderHeld,
    OrderPaid,
    OrderRefunded,
    OrderTold,
    ParcelMoved,
    ParcelShipped,
    StockOpened,
)
from livecue.flow import RoomInfo
from livecue.sales import CASE, ORDER, PARCEL, Sales, unbalanced
from tests.folding import TestUnit

_NUMBERS = itertools.count()
_CASES = sorted(CASE.states)
_PARCELS = sorted(PARCEL.states)
_TOLD = sorted([*ORDER.states, "closed", "what is this"])
_AT = st.sampled_from([0, 0, 1_000, 2_000, 3_000, 4_000])


def _lines(order: str) -> tuple[Line, ...]:
    count = 1 + len(order) % 3
    return (Line(sku="a", product="p", quantity=count, price=500), Line(sku="b", product="p", quantity=1, price=100))


def _event(draw: Any) -> Event:
    order = draw(st.sampled_from(["o", "oo"]))
    at = draw(_AT)
    kind = draw(st.integers(0, 11))
    amount = draw(st.sampled_from([1000, 1000, 1000, 900]))
    if kind == 0:
        return OrderCreated(order=order, at=at, amount=amount, user="u", lines=_lines(order))
    if kind == 1:
        return OrderPaid(order=order, at=at, amount=amount, user="u", lines=_lines(order))
    if kind == 2:
        return OrderCancelled(order=order, at=at)
    if kind == 3:
        refund = draw(st.sampled_from(["r1", "r2", "r3"]))
        part = draw(st.sampled_from([1, 100, 400, 600]))
        restock = refund == "r1"
        return OrderRefunded(order=order, at=at, amount=part, refund=refund, sku="a", quantity=1, restock=restock)
    if kind == 4:
        return OrderTold(order=order, at=at, status=draw(st.sampled_from(_TOLD)))
    if kind == 5:
        return OrderHeld(order=order, at=at, reason="risk")
    if kind == 6:
        return OrderApproved(order=order, at=at)
    if kind == 7:
        return OrderCompleted(order=order, at=at)
    parcel = draw(st.sampled_from(["k1", "k2"]))
    if kind == 8:
        inside = _lines(order)[: draw(st.integers(0, 2))]
        return ParcelShipped(order=order, at=at, parcel=parcel, carrier="sf", tracking=f"T{parcel}", lines=inside)
    if kind == 9:
        return ParcelMoved(order=order, at=at, parcel=parcel, status=draw(st.sampled_from(_PARCELS)))
    if kind == 10:
        case = draw(st.sampled_from(["c1", "c2"]))
        status = draw(st.sampled_from(_CASES))
        wanted = draw(st.sampled_from([-1, 100, 200]))
        back = draw(st.sampled_from(["", "k2"]))
        reason, proof = draw(st.sampled_from(["", "x", "y"])), draw(st.sampled_from(["", "p1", "p2"]))
        deadline, kind_of = draw(st.sampled_from([0, 5, 6])), draw(st.sampled_from(["", "return_refund", "exchange"]))
        return AfterSaleTold(
            order=order, at=at, case=case, status=status, type=kind_of, amount=wanted, parcel=back, reason=reason,
            proof=proof, deadline=deadline,
        )  # fmt: skip
    return FreightInsured(order=order, at=at, claim=draw(st.sampled_from(["", "f1"])), amount=12)


events_of_orders = st.lists(st.composite(_event)(), min_size=1, max_size=14)  # type: ignore[arg-type]


class World:
    """A brand of its own in one database, so that an example costs no new file."""

    def __init__(self, unit: TestUnit) -> None:
        self.name = f"w{next(_NUMBERS)}"
        self.room = RoomInfo(room=self.name, org="o", brand=self.name, name="R", nature="simulated")
        self.unit = unit
        unit.room, unit.now = self.name, 1_000_000
        self.sales = Sales(self.room, None)
        opened = [StockOpened(sku=sku, product="p", quantity=100) for sku in "ab"]
        self.sales.fold(opened, unit)

    def result(self) -> dict[str, list[Any]]:
        """Everything the rows say, without the moments of arrival."""
        tables = {
            "orders": "number, state, amount, currency, buyer, lines, refunded, delivered_at",
            "parcels": "number, parcel, carrier, tracking, state, lines",
            "after_sales": "number, after_sale, type, state, amount, sku, quantity, reason, proof, deadline, parcel,"
            " ends_at",
            "refunds": "number, refund, amount, quantity, sku",
            "order_faults": "number, fault, kind, what, have, got, state",
            "stock": "sku, warehouse, on_hand, reserved",
        }
        return {
            table: sorted(self.unit.rows(f"SELECT {columns} FROM {table} WHERE brand = ?", (self.name,)))
            for table, columns in tables.items()
        }


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> TestUnit:
    return TestUnit(tmp_path_factory.mktemp("any") / "t.db")


def test_the_first_receipt_is_the_least_told_by_a_parcel_that_does_not_come_back(unit: TestUnit) -> None:
    told = [
        OrderPaid(order="o", amount=600, user="u", lines=_lines("o")),
        ParcelMoved(order="o", at=1_000, parcel="k2", status="delivered"),
        ParcelMoved(order="o", at=4_000, parcel="k1", status="delivered"),
        ParcelMoved(order="o", at=3_000, parcel="k3", status="delivered"),
        AfterSaleTold(order="o", at=2_000, case="c", status="wait_receipt", type="return_refund", parcel="k2"),
    ]
    for events in itertools.permutations(told):
        world = World(unit)
        for event in events:
            world.sales.fold([event], unit)
        assert world.result()["orders"][0][7] == 3_000


def test_each_word_of_a_case_is_the_newest_that_says_it(unit: TestUnit) -> None:
    told = [
        AfterSaleTold(order="o", at=1_000, case="c", status="applied", reason="a", amount=0, proof="p"),
        AfterSaleTold(order="o", at=2_000, case="c", status="applied", reason="b", type="exchange"),
        AfterSaleTold(order="o", at=3_000, case="c", status="wait_receipt", deadline=9, type="return_refund"),
        AfterSaleTold(order="o", at=3_000, case="c", status="wait_receipt", amount=-1, deadline=8),
    ]
    for events in itertools.permutations(told):
        world = World(unit)
        for event in (*events, *events):
            world.sales.fold([event], unit)
        (row,) = world.result()["after_sales"]
        assert (row[2], row[4], *row[7:10]) == ("return_refund", 0, "b", "p", 9), [one.at for one in events]


@settings(
    max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(events=events_of_orders, seed=st.integers(0, 1 << 30))
def test_any_order_and_any_repeats_give_the_same(unit: TestUnit, events: list[Event], seed: int) -> None:
    luck = random.Random(seed)
    first = World(unit)
    first.sales.fold(events, unit)
    expected = first.result()
    refunded = {row[0]: 0 for row in expected["orders"]}
    for number, _, amount, _, _ in expected["refunds"]:
        refunded[number] += amount
    assert {row[0]: row[6] for row in expected["orders"]} == refunded, "sums are exact"
    told = [*events, *luck.choices(events, k=len(events))]
    for _ in range(2):
        luck.shuffle(told)
        again = World(unit)
        at = 0
        while at < len(told):
            step = luck.randint(1, 6)
            again.sales.fold(told[at : at + step], unit)
            at += step
            if luck.random() < 0.3:
                again.sales = Sales(again.room, again.sales.dump())
        assert again.result() == expected
    assert unbalanced(unit) == []


def test_nothing_told_is_lost(unit: TestUnit) -> None:
    """What does not follow yet waits on the list, and leaves it when the missing word comes."""
    world = World(unit)
    shipped = ParcelShipped(order="o", parcel="k", tracking="T1")
    world.sales.fold([shipped], unit)
    assert [row[1] for row in world.result()["orders"]] == ["unknown"]
    assert len(world.result()["order_faults"]) == 2
    world.sales.fold([OrderPaid(order="o", amount=600, user="u", lines=_lines("o"))], unit)
    assert [row[1] for row in world.result()["orders"]] == ["to_collect"]
    assert world.result()["order_faults"] == []


def test_orders_survive_being_let_go_from_memory(unit: TestUnit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.sales.ledger._KEPT", 2)
    world = World(unit)
    for number in range(8):
        world.sales.fold([OrderPaid(order=f"n{number}", amount=600, user="u", lines=_lines("o"))], unit)
    world.sales.fold([OrderRefunded(order="n0", refund="r", amount=600)], unit)
    states = {row[0]: (row[1], row[6]) for row in world.result()["orders"]}
    assert states["n0"] == ("closed_refunded", 600)
    assert states["n7"] == ("to_ship", 0)
    assert world.result()["order_faults"] == []


def test_a_path_of_one_order(unit: TestUnit, tmp_path: Path) -> None:
    del tmp_path
    world = World(unit)
    lines = _lines("o")

    def state() -> str:
        return str(world.result()["orders"][0][1])

    steps: list[tuple[Event, str]] = [
        (OrderCreated(order="o", amount=1100, user="u", lines=lines), "unpaid"),
        (OrderPaid(order="o", amount=1100, user="u", lines=lines), "to_ship"),
        (OrderHeld(order="o", reason="customs"), "paid_hold"),
        (OrderApproved(order="o"), "to_ship"),
        (ParcelShipped(order="o", parcel="k1", tracking="1", lines=lines[:1]), "part_shipped"),
        (ParcelShipped(order="o", parcel="k2", tracking="2", lines=lines[1:]), "to_collect"),
        (ParcelMoved(order="o", parcel="k1", system="kuaidi100", status="1"), "to_collect"),
        (ParcelMoved(order="o", parcel="k2", system="kuaidi100", status="0"), "in_transit"),
        (ParcelMoved(order="o", parcel="k1", system="kuaidi100", status="3"), "in_transit"),
        (ParcelMoved(order="o", parcel="k2", system="kuaidi100", status="3"), "delivered"),
        (AfterSaleTold(order="o", case="c", status="applied", type="price_protection", amount=100), "delivered"),
        (OrderRefunded(order="o", refund="r1", amount=100, case="c"), "delivered"),
        (OrderCompleted(order="o"), "completed"),
        (OrderRefunded(order="o", refund="r2", amount=1000), "closed_refunded"),
    ]
    for event, expected in steps:
        world.sales.fold([event], unit)
        assert state() == expected, event
    assert world.result()["order_faults"] == []
