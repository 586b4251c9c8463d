"""Edges of windows, minutes, time that jumps, and that asking changes nothing."""

import random

from livecue import events as ev
from livecue.events import ClockTicked
from livecue.metrics import DEFINITIONS, Metrics
from tests.metrics.streams import ROOM, SEGMENTS, Silent, folded, stream
from tests.metrics.test_unknown import T0, at, ledger_of, read


def test_a_window_is_exactly_as_long_as_it_says() -> None:
    """``[t0, t1)``: an event 60.0 s before the end is in, one 250 ms earlier is out; the open 5 s are not in yet."""
    ledger = ledger_of(
        at(0, ev.LikeGiven(user="a", count=1)),
        at(14.75, ev.LikeGiven(user="b", count=10)),
        at(15, ev.LikeGiven(user="c", count=100)),
        at(74.75, ev.LikeGiven(user="d", count=1_000)),
        at(75, ev.LikeGiven(user="e", count=10_000)),
    )
    assert read(ledger, "M25.likes", "1m").value == 1_100
    assert read(ledger, "M25.likes", "5m").value == 1_111
    assert read(ledger, "M25.likes", "show").value == 11_111
    ledger.fold(at(79.75), Silent())
    assert read(ledger, "M25.likes", "1m").value == 1_100, "the same until 5 s are over"
    ledger.fold(at(80), Silent())
    assert read(ledger, "M25.likes", "1m").value == 11_000


def test_people_of_a_window_are_counted_once_and_leave_it() -> None:
    ledger = ledger_of(at(0, ev.ViewerEntered(user="a"), ev.ViewerEntered(user="b")))
    ledger.fold(at(50, ev.ViewerEntered(user="a"), ev.ViewerEntered(user="a")), Silent())
    ledger.fold(at(55), Silent())
    assert read(ledger, "M04", "1m").value == 2
    assert read(ledger, "M03", "1m").value == 4
    ledger.fold(at(62), Silent())
    assert read(ledger, "M04", "1m").value == 2, "the minute from 0 to 60"
    ledger.fold(at(66), Silent())
    assert read(ledger, "M04", "1m").value == 1, "b is out, a came again"
    ledger.fold(at(116), Silent())
    assert read(ledger, "M04", "1m").value == 0
    assert read(ledger, "M04", "15m").value == 2


def test_asking_changes_nothing() -> None:
    """What is asked, when and by whom never shows in an answer or in the state."""
    events = stream(7, 400, longest_gap=4_000)
    quiet, asked = Metrics(ROOM, None), Metrics(ROOM, None)
    chance = random.Random(3)
    names = list(DEFINITIONS)
    unit = Silent()
    for event in events:
        quiet.fold([event], unit)
        asked.fold([event], unit)
        picture = asked.picture(0)
        for metric in chance.sample(names, 6):
            window = chance.choice(("1m", "5m", "segment", "show"))
            picture.reading(metric, window, chance.choice(("room", "product:p1", "source:feed", "segment:a")))
        if chance.random() < 0.05:
            picture.screen()
    assert quiet.dump() == asked.dump()
    for metric in names:
        for window in ("1m", "5m", "15m", "segment", "show"):
            for scope in ("room", "product:p1", "source:feed", f"segment:{SEGMENTS[0]}"):
                assert quiet.picture(0).reading(metric, window, scope) == asked.picture(0).reading(
                    metric, window, scope
                )


def test_one_view_answers_for_the_moment_it_is_asked() -> None:
    """A reading of the show is fresh after each fold, also between two ticks."""
    ledger = ledger_of(at(0, ev.LikeGiven(user="a", count=1)))
    picture = ledger.picture(T0)
    assert picture.reading("M25.likes", "show").value == 1
    ledger.fold([ev.LikeGiven(user="a", count=1)], Silent())
    assert picture.reading("M25.likes", "show").value == 2


def test_minutes_are_whole_minutes() -> None:
    minute = T0 // 60_000 * 60_000 + 60_000
    start = (minute - T0) / 1000 - 30
    ledger = ledger_of(at(start, ev.ViewerEntered(user="a"), ev.LikeGiven(user="a", count=50)))
    for second in range(0, 121, 5):
        ledger.fold(at(start + 30 + second, ev.LikeGiven(user="a", count=1)), Silent())
    picture = ledger.picture(0)
    assert picture.minutes_of("M25.likes", 10) == [12, 12], "the half minute before is no minute"
    assert picture.minutes_of("M25.likes", 1) == [12]
    rows = picture.screen().minutes
    assert [row.t for row in rows] == [minute, minute + 60_000]
    assert [row.likes for row in rows] == [12, 12]
    assert rows[0].gmv is None


