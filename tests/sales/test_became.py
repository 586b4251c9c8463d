"""What became of a show's orders, against a plain recount from the events that told it."""

import random
from collections import Counter
from pathlib import Path

import pytest

from livecue.events import AfterSaleTold, Event, Line, OrderCreated, OrderPaid, OrderRefunded, OrderTold, ParcelShipped
from livecue.sales import Became, Sales, became
from tests.folding import ROOM, TestUnit

PRODUCTS = ("p1", "p2", "p3")
BAD, FINE, UNSAID = ("质量问题", "快递丢件", "Item DAMAGED on arrival"), ("七天无理由", "拍错了", "changed my mind"), ""
END = 9_000_000


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "t.db")
    made.db.execute("BEGIN")
    return made


def told(unit: TestUnit, *events: Event) -> Became:
    unit.feed(Sales(ROOM, None), [unit.tick(), *events])
    return became(unit, "r1", 1, END, "CNY")  # type: ignore[arg-type]  # reads as a reader does


def bought(order: str, *lines: tuple[str, int, int], amount: int = -1, currency: str = "CNY") -> OrderPaid:
    found = tuple(Line(sku=f"{p}-1", product=p, quantity=quantity, price=price) for p, quantity, price in lines)
    paid = sum(line.quantity * line.price for line in found) if amount < 0 else amount
    return OrderPaid(order=order, amount=paid, user="u", lines=found, currency=currency)


def case(order: str, status: str, reason: str, sku: str = "", quantity: int = 0, name: str = "c") -> AfterSaleTold:
    return AfterSaleTold(
        order=order, case=f"{name}{order}", type="return_refund", status=status, reason=reason, sku=sku,
        quantity=quantity,
    )  # fmt: skip


def back(order: str, amount: int, refund: str = "r", **more: object) -> OrderRefunded:
    return OrderRefunded(order=order, amount=amount, refund=refund, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_it_is_what_a_plain_recount_says(seed: int, unit: TestUnit) -> None:
    """Whole prices, one case or refund an order, parcels that say what is in them: counted on the way."""
    dice = random.Random(seed)
    events: list[Event] = []
    kept: Counter[str] = Counter()
    orders = sent = returned = over_quality = unsaid = 0
    for n in range(120):
        name, lines = f"o{n}", [(p, dice.randint(1, 3), dice.choice((500, 990))) for p in dice.sample(PRODUCTS, 2)]
        whole = bought(name, *lines)
        if dice.random() < 0.2:
            events.append(OrderCreated(order=name, amount=whole.amount, user="u", lines=whole.lines))
            continue
        events.append(whole)
        orders += 1
        kept.update({p: quantity * price for p, quantity, price in lines})
        product, pieces, price = lines[0]
        fate = dice.random()
        reason = dice.choice((*BAD, *FINE, UNSAID))
        if fate < 0.6:
            part = dice.random() < 0.3
            events.append(
                ParcelShipped(order=name, parcel=f"x{n}", lines=whole.lines[:1] if part else whole.lines, part=part)
            )
            sent += pieces if part else sum(quantity for _, quantity, _ in lines)
            if fate < 0.2:
                went = dice.randint(1, pieces)
                events += [
                    case(name, "wait_receipt", reason, f"{product}-1", went),
                    back(name, went * price, sku=f"{product}-1", quantity=went, shipped=True, restock=True,
                         reason=reason, case=f"c{name}"),
                    case(name, "returned_refunded", reason, f"{product}-1", went),
                ]  # fmt: skip
                returned += went
                kept[product] -= went * price
        elif fate < 0.8:
            events.append(back(name, whole.amount, reason=reason))
            kept.subtract({p: quantity * price for p, quantity, price in lines})
        elif fate < 0.9:
            events.append(case(name, "buyer_cancelled", BAD[0]))
            continue
        if fate < 0.2 or 0.6 <= fate < 0.8:
            over_quality += reason in BAD
            unsaid += not reason
    dice.shuffle(events)
    found = told(unit, *events)
    assert (found.orders, found.foreign) == (orders, 0)
    assert (found.shipped, found.returned, found.parts_untold) == (sent, returned, 0)
    assert (found.quality, found.reasons_untold) == (over_quality, unsaid)
    by_product: Counter[str] = Counter()
    for (product, _), amount in found.kept.items():
        by_product[product] += amount
    assert {p: n for p, n in by_product.items() if n} == {p: n for p, n in kept.items() if n}
    assert found.tells_parcels and found.tells_returns


def test_only_orders_of_the_show_count(unit: TestUnit) -> None:
    sales = Sales(ROOM, None)
    unit.feed(sales, [unit.tick(), bought("before", ("p1", 1, 100))])
    start = unit.now + 1
    unit.feed(sales, [unit.tick(), bought("in", ("p1", 1, 300))])
    end = unit.now
    unit.feed(sales, [unit.tick(), bought("after", ("p1", 1, 700))])
    found = became(unit, "r1", start, end, "CNY")  # type: ignore[arg-type]
    assert (found.orders, found.kept) == (1, {("p1", "p1-1"): 300})
    assert (found.tells_parcels, found.tells_returns) == (False, False)


def test_a_discount_is_shared_and_a_refund_without_a_name_falls_on_all(unit: TestUnit) -> None:
    found = told(unit, bought("o", ("p1", 1, 3000), ("p2", 1, 1000), amount=2000), back("o", 400))
    assert found.kept == {("p1", "p1-1"): 1500 - 300, ("p2", "p2-1"): 500 - 100}


def test_a_file_and_the_platform_tell_of_the_same_money(unit: TestUnit) -> None:
    words = [back("o", 600, "file:1", sku="p1-1"), back("o", 500, "7", sku="p1-1")]
    found = told(unit, bought("o", ("p1", 1, 3000), ("p2", 1, 1000)), *words)
    assert found.kept == {("p1", "p1-1"): 2400, ("p2", "p2-1"): 1000}


def test_other_currencies_are_counted_apart(unit: TestUnit) -> None:
    found = told(unit, bought("o", ("p1", 1, 3000)), bought("x", ("p1", 1, 3000), currency="USD"))
    assert (found.orders, found.foreign, found.kept) == (2, 1, {("p1", "p1-1"): 3000})


def test_what_is_sent_without_a_list_is_the_whole_order_or_unknown(unit: TestUnit) -> None:
    orders = [bought(name, ("p1", 2, 100), ("p2", 1, 100)) for name in ("whole", "part", "word", "later")]
    found = told(
        unit,
        *orders,
        ParcelShipped(order="whole", parcel="a"),
        ParcelShipped(order="part", parcel="b", part=True),
        OrderTold(order="word", status="in_transit"),
    )
    assert (found.shipped, found.parts_untold) == (6, 1)


def test_cases_and_refunds_tell_of_the_same_goods(unit: TestUnit) -> None:
    found = told(
        unit,
        bought("o", ("p1", 3, 100)),
        ParcelShipped(order="o", parcel="a"),
        case("o", "returned_refunded", FINE[0], "p1-1"),
        back("o", 300, sku="p1-1", quantity=3, shipped=True, restock=True),
        bought("p", ("p1", 1, 100)),
        ParcelShipped(order="p", parcel="b"),
        case("p", "wait_buyer_return", BAD[0]),
    )
    assert (found.shipped, found.returned) == (4, 3)
    assert (found.quality, found.reasons_untold) == (1, 0)
