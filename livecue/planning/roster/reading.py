"""Rosters and what they are made from, read from the rows of the house."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from livecue.events import ShiftPlan
from livecue.flow import RoomInfo
from livecue.planning.roster import tables
from livecue.planning.roster.deciding import Settings
from livecue.planning.roster.problem import DAY, Leave, Post, Problem, Skill, Wish, Worker
from livecue.shows import ShowRow
from livecue.store import Reader, Row
from livecue.team import Person

ROLES = ("host", "cohost", "floor", "console", "cs")
"""Hosts, co-hosts, floor, operator, service: who works in shifts."""
GOLDEN = (20 * 60, 22 * 60)
"""20 to 22 h (R086, an example of the seed)."""
REHEARSAL = (15 * 60, 16 * 60)
"""When a rehearsal is, unless a planner says otherwise; ours."""


class Profile(msgspec.Struct, frozen=True):
    """What the roster knows of a person."""

    person: str
    tier: str = ""
    categories: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    most_hours: int = 0
    department: str = ""
    week_hours: int = 0
    streak_days: int = 0


class Absence(msgspec.Struct, frozen=True):
    """Somebody is away, days included."""

    absence: str
    person: str
    first: str
    last: str
    reason: str


class WishRow(msgspec.Struct, frozen=True):
    """A wish for or against days, or a part of them (``start`` and ``end`` in minutes of the day)."""

    wish: str
    person: str
    day: str
    on: bool
    weight: int
    last: str = ""
    start: int = 0
    end: int = 0


class RosterRow(msgspec.Struct, frozen=True):
    """A roster without its places; ``penalty`` and ``bound`` -1 where nothing is proved for it as it stands."""

    roster: str
    title: str
    first: str
    days: int
    state: str
    version: int
    penalty: float
    bound: float
    seconds: float
    made_at: int
    settings: Settings


class ShiftRow(msgspec.Struct, frozen=True):
    """A place with who fills it."""

    plan: ShiftPlan
    person: str
    pinned: bool


class Line(msgspec.Struct, frozen=True):
    """Shifts that come again: on which days of the week (1 Monday to 7), from when to when (minutes of the day)."""

    room: str
    weekdays: tuple[int, ...]
    start: int
    end: int
    roles: dict[str, int]
    title: str = ""
    special: bool = False
    """With a rehearsal two days ahead, a head host wanted, no reserve."""


def list_profiles(db: Reader, org: str, brand: str) -> dict[str, Profile]:
    """What is known of each person."""
    return {
        r[0]: Profile(r[0], r[1], tuple(msgspec.json.decode(r[2])), tuple(msgspec.json.decode(r[3])), *r[4:8])
        for r in db.rows(tables.LIST_PEOPLE, (org, brand))
    }


def list_absences(db: Reader, org: str, brand: str, first: str, last: str) -> list[Absence]:
    """Absences that touch these days."""
    return [Absence(*r) for r in db.rows(tables.LIST_ABSENCES, (org, brand, first, last))]


def list_wishes(db: Reader, org: str, brand: str, first: str, last: str) -> list[WishRow]:
    """Wishes for these days."""
    rows = db.rows(tables.LIST_WISHES, (org, brand, first, last))
    return [WishRow(r[0], r[1], r[2], bool(r[3]), r[4], r[5], r[6], r[7]) for r in rows]


def owner_of_wish(db: Reader, org: str, brand: str, wish: str) -> str | None:
    """Whose wish it is; None when there is none."""
    rows = db.rows(tables.FIND_WISH, (org, brand, wish))
    return str(rows[0][0]) if rows else None


def list_rosters(db: Reader, org: str, brand: str) -> list[RosterRow]:
    """The rosters of a brand, newest first."""
    return [_roster(row) for row in db.rows(tables.LIST_ROSTERS, (org, brand))]


def find_roster(db: Reader, org: str, brand: str, roster: str) -> RosterRow | None:
    """One roster."""
    rows = db.rows(tables.FIND_ROSTER, (org, brand, roster))
    return _roster(rows[0]) if rows else None


def _roster(r: Row) -> RosterRow:
    settings = msgspec.json.decode(r[6], type=Settings)
    return RosterRow(r[0], r[1], r[2], r[3], r[4], r[5], r[7], r[8], r[9], r[10], settings)


def list_shifts(db: Reader, org: str, brand: str, roster: str) -> list[ShiftRow]:
    """The places of a roster."""
    decode = msgspec.json.Decoder(ShiftPlan).decode
    return [ShiftRow(decode(r[0]), r[1], bool(r[2])) for r in db.rows(tables.LIST_SHIFTS, (org, brand, roster))]


class OwnShift(msgspec.Struct, frozen=True):
    """A shift of one person, in whichever roster."""

    brand: str
    roster: str
    first: str
    state: str
    version: int
    plan: ShiftPlan


def shifts_of(db: Reader, org: str, person: str) -> list[OwnShift]:
    """Every shift a person has."""
    decode = msgspec.json.Decoder(ShiftPlan).decode
    return [OwnShift(r[0], r[1], r[2], r[3], r[4], decode(r[5])) for r in db.rows(tables.PERSONS_SHIFTS, (org, person))]


class Published(msgspec.Struct, frozen=True):
    """A published roster's shifts by the show and by the room they are for."""

    first: str
    days: int
    by_show: dict[str, list[ShiftRow]]
    by_room: dict[str, list[ShiftRow]]