def test_minutes_in_which_nothing_was_heard_are_unknown() -> None:
    ledger = ledger_of(at(0), *(at(second, ev.LikeGiven(user="a", count=1)) for second in range(5, 130, 5)))
    before = ledger.picture(0).minutes_of("M25.likes", 50)
    ledger.fold(at(1_000, ev.LikeGiven(user="a", count=1)), Silent())
    series = ledger.picture(0).minutes_of("M25.likes", 50)
    assert series[: len(before)] == before
    assert series.count(None) >= 12
    ledger.fold(at(1_100), Silent())
    starts = [row.t for row in ledger.picture(0).screen().minutes]
    assert starts == list(range(starts[0], starts[0] + 60_000 * len(starts), 60_000))


def test_a_room_that_slept_for_a_day_wakes_at_once() -> None:
    ledger = ledger_of(
        at(0, ev.OnlineCounted(online=10), ev.ViewerEntered(user="a"), ev.LikeGiven(user="a", count=4)),
        at(2, ev.ViewerLeft(user="a")),
        at(86_400, ev.LikeGiven(user="b", count=5)),
        at(86_405),
    )
    assert read(ledger, "M25.likes", "5m").value == 5
    assert read(ledger, "M25.likes").value == 9
    assert read(ledger, "M09").value == 86_405
    assert read(ledger, "M11").value == 0, "the view of 2 s was none"
    assert read(ledger, "M13").den == 1
    assert len(ledger.picture(0).minutes_of("M03", 500)) == 120


def test_time_does_not_run_backwards() -> None:
    ledger = ledger_of(at(100, ev.LikeGiven(user="a", count=1)), at(50, ev.LikeGiven(user="a", count=1)), at(105))
    assert read(ledger, "M25.likes", "1m").value == 2
    assert read(ledger, "M09").value == 5


def test_watch_time_is_people_times_time() -> None:
    """M08 × time = M10 × viewers = the sum of watching, by the platform's counter."""
    ledger = ledger_of(
        at(0, ev.OnlineCounted(online=10), ev.ViewerEntered(user="a"), ev.ViewerEntered(user="b")),
        at(30, ev.OnlineCounted(online=40)),
        at(60),
    )
    assert read(ledger, "M08").value == 25
    assert read(ledger, "M10").value == (10 * 30 + 40 * 30) / 2
    assert read(ledger, "M08", "1m").value == 25
    assert read(ledger, "M07", "1m").value == 40


def test_people_online_by_our_own_count() -> None:
    ledger = ledger_of(
        at(0, ev.ViewerEntered(user="a"), ev.ViewerEntered(user="b"), ev.ViewerEntered(user="a")),
    )
    assert read(ledger, "M06").why == "no_source", "as long as nobody tells leaves, entries say nothing"
    ledger.fold(at(10, ev.ViewerLeft(user="b"), ev.ViewerLeft(user="b"), ev.ViewerLeft(user="never came")), Silent())
    assert read(ledger, "M06").value == 1
    ledger.fold([ev.ViewerEntered(user=""), ev.ViewerLeft(user=""), ev.ViewerLeft(user="")], Silent())
    assert read(ledger, "M06").value == 1, "masked leaves do not push it below the people we know"
    ledger.fold(at(20, ev.ViewerEntered(user="b"), ev.ViewerEntered(user="")), Silent())
    ledger.fold(at(30), Silent())
    assert read(ledger, "M07").value == 3
    assert read(ledger, "M08").value == 2, "ten seconds with one, ten with three"


def test_a_platform_counter_that_runs_backwards_is_not_repaired() -> None:
    ledger = ledger_of(
        at(0, ev.ShowStarted(show="1"), ev.ViewerEntered(user="a"), ev.OnlineCounted(online=30, views=100)),
        at(1, ev.OnlineCounted(online=20, views=90, likes=10)),
        at(2, ev.OnlineCounted(likes=5)),
    )
    assert read(ledger, "M06").value == 20
    assert read(ledger, "M03").value == 90
    assert read(ledger, "M25.likes").why == "no_source", "likes are never taken from a total"


def test_minutes_survive_a_restart() -> None:
    events = stream(5, 600, longest_gap=9_000)
    ledger = folded(events)
    again = Metrics(ROOM, ledger.dump())
    for metric in DEFINITIONS:
        assert again.picture(0).minutes_of(metric, 200) == ledger.picture(0).minutes_of(metric, 200)


def test_ticks_alone_cost_no_memory() -> None:
    ledger = ledger_of(at(0))
    unit = Silent()
    sizes = []
    for hour in range(6):
        for second in range(0, 3_600, 5):
            ledger.fold([ClockTicked(now=T0 + (hour * 3_600 + second + 5) * 1000)], unit)
        sizes.append(len(ledger.dump()))
    assert max(sizes[3:]) < sizes[2] * 1.1
