"""Calendars as RFC 5545 writes them: escaping, folding, time zones with their changes. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FOLD = 75
"""Octets of a line, its end not counted (3.1)."""
PRODUCT = "-//LiveCue//Calendar//EN"


class IcsEvent(msgspec.Struct, frozen=True):
    """An entry. Moments ms UTC and shown in ``zone``; with ``first`` (and ``last``, included) it lasts whole days.

    ``status``: CONFIRMED, TENTATIVE or CANCELLED. ``sequence`` rises with each change, so that programs take it up.
    """

    uid: str
    title: str
    start: int = 0
    end: int = 0
    zone: str = "Asia/Shanghai"
    first: date | None = None
    last: date | None = None
    text: str = ""
    place: str = ""
    status: str = "CONFIRMED"
    sequence: int = 0
    categories: tuple[str, ...] = ()
    busy: bool = True
    """Whether its time is taken: a deadline takes none."""


def ics_of(name: str, events: Sequence[IcsEvent], now: int) -> str:
    """The calendar as text with CRLF line ends."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escape(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT15M", "X-PUBLISHED-TTL:PT15M"]
    timed = [event for event in events if event.first is None]
    for zone in sorted({event.zone for event in timed}):
        mine = [event for event in timed if event.zone == zone]
        first = min(event.start for event in mine)
        last = max(max(event.start, event.end) for event in mine)
        lines += _zone(zone, first, last)
    for event in events:
        lines += _event(event, now)
    lines.append("END:VCALENDAR")
    return "".join(folded + "\r\n" for line in lines for folded in fold(line))


def escape(text: str) -> str:
    """A TEXT value (3.3.11)."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return clean.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, no character cut; every further piece begins with a space."""
    piece, size = "", 0
    for char in line:
        width = len(char.encode("utf-8", "surrogatepass"))
        if size + width > FOLD:
            yield piece
            piece, size = " ", 1
        piece += char
        size += width
    yield piece


def _event(event: IcsEvent, now: int) -> Iterable[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape(event.uid)}"
    yield f"DTSTAMP:{_utc(now)}"
    if event.first is not None:
        # DTEND of days is the day after the last (3.6.1).
        last = event.last or event.first
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART{_moment(event.start, event.zone)}"
        yield f"DTEND{_moment(max(event.end, event.start), event.zone)}"
    if event.first is not None or not event.busy:
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{escape(event.title)}"
    if event.text:
        yield f"DESCRIPTION:{escape(event.text)}"
    if event.place:
        yield f"LOCATION:{escape(event.place)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(escape(item) for item in event.categories)}"
    yield f"STATUS:{event.status}"
    yield f"SEQUENCE:{event.sequence}"
    yield "END:VEVENT"


def _utc(ms: int) -> str:
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y%m%dT%H%M%SZ}"


def _moment(ms: int, zone: str) -> str:
    local = datetime.fromtimestamp(ms // 1000, ZoneInfo(zone))
    if local.fold:
        # The second pass through a doubled hour cannot be said in local time; UTC can.
        return f":{_utc(ms)}"
    return f";TZID={zone}:{local:%Y%m%dT%H%M%S}"


def _zone(name: str, first: int, last: int) -> Iterator[str]:
    """VTIMEZONE with every change of the clock from the year before ``first`` to the year behind ``last``."""
    zone = ZoneInfo(name)
    start = datetime(datetime.fromtimestamp(first / 1000, UTC).year - 1, 1, 1, tzinfo=UTC)
    end = datetime(datetime.fromtimestamp(last / 1000, UTC).year + 2, 1, 1, tzinfo=UTC)
    yield "BEGIN:VTIMEZONE"
    yield f"TZID:{name}"
    yield from _observance(start, zone, start)
    for change in _changes(zone, start, end):
        yield from _observance(change, zone, change - timedelta(seconds=1))
    yield "END:VTIMEZONE"


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[datetime]:
    """The moments (UTC) at which the zone's offset from UTC changes."""
    moment = start
    while moment < end:
        following = moment + timedelta(days=7)
        if moment.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            low, high = moment, following
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                if middle.astimezone(zone).utcoffset() == moment.astimezone(zone).utcoffset():
                    low = middle
                else:
                    high = middle
            yield high
        moment = following


def _observance(moment: datetime, zone: ZoneInfo, before: datetime) -> Iterator[str]:
    was = before.astimezone(zone).utcoffset() or timedelta()
    local = moment.astimezone(zone)
    now = local.utcoffset() or timedelta()
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    yield f"BEGIN:{kind}"
    # The onset is told in the time that ran until then (3.6.5).
    yield f"DTSTART:{(moment + was).replace(tzinfo=None):%Y%m%dT%H%M%S}"
    yield f"TZOFFSETFROM:{_offset(was)}"
    yield f"TZOFFSETTO:{_offset(now)}"
    yield f"TZNAME:{escape(local.tzname() or 'UTC')}"
    yield f"END:{kind}"


def _offset(delta: timedelta) -> str:
    seconds = int(delta.total_seconds())
    sign = "-" if seconds < 0 else "+"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{sign}{hours:02d}{minutes:02d}" + (f"{left:02d}" if left else "")
