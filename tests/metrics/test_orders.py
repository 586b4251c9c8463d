"""Orders: once each, in any order, by lines to products, by source, and refunds of every kind."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue import events as ev
from livecue.events import Event, Line
from livecue.metrics import Metrics
from tests.metrics.streams import ROOM, Silent
from tests.metrics.test_unknown import at, ledger_of, read

SHIRT = Line(sku="shirt-l", product="shirt", quantity=2, price=5_000)
SOCKS = Line(sku="socks-1", product="socks", quantity=1, price=990)


def created(order: str = "1", amount: int = 10_990, **more: object) -> Event:
    return ev.OrderCreated(order=order, amount=amount, user="a", lines=(SHIRT, SOCKS), **more)  # type: ignore[arg-type]


def paid(order: str = "1", amount: int = 10_990, **more: object) -> Event:
    return ev.OrderPaid(order=order, amount=amount, user="a", lines=(SHIRT, SOCKS), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("order", list(itertools.permutations((created(), created(), paid(), paid()))))
def test_an_order_counts_once_however_it_is_told(order: tuple[Event, ...]) -> None:
    ledger = ledger_of(at(0, *order))
    assert read(ledger, "M40.orders").value == 1
    assert read(ledger, "M40").value == 10_990
    assert read(ledger, "M41.orders").value == 1
    assert read(ledger, "M41").value == 10_990
    assert read(ledger, "M41.units").value == 3
    assert read(ledger, "M41.buyers").value == 1
    assert read(ledger, "M32").value == 1


def test_paid_without_created_is_created_by_it_but_only_a_source_of_orders_makes_m40_known() -> None:
    ledger = ledger_of(at(0, paid()))
    assert read(ledger, "M40").why == "no_source"
    ledger.fold([created("2", 500)], Silent())
    assert read(ledger, "M40").value == 11_490
    assert read(ledger, "M32").value == 1, "one person created and paid"


def test_a_payment_without_lines_takes_those_of_the_order() -> None:
    ledger = ledger_of(at(0, created(via="video"), ev.OrderPaid(order="1", amount=10_990)))
    assert read(ledger, "M41", "show", "product:shirt").value == 10_000
    assert read(ledger, "M41.units", "show", "product:socks").value == 1
    assert read(ledger, "M41.buyers").value == 1
    assert read(ledger, "M41", "show", "source:video").value == 10_990


def test_amounts_fall_on_products_by_price_and_quantity() -> None:
    ledger = ledger_of(at(0, paid()))
    values = [read(ledger, "M41", "show", f"product:{name}").value for name in ("shirt", "socks", "hat")]
    assert values == [10_000, 990, 0]


def test_an_order_without_prices_is_divided_by_pieces_to_the_last_cent() -> None:
    lines = (Line(sku="a", product="a", quantity=2), Line(sku="b", product="b", quantity=1))
    ledger = ledger_of(at(0, ev.OrderPaid(order="1", amount=1_000, user="u", lines=lines)))
    assert read(ledger, "M41", "show", "product:a").value == 667
    assert read(ledger, "M41", "show", "product:b").value == 333


def test_a_sku_without_product_is_found_by_the_lineup() -> None:
    card = ev.ProductCard(product="shirt", name="T恤", skus=("shirt-l", "shirt-m"))
    ledger = ledger_of(
        at(0, ev.LineupChanged(show="1", products=(card,))),
        [ev.OrderPaid(order="1", amount=700, user="u", lines=(Line(sku="shirt-m", price=700), Line(sku="?", price=9)))],
    )
    assert read(ledger, "M41", "show", "product:shirt").value == 700


def test_the_source_is_the_orders_own_or_the_buyers_newest_entry() -> None:
    ledger = ledger_of(
        at(0, ev.ViewerEntered(user="a", via="feed"), ev.ViewerEntered(user="a", via="video")),
        [ev.OrderPaid(order="1", amount=100, user="a"), ev.OrderPaid(order="2", amount=30, user="a", via="paid")],
        [ev.OrderPaid(order="3", amount=5, user="stranger"), ev.AdSpent(amount=10)],
    )
    values = {via: read(ledger, "M41", "show", f"source:{via}").value for via in ("feed", "video", "paid", "unknown")}
    assert values == {"feed": 0, "video": 100, "paid": 30, "unknown": 5}
    assert read(ledger, "M53").value == 3, "takings of paid traffic for each unit spent"
    assert read(ledger, "M53").sample == 1
    assert read(ledger, "M12", "show", "source:feed").value == 0.5
    assert read(ledger, "M17").value == 0.5


def test_a_refund_counts_once_by_its_id_and_lowers_net() -> None:
    refund = ev.OrderRefunded(order="1", refund="r1", amount=990, sku="socks-1")
    ledger = ledger_of(
        at(0, paid(), refund, refund, ev.OrderRefunded(order="1", refund="r2", amount=5_000, shipped=True))
    )
    assert read(ledger, "M42").value == 5_000
    assert read(ledger, "M59").value == 5_990 / 10_990
    assert read(ledger, "M59.orders").value == 1
    assert read(ledger, "M59.unshipped").num == 990
    assert read(ledger, "M59.shipped").num == 5_000
    # The second names no SKU: it falls on both by what they cost.
    assert read(ledger, "M42", "show", "product:shirt").value == 10_000 - 4_550
    assert read(ledger, "M42", "show", "product:socks").value == 990 - 990 - 450


FILED = [ev.OrderRefunded(order="1", refund=f"file:1:{n}", amount=1_000 * n) for n in (1, 2)]
TOLD = [ev.OrderRefunded(order="1", refund=f"r{n}", amount=2_000, shipped=True) for n in (1, 2)]


@given(order=st.permutations([*FILED, *TOLD, paid()]), again=st.lists(st.sampled_from([*FILED, *TOLD]), max_size=3))
def test_a_file_and_the_platform_tell_of_the_same_refunds(order: list[Event], again: list[Event]) -> None:
    ledger = ledger_of(at(0, *order, *again))
    assert read(ledger, "M42").value == 10_990 - 4_000, "the greater of the two sums, in any order"
    assert read(ledger, "M59.orders").value == 1
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="a")), at(5, paid()), at(10, ev.ShowEnded(show="a")),
        at(20, ev.ShowStarted(show="b")),
        at(30, *(event for event in [*order, *again] if isinstance(event, ev.OrderRefunded))),
    )  # fmt: skip
    assert ledger._state.past.refunded_amount == 4_000, "and for the show before"


SPLIT = [
    ev.OrderRefunded(order="1", refund="file:1:a", amount=4_000, sku="shirt-l"),
    ev.OrderRefunded(order="1", refund="file:1:b", amount=400, sku="socks-1", shipped=True),
    ev.OrderRefunded(order="1", refund="r1", amount=5_000, sku="shirt-l", shipped=True),
    ev.OrderRefunded(order="1", refund="r2", amount=300),
]


@given(order=st.permutations(SPLIT), gaps=st.lists(st.integers(0, 90), min_size=4, max_size=4))
def test_no_window_holds_less_than_nothing_given_back(order: list[Event], gaps: list[int]) -> None:
    """The other source may take a product's refund back that was told in a window now over."""
    ledger, now = ledger_of(at(0, ev.ShowStarted(show="1"), paid())), 0
    for event, gap in zip(order, gaps, strict=True):
        now += gap
        ledger.fold(at(now, event), Silent())
        for more in (6, 70):
            seen = Metrics(ROOM, ledger.dump())
            seen.fold(at(now + more), Silent())
            for window in ("1m", "5m", "15m", "segment", "show"):
                for metric in ("M59", "M59.orders", "M59.shipped", "M59.unshipped"):
                    for scope in ("room", "product:shirt", "product:socks"):
                        given = read(seen, metric, window, scope)
                        assert (given.num or 0) >= 0, (metric, window, scope, given)
                ways = [read(seen, f"M59{way}", window).num or 0 for way in ("", ".shipped", ".unshipped")]
                assert ways[0] == ways[1] + ways[2], (window, "no refund is in it twice, shipped and not", ways)
    assert read(ledger, "M59", "show", "product:shirt").num == 5_000 + 273, "and the show is right"


