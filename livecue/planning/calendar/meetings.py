"""The meetings of the SOP (R076, R077, R079, R083): when they are, and agendas written from the data."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from livecue.flow import RoomInfo
from livecue.planning.calendar import tables
from livecue.planning.calendar.ics import IcsEvent
from livecue.planning.calendar.steps import title_of
from livecue.planning.calendar.view import ShowEntry, entries_between
from livecue.sales import list_stock
from livecue.shows import find_show
from livecue.store import Reader
from livecue.work import Improvement, TaskRow, list_improvements, list_tasks

MINUTE_MS = 60_000
_LENGTH = {"morning": 20, "weekly": 60, "preparation": 30, "review": 45}
_RULE = {"morning": "R076", "review": "R077", "weekly": "R079", "preparation": "R083"}
BEFORE_MS, AFTER_MS = 120 * MINUTE_MS, 15 * MINUTE_MS
"""Preparation before the start, review after the end: it must be over within the hour."""
_OPEN = ("proposed", "accepted", "carried")
QUESTIONS = 8
"""Of what is asked, so much is talked about before a show."""


class Asked(msgspec.Struct, frozen=True):
    """What customers ask often: the product ("" of none), the topic, how often, and one question in their words."""

    product: str
    topic: str
    asked: int
    example: str


class Beside(msgspec.Struct, frozen=True):
    """What others know of an agenda. ``low``: under how many pieces a product is low in a room, the bound of R030
    there. ``asked``: the questions of the last days, the most asked first."""

    low: Callable[[RoomInfo], float]
    asked: Callable[[], Sequence[Asked]]


class Times(msgspec.Struct, frozen=True):
    """When the brand meets; fields as in ``MeetingsSet``."""

    time_zone: str = "Asia/Shanghai"
    morning: str = "09:00"
    weekly_day: int = 1
    weekly: str = "10:00"


class Meeting(msgspec.Struct, frozen=True):
    """A meeting on the calendar; ``kind`` morning, weekly, preparation or review. Moments ms UTC."""

    meeting: str
    kind: str
    rule: str
    start: int
    end: int
    time_zone: str
    room: str = ""
    show: str = ""
    title: str = ""


class Line(msgspec.Struct, frozen=True):
    """A line of an agenda: ``code`` names its words on the screen, filled with ``facts``; money in ``currency``."""

    code: str
    facts: dict[str, str | int | float]
    currency: str = ""
    bad: bool = False


class Section(msgspec.Struct, frozen=True):
    """A part of an agenda; ``title`` is a code."""

    title: str
    lines: list[Line]


class Agenda(msgspec.Struct, frozen=True):
    """What is to be talked about, and what was noted."""

    meeting: Meeting
    sections: list[Section]
    minutes: str
    noted_by: str
    noted_at: int


def times_of(db: Reader, org: str, brand: str) -> Times:
    """When the brand meets; the rule's own times until somebody sets others."""
    rows = db.rows(tables.FIND_TIMES, (org, brand))
    return Times(*rows[0]) if rows else Times()


def meetings_of(times: Times, shows: Sequence[ShowEntry], first: date, last: date) -> list[Meeting]:
    """The meetings between two days, both included, in order."""
    found = []
    day = first
    while day <= last:
        if times.morning:
            found.append(_at("morning", f"morning:{day}", day, times.morning, times.time_zone))
        if times.weekly and day.isoweekday() == times.weekly_day:
            found.append(_at("weekly", f"weekly:{day}", day, times.weekly, times.time_zone))
        day += timedelta(days=1)
    for show in shows:
        if show.status == "cancelled":
            continue
        for kind, start in (("preparation", show.start - BEFORE_MS), ("review", show.end + AFTER_MS)):
            found.append(
                Meeting(
                    meeting=f"{kind}:{show.show}", kind=kind, rule=_RULE[kind], start=start,
                    end=start + _LENGTH[kind] * MINUTE_MS, time_zone=show.time_zone, room=show.room, show=show.show,
                    title=show.title,
                )
            )  # fmt: skip
    return sorted(found, key=lambda item: (item.start, item.meeting))


_WORDS = {
    "zh": {"morning": "晨会", "weekly": "周会", "preparation": "筹备会", "review": "复盘会"},
    "en": {"morning": "Morning meeting", "weekly": "Weekly meeting", "preparation": "Preparation meeting",
           "review": "Review meeting"},
}  # fmt: skip


def ics_meetings(meetings: Sequence[Meeting], rooms: Mapping[str, RoomInfo], language: str) -> list[IcsEvent]:
    """The meetings as a calendar program takes them."""
    words = _WORDS["en" if language == "en" else "zh"]
    return [
        IcsEvent(
            uid=f"meeting-{item.meeting}@livecue",
            title=" · ".join(filter(None, (words[item.kind], item.title))),
            start=item.start,
            end=item.end,
            zone=item.time_zone,
            text=rooms[item.room].name if item.room in rooms else "",
            categories=(item.rule,),
        )
        for item in meetings
    ]