def published(db: Reader, org: str, brand: str) -> list[Published]:
    """The published rosters of a brand, read once for many shows."""
    found = []
    for row in list_rosters(db, org, brand):
        if row.state != "published":
            continue
        by_show: dict[str, list[ShiftRow]] = defaultdict(list)
        by_room: dict[str, list[ShiftRow]] = defaultdict(list)
        for shift in list_shifts(db, org, brand, row.roster):
            by_show[shift.plan.show].append(shift)
            by_room[shift.plan.room].append(shift)
        found.append(Published(row.first, row.days, by_show, by_room))
    return found


def rostered(
    db: Reader, room: RoomInfo, show: str, starts_at: int, rosters: Iterable[Published] | None = None
) -> list[tuple[str, str]]:
    """(role, person) of those whom a published roster puts on a show: by its name, or in its room at its start (ms).

    ``rosters`` of the room's brand where somebody asks for many shows.
    """
    zone = ZoneInfo(room.time_zone)
    start = datetime.fromtimestamp(starts_at / 1000, zone)
    found: dict[tuple[str, str], None] = {}
    for row in published(db, room.org, room.brand) if rosters is None else rosters:
        day = (start.date() - date.fromisoformat(row.first)).days
        if not 0 <= day <= row.days:
            continue
        minute = day * DAY + start.hour * 60 + start.minute
        here = [
            shift
            for shift in row.by_room.get(room.room, [])
            if shift.plan.start <= minute < shift.plan.end and shift.plan.show in ("", show)
        ]
        for shift in (*(row.by_show.get(show, []) if show else []), *here):
            if shift.person:
                found[shift.plan.role, shift.person] = None
    return list(found)


def post_of(plan: ShiftPlan) -> Post:
    """A place as the solver sees it."""
    return Post(
        post=plan.post,
        room=plan.room,
        role=plan.role,
        day=plan.day,
        start=plan.start,
        end=plan.end,
        category=plan.category,
        show=plan.show,
        title=plan.title,
        golden=plan.golden,
        least=plan.least,
        wanted=plan.wanted,
        rehearsal=(plan.rehearsal_start, plan.rehearsal_end) if plan.rehearsal_end else None,
    )


def workers_of(people: Iterable[Person], profiles: Mapping[str, Profile], brand: str, days: int) -> list[Worker]:
    """Who may work in shifts for a brand: active people with a role of ``ROLES`` for it or for one of its rooms."""
    found = []
    for person in people:
        profile = profiles.get(person.person, Profile(person.person))
        skills: list[Skill] = []
        for role in ROLES:
            grants = [g for g in person.grants if g.role == role and g.brand in ("", brand)]
            if not grants:
                continue
            rooms = () if any(not g.room for g in grants) else tuple(sorted({g.room for g in grants}))
            skills += [Skill(role, category, rooms) for category in profile.categories or ("",)]
        if person.active and skills:
            most = profile.most_hours * 60 * days // 30
            found.append(
                Worker(
                    person.person, person.name, tuple(skills), profile.tier, profile.rooms, most,
                    profile.week_hours * 60, profile.streak_days,
                )
            )  # fmt: skip
    return found


