"""Queries over rooms and shows."""

from collections.abc import Sequence

import msgspec

from livecue.events import ProductCard, SegmentPlan
from livecue.flow import RoomInfo
from livecue.shows import tables
from livecue.store import Reader, Row


class ShowRow(msgspec.Struct, frozen=True):
    """A show as kept; ``segments``, ``products``, ``goals``, ``carried`` as planned."""

    org: str
    brand: str
    room: str
    show: str
    title: str
    status: str
    starts_at: int
    started_at: int
    ended_at: int
    version: int
    segments: list[SegmentPlan]
    products: list[ProductCard]
    goals: dict[str, int]
    carried: list[str]
    ends_at: int = 0
    """Planned end; 0 when the plan only has a rundown."""
    theme: str = ""
    hosts: list[str] = []
    kits: list[str] = []
    lights: list[str] = []
    studio: str = ""
    welfare: str = ""


class SegmentRow(msgspec.Struct, frozen=True):
    """A segment with planned and actual times (room ms, 0 is none)."""

    segment: str
    part: str
    title: str
    product: str
    host: str
    planned_start: int
    planned_end: int
    started_at: int
    ended_at: int


class _Plan(msgspec.Struct):
    segments: list[SegmentPlan] = []
    products: list[ProductCard] = []
    goals: dict[str, int] = {}
    carried: list[str] = []
    ends_at: int = 0
    theme: str = ""
    hosts: list[str] = []
    kits: list[str] = []
    lights: list[str] = []
    studio: str = ""
    welfare: str = ""


def _room(row: Row) -> RoomInfo:
    return RoomInfo(
        room=row[0],
        org=row[1],
        brand=row[2],
        name=row[3],
        platform=row[4],
        nature=row[5],
        currency=row[6],
        time_zone=row[7],
        language=row[8],
        category=row[9],
        packs=tuple(filter(None, row[10].split(","))),
        account=row[11],
    )


def find_room(db: Reader, room: str) -> RoomInfo | None:
    """The room, None when there is none or it was removed."""
    rows = db.rows(tables.FIND_ROOM, (room,))
    return _room(rows[0]) if rows else None


def list_rooms(db: Reader) -> list[RoomInfo]:
    """Every room; the caller keeps what its reader may see."""
    return [_room(row) for row in db.rows(tables.LIST_ROOMS)]


def list_removed(db: Reader, org: str) -> list[RoomInfo]:
    """Rooms of the organisation that were removed: their rows are all there."""
    return [_room(row) for row in db.rows(tables.LIST_REMOVED, (org,))]


def rooms_on_air(db: Reader) -> list[str]:
    """Rooms with a show that has begun and not ended."""
    return [room for (room,) in db.rows(tables.ON_AIR)]


def _show(row: Row) -> ShowRow:
    plan = msgspec.json.decode(row[10], type=_Plan)
    return ShowRow(
        org=row[0],
        brand=row[1],
        room=row[2],
        show=row[3],
        title=row[4],
        status=row[5],
        starts_at=row[6],
        started_at=row[7],
        ended_at=row[8],
        version=row[9],
        segments=plan.segments,
        products=plan.products,
        goals=plan.goals,
        carried=plan.carried,
        ends_at=plan.ends_at,
        theme=plan.theme,
        hosts=plan.hosts,
        kits=plan.kits,
        lights=plan.lights,
        studio=plan.studio,
        welfare=plan.welfare,
    )


def list_shows(db: Reader, room: str, limit: int = 100) -> list[ShowRow]:
    """Shows of a room, newest first."""
    return [_show(row) for row in db.rows(tables.LIST_SHOWS, (room, limit))]


def shows_between(db: Reader, org: str, brand: str, start: int, end: int) -> list[ShowRow]:
    """Shows of a brand whose planned or real time touches ``start`` to ``end`` (ms UTC), in order of time."""
    # No show lasts longer than two days: what began before them is over.
    rows = db.rows(tables.SHOWS_BETWEEN, (org, brand, start - 2 * 86_400_000, end, end, start))
    found = [_show(row) for row in rows]
    return [show for show in found if span_of(show)[0] < end and span_of(show)[1] > start]


def span_of(show: ShowRow) -> tuple[int, int]:
    """(start, end) of a show: as it ran, else as planned; at least a minute."""
    start = show.started_at or show.starts_at
    planned = show.ends_at or show.starts_at + length_of(show.segments)
    end = show.ended_at or (start + planned - show.starts_at)
    return start, max(end, start + 60_000)


def length_of(segments: Sequence[SegmentPlan]) -> int:
    """How long a rundown is, in ms; two hours for an empty one."""
    return max((item.offset_s + item.duration_s for item in segments), default=7200) * 1000


def find_show(db: Reader, show: str) -> ShowRow | None:
    """The show by its id."""
    rows = db.rows(tables.FIND_SHOW, (show,))
    return _show(rows[0]) if rows else None


def titles_of(db: Reader, org: str, shows: Sequence[str]) -> dict[str, str]:
    """Titles of the organisation's shows among these ids (at most some hundreds)."""
    if not shows:
        return {}
    statement = tables.TITLES.format(places=",".join("?" * len(shows)))
    return {row[0]: row[1] for row in db.rows(statement, (org, *shows))}


def list_segments(db: Reader, room: str, show: str) -> list[SegmentRow]:
    """Segments in planned order."""
    return [
        SegmentRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8])
        for r in db.rows(tables.LIST_SEGMENTS, (room, show))
    ]