def ics_tasks(tasks: Sequence[tuple[RoomInfo, TaskRow]], shows: Sequence[ShowEntry], language: str) -> list[IcsEvent]:
    """Deadlines as a calendar program takes them: the quarter of an hour before each, without taking its time."""
    titles = {(show.room, show.show): show.title for show in shows}
    word = "Due" if language == "en" else "截止"
    return [
        IcsEvent(
            uid=f"task-{room.room}-{task.task}@livecue",
            title=" · ".join(
                filter(
                    None,
                    (f"{word}: {title_of(task.cause, task.title, language)}", titles.get((room.room, task.show), "")),
                )
            ),
            start=task.due_at - AFTER_MS,
            end=task.due_at,
            zone=room.time_zone,
            text=room.name,
            categories=("task",),
            busy=False,
        )
        for room, task in tasks
    ]


def _at(kind: str, meeting: str, day: date, clock: str, zone: str) -> Meeting:
    start = int(datetime.combine(day, time.fromisoformat(clock), ZoneInfo(zone)).timestamp() * 1000)
    return Meeting(meeting, kind, _RULE[kind], start, start + _LENGTH[kind] * MINUTE_MS, zone)


def agenda_of(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], meeting: str, now: int, money: bool, beside: Beside
) -> Agenda | None:
    """The agenda of a meeting by its id; None when there is no such. Sales and targets only with ``money``."""
    kind, _, about = meeting.partition(":")
    times = times_of(db, org, brand)
    if kind in ("morning", "weekly"):
        try:
            day = date.fromisoformat(about)
        except ValueError:
            return None
        clock = times.morning if kind == "morning" else times.weekly
        found = _at(kind, meeting, day, clock or "09:00", times.time_zone)
        make = _morning if kind == "morning" else _weekly
        sections = make(db, org, brand, rooms, day, now, money, beside)
    elif kind in ("preparation", "review"):
        row = find_show(db, about)
        if row is None or row.room not in rooms:
            return None
        day = datetime.fromtimestamp(row.starts_at / 1000, ZoneInfo(rooms[row.room].time_zone)).date()
        entries = entries_between(db, org, brand, rooms, day - timedelta(days=1), day + timedelta(days=2))
        entry = next((item for item in entries if item.show == about), None)
        if entry is None:
            return None
        found = next(m for m in meetings_of(Times(morning="", weekly=""), [entry], day, day) if m.kind == kind)
        if kind == "preparation":
            sections = _preparation(db, org, brand, entry, now, money, beside.low(rooms[row.room]), beside.asked())
        else:
            sections = _review(db, org, brand, entry, now, money)
    else:
        return None
    noted = db.rows(tables.FIND_NOTE, (org, brand, meeting))
    by, at, text = noted[0] if noted else ("", 0, "")
    return Agenda(found, [section for section in sections if section.lines], str(text), str(by), int(at))


def _morning(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], day: date, now: int, money: bool, beside: Beside
) -> list[Section]:
    shows = [s for s in entries_between(db, org, brand, rooms, day, day) if s.status != "cancelled"]
    risks = _risks(db, org, brand, shows, rooms, beside)
    return [Section("today", [_goal(s, money) for s in shows]), Section("risks", risks), _late(db, rooms, now)]


def _weekly(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], day: date, now: int, money: bool, beside: Beside
) -> list[Section]:
    past = entries_between(db, org, brand, rooms, day - timedelta(days=7), day - timedelta(days=1))
    coming = entries_between(db, org, brand, rooms, day, day + timedelta(days=6))
    open_items = [item for room in rooms for item in list_improvements(db, room) if item.state in _OPEN]
    items = [_improvement(item) for item in open_items]
    over = [show for show in past if show.status == "ended"]
    planned = [show for show in coming if show.status == "planned"]
    return [
        Section("week", [*(_totals(over) if money else ()), *(_result(s, money) for s in over)]),
        Section("coming", [_goal(s, money) for s in planned]),
        Section("supply", _risks(db, org, brand, planned, rooms, beside)),
        Section("improvements", items[:50]),
        _late(db, rooms, now),
    ]