@given(order=st.permutations([*SPLIT, paid()]), again=st.lists(st.sampled_from(SPLIT), max_size=3))
def test_what_each_product_gave_back_hangs_on_no_order_of_telling(order: list[Event], again: list[Event]) -> None:
    """The platform's sum is the greater: its words alone say of which product, and whether it was shipped."""
    ledger = ledger_of(at(0, *order, *again))
    alone = ledger_of(at(0, paid(), *SPLIT[2:]))
    for scope in ("room", "product:shirt", "product:socks"):
        for metric in ("M42", "M59", "M59.orders"):
            assert read(ledger, metric, "show", scope) == read(alone, metric, "show", scope), (metric, scope)
    assert (read(ledger, "M59.shipped").num, read(ledger, "M59.unshipped").num) == (5_000, 300)


@pytest.mark.parametrize("known", ["ids", "sums"])
@pytest.mark.parametrize(("first", "then"), [(TOLD, FILED), (FILED, TOLD)])
def test_an_older_snapshot_in_the_middle_of_a_show_counts_no_refund_twice(
    known: str, first: list[Event], then: list[Event]
) -> None:
    """``ids``: it knew which refunds it had counted, not how much; ``sums``: how much a file and the platform told."""
    ledger = ledger_of(at(0, paid(), *first))
    before = int(read(ledger, "M42").value or 0)
    order = ledger._state.board.orders.get("1")
    order.words = ()
    if known == "sums":
        sums = [sum(e.amount for e in first if e.refund.startswith("file:") is filed) for filed in (True, False)]  # type: ignore[attr-defined]
        order.refunded_filed, order.refunded_told = sums
    ledger = Metrics(ROOM, ledger.dump())
    ledger.fold([*then, *first], Silent())
    greater = 4_000 if known == "sums" else 10_990 - before
    assert read(ledger, "M42").value == 10_990 - greater
    assert read(ledger, "M59.orders").value == 1
    ledger.fold([ev.OrderRefunded(order="1", refund="r9" if first is TOLD else "file:1:9", amount=500)], Silent())
    counted = 10_990 - int(read(ledger, "M42").value or 0)
    assert counted == greater + (500 if known == "ids" or first is TOLD else 0), (
        "a new one of the greater source counts"
    )


