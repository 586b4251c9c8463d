"""The calendar's data files, and entries of the team."""

import re
from datetime import date
from pathlib import Path

import pytest

from livecue.events import CommandApplied, CommandRefused, ContentRemoved, ContentSaved, MeetingsSet
from livecue.planning.calendar import KINDS, Calendar, contents_between, days_off, shipped
from tests.folding import ROOM, TestUnit


def test_what_ships_says_where_it_is_from() -> None:
    found = shipped(date(2026, 1, 1), date(2027, 12, 31))
    assert len({item.content for item in found}) == len(found) > 25
    for item in found:
        assert item.what in KINDS
        assert item.title.zh and item.title.en and item.source.zh and item.source.en
        assert not re.search(r"[\u3400-\u9fff]", item.source.en)
        assert date.fromisoformat(item.source_date) <= date(2026, 11, 22)
        assert date.fromisoformat(item.starts_on) <= date.fromisoformat(item.ends_on)
        assert item.mark in ("S", "E", "D")


def test_the_holidays_are_those_of_the_notice() -> None:
    days = {
        i.title.zh: (i.starts_on, i.ends_on)
        for i in shipped(date(2026, 1, 1), date(2026, 12, 31))
        if i.what == "holiday"
    }
    assert days == {
        "元旦": ("2026-01-01", "2026-01-03"),
        "春节": ("2026-02-15", "2026-02-23"),
        "清明节": ("2026-04-04", "2026-04-06"),
        "劳动节": ("2026-05-01", "2026-05-05"),
        "端午节": ("2026-06-19", "2026-06-21"),
        "中秋节": ("2026-09-25", "2026-09-27"),
        "国庆节": ("2026-10-01", "2026-10-07"),
    }


def test_days_off_are_weekends_and_holidays_without_what_is_worked_instead(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "u.db")
    own = {"what": "holiday", "starts_on": "2026-09-16", "ends_on": "2026-09-16"}
    assert decide(unit, saved(**own)) == [""]
    days = days_off(unit, "o", "b", date(2026, 9, 14), date(2026, 10, 11))
    # 20 September (Sunday) and 10 October (Saturday) are worked instead, says the notice.
    weekends = {date(2026, 9, n) for n in (19, 26, 27)} | {date(2026, 10, n) for n in (3, 4, 11)}
    assert days == weekends | {date(2026, 9, 16), date(2026, 9, 25)} | {date(2026, 10, n) for n in range(1, 8)}


def test_yearly_days_come_back_every_year() -> None:
    found = [
        item.starts_on for item in shipped(date(2026, 1, 1), date(2028, 12, 31)) if item.content.startswith("june-18")
    ]
    assert found == ["2026-06-01", "2027-06-01", "2028-06-01"]
    assert [i for i in shipped(date(2026, 6, 18), date(2026, 6, 18)) if i.content == "june-18-2026"]


def saved(**changes: str) -> ContentSaved:
    given = {"content": "c", "title": "成分科普", "starts_on": "2026-12-01", "ends_on": "2026-12-03", **changes}
    return ContentSaved(command="1", org="o", brand="b", **given)


def decide(unit: TestUnit, *events: object) -> list[str]:
    unit.announced.clear()
    calendar = Calendar()
    calendar.decide(calendar.open(ROOM, None), events, {}, unit)  # type: ignore[arg-type]
    return [event.code if isinstance(event, CommandRefused) else "" for event in unit.announced]


def test_an_entry_is_kept_changed_and_removed(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    assert decide(unit, saved(source="周会", source_date="2026-11-22"), saved(title="成分月", room="r9")) == ["", ""]
    assert isinstance(unit.announced[0], CommandApplied)
    span = (date(2026, 12, 2), date(2026, 12, 2))
    own = [item for item in contents_between(unit, "o", "b", *span) if item.own]
    assert [(item.title.zh, item.room) for item in own] == [("成分月", "r9")]
    assert [i for i in contents_between(unit, "o", "b", *span, rooms=["r1"]) if i.own] == []
    assert [i for i in contents_between(unit, "o", "other", *span) if i.own] == []
    gone = ContentRemoved(command="2", org="o", brand="b", content="c")
    assert decide(unit, gone, gone) == ["", "no_content"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts_on": "11-22"}, "bad_day"),
        ({"starts_on": "2026-02-30"}, "bad_day"),
        ({"ends_on": "20261201"}, "bad_day"),
        ({"source_date": "昨天"}, "bad_day"),
        ({"ends_on": "2026-11-30"}, "bad_span"),
        ({"ends_on": "2036-11-30"}, "bad_span"),
        ({"what": "party"}, "bad_kind"),
        ({"title": " "}, "incomplete"),
    ],
)
def test_what_is_wrong_is_refused(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    assert decide(TestUnit(tmp_path / "t.db"), saved(**changes)) == [code]


def test_meetings_have_a_clock(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    good = MeetingsSet(command="1", org="o", brand="b", morning="08:30", weekly_day=5, weekly="")
    assert decide(unit, good) == [""]
    for wrong in ({"morning": "9:00"}, {"weekly": "25:00"}, {"weekly_day": 8}):
        assert decide(unit, MeetingsSet(command="1", org="o", brand="b", **wrong)) == ["bad_clock"]  # type: ignore[arg-type]
    assert decide(unit, MeetingsSet(command="1", org="o", brand="b", time_zone="../etc")) == ["bad_zone"]
