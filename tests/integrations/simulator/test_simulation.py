"""The same seed gives the same show, and its books balance."""

import random
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from livecue.errors import BadInput
from livecue.events import (
    OUTSIDE,
    CueDone,
    CueRaised,
    DrawEnded,
    Event,
    OnlineCounted,
    OrderCancelled,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    PinProduct,
    ProductPinned,
    ReplyToComment,
    SegmentStarted,
    StockOpened,
    StreamEnded,
    ViewerEntered,
    ViewerLeft,
    decode_event,
    encode_event,
)
from livecue.integrations.simulator import PlantedEffect, Scenario, Simulation, big_show, default_demo, plain_show
from tests.integrations.simulator.made import START, demo, of, run


def as_bytes(events: list[Event]) -> bytes:
    return b"\n".join(map(encode_event, events))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_show() -> None:
    first, again, other = (run(default_demo(seed, START), until_s=400)[0] for seed in (1, 1, 2))
    assert as_bytes(first) == as_bytes(again)
    assert as_bytes(first) != as_bytes(other)


def test_a_show_does_not_depend_on_how_it_is_stepped() -> None:
    scenario = default_demo(5, START)
    whole, _ = run(scenario, until_s=500)
    luck = random.Random(4)
    simulation = Simulation(scenario)
    now, events = START, list[Event]()
    while now < START + 500_000:
        now = min(START + 500_000, now + luck.choice((1, 7, 250, 999, 30_000)))
        events += simulation.step(now)
    assert as_bytes(events) == as_bytes(whole)


def test_inputs_at_the_same_moments_give_the_same_show_however_it_is_stepped() -> None:
    def show(step_ms: int) -> bytes:
        simulation = Simulation(plain_show(3, START, 600, effects=[PlantedEffect(rule="R001", lift=0.5)]))
        events = list[Event]()
        for now in range(START, START + 390_001, step_ms):
            events += simulation.step(now)
            if now == START + 60_000:
                simulation.perform("a1", PinProduct(product="p05"))
                simulation.hear(CueRaised(cue="c", rule="R001", role="host", metric="M45", when=now))
            if now == START + 90_000:
                simulation.hear(CueDone(cue="c", when=now))
                simulation.hear(SegmentStarted(show="s", segment="s03"))
        return as_bytes(events)

    assert show(500) == show(30_000)


def test_events_are_in_order_of_time_with_unique_keys_and_only_kinds_from_outside() -> None:
    events, _ = demo()
    assert all(before.at <= after.at for before, after in pairwise(events))
    assert len({event.key for event in events}) == len(events)
    assert {type(event) for event in events} <= OUTSIDE
    for event in events[::97]:
        assert decode_event(encode_event(event)) == event


def test_online_is_entered_less_left_at_every_count() -> None:
    events, books = demo()
    inside: Counter[str] = Counter()
    seen: set[str] = set()
    views = 0
    for event in events:
        if isinstance(event, ViewerEntered):
            inside[event.user] += 1
            seen.add(event.user)
            views += 1
            assert inside[event.user] == 1, "nobody is in the room twice"
        elif isinstance(event, ViewerLeft):
            inside[event.user] -= 1
        elif isinstance(event, OnlineCounted):
            assert (event.online, event.views, event.viewers) == (inside.total(), views, len(seen))
    assert inside.total() == 0 and books.online == 0
    assert (books.entered, books.left, books.viewers) == (views, views, len(seen))


def test_stays_add_up() -> None:
    events, books = demo()
    since: dict[str, int] = {}
    total = 0
    for event in events:
        if isinstance(event, ViewerEntered):
            since[event.user] = event.at
        elif isinstance(event, ViewerLeft):
            stay = event.at - since.pop(event.user)
            assert event.stay_s == stay // 1000
            total += stay
    assert total == books.stay_ms