def test_a_refund_without_an_id_is_known_by_its_key() -> None:
    ledger = ledger_of(
        at(0, paid()),
        [ev.OrderRefunded(order="1", amount=100, key="k1"), ev.OrderRefunded(order="1", amount=100, key="k2")],
        [ev.OrderRefunded(order="1", amount=100), ev.OrderRefunded(order="1", amount=100)],
    )
    assert read(ledger, "M42").value == 10_990 - 300


def test_a_refund_told_before_the_payment_waits_for_it() -> None:
    ledger = ledger_of(at(0, ev.OrderRefunded(order="1", refund="r", amount=990)))
    assert read(ledger, "M59").why == "no_source"
    ledger.fold([created()], Silent())
    assert read(ledger, "M40").value == 10_990
    ledger.fold([paid()], Silent())
    assert read(ledger, "M42").value == 10_000


def test_refunds_of_more_than_was_paid_are_told_as_they_are() -> None:
    ledger = ledger_of(at(0, paid(), ev.OrderRefunded(order="1", refund="r", amount=20_000)))
    assert read(ledger, "M42").value == -9_010
    assert read(ledger, "M59").value == 20_000 / 10_990


def test_a_cancelled_order_was_created_and_may_still_be_paid() -> None:
    ledger = ledger_of(at(0, created(), ev.OrderCancelled(order="1")))
    assert read(ledger, "M40").value == 10_990
    ledger.fold([paid()], Silent())
    assert read(ledger, "M41.orders").value == 1


