"""The calendar as a page and as a feed read it: planned shows with their attainment, contents, in a span of days."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from livecue.flow import RoomInfo
from livecue.metrics import minute_series, show_totals
from livecue.planning.calendar.contents import Content, contents_between
from livecue.planning.calendar.ics import IcsEvent
from livecue.shows import ShowRow, shows_between, span_of
from livecue.store import Reader
from livecue.work import list_tasks

DAY_MS = 86_400_000
LONGEST = timedelta(days=100)
"""Days that one view may span."""
SALES, VIEWS = "M41", "M03"


class ShowEntry(msgspec.Struct, frozen=True):
    """A show on the calendar. Moments ms UTC. ``goal`` and ``attained`` in minor units of ``currency``.

    ``goal`` 0 is none; ``attained`` None is not known (not begun, or nobody told the sales); ``reached`` is M86.
    ``final`` says that the show is over and its total counted.
    """

    room: str
    room_name: str
    show: str
    title: str
    status: str
    start: int
    end: int
    time_zone: str
    currency: str
    theme: str
    hosts: list[str]
    kits: list[str]
    lights: list[str]
    studio: str
    welfare: str
    version: int
    segments: int
    products: int
    goal: int
    attained: int | None
    reached: float | None
    final: bool
    booked: bool
    open_tasks: int = 0
    late_tasks: int = 0
    """Open ones whose deadline is past."""
    goal_views: int = 0
    """Views it is to have (M03), 0 none."""


class CalendarView(msgspec.Struct, frozen=True):
    """What stands between two days, both included."""

    first: str
    last: str
    shows: list[ShowEntry]
    contents: list[Content]


def calendar_of(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], first: date, last: date, now: int = 0
) -> CalendarView:
    """The calendar of a brand's ``rooms`` (those the reader may watch) from ``first`` to ``last``."""
    shows = [_with_tasks(db, show, now) for show in entries_between(db, org, brand, rooms, first, last)]
    contents = contents_between(db, org, brand, first, last, list(rooms))
    return CalendarView(first.isoformat(), last.isoformat(), shows, contents)


def entries_between(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], first: date, last: date
) -> list[ShowEntry]:
    """Shows of ``rooms`` that touch these days in their room's own time zone."""
    # Zones differ by less than a day either way.
    start = _midnight(first, "UTC") - DAY_MS
    end = _midnight(last + timedelta(days=1), "UTC") + DAY_MS
    found = []
    for row in shows_between(db, org, brand, start, end):
        room = rooms.get(row.room)
        if room is None:
            continue
        begins, ends = span_of(row)
        if begins < _midnight(last + timedelta(days=1), room.time_zone) and ends > _midnight(first, room.time_zone):
            found.append(entry_of(db, row, room))
    return found


def entry_of(db: Reader, row: ShowRow, room: RoomInfo) -> ShowEntry:
    """A show with what it was to sell and what it sold."""
    start, end = span_of(row)
    goal = row.goals.get(SALES, 0)
    attained = sold(db, row)
    hosts = sorted({item.host for item in row.segments if item.host}.union(row.hosts))
    return ShowEntry(
        room=row.room, room_name=room.name, show=row.show, title=row.title, status=row.status, start=start, end=end,
        time_zone=room.time_zone, currency=room.currency, theme=row.theme, hosts=hosts, kits=row.kits,
        lights=row.lights, studio=row.studio, welfare=row.welfare, version=row.version, segments=len(row.segments),
        products=len(row.products), goal=goal, attained=attained,
        reached=attained / goal if goal > 0 and attained is not None else None,
        final=row.status == "ended", booked=row.ends_at > 0, goal_views=row.goals.get(VIEWS, 0),
    )  # fmt: skip


def _with_tasks(db: Reader, entry: ShowEntry, now: int) -> ShowEntry:
    if not entry.booked:
        return entry
    tasks = list_tasks(db, entry.room, entry.show, closed=False)
    late = sum(0 < task.due_at < now for task in tasks)
    return msgspec.structs.replace(entry, open_tasks=len(tasks), late_tasks=late)


def sold(db: Reader, row: ShowRow) -> int | None:
    """Paid sales (M41) in minor units: the counted total of an ended show, the full minutes of a running one."""
    if row.status == "ended":
        found = [t.value for t in show_totals(db, row.room, row.show) if t.metric == SALES and t.scope == "room"]
        if found:
            return None if found[0] is None else round(found[0])
    if row.status in ("on_air", "ended"):
        values = [point.value for point in minute_series(db, row.room, row.show, SALES)]
        known = [value for value in values if value is not None]
        return round(sum(known)) if known else None
    return None


def ics_events(view: CalendarView, language: str, now: int, host_names: Mapping[str, str]) -> list[IcsEvent]:
    """The view as a calendar program takes it."""
    words = _WORDS["en" if language == "en" else "zh"]
    events = []
    for show in view.shows:
        lines = [f"{words['room']}: {show.room_name}"]
        if show.hosts:
            lines.append(f"{words['hosts']}: {', '.join(host_names.get(h, h) for h in show.hosts)}")
        held = [*show.kits, *show.lights]
        if held:
            lines.append(f"{words['kit']}: {', '.join(held)}")
        if show.welfare:
            lines.append(show.welfare)
        events.append(
            IcsEvent(
                uid=f"show-{show.room}-{show.show}@livecue",
                title=f"{show.room_name} · {show.title}",
                start=show.start,
                end=show.end,
                zone=show.time_zone,
                text="\n".join(lines),
                place=show.studio,
                status="CANCELLED" if show.status == "cancelled" else "CONFIRMED",
                sequence=show.version,
                categories=(show.theme,) if show.theme else (),
            )
        )
    for item in view.contents:
        title = item.title.en if language == "en" else item.title.zh
        note = item.note.en if language == "en" else item.note.zh
        told = item.source.en if language == "en" else item.source.zh
        source = f"{words['source']}: {told} ({item.source_date})" if told else ""
        events.append(
            IcsEvent(
                uid=f"content-{item.content}@livecue",
                title=title,
                first=date.fromisoformat(item.starts_on),
                last=date.fromisoformat(item.ends_on),
                text="\n".join(filter(None, (note, source))),
                categories=(item.what,),
            )
        )
    return events


_WORDS = {
    "zh": {"room": "直播间", "hosts": "主播", "kit": "设备", "source": "来源"},
    "en": {"room": "Room", "hosts": "Hosts", "kit": "Kit", "source": "Source"},
}


def resources(db: Reader, org: str, brand: str, rooms: Sequence[str]) -> dict[str, list[str]]:
    """Names of kit, lights and studios that plans of these rooms used: what a person may choose again."""
    found: dict[str, set[str]] = {"kit": set(), "light": set(), "studio": set()}
    for room, what in db.rows("SELECT DISTINCT room, what FROM bookings WHERE org = ? AND brand = ?", (org, brand)):
        kind, _, name = str(what).partition(":")
        if room in rooms and kind in found:
            found[kind].add(name)
    return {kind: sorted(names) for kind, names in found.items()}


def day_of(ms: int, zone: str) -> date:
    """The day that ``ms`` lies in, in ``zone``."""
    return datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).date()


def _midnight(day: date, zone: str) -> int:
    return int(datetime.combine(day, time(), UTC if zone == "UTC" else ZoneInfo(zone)).timestamp() * 1000)
