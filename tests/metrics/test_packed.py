"""Orders nobody spoke of lately are bytes: no figure differs, a late word finds them, and they are small."""

import gc
import tracemalloc

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.events import ClockTicked, Line, OrderCreated, OrderPaid, OrderRefunded
from livecue.metrics import Metrics
from livecue.metrics import packed as packed_module
from livecue.metrics.orders import Order, Share
from livecue.metrics.packed import Orders
from livecue.store import Snapshot
from livecue.store.retention.scrub import Person, scrub_snapshot
from tests.metrics.streams import ROOM, START, Silent, stream
from tests.metrics.test_against_naive import SCOPES, WINDOWS, differences

line = st.builds(Line, sku=st.sampled_from(("s", "t")), product=st.sampled_from("pq"), quantity=st.integers(0, 9))
word = st.tuples(st.text(max_size=3), st.integers(0, 2**40), st.sampled_from(("", "p")), st.booleans())
order = st.builds(
    Order,
    created=st.booleans(), paid=st.booleans(), cancelled=st.booleans(), foreign=st.booleans(),
    amount=st.integers(0, 2**40), units=st.integers(0, 99), person=st.integers(0, 2**31), via=st.integers(0, 63),
    shares=st.lists(st.builds(Share, st.text(max_size=3), st.integers(0, 9), st.integers(0, 9)), max_size=2).map(tuple),
    unpriced=st.lists(line, max_size=2).map(tuple), refunds=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    words=st.lists(word, max_size=2).map(tuple), refunded_filed=st.integers(0, 9), refunded_told=st.integers(0, 9),
    refunded_products=st.lists(st.sampled_from("pq"), max_size=2).map(tuple),
    early=st.lists(word, max_size=2).map(tuple),
)  # fmt: skip
numbers = st.sampled_from([str(number) for number in range(12)])


