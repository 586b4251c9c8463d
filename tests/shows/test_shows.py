"""Plans, rundown clocks, what is pinned, and who may change what when."""

from pathlib import Path

import pytest

from livecue.events import (
    CommandApplied,
    CommandRefused,
    Event,
    LineupChanged,
    PriceChanged,
    ProductCard,
    ProductPinned,
    ProductUnpinned,
    RoomSaved,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    SourceGone,
    StreamEnded,
    StreamStarted,
)
from livecue.shows import Shows, find_room, find_show, list_segments
from tests.folding import ROOM, TestUnit

START = 2_000_000
SEGMENTS = (
    SegmentPlan(segment="a", part="warm_up", offset_s=0, duration_s=60),
    SegmentPlan(segment="b", part="pitch", product="p", offset_s=60, duration_s=120),
    SegmentPlan(segment="c", part="goodbye", offset_s=180, duration_s=30),
)
PLAN = ShowPlanned(
    command="1",
    show="s",
    title="晚场",
    starts_at=START,
    segments=SEGMENTS,
    products=(ProductCard(product="p", name="锅", price=100),),
)


@pytest.fixture
def unit(tmp_path: Path) -> TestUnit:
    made = TestUnit(tmp_path / "t.db")
    made.now = START
    return made


def run(unit: TestUnit, *events: Event) -> Shows:
    shows = Shows(ROOM, None)
    shows.fold(events, unit)
    return shows


def refusal(unit: TestUnit) -> str:
    said = unit.said(CommandRefused)
    return said[-1].code if said else ""


def test_a_show_runs_from_plan_to_end(unit: TestUnit) -> None:
    shows = run(unit, PLAN, ShowStarted(command="2", show="s"), SegmentStarted(command="3", show="s", segment="a"))
    unit.now += 90_000
    picture = shows.picture(unit.now)
    assert (picture.status, picture.segment, picture.segment_started_at) == ("on_air", "a", START)
    first, second, third = picture.segments
    assert first.expected_end == START + 90_000, "what overruns ends now at the earliest"
    assert (second.expected_start, second.expected_end) == (START + 90_000, START + 210_000)
    assert (third.planned_start, third.expected_start) == (START + 180_000, START + 210_000)
    shows.fold([SegmentStarted(command="4", show="s", segment="b"), ShowEnded(command="5", show="s")], unit)
    assert shows.picture(unit.now).status == "ended"
    assert len(unit.said(CommandApplied)) == 5
    row = find_show(unit, "s")
    assert row is not None
    assert (row.status, row.started_at, row.ended_at, row.segments) == ("ended", START, unit.now, list(SEGMENTS))
    assert [(s.segment, s.started_at, s.ended_at) for s in list_segments(unit, "r1", "s")] == [
        ("a", START, unit.now),
        ("b", unit.now, unit.now),
        ("c", 0, 0),
    ]


@pytest.mark.parametrize(
    ("before", "event", "code"),
    [
        ((), ShowStarted(command="x", show=""), "incomplete"),
        ((), ShowEnded(command="x", show="s"), "no_show"),
        ((PLAN,), ShowEnded(command="x", show="s"), "not_on_air"),
        ((PLAN,), SegmentStarted(command="x", show="s", segment="a"), "not_on_air"),
        ((PLAN, ShowStarted(show="s")), SegmentStarted(command="x", show="s", segment="zz"), "no_segment"),
        ((PLAN, ShowStarted(show="s")), ShowStarted(command="x", show="t"), "on_air"),
        ((PLAN, ShowStarted(show="s")), PLAN, "already_ran"),
        ((PLAN, ShowStarted(show="s"), ShowEnded(show="s")), ShowStarted(command="x", show="s"), "over"),
        ((PLAN,), RundownChanged(command="x", show="s", version=3), "changed_meanwhile"),
        ((PLAN,), RundownChanged(command="x", show="s", version=2, segments=(SEGMENTS[0], SEGMENTS[0])), "twice"),
        ((PLAN,), ShowPlanned(command="x", show="s", title="t", starts_at=0, version=1), "changed_meanwhile"),
        ((PLAN, PLAN), ShowPlanned(command="x", show="s", title="t", starts_at=0, version=2), "changed_meanwhile"),
        ((), ShowPlanned(command="x", show="s", title="t", starts_at=0, version=2), "changed_meanwhile"),
        ((PLAN, ShowStarted(show="s")), LineupChanged(command="x", show="s", version=1), "changed_meanwhile"),
        ((), ShowPlanned(command="x", show="s", title=" ", starts_at=0), "incomplete"),
        (
            (),
            ShowPlanned(
                command="x", show="s", title="t", starts_at=0, segments=(SegmentPlan(segment="a", part="dance"),)
            ),
            "bad_part",
        ),
        (
            (),
            ShowPlanned(
                command="x",
                show="s",
                title="t",
                starts_at=0,
                segments=(SegmentPlan(segment="a", part="pitch", duration_s=-1),),
            ),
            "bad_time",
        ),
        ((), RoomSaved(command="x", room="r", org="o", brand="b", name="n", platform="", nature="dream"), "bad_nature"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(
    unit: TestUnit, before: tuple[Event, ...], event: Event, code: str
) -> None:
    shows = run(unit, *before)
    state = shows.dump()
    shows.fold([event], unit)
    assert refusal(unit) == code
    assert shows.dump() == state


def test_each_edit_is_made_on_the_version_before(unit: TestUnit) -> None:
    again = ShowPlanned(command="2", show="s", title="改名", starts_at=START, segments=SEGMENTS, version=2)
    shows = run(unit, PLAN, again, LineupChanged(command="3", show="s", version=3))
    assert refusal(unit) == ""
    picture = shows.picture(unit.now)
    assert (picture.title, picture.version, picture.products) == ("改名", 3, [])


def test_a_segment_that_ran_stays_in_the_rundown(unit: TestUnit) -> None:
    shows = run(unit, PLAN, ShowStarted(show="s"), SegmentStarted(show="s", segment="a"))
    shows.fold([RundownChanged(command="x", show="s", version=2, segments=SEGMENTS[1:])], unit)
    assert refusal(unit) == "ran_already"


def test_what_is_pinned_is_what_the_platform_says(unit: TestUnit) -> None:
    shows = run(unit, PLAN, StreamStarted(), ProductPinned(product="p"), ProductUnpinned(product="other"))
    assert shows.picture(unit.now).pinned == "p"
    shows.fold([ProductUnpinned(product="p"), SourceGone(feed="f"), StreamEnded()], unit)
    picture = shows.picture(unit.now)
    assert (picture.pinned, picture.stream, picture.feeds) == ("", "ended", {"f": "gone"})


def test_a_price_change_reaches_the_lineup(unit: TestUnit) -> None:
    shows = run(unit, PLAN, ShowStarted(show="s"), PriceChanged(product="p", price=90))
    assert shows.picture(unit.now).products[0].price == 90


def test_a_room_of_another_brand_is_not_taken_over(unit: TestUnit) -> None:
    mine = RoomSaved(room="r9", org="o", brand="b", name="mine", platform="x")
    theirs = RoomSaved(room="r9", org="o", brand="other", name="theirs", platform="x")
    run(unit, mine, theirs)
    room = find_room(unit, "r9")
    assert room is not None
    assert (room.brand, room.name) == ("b", "mine")
