"""The tables of states say what is legal; platforms' words are mapped, and what is illegal is told and listed."""

from pathlib import Path

import msgspec
import pytest

from livecue.events import (
    AfterSaleChanged,
    AfterSaleTold,
    CommandApplied,
    CommandRefused,
    FaultSettled,
    FeedbackDue,
    FeedbackNoted,
    Line,
    OrderCancelled,
    OrderConfirmed,
    OrderCreated,
    OrderMismatched,
    OrderPaid,
    OrderRefunded,
    OrderReminded,
    OrderTold,
    ParcelMoved,
    ParcelShipped,
    ParcelTroubled,
    ReminderDue,
    StatusUnknown,
    StockOpened,
    TaskAdded,
    TransitionRefused,
)
from livecue.sales import CASE, MACHINES, ORDER, STATE_MAPS, Sales, Search, count_lists, search_orders
from tests.folding import ROOM, TestUnit

LINES = (Line(sku="s", product="p", quantity=2, price=500),)
PAID = OrderPaid(order="o", amount=1000, user="u", lines=LINES, address=True)
CREATED = OrderCreated(order="o", amount=1000, user="u", lines=LINES, address=True)


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    return TestUnit(tmp_path / "t.db")


def state(unit: TestUnit) -> str:
    return str(unit.rows("SELECT state FROM orders WHERE number = 'o'")[0][0])


def faults(unit: TestUnit) -> list[tuple[str, str, str, str]]:
    return [tuple(row) for row in unit.rows("SELECT kind, what, have, got FROM order_faults ORDER BY kind, what, got")]  # type: ignore[misc]


def test_every_state_can_be_reached_and_every_ending_ends() -> None:
    for machine in MACHINES.values():
        for code, found in machine.states.items():
            assert machine.reaches(machine.start, code), (machine.name, code)
            if found.ends and machine.name != "order":
                assert not any(machine.reaches(code, other) for other in machine.states if other != code)
    assert ORDER.step("to_ship", "cancelled") is None
    assert ORDER.step("unpaid", "shipped") is None


def test_the_domain_s_own_moves_are_all_there() -> None:
    for source, event, to in (
        ("unpaid", "paid", "to_ship"),
        ("unpaid", "cancelled", "cancelled"),
        ("paid_hold", "approved", "to_ship"),
        ("to_ship", "refunded", "closed_refunded"),
        ("part_shipped", "shipped", "to_collect"),
        ("completed", "refunded", "closed_refunded"),
    ):
        assert ORDER.step(source, event) == to
    for source, to in (
        ("applied", "wait_buyer_return"),
        ("refused_return", "platform_case"),
        ("wait_buyer_return", "wait_receipt"),
        ("refund_failed", "refunding"),
        ("wait_receipt", "buyer_cancelled"),
        ("applied", "overdue"),
    ):
        assert CASE.reaches(source, to)


@pytest.mark.parametrize("system", sorted(STATE_MAPS))
def test_every_word_of_a_platform_leads_somewhere(unit: TestUnit, system: str) -> None:
    for place, (word, expected) in enumerate(STATE_MAPS[system].orders.items()):
        sales = Sales(ROOM, None)
        sales.fold([OrderTold(order=f"{system}{place}", system=system, status=word)], unit)
        found = unit.rows("SELECT state FROM orders WHERE number = ?", (f"{system}{place}",))[0][0]
        assert found == ("cancelled" if expected == "closed" else expected), (system, word)
    for place, (word, expected) in enumerate(STATE_MAPS[system].cases.items()):
        sales = Sales(ROOM, None)
        sales.fold([AfterSaleTold(order="x", case=f"{system}{place}", system=system, status=word)], unit)
        found = unit.rows("SELECT state FROM after_sales WHERE after_sale = ?", (f"{system}{place}",))[0][0]
        assert found == expected