def test_orders_and_stock_balance_and_nothing_is_oversold_but_what_is_planted() -> None:
    events, books = demo()
    state: dict[str, str] = {}
    stock = {event.sku: event.quantity for event in of(events, StockOpened)}
    least = dict(stock)
    paid_amount: dict[str, int] = {}
    units = 0
    for event in events:
        if isinstance(event, OrderCreated):
            assert event.order not in state
            state[event.order] = "unpaid"
            assert event.amount == sum(line.price * line.quantity for line in event.lines)
        elif isinstance(event, OrderPaid):
            assert state[event.order] == "unpaid"
            state[event.order] = "paid"
            paid_amount[event.order] = event.amount
            for line in event.lines:
                stock[line.sku] -= line.quantity
                least[line.sku] = min(least[line.sku], stock[line.sku])
                units += line.quantity
        elif isinstance(event, OrderCancelled):
            assert state[event.order] == "unpaid"
            state[event.order] = "cancelled"
        elif isinstance(event, OrderRefunded):
            assert state[event.order] == "paid" and event.amount <= paid_amount[event.order]
            state[event.order] = "refunded"
            if event.restock:
                stock[event.sku] += event.quantity
    counts = Counter(state.values())
    assert books.orders_paid <= books.orders_created == len(state)
    assert books.orders_paid == counts["paid"] + counts["refunded"]
    assert (books.orders_cancelled, books.orders_refunded) == (counts["cancelled"], counts["refunded"])
    assert (books.units, books.gmv) == (units, sum(paid_amount.values()))
    assert books.stock == stock
    below = {sku: pieces for sku, pieces in least.items() if pieces < 0}
    assert books.oversold == 1 and below == {"p03-3": -1}


def test_the_stream_ends_once_and_orders_close_after_it() -> None:
    simulation = Simulation(plain_show(9, START, 300))
    events = simulation.step(START + 305_000)
    over = [simulation.over]
    events += simulation.step(START + 2_000_000)
    assert [*over, simulation.over] == [False, True]
    assert [event.at for event in of(events, StreamEnded)] == [START + 300_000]
    late = {type(event) for event in events if event.at > START + 306_000}
    assert late <= {OrderPaid, OrderCancelled, OrderRefunded, DrawEnded}
    books = simulation.books()
    assert books.orders_created == books.orders_paid + books.orders_cancelled


def test_the_demo_looks_alive_and_is_made_much_faster_than_it_runs() -> None:
    started = time.perf_counter()
    events, _ = run(default_demo(11, START))
    took = time.perf_counter() - started
    assert 5 < len(events) / 7200 < 25
    online = [event.online for event in of(events, OnlineCounted)]
    assert 200 < sum(online) / len(online) < 800
    assert 7200 / took > 200


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"duration_s": 0}, "positive duration"),
        ({"pins": "hand"}, "pins must be"),
        ({"products": ()}, "no product"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused(changes: dict[str, object], why: str) -> None:
    plain = plain_show(1, START, 300)
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    with pytest.raises(BadInput, match=why):
        Simulation(Scenario(**{**fields, **changes}))


def test_a_simulation_opened_on_its_log_goes_through_the_same_show_again(tmp_path: Path) -> None:
    scenario = plain_show(6, START, 600, effects=[PlantedEffect(rule="R012", lift=0.5)])
    log = tmp_path / "inputs.ndjson"
    first = Simulation(scenario, log)
    before = first.step(START + 100_000)
    first.perform("a1", PinProduct(product="p09"))
    first.perform("a2", ReplyToComment(comment="c", text="发货按付款顺序"))
    before += first.step(START + 130_000)
    first.hear(CueRaised(cue="c1", rule="R012", role="host", metric="M06", when=START + 120_000))
    first.hear(CueDone(cue="c1", when=START + 129_000))
    before += first.step(START + 200_000)
    going_on = first.step(START + 300_000)

    # Killed at 200 s, in the middle of writing a line.
    with log.open("ab") as file:
        file.write(b'{"t":17900001')
    second = Simulation(scenario, log)
    again = second.step(START + 200_000)
    assert as_bytes(again) == as_bytes(before)
    assert [call.action for call in second.calls] == ["a1", "a2"]
    # What the program tells again after its restart changes nothing.
    second.hear(CueRaised(cue="c1", rule="R012", role="host", metric="M06", when=START + 120_000))
    second.hear(CueDone(cue="c1", when=START + 129_000))
    assert as_bytes(second.step(START + 300_000)) == as_bytes(going_on)
    assert second.planted == first.planted and len(first.planted) == 1
    assert "p09" in {event.product for event in of(again, ProductPinned)}


def test_a_damaged_log_says_which_line(tmp_path: Path) -> None:
    log = tmp_path / "inputs.ndjson"
    log.write_bytes(b'{"t":1,"heard":{"kind":"CueDone","cue":"c"}}\n{"t":2}\n')
    with pytest.raises(BadInput, match="line 2"):
        Simulation(plain_show(1, START, 300), log)


@pytest.mark.parametrize(
    "scenario", [default_demo(7, START), big_show(starts_at=START)], ids=["demo", "night of a sale"]
)
def test_the_targets_of_the_talks_make_the_goal_of_the_show(scenario: Scenario) -> None:
    targets = sum(segment.target_gmv for segment in scenario.segments)
    assert targets == pytest.approx(scenario.goals["M41"], rel=0.001)