def test_money_is_exact_at_any_size() -> None:
    most = 10**15
    ledger = ledger_of(at(0, *(ev.OrderPaid(order=str(n), amount=most - n, user="a") for n in range(5))))
    assert read(ledger, "M41").value == 5 * most - 10


def test_new_buyers_and_what_they_cost() -> None:
    ledger = ledger_of(at(0, paid("1", new_buyer=True), paid("2", new_buyer=False), paid("3"), ev.AdSpent(amount=900)))
    assert read(ledger, "M58").value == 900
    assert read(ledger, "M52").value == 3 * 10_990 / 900


def test_the_talk_keeps_its_orders_for_a_minute() -> None:
    def order(number: int) -> Event:
        return ev.OrderPaid(order=str(number), amount=100, user="a", lines=(Line(sku="p", product="p", price=100),))

    ledger = ledger_of(
        at(0, order(0), ev.ProductClicked(product="p", user="a")),
        at(10, ev.ProductPinned(product="p"), ev.ProductClicked(product="p", user="a", count=4)),
        at(25, order(1), order(2)),
        at(70, ev.ProductUnpinned(product="p"), ev.ProductClicked(product="p", user="b")),
        at(130, order(3)),
        at(130.25, order(4)),
    )
    reading = read(ledger, "M38", "show", "product:p")
    assert (reading.num, reading.den, reading.value) == (3, 4, 0.75)
    assert read(ledger, "M38").value == 0.75
    assert read(ledger, "M39", "show", "product:p").value == 3 / 6
    assert read(ledger, "M50", "show", "product:p").value == 300
    ledger.fold(at(140), Silent())
    curve = ledger.picture(0).showcase("p")
    assert curve is not None
    assert (curve.talks, curve.started_at) == (1, 0)
    assert (sum(curve.from_start), curve.from_start[1], curve.from_start[12]) == (3, 2, 1)
    # The talk ended at 70: the two orders at 25 s lie 45 s before that, the one at 130 s is the sixtieth second after.
    assert (curve.to_end[36 - 5], sum(curve.to_end)) == (2, 2)


def test_the_talk_of_a_segment_where_the_platform_never_pins() -> None:
    plan = (ev.SegmentPlan(segment="1", part="pitch", product="p"), ev.SegmentPlan(segment="2", part="pitch"))
    ledger = ledger_of(
        at(0, ev.ShowPlanned(show="s", title="t", starts_at=0, segments=plan), ev.ShowStarted(show="s")),
        at(1, ev.SegmentStarted(show="s", segment="1")),
        at(31, ev.SegmentStarted(show="s", segment="2")),
        at(40),
    )
    assert ledger.picture(0).screen().talking == ""
    assert read(ledger, "M50", "show", "product:p").why == "no_source"
    ledger.fold([paid()], Silent())
    assert read(ledger, "M50", "show", "product:p").den == 0.5


def test_thousands_of_sources_and_products_are_bounded() -> None:
    entries = [ev.ViewerEntered(user=f"u{n}", via=f"via{n}") for n in range(500)]
    clicks = [ev.ProductClicked(product=f"p{n}", user="a") for n in range(3_000)]
    ledger = ledger_of(at(0, *entries, *clicks))
    assert len(ledger.picture(0).screen().sources) <= 66
    assert read(ledger, "M03", "show", "source:other").value > 400  # type: ignore[operator]
    assert read(ledger, "M28.clicks", "show", "product:other").value == 1_000
    assert read(ledger, "M28.clicks").value == 3_000
    again = Metrics(ROOM, ledger.dump())
    assert again.dump() == ledger.dump()
