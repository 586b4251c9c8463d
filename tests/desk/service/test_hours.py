"""Business hours and split shifts: which part of a wait counts, who is given work when, what the figures count."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.desk.service import find_conversation, in_force, open_ms, shift_of
from livecue.desk.service.hours import NEVER_MS, after, is_open
from livecue.events import AnswerLate, Hours, ServiceHoursSet
from tests.desk.service.floor import Floor, refusals

ZONE = "Asia/Shanghai"
EVERY = (1, 2, 3, 4, 5, 6, 7)
SPLIT = (Hours(days=EVERY, start=9 * 60, end=12 * 60), Hours(days=EVERY, start=18 * 60, end=26 * 60))
"""A split shift; the evening runs to two in the morning."""


def at(text: str, zone: str = ZONE) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def test_only_open_time_counts() -> None:
    assert open_ms((), ZONE, 1000, 4000) == 3000
    assert open_ms(SPLIT, ZONE, at("2026-11-02 11:59"), at("2026-11-02 18:01")) == 2 * 60_000
    assert open_ms(SPLIT, ZONE, at("2026-11-02 13:00"), at("2026-11-02 17:00")) == 0
    # Over midnight it is the evening before that is still open.
    assert open_ms(SPLIT, ZONE, at("2026-11-02 23:00"), at("2026-11-03 03:00")) == 3 * 3_600_000
    assert is_open(SPLIT, ZONE, at("2026-11-03 01:59")) and not is_open(SPLIT, ZONE, at("2026-11-03 02:00"))
    assert after(SPLIT, ZONE, at("2026-11-02 11:59"), 3 * 60_000) == at("2026-11-02 18:02")
    assert after((Hours(days=(1,), start=60, end=60),), ZONE, at("2026-11-02 11:59"), 1) == NEVER_MS


def test_spans_that_overlap_count_once() -> None:
    twice = (*SPLIT, Hours(days=(1,), start=10 * 60, end=13 * 60))
    assert open_ms(twice, ZONE, at("2026-11-02 09:00"), at("2026-11-02 14:00")) == 4 * 3_600_000


def test_a_day_of_25_hours_comes_out_by_the_wall_clock() -> None:
    night = (Hours(days=EVERY, start=0, end=6 * 60),)
    # Clocks went back in Berlin on 25 October 2026: from 0 to 6 o'clock are seven hours.
    berlin = "Europe/Berlin"
    assert open_ms(night, berlin, at("2026-10-25 00:00", berlin), at("2026-10-25 12:00", berlin)) == 7 * 3_600_000


SPANS = st.lists(
    st.builds(
        lambda days, start, length: Hours(days=tuple(sorted(days)), start=start, end=min(start + length, 2880)),
        st.sets(st.integers(1, 7), min_size=1),
        st.integers(0, 1439),
        st.integers(1, 1440),
    ),
    min_size=1,
    max_size=5,
).map(tuple)
MOMENT = st.integers(at("2026-10-20 00:00"), at("2026-11-20 00:00"))


@given(SPANS, MOMENT, st.integers(0, 4 * 86_400_000), st.integers(0, 4 * 86_400_000))
def test_open_time_adds_up_and_after_is_its_inverse(spans: tuple[Hours, ...], since: int, one: int, two: int) -> None:
    middle, until = since + one, since + one + two
    whole = open_ms(spans, ZONE, since, until)
    assert whole == open_ms(spans, ZONE, since, middle) + open_ms(spans, ZONE, middle, until)
    assert 0 <= whole <= until - since
    # Counted by the minute, the slow way.
    step = 60_000
    minutes = sum(is_open(spans, ZONE, place) for place in range(since - since % step, until, step * 30))
    assert abs(minutes * step * 30 - whole) <= (2 * 7 * 5 + 2) * step * 30
    if whole:
        due = after(spans, ZONE, since, whole)
        assert due <= until and open_ms(spans, ZONE, since, due) == whole


def test_what_held_when() -> None:
    history = [(100, SPLIT), (200, ())]
    assert in_force(history, 99) == () and in_force(history, 100) == SPLIT and in_force(history, 500) == ()
    assert shift_of(SPLIT, ZONE, at("2026-11-03 01:00")) == "18:00-02:00"
    assert shift_of(SPLIT, ZONE, at("2026-11-03 13:00")) == ""


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path / "t.db")


def _around(floor: Floor, before_s: int, length_s: int) -> Hours:
    """A span of today that began ``before_s`` ago."""
    local = datetime.fromtimestamp(floor.unit.now / 1000, ZoneInfo(floor.room.time_zone))
    minute = local.hour * 60 + local.minute
    start = max(0, minute - before_s // 60)
    return Hours(days=EVERY, start=start, end=start + length_s // 60)


def test_the_ladder_stands_still_outside_business_hours(floor: Floor) -> None:
    floor.serve("an")
    later = _around(floor, -3600, 3600)
    assert refusals(floor.tell(ServiceHoursSet(spans=(later,), command="h", by="lead"))) == []
    floor.write("什么时候发货")
    floor.wait(200)
    assert floor.unit.said(AnswerLate) == []
    view = floor.desk.picture(floor.state, floor.unit.now)
    assert view.late == 0 and view.waiting[0].due_at > floor.unit.now
    floor.tell(ServiceHoursSet(spans=(), command="h2", by="lead"))
    floor.wait(0.5)
    assert [event.step for event in floor.unit.said(AnswerLate)] == [3]


def test_a_break_between_shifts_gives_back_what_one_had(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "an"
    off = _around(floor, -7200, 3600)
    floor.tell(ServiceHoursSet(person="an", spans=(off,), command="h", by="lead"))
    floor.wait(0.5)
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "", "nothing stays with somebody who is not there"
    floor.tell(ServiceHoursSet(person="an", spans=(_around(floor, 0, 3600),), command="h3", by="lead"))
    floor.wait(0.5)
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "an"


def test_a_span_that_ends_before_it_begins_is_refused(floor: Floor) -> None:
    bad = Hours(days=(1,), start=600, end=600)
    assert refusals(floor.tell(ServiceHoursSet(spans=(bad,), command="h", by="lead"))) == ["bad_spans"]
    long = Hours(days=(1,), start=0, end=2000)
    assert refusals(floor.tell(ServiceHoursSet(spans=(long,), command="h", by="lead"))) == ["bad_spans"]
