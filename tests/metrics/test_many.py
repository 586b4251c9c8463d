"""Counting many at a time leaves the very state that counting one by one leaves; crowds count as plain sets do."""

import random
from collections.abc import Sequence

import pytest

from livecue.events import ClockTicked, CommentPosted, Event, OrderCreated, OrderPaid, ProductPinned, ViewerEntered
from livecue.metrics import Metrics, many
from livecue.metrics.crowd import PAST, WINDOW_BUCKETS, Crowd, count_of, numbers_of, together
from tests.metrics.streams import ROOM, START, Silent, stream


def runs(seed: int) -> list[list[Event]]:
    """Stretches of many events without a tick, as a busy room has them."""
    events = [
        event
        for event in stream(seed, 3_000, masked=0.1)
        if not isinstance(event, ClockTicked | ProductPinned) or random.Random(seed).random() < 0.05
    ]
    size, now = 150, START
    cut: list[list[Event]] = [[ClockTicked(now=now)]]
    for start in range(0, len(events), size):
        now += random.Random(start + seed).choice((250, 1_000, 4_000, 9_000))
        cut += [[event for event in events[start : start + size] if type(event) is not ClockTicked]]
        cut += [[ClockTicked(now=now)]]
    return cut


def state_after(cut: Sequence[Sequence[Event]], source: str = "sim") -> bytes:
    ledger, unit = Metrics(ROOM, None), Silent(source)
    for events in cut:
        ledger.fold(events, unit)
    return ledger.dump()


@pytest.mark.parametrize("seed", range(8))
def test_many_at_a_time_and_one_by_one_leave_the_same_state(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cut = runs(seed)
    grouped = state_after(cut)
    monkeypatch.setattr(many, "_MANY", 10**9)
    assert state_after(cut) == grouped
    assert state_after([[event] for events in cut for event in events]) == grouped


def test_newcomers_have_their_numbers_in_the_order_of_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[Event] = []
    for number in range(40):
        events += [
            OrderCreated(order=f"o{number}", user=f"b{number}", amount=1),
            ViewerEntered(user=f"e{number}", via=("feed", "new")[number % 2]),
            CommentPosted(user=f"h{number}", text="x", by_host=number % 3 == 0),
            OrderPaid(order=f"o{number}", user=f"b{number}", amount=1),
        ]
    cut: list[list[Event]] = [[ClockTicked(now=START)], events, [ClockTicked(now=START + 6_000)]]
    grouped = state_after(cut)
    monkeypatch.setattr(many, "_MANY", 10**9)
    assert state_after(cut) == grouped


@pytest.mark.parametrize("seed", range(6))
def test_a_crowd_counts_as_plain_sets_do(seed: int) -> None:
    chance = random.Random(seed)
    people = chance.choice((30, 400, 60_000))
    crowd = Crowd()
    bucket, stretch = 1_000, 0
    came: dict[int, set[int]] = {}
    ever: set[int] = set()
    segment: set[int] = set()
    for _ in range(400):
        turn = chance.random()
        if turn < 0.3:
            bucket += chance.choice((1, 1, 1, 2, 40, 300))
        elif turn < 0.35:
            stretch += 1
            segment = set()
        elif turn < 0.4:
            late = chance.randrange(1, people)
            crowd.touch(late, PAST, 0)
            ever.add(late)
        else:
            those = [chance.randrange(1, people) for _ in range(chance.choice((1, 3, 60, 900)))]
            crowd.add(those, bucket, stretch)
            came.setdefault(bucket, set()).update(those)
            ever.update(those)
            if stretch:
                segment.update(those)
        if chance.random() < 0.3:
            which = chance.randrange(3)
            first = bucket - WINDOW_BUCKETS[which]
            wanted = set().union(*(who for when, who in came.items() if first <= when < bucket))
            assert crowd.window(which, bucket) == len(wanted)
        if chance.random() < 0.2:
            assert crowd.total == len(ever)
            assert crowd.in_stretch(stretch) == len(segment)
            assert set(numbers_of(crowd.those_in(stretch))) == segment
        if chance.random() < 0.1:
            packed = crowd.pack()
            crowd = Crowd.unpack(packed)
            assert crowd.pack() == packed


def test_rows_of_bits_are_joined_whatever_their_length() -> None:
    both = together((b"\x80", b"\x01\x02", b""))
    assert (both, count_of(both), numbers_of(both)) == (b"\x81\x02", 3, [0, 7, 14])
    assert count_of(together(())) == 0
