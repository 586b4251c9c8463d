"""The feed as RFC 5545 asks: lines of 75 octets, escaped texts, local times with the zone's changes."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.planning.calendar import IcsEvent, escape, fold, ics_of

NOW = 1_795_000_000_000


def unfolded(text: str) -> list[str]:
    """Content lines, as a reader puts them together (3.1)."""
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescaped(text: str) -> str:
    out, chars = "", iter(text)
    for char in chars:
        out += {"n": "\n", "N": "\n"}.get(nxt := next(chars), nxt) if char == "\\" else char
    return out


def components(lines: list[str], name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    stack: list[str] = []
    for line in lines:
        key, _, value = line.partition(":")
        if key == "BEGIN":
            stack.append(value)
            if value == name:
                found.append({})
        elif key == "END":
            assert stack.pop() == value
        elif stack[-1] == name:
            found[-1][key] = value
    assert stack == []
    return found


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])))
def test_folding_loses_nothing_and_keeps_its_width(text: str) -> None:
    line = "SUMMARY:" + escape(text)
    pieces = list(fold(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]) | st.just("\n")))
def test_escaping_can_be_undone(text: str) -> None:
    escaped = escape(text)
    assert "\n" not in escaped and "\r" not in escaped
    assert unescaped(escaped) == text


def test_an_injected_line_stays_text() -> None:
    event = IcsEvent(uid="u", title="a\r\nEND:VEVENT\r\nBEGIN:VALARM", start=NOW, end=NOW + 1)
    assert len(components(unfolded(ics_of("c", [event], NOW)), "VEVENT")) == 1
    assert "BEGIN:VALARM" not in unfolded(ics_of("c", [event], NOW))


def test_a_show_reads_in_its_rooms_time() -> None:
    start = int(datetime(2026, 11, 25, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1000)
    text = ics_of("组", [IcsEvent(uid="s@x", title="晚场; A,B", start=start, end=start + 7_200_000, sequence=3)], NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    lines = unfolded(text)
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//LiveCue//Calendar//EN"]
    (event,) = components(lines, "VEVENT")
    assert event["DTSTART;TZID=Asia/Shanghai"] == "20261125T200000"
    assert event["DTEND;TZID=Asia/Shanghai"] == "20261125T220000"
    assert event["SUMMARY"] == "晚场\\; A\\,B"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("s@x", "3", "CONFIRMED")
    assert event["DTSTAMP"] == f"{datetime.fromtimestamp(NOW / 1000, UTC):%Y%m%dT%H%M%SZ}"
    (zone,) = components(lines, "VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    (standard,) = components(lines, "STANDARD")
    assert (standard["TZOFFSETFROM"], standard["TZOFFSETTO"]) == ("+0800", "+0800")
    assert components(lines, "DAYLIGHT") == []


@pytest.mark.parametrize("month", [1, 7])
def test_clock_changes_stand_in_the_zone(month: int) -> None:
    start = int(datetime(2026, month, 5, 20, 0, tzinfo=ZoneInfo("America/New_York")).timestamp() * 1000)
    event = IcsEvent(uid="s", title="x", start=start, end=start + 3_600_000, zone="America/New_York")
    lines = unfolded(ics_of("c", [event], NOW))
    assert components(lines, "VEVENT")[0]["DTSTART;TZID=America/New_York"] == f"2026{month:02d}05T200000"
    daylight = {item["DTSTART"]: item for item in components(lines, "DAYLIGHT")}
    standard = {item["DTSTART"]: item for item in components(lines, "STANDARD")}
    # The second Sunday of March and the first of November, at two o'clock of the time that ran until then.
    assert daylight["20260308T020000"]["TZOFFSETTO"] == "-0400"
    assert standard["20261101T020000"]["TZOFFSETFROM"] == "-0400"
    assert standard["20261101T020000"]["TZOFFSETTO"] == "-0500"


def test_the_second_pass_of_a_doubled_hour_is_told_in_utc() -> None:
    start = int(datetime(2026, 11, 1, 6, 30, tzinfo=UTC).timestamp() * 1000)
    event = IcsEvent(uid="s", title="x", start=start, end=start + 60_000, zone="America/New_York")
    assert components(unfolded(ics_of("c", [event], NOW)), "VEVENT")[0]["DTSTART"] == "20261101T063000Z"


def test_whole_days_end_on_the_day_after() -> None:
    event = IcsEvent(uid="c", title="春节", first=date(2026, 2, 15), last=date(2026, 2, 23))
    (found,) = components(unfolded(ics_of("c", [event], NOW)), "VEVENT")
    assert found["DTSTART;VALUE=DATE"] == "20260215"
    assert found["DTEND;VALUE=DATE"] == "20260224"