def test_closed_after_payment_is_refunded_not_cancelled(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([PAID, OrderTold(order="o", system="tiktok_shop", status="CANCELLED")], unit)
    assert state(unit) == "closed_refunded"


def test_a_journal_that_told_our_word_means_what_it_meant(unit: TestUnit) -> None:
    """Words are translated where a file is read: an older journal that tells one is folded as it was then."""
    sales = Sales(ROOM, None)
    line = Line(sku="s", product="p", quantity=1, price=100)
    sales.fold([StockOpened(sku="s", product="p", quantity=5)], unit)
    sales.fold(
        [OrderCreated(order="o", amount=100, user="u", lines=(line,)), OrderTold(order="o", status="待发货")], unit
    )
    assert state(unit) == "unpaid"
    assert [(e.system, e.status) for e in unit.said(StatusUnknown)] == [("", "待发货")]
    assert unit.rows("SELECT on_hand, reserved FROM stock") == [(5, 1)]


def test_a_word_nobody_knows_is_kept_told_and_a_task(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    told = OrderTold(order="o", system="doudian", status="777")
    sales.fold([PAID, told, told], unit)
    assert state(unit) == "to_ship"
    assert faults(unit) == [("unknown", "doudian:777", "", "")]
    assert [(e.system, e.status) for e in unit.said(StatusUnknown)] == [("doudian", "777")]
    assert len(unit.said(TaskAdded)) == 1


def test_what_does_not_follow_is_refused_told_and_listed(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([CREATED, PAID, OrderCancelled(order="o")], unit)
    assert state(unit) == "to_ship"
    assert faults(unit) == [("refused", "cancelled", "to_ship", "")]
    assert [(e.told, e.state) for e in unit.said(TransitionRefused)] == [("cancelled", "to_ship")]


def test_a_platform_that_goes_back_is_told(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold(
        [PAID, OrderTold(order="o", status="delivered", at=5), OrderTold(order="o", status="to_ship", at=9)], unit
    )
    assert state(unit) == "delivered"
    assert faults(unit) == [("refused", "to_ship", "delivered", "")]


def test_refunds_above_the_amount_are_kept_and_told(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold(
        [PAID, OrderRefunded(order="o", refund="a", amount=700), OrderRefunded(order="o", refund="b", amount=700)], unit
    )
    assert state(unit) == "closed_refunded"
    assert unit.rows("SELECT refunded FROM orders") == [(1400,)]
    assert faults(unit) == [("mismatch", "refunded", "1000", "1400")]
    assert unit.said(OrderMismatched)[-1].field == "refunded"


def test_cases_go_their_way_and_say_so(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    words = ("MERCHANT_PROCESSING", "MERCHANT_REJECT_RETURN", "USER_WAIT_RETURN")
    told = [
        AfterSaleTold(
            order="o",
            case="c",
            system="wechat_shop",
            status=word,
            type="RETURN",
            at=place + 1,
            amount=500,
            reason="大了",
        )
        for place, word in enumerate(words)
    ]
    sales.fold([PAID, *told], unit)
    assert [(e.before, e.state) for e in unit.said(AfterSaleChanged)] == [
        ("", "applied"),
        ("applied", "refused_return"),
        ("refused_return", "wait_buyer_return"),
    ]
    assert sales.picture(unit.now).cases == 1
    late = AfterSaleTold(order="o", case="c", status="buyer_cancelled", at=9)
    sales.fold([late, AfterSaleTold(order="o", case="c", status="refunded", at=10)], unit)
    assert unit.rows("SELECT state, type, amount FROM after_sales") == [("buyer_cancelled", "return_refund", 500)]
    assert faults(unit) == [("refused", "refunded", "buyer_cancelled", "case:c")]
    assert sales.picture(unit.now).cases == 0


def test_a_lost_parcel_is_somebody_s_task(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold(
        [PAID, ParcelShipped(order="o", parcel="k", tracking="SF1"), ParcelMoved(order="o", parcel="k", status="lost")],
        unit,
    )
    assert state(unit) == "in_transit"
    assert [(e.parcel, e.state, e.tracking) for e in unit.said(ParcelTroubled)] == [("k", "lost", "SF1")]
    assert unit.said(TaskAdded)[0].role == "cs"


def test_an_unpaid_order_is_reminded_once_and_only_with_true_stock(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=5), CREATED], unit)
    unit.feed(sales, [unit.tick(4 * 60_000)])
    assert not unit.said(ReminderDue)
    unit.feed(sales, [unit.tick(61_000), unit.tick(61_000)])
    assert [(e.order, e.free) for e in unit.said(ReminderDue)] == [("o", 5)]
    assert sales.picture(unit.now).to_remind == 1
    for command in ("a", "b"):
        sales.fold([OrderReminded(command=command, order="o")], unit)
    assert [e.command for e in unit.said(CommandApplied)] == ["a"]
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [("b", "not_to_remind")]
    assert sales.picture(unit.now).to_remind == 0


def test_without_true_stock_nobody_is_urged(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([CREATED], unit)
    unit.feed(sales, [unit.tick(6 * 60_000)])
    assert not unit.said(ReminderDue)
    assert unit.rows("SELECT reminded FROM orders") == [("pointless",)]


def test_a_paid_order_is_no_longer_to_be_reminded(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=5), CREATED], unit)
    unit.feed(sales, [unit.tick(6 * 60_000), PAID])
    assert sales.picture(unit.now).to_remind == 0
    assert unit.rows("SELECT reminded FROM orders") == [("moot",)]


def test_orders_are_checked_by_themselves_or_by_hand(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([StockOpened(sku="s", product="p", quantity=500), PAID], unit)
    many = (Line(sku="s", product="p", quantity=101),)
    wrong = [
        OrderPaid(order="name", amount=1, lines=(Line(sku="?"),), address=True),
        OrderPaid(order="quantity", amount=1, lines=many, address=True),
        OrderPaid(order="address", amount=1, lines=LINES, address=False),
        OrderPaid(order="untold", amount=1, lines=LINES),
    ]
    sales.fold(wrong, unit)
    found = dict(unit.rows("SELECT number, checked FROM orders"))
    assert found == {
        "o": "auto", "name": "look:name", "quantity": "look:quantity", "address": "look:address", "untold": "",
    }  # fmt: skip
    sales.fold(
        [OrderConfirmed(command="c", order="address"), OrderConfirmed(command="d", order="name", ok=False)], unit
    )
    assert [e.code for e in unit.said(CommandRefused)] == ["say_why"]
    assert dict(unit.rows("SELECT number, checked FROM orders"))["address"] == "hand"


def test_an_address_told_after_the_payment_is_looked_at_too(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    told = OrderPaid(order="o", amount=1000, user="u", lines=LINES)
    sales.fold([StockOpened(sku="s", product="p", quantity=500), told], unit)
    assert unit.rows("SELECT checked FROM orders") == [("",)]
    assert [row.number for row in search_orders(unit, "o", "b", ["r1"], Search(list="unchecked")).rows] == ["o"]
    assert count_lists(unit, "o", "b", ["r1"], 0, 0)["unchecked"] == 1
    sales.fold([msgspec.structs.replace(told, address=True, key="x")], unit)
    assert unit.rows("SELECT checked FROM orders") == [("auto",)]
    sales.fold([OrderCreated(order="o", amount=1000, user="u", lines=LINES, address=False)], unit)
    assert unit.rows("SELECT checked FROM orders") == [("look:address",)]
    sales.fold([OrderConfirmed(command="c", order="o")], unit)
    sales.fold([msgspec.structs.replace(told, address=False, key="y")], unit)
    assert unit.rows("SELECT checked FROM orders") == [("hand",)], "a person looked at it"


def test_a_parcel_that_does_not_move_is_listed_until_it_does(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sent = ParcelShipped(order="o", parcel="k", tracking="SF1")
    sales.fold([PAID, sent], unit)
    began = unit.now

    def stuck(before: int) -> list[str]:
        found = search_orders(unit, "o", "b", ["r1"], Search(list="stuck", stuck_before=before)).rows
        assert count_lists(unit, "o", "b", ["r1"], 0, before)["stuck"] == len(found)
        return [row.number for row in found]

    assert (stuck(began), stuck(began + 1)) == ([], ["o"])
    unit.tick(60_000)
    sales.fold([ParcelMoved(order="o", parcel="k", status="in_transit")], unit)
    assert (stuck(began + 1), stuck(unit.now + 1)) == ([], ["o"])
    sales.fold([ParcelMoved(order="o", parcel="k", status="delivered")], unit)
    assert stuck(unit.now + 1) == []


def test_feedback_is_asked_for_after_the_goods_came(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sent = ParcelShipped(order="o", parcel="k", tracking="1")
    sales.fold([PAID, sent, ParcelMoved(order="o", parcel="k", status="delivered")], unit)
    sales.fold([FeedbackNoted(command="x", order="o", score=9)], unit)
    unit.feed(sales, [unit.tick(23 * 3_600_000)])
    assert not unit.said(FeedbackDue)
    unit.feed(sales, [unit.tick(2 * 3_600_000)])
    assert [e.order for e in unit.said(FeedbackDue)] == ["o"]
    sales.fold([FeedbackNoted(command="y", order="o", score=5, text="好用")], unit)
    assert [e.code for e in unit.said(CommandRefused)] == ["bad_feedback"]
    assert unit.rows("SELECT score, said FROM order_feedback") == [(5, "好用")]
    assert unit.rows("SELECT feedback FROM orders") == [("noted",)]


def test_an_exception_is_settled_once_with_a_word(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    sales.fold([PAID, OrderCancelled(order="o")], unit)
    fault = str(unit.rows("SELECT fault FROM order_faults")[0][0])
    for command, note in (("a", ""), ("b", "平台已核实"), ("c", "again")):
        sales.fold([FaultSettled(command=command, order="o", fault=fault, note=note, by="p1")], unit)
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [("a", "say_how"), ("c", "no_fault")]
    assert unit.rows("SELECT state, settled_by, note FROM order_faults") == [("settled", "p1", "平台已核实")]