def test_every_field_of_an_order_has_its_place() -> None:
    """A field that is added must be packed too: ``order`` above fills each, and so does this list."""
    assert set(Order.__struct_fields__) == {
        "created", "paid", "cancelled", "foreign", "amount", "units", "person", "via", "shares", "unpriced", "refunds",
        "words", "refunded_filed", "refunded_told", "refunded_products", "early",
    }  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    steps=st.lists(st.tuples(numbers, order, st.sampled_from(("get", "in", "change", "reopen"))), max_size=60),
    near=st.integers(1, 4),
    clash=st.booleans(),
)
def test_it_is_a_dictionary(steps: list[tuple[str, Order, str]], near: int, clash: bool) -> None:
    """Whatever is asked, changed and opened anew, also when different numbers have one hash."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packed_module, "NEAR", near)
        if clash:
            patched.setattr(packed_module, "hash", lambda name: int(name) % 3, raising=False)
        plain: dict[str, Order] = {}
        orders = Orders()
        for name, told, what in steps:
            if what == "reopen":
                orders = reopened(orders)
            assert (name in orders) == (name in plain)
            if what == "in":
                continue
            known = orders.get(name)
            assert known == plain.get(name)
            if known is None:
                plain[name] = told
                orders.put(name, told)
            elif what == "change":
                known.amount = plain[name].amount = told.amount
                known.words = plain[name].words = told.words
        assert dict(orders.items()) == plain
        paid, unpaid = orders.split()
        assert dict(paid.items()) == {name: one for name, one in plain.items() if one.paid}
        assert dict(unpaid) == {name: one for name, one in plain.items() if not one.paid}


def reopened(orders: Orders) -> Orders:
    """As it comes back out of a snapshot."""
    return Orders.unpack(msgspec.msgpack.decode(msgspec.msgpack.encode(orders.pack())))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**9), shows=st.integers(0, 2), near=st.integers(1, 5), data=st.data())
def test_figures_are_the_same_when_nearly_every_order_is_packed(
    seed: int, shows: int, near: int, data: st.DataObject
) -> None:
    events = stream(seed, 160, shows=shows)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packed_module, "NEAR", near)
        straight = Metrics(ROOM, None)
        straight.fold(events, Silent())
        cuts = sorted(data.draw(st.sets(st.integers(0, len(events)), max_size=8)))
        ledger = Metrics(ROOM, None)
        for start, end in zip([0, *cuts], [*cuts, len(events)], strict=True):
            ledger.fold(events[start:end], Silent())
            ledger = Metrics(ROOM, ledger.dump())
        assert ledger.dump() == straight.dump()
        assert differences(ledger, events, SCOPES[:5], WINDOWS) == []


def test_a_snapshot_of_an_older_version_held_every_order_as_an_object() -> None:
    old = {"1": {"created": True, "paid": True, "amount": 5, "shares": [{"product": "p", "units": 1, "amount": 5}]}}
    known = Orders.unpack(old).get("1")
    assert known == Order(created=True, paid=True, amount=5, shares=(Share("p", 1, 5),))


def test_damaged_bytes_are_no_snapshot() -> None:
    with pytest.raises(ValueError, match="damaged"):
        Orders.unpack(({}, [["1", "paid"]]))


def test_an_erasure_takes_no_order_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short id of a viewer may stand inside the numbers of orders, which are kept as they are."""
    monkeypatch.setattr(packed_module, "NEAR", 4)
    lines = (Line(sku="s", product="p", quantity=1, price=100),)
    events = [
        OrderPaid(key=f"k{number}", order=f"69{number:04}100477", user="100477", amount=100, lines=lines)
        for number in range(40)
    ]
    ledger = Metrics(ROOM, None)
    ledger.fold([ClockTicked(now=START), *events], Silent())
    kept = Snapshot(1, START, {"metrics": ledger.dump()})
    blob = zstandard.ZstdCompressor().compress(msgspec.msgpack.encode(kept))
    done = scrub_snapshot(blob, Person("100477", "erased-1", {"c1"}, {"100477"}))
    parts = msgspec.msgpack.decode(zstandard.ZstdDecompressor().decompress(done), type=Snapshot).parts
    assert b"erased-1" in parts["metrics"]
    again = Metrics(ROOM, parts["metrics"])
    again.fold([*events, OrderRefunded(order="690000100477", refund="r", amount=30)], Silent())
    told = again.picture(START)
    assert [told.reading(metric, "show").value for metric in ("M41.orders", "M41", "M59")] == [40, 4_000, 30 / 4_000]


def test_an_order_of_a_long_show_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """In bytes an order, over and above the newest: one created, paid and now and then refunded."""
    monkeypatch.setattr(packed_module, "NEAR", 128)
    ledger, unit, now = Metrics(ROOM, None), Silent(), START
    ledger.fold([ClockTicked(now=now)], unit)

    def sell(first: int, count: int) -> None:
        for number in range(first, first + count):
            name, lines = f"69{number:017d}", (Line(sku="s", product=f"p{number % 30}", quantity=1, price=9_900),)
            user = f"u{number % 500}"
            ledger.fold([OrderCreated(order=name, user=user, amount=9_900, lines=lines)], unit)
            ledger.fold([OrderPaid(order=name, user=user, amount=9_900, lines=lines)], unit)
            if not number % 20:
                name = f"69{number // 2:017d}"
                ledger.fold([OrderRefunded(order=name, refund=f"r{number}", amount=100)], unit)

    tracemalloc.start()
    sell(0, 8 * packed_module.NEAR)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    more = 16 * packed_module.NEAR
    sell(8 * packed_module.NEAR, more)
    gc.collect()
    grown = (tracemalloc.get_traced_memory()[0] - before) / more
    tracemalloc.stop()
    assert ledger.picture(now).reading("M41.orders", "show").value == 24 * packed_module.NEAR
    assert grown < 180, f"{grown:.0f} bytes an order"
