"""What the office enters into the calendar, checked and kept: contents, times of meetings, minutes."""

import re
from datetime import date
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from livecue.events import (
    CommandAsked,
    ContentRemoved,
    ContentSaved,
    Event,
    MeetingNoted,
    MeetingsSet,
)
from livecue.flow import RowsOnly, Unit
from livecue.planning.calendar import tables
from livecue.planning.calendar.contents import KINDS, TWO_YEARS

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MINUTES = 20_000


class Calendar(RowsOnly):
    """Owns the entries of the content calendar and of meetings, in the stream of the house."""

    name: ClassVar[str] = "calendar"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({ContentSaved, ContentRemoved, MeetingsSet, MeetingNoted})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        return _apply(event, unit)


def _apply(event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
    if isinstance(event, ContentSaved):
        if not event.content or not event.title.strip() or len(event.title) > 200:
            return "incomplete", "an entry needs an id and a title of at most 200 characters"
        if event.what not in KINDS:
            return "bad_kind", f"an entry is one of {', '.join(KINDS)}"
        days = [_day(text) for text in (event.starts_on, event.ends_on)]
        if None in days or (event.source_date and _day(event.source_date) is None):
            return "bad_day", "write days with their year, as 2026-11-22"
        first, last = days
        assert first is not None and last is not None
        if last < first or (last - first).days > TWO_YEARS:
            return "bad_span", "the last day must not lie before the first, nor two years behind it"
        unit.write(
            tables.SAVE_CONTENT,
            (
                event.org, event.brand, event.room, event.content, event.title.strip(), event.what, event.starts_on,
                event.ends_on, event.note, event.source, event.source_date,
            ),
        )  # fmt: skip
    elif isinstance(event, ContentRemoved):
        if not unit.ask(tables.DROP_CONTENT, (event.org, event.brand, event.content)):
            return "no_content", "there is no such entry; it was removed already"
    elif isinstance(event, MeetingsSet):
        if any(text and not _TIME.fullmatch(text) for text in (event.morning, event.weekly)):
            return "bad_clock", "write a time of day as 09:00"
        if not 1 <= event.weekly_day <= 7:
            return "bad_clock", "a day of the week is 1 (Monday) to 7 (Sunday)"
        if not zone_known(event.time_zone):
            return "bad_zone", f"there is no time zone {event.time_zone!r}"
        row = (event.org, event.brand, event.time_zone, event.morning, event.weekly_day, event.weekly)
        unit.write(tables.SAVE_TIMES, row)
    elif isinstance(event, MeetingNoted):
        if not event.meeting or len(event.minutes) > MINUTES:
            return "too_long", f"minutes hold at most {MINUTES} characters"
        row = (event.org, event.brand, event.meeting, event.by, event.at, event.minutes)
        unit.write(tables.SAVE_NOTE, row)
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def zone_known(name: str) -> bool:
    """Whether this is a time zone of the IANA table."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