def _preparation(
    db: Reader, org: str, brand: str, show: ShowEntry, now: int, money: bool, low: float, asked: Sequence[Asked]
) -> list[Section]:
    row = find_show(db, show.show)
    plan = [
        Line(
            "segment",
            {"title": s.title, "part": s.part, "minutes": round(s.duration_s / 60)},
        )
        for s in (row.segments if row else [])
    ]
    names = {p.product: p.name for p in (row.products if row else [])}
    products = [Line("product", {"name": p.name, "role": p.role}) for p in (row.products if row else [])]
    # What is asked of the shop as a whole is asked in this show too.
    questions = [
        Line(
            "question" if item.product else "question_any",
            {"name": names.get(item.product, ""), "topic": item.topic, "n": item.asked, "example": item.example},
        )
        for item in asked if item.product in names or not item.product
    ][:QUESTIONS]  # fmt: skip
    tasks = [_task(t, 0 < t.due_at < now) for t in list_tasks(db, show.room, show.show, closed=False)]
    carried = [_improvement(item) for item in list_improvements(db, show.room, show.show)]
    return [
        Section("plan", [_goal(show, money)]), Section("rhythm", plan), Section("products", products),
        Section("questions", questions), Section("risks", _stock(db, org, brand, show, low)),
        Section("improvements", carried), Section("tasks", tasks),
    ]  # fmt: skip


def _review(db: Reader, org: str, brand: str, show: ShowEntry, now: int, money: bool) -> list[Section]:
    proposed = [_improvement(item) for item in list_improvements(db, show.room, show.show)]
    missed = [
        Line("missed", {"title": t.title, "role": t.role, "cause": t.cause}, bad=True)
        for t in list_tasks(db, show.room, show.show)
        if t.state == "missed"
    ]
    posts = [Line("post", {"role": role}) for role in ("host", "floor", "cs", "ops", "selector")]
    return [
        Section("result", [_result(show, money)]), Section("missed", missed), Section("posts", posts),
        Section("improvements", proposed),
    ]  # fmt: skip


def _improvement(item: Improvement) -> Line:
    both = {"title_zh": item.title_zh, "title_en": item.title_en} if item.title_en else {}
    return Line("improvement", {"title": item.title, "role": item.role, "state": item.state, **both})


def _task(task: TaskRow, bad: bool) -> Line:
    return Line("task", {"title": task.title, "role": task.role, "due": task.due_at, "cause": task.cause}, bad=bad)


def _goal(show: ShowEntry, money: bool) -> Line:
    facts: dict[str, str | int | float] = {"title": show.title, "room": show.room_name, "start": show.start}
    if money and show.goal:
        facts["goal"] = show.goal
    if show.goal_views:
        facts["views"] = show.goal_views
    return Line("show", facts, show.currency)


def _totals(shows: Sequence[ShowEntry]) -> list[Line]:
    """By currency: what the shows with a target sold of it (M86); nothing is made of a sum that is not known."""
    lines = []
    for currency in sorted({show.currency for show in shows if show.goal}):
        mine = [show for show in shows if show.goal and show.currency == currency]
        goal, unknown = sum(show.goal for show in mine), sum(show.attained is None for show in mine)
        facts: dict[str, str | int | float] = {"n": len(mine), "goal": goal}
        if unknown:
            lines.append(Line("total_unknown", {**facts, "unknown": unknown}, currency))
            continue
        sold = sum(show.attained or 0 for show in mine)
        lines.append(Line("total", {**facts, "sold": sold, "reached": sold / goal}, currency, bad=sold < goal))
    return lines


def _result(show: ShowEntry, money: bool) -> Line:
    facts: dict[str, str | int | float] = {"title": show.title, "room": show.room_name, "start": show.start}
    if money and show.attained is not None:
        facts["sold"] = show.attained
    if money and show.reached is not None:
        facts["reached"] = show.reached
    return Line("result", facts, show.currency, bad=show.reached is not None and show.reached < 1)


def _risks(
    db: Reader, org: str, brand: str, shows: Sequence[ShowEntry], rooms: Mapping[str, RoomInfo], beside: Beside
) -> list[Line]:
    """What runs short, each product once however many of the shows present it."""
    found = [line for show in shows for line in _stock(db, org, brand, show, beside.low(rooms[show.room]))]
    return list({str(line.facts["product"]): line for line in found}.values())


def _stock(db: Reader, org: str, brand: str, show: ShowEntry, low: float) -> list[Line]:
    """Products of the show with fewer pieces than R030 wants: what can be sold of all their SKUs."""
    row = find_show(db, show.show)
    kept = {item.sku: item.on_hand - item.reserved for item in list_stock(db, org, brand) if item.known}
    lines = []
    for card in row.products if row else []:
        left = [kept[sku] for sku in card.skus if sku in kept]
        if left and sum(left) < low:
            facts: dict[str, str | int | float] = {"product": card.product, "name": card.name}
            lines.append(Line("stock", {**facts, "left": max(0, sum(left))}, bad=True))
    return lines


def _late(db: Reader, rooms: Mapping[str, RoomInfo], now: int) -> Section:
    late = [task for room in rooms for task in list_tasks(db, room, closed=False) if 0 < task.due_at < now]
    late.sort(key=lambda task: task.due_at)
    return Section("late", [_task(task, True) for task in late[:50]])