def problem_of(
    row: RosterRow,
    shifts: Sequence[ShiftRow],
    workers: Sequence[Worker],
    absences: Iterable[Absence],
    wishes: Iterable[WishRow],
) -> Problem:
    """The problem a roster poses as it stands; what is pinned stays."""
    first = date.fromisoformat(row.first)

    def day(text: str) -> int:
        return (date.fromisoformat(text) - first).days

    return Problem(
        first=row.first,
        days=row.days,
        workers=tuple(workers),
        posts=tuple(post_of(shift.plan) for shift in shifts),
        leaves=tuple(Leave(a.person, day(a.first) * DAY, (day(a.last) + 1) * DAY, a.reason) for a in absences),
        wishes=tuple(
            Wish(
                w.person, d, w.on, w.weight, d * DAY + w.start if w.end else 0, d * DAY + w.end if w.end else 0, w.wish
            )
            for w in wishes
            for d in range(max(0, day(w.day)), min(row.days - 1, day(w.last or w.day)) + 1)
        ),
        free_days=row.settings.free_days,
        pinned={shift.plan.post: shift.person for shift in shifts if shift.pinned and shift.person},
        limits=row.settings.limits,
        costs=row.settings.costs,
    )


def plan_lines(first: date, days: int, lines: Iterable[Line], rooms: Mapping[str, RoomInfo]) -> list[ShiftPlan]:
    """The places of shifts that come again."""
    found: list[ShiftPlan] = []
    for number, line in enumerate(lines):
        for day in range(days):
            if (first + timedelta(days=day)).isoweekday() in line.weekdays:
                end = line.end if line.end > line.start else line.end + DAY
                start = day * DAY + line.start
                found += _places(f"l{number}d{day}", line, rooms, day, start, start + end - line.start, "", line.title)
    return found


def plan_shows(
    first: date, days: int, shows: Iterable[ShowRow], roles: Mapping[str, int], rooms: Mapping[str, RoomInfo]
) -> list[ShiftPlan]:
    """The places of planned shows with a known end; special and co-branded ones are rehearsed (R075)."""
    found: list[ShiftPlan] = []
    for show in shows:
        room = rooms.get(show.room)
        if room is None or show.ends_at <= show.starts_at or show.status == "ended":
            continue
        zone = ZoneInfo(room.time_zone)
        starts, ends = (datetime.fromtimestamp(ms / 1000, zone) for ms in (show.starts_at, show.ends_at))
        day = (starts.date() - first).days
        if not 0 <= day < days:
            continue
        start = day * DAY + starts.hour * 60 + starts.minute
        length = min(DAY, round((ends - starts).total_seconds() / 60))
        line = Line(show.room, (), 0, 0, dict(roles), special=show.theme in ("special", "cobrand"))
        found += _places(f"s{show.show}", line, rooms, day, start, start + length, show.show, show.title)
    return found


def _places(
    name: str, line: Line, rooms: Mapping[str, RoomInfo], day: int, start: int, end: int, show: str, title: str
) -> list[ShiftPlan]:
    room = rooms.get(line.room)
    golden = start < day * DAY + GOLDEN[1] and day * DAY + GOLDEN[0] < end
    rehearsed = line.special and day >= 2
    ahead = (day - 2) * DAY
    found = []
    for role, count in line.roles.items():
        for place in range(count):
            host = role == "host"
            comes = rehearsed and role in ("host", "cohost", "floor")
            found.append(
                ShiftPlan(
                    post=f"{name}-{role}{place}" if place else f"{name}-{role}",
                    role=role,
                    day=day,
                    start=start,
                    end=end,
                    room=line.room,
                    category=room.category if room and role in ("host", "cohost", "floor") else "",
                    show=show,
                    title=title,
                    golden=golden,
                    least="potential" if host and line.special else "",
                    wanted="head" if host and line.special else "potential" if host and golden else "",
                    rehearsal_start=ahead + REHEARSAL[0] if comes else 0,
                    rehearsal_end=ahead + REHEARSAL[1] if comes else 0,
                )
            )
    return found
