"""Business hours and shifts: what of a wait falls into the time in which somebody serves. Pure; room time in ms."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from livecue.events import Hours

Spans = tuple[Hours, ...]
"""Spans of the week; none is always."""
ALWAYS: Spans = ()
NEVER_MS = 1 << 62
_AHEAD_DAYS = 15
"""So far ahead an opening is looked for: with spans there is one in every week."""


@lru_cache(maxsize=4096)
def _day(spans: Spans, zone: str, ordinal: int) -> tuple[tuple[int, int], ...]:
    """(from, to) of the spans that begin on a day, by the wall clock: a day of 23 or 25 hours comes out right."""
    day = date.fromordinal(ordinal)
    midnight = datetime.combine(day, time.min, ZoneInfo(zone))
    found = []
    for span in spans:
        if day.isoweekday() in span.days and span.end > span.start:
            begins, ends = (midnight + timedelta(minutes=minutes) for minutes in (span.start, span.end))
            found.append((int(begins.timestamp() * 1000), int(ends.timestamp() * 1000)))
    return tuple(sorted(found))


def _open(spans: Spans, zone: str, since: int, until: int) -> Iterator[tuple[int, int]]:
    """Stretches of open time in a span of time, joined where spans touch or overlap."""
    place = ZoneInfo(zone)
    # A span that began yesterday may run over midnight.
    first = datetime.fromtimestamp(since / 1000, place).date().toordinal() - 1
    last = min(first + _AHEAD_DAYS + 1, datetime.fromtimestamp(until / 1000, place).date().toordinal())
    begins, ends = 0, 0
    for ordinal in range(first, last + 1):
        for start, stop in _day(spans, zone, ordinal):
            if start <= ends:
                ends = max(ends, stop)
                continue
            if ends > begins:
                yield begins, ends
            begins, ends = start, stop
    if ends > begins:
        yield begins, ends


def is_open(spans: Spans, zone: str, at: int) -> bool:
    """Whether somebody serves at a moment."""
    return not spans or any(start <= at < stop for start, stop in _open(spans, zone, at, at))


def open_ms(spans: Spans, zone: str, since: int, until: int) -> int:
    """How much of a wait falls into open time, looked at for a fortnight at most."""
    if not spans:
        return max(0, until - since)
    return sum(max(0, min(stop, until) - max(start, since)) for start, stop in _open(spans, zone, since, until))


def after(spans: Spans, zone: str, since: int, ms: int) -> int:
    """The moment at which ``ms`` of open time have passed since a moment; far away when there is no open time."""
    if not spans:
        return since + ms
    left = ms
    for start, stop in _open(spans, zone, since, since + _AHEAD_DAYS * 86_400_000):
        start = max(start, since)
        if stop <= start:
            continue
        if stop - start >= left:
            return start + left
        left -= stop - start
    return NEVER_MS


def shift_of(spans: Spans, zone: str, at: int) -> str:
    """The shift a moment falls into, as "09:00-12:00"; "" outside all of them, or where there are none."""
    place = ZoneInfo(zone)
    today = datetime.fromtimestamp(at / 1000, place).date().toordinal()
    for ordinal in (today, today - 1):
        for span in spans:
            for start, stop in _day((span,), zone, ordinal):
                if start <= at < stop:
                    return f"{_clock(span.start)}-{_clock(span.end)}"
    return ""


def shift_end(spans: Spans, zone: str, at: int) -> int:
    """When the open stretch ends that a moment falls into, spans that touch taken together; 0 outside all."""
    return next((stop for start, stop in _open(spans, zone, at, at) if start <= at < stop), 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def in_force(history: Sequence[tuple[int, Spans]], at: int) -> Spans:
    """What held at a moment; ``history`` is (from, spans) in order of time."""
    found: Spans = ALWAYS
    for since, spans in history:
        if since > at:
            break
        found = spans
    return found
