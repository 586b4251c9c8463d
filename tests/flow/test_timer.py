"""Who is told the time, and how often: rooms at rest hear it rarely, and never does it take the loop from the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from livecue.errors import Overloaded, StoreFailed
from livecue.flow import REST_MS, TICK_MS, Timer
from livecue.flow.pulse import Pulse
from livecue.kit import ManualClock

NOON = 1_790_000_000_000


class Loop:
    """Notes what it is told."""

    def __init__(self, tick_s: float = 0.0) -> None:
        self.told: list[tuple[str, int]] = []
        self.tick_s = tick_s

    def tick(self, rooms: Sequence[str], now: int) -> None:
        self.told += [(room, now) for room in rooms]

    def taken(self) -> list[tuple[str, int]]:
        found, self.told = self.told, []
        return found


def timer(loop: Any, rooms: list[str], clock: ManualClock, busy: set[str] | None = None) -> Timer:
    return Timer(loop, lambda: rooms, clock, busy=lambda: busy or set())


def run(ticker: Timer, clock: ManualClock, ms: int) -> None:
    for _ in range(ms // TICK_MS):
        clock.advance(TICK_MS)
        ticker.tick()


def test_a_room_on_air_is_told_the_time_four_times_a_second() -> None:
    loop, clock = Loop(), ManualClock(NOON)
    ticker = timer(loop, ["a"], clock, {"a"})
    run(ticker, clock, 3_600_000)
    assert [now for _, now in loop.taken()] == list(range(NOON + TICK_MS, NOON + 3_600_000 + 1, TICK_MS))


def test_a_room_that_hears_nothing_comes_to_rest() -> None:
    loop, clock = Loop(), ManualClock(NOON)
    ticker = timer(loop, ["a", "b"], clock, {"b"})
    run(ticker, clock, 600_000)
    assert sum(room == "a" for room, _ in loop.taken()) >= 2399, "just opened, it may be needed"
    run(ticker, clock, 600_000)
    told = loop.taken()
    assert sum(room == "a" for room, _ in told) == 600_000 // REST_MS
    assert sum(room == "b" for room, _ in told) == 2400


def test_a_word_wakes_it_and_comes_behind_the_right_time() -> None:
    loop, clock = Loop(), ManualClock(NOON)
    ticker = timer(loop, ["a"], clock)
    run(ticker, clock, 700_000)
    loop.taken()
    clock.advance(7_100)
    ticker.heard("a")
    assert loop.taken() == [("a", clock.now_ms() // TICK_MS * TICK_MS)]
    ticker.heard("a")
    assert loop.taken() == [], "it knows"
    run(ticker, clock, 60_000)
    assert len(loop.taken()) == 240, "awake again"


def test_a_room_whose_time_is_not_ours_is_left_alone() -> None:
    loop, clock, rooms = Loop(), ManualClock(NOON), ["a"]
    ticker = timer(loop, rooms, clock)
    run(ticker, clock, 1_000)
    loop.taken()
    rooms.clear()
    clock.advance(60_000)
    ticker.heard("a")
    ticker.heard("simulated")
    run(ticker, clock, 1_000)
    assert loop.taken() == []


def test_many_rooms_take_turns_within_a_quarter_of_the_time() -> None:
    # A tick costs 1 ms: 62 rooms fit into a quarter of 250 ms, so 620 rooms take ten rounds.
    rooms = [f"r{number}" for number in range(620)]
    loop, clock = Loop(tick_s=0.001), ManualClock(NOON)
    ticker = timer(loop, rooms, clock, set(rooms))
    run(ticker, clock, 25_000)
    told = loop.taken()
    assert len(told) == 100 * 62
    for room in rooms:
        mine = [now for name, now in told if name == room]
        assert len(mine) == 10
        assert {later - sooner for sooner, later in pairwise(mine)} == {2_500}, "nobody is forgotten"


def test_waiting_for_a_turn_is_not_cut_short_by_words() -> None:
    loop, clock = Loop(tick_s=0.1), ManualClock(NOON)
    ticker = timer(loop, ["a", "b", "c", "d", "e", "f", "g", "h"], clock, {"a"})
    run(ticker, clock, 10_000)
    told = len(loop.taken())
    assert told == 40, "one room a round"
    for _ in range(8):
        clock.advance(TICK_MS)
        for room in "abcdefgh":
            ticker.heard(room)
        ticker.tick()
    assert len(loop.taken()) == 8


def test_a_clock_outlives_a_database_that_is_away() -> None:
    away = [True]

    def busy() -> set[str]:
        if away:
            raise StoreFailed("the database is being restarted")
        return {"a"}

    loop, clock = Loop(), ManualClock(NOON)
    ticker = Timer(loop, lambda: ["a"], clock, busy=busy)  # type: ignore[arg-type]
    run(ticker, clock, 1_000)
    assert loop.taken() == []
    away.clear()
    run(ticker, clock, 1_000)
    assert len(loop.taken()) == 4


def test_a_tick_that_could_not_be_told_is_told_again() -> None:
    class Full(Loop):
        def tick(self, rooms: Sequence[str], now: int) -> None:
            if not self.told:
                self.told.append(("", 0))
                raise Overloaded("much waits", 1.0)
            super().tick(rooms, now)

    loop, clock = Full(), ManualClock(NOON)
    ticker = timer(loop, ["a"], clock)
    run(ticker, clock, 500)
    assert loop.taken() == [("", 0), ("a", NOON + 500)]


def test_one_slow_tick_slows_the_clocks_of_nobody() -> None:
    pulse = Pulse()
    pulse.ticked(5.0)
    assert pulse.tick_s < 0.0011
    for _ in range(1000):
        pulse.ticked(0.004)
    assert 0.0039 < pulse.tick_s <= 0.004, "what stays dear is known"
