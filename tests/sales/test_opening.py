"""New orders opened many at a time come to the same as one by one, the long way round."""

from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.events import (
    BundleSaved,
    ClockTicked,
    Event,
    Line,
    OrderCancelled,
    OrderCreated,
    OrderPaid,
    QuotaSet,
    StockEntered,
    StockPolicySet,
)
from livecue.flow import RoomInfo
from livecue.sales import Sales, unbalanced
from livecue.sales.opening import Opener
from livecue.sales.order import SHAPE, Order, merge_words
from livecue.sales.stock import Book
from tests.folding import ROOM, TestUnit

_NUMBERS = count()
HOUSE = RoomInfo(room="house", org="*", brand="*", name="office")
BRAND = {"org": "o", "brand": "b"}
SKUS = ("plain", "two", "few", "quota", "part", "set", "first", "safe", "nobody told")
RULES: list[Event] = [
    *[
        StockEntered(**BRAND, sku=sku, quantity=quantity, warehouse=house, reason="期初", command=f"e{sku}{house}")  # type: ignore[arg-type]
        for sku, quantity, house in (
            ("plain", 90, "main"), ("two", 5, "main"), ("two", 9, "杭州仓"), ("few", 3, "main"), ("quota", 50, "main"),
            ("part", 12, "main"), ("first", 4, "main"), ("safe", 8, "main"),
        )
    ],
    QuotaSet(**BRAND, channel="room:r1", sku="quota", quota=4, command="q"),  # type: ignore[arg-type]
    BundleSaved(**BRAND, sku="set", parts={"part": 2, "plain": 1}, command="b"),  # type: ignore[arg-type]
    StockPolicySet(**BRAND, sku="first", policy="first_paid", command="p1"),  # type: ignore[arg-type]
    StockPolicySet(**BRAND, sku="safe", safety=3, hold_s=60, command="p2"),  # type: ignore[arg-type]
]  # fmt: skip

lines = st.lists(
    st.builds(Line, sku=st.sampled_from(SKUS), product=st.just("p"), quantity=st.integers(0, 3), price=st.just(100)),
    max_size=3,
).map(tuple)
orders = st.integers(0, 11).map(str)
created = st.builds(
    OrderCreated,
    order=orders,
    amount=st.integers(0, 300),
    user=st.sampled_from(("", "u", "v")),
    lines=lines,
    at=st.sampled_from((0, 999_000, 1_000_500)),
    region=st.sampled_from(("", "广东")),
    address=st.sampled_from((None, True, False)),
)
words = st.one_of(
    created,
    created,
    created,
    st.builds(OrderPaid, order=orders, amount=st.just(100), lines=lines),
    st.builds(OrderCancelled, order=orders),
)


def _told_word_by_word(opener: Opener, number: str, event: OrderCreated) -> Order:
    """What an order comes to that somebody spoke of before."""
    order = Order("unknown", 0, "", "", ROOM.currency, (), opener._now, shape=SHAPE)
    merge_words(order, event)
    order.created, order.state, order.placed_at = True, "unpaid", event.at or opener._now
    opener.reserve(order, number)
    return order


def _after(batches: list[list[Event]], rules: bool, slowly: bool, folder: Path, monkeypatch: Any) -> tuple[Any, ...]:
    unit = TestUnit(folder / f"{next(_NUMBERS)}.db")
    unit.db.execute("BEGIN")
    unit.room = "house"
    Sales(HOUSE, None).fold(RULES if rules else RULES[:8], unit)
    unit.room = "r1"
    unit.announced.clear()
    sales = Sales(ROOM, None)
    with monkeypatch.context() as patch:
        if slowly:
            patch.setattr(Book, "hold_one", lambda *_: None)
            patch.setattr(Opener, "open", _told_word_by_word)
        for batch in batches:
            sales.fold(batch, unit)
            unit.now += 70_000
            sales.fold([ClockTicked(now=unit.now)], unit)
    tables = ("orders", "order_more_lines", "order_faults", "stock", "stock_quotas", "stock_moves")
    rows = [sorted(unit.rows(f"SELECT * FROM {table}")) for table in tables]
    assert unbalanced(unit) == []
    assert not unit.rows("SELECT 1 FROM stock WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand")
    said = list(unit.announced)
    unit.db.close()
    return sales.dump(), rows, said


@given(batches=st.lists(st.lists(words, min_size=1, max_size=12), min_size=1, max_size=3), rules=st.booleans())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_short_way_comes_to_the_same_as_the_long_one(
    tmp_path: Path, monkeypatch: Any, batches: list[list[Event]], rules: bool
) -> None:
    quick = _after(batches, rules, False, tmp_path, monkeypatch)
    assert quick == _after(batches, rules, True, tmp_path, monkeypatch)
