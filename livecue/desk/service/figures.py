"""How fast and how well we answer: M76 to M79, M82 and what became of suggestions, recomputed from the rows.

A *turn* is what a customer writes until somebody answers; its wait runs from its first message. The team's figures
count every message and turn; the platform's rule counts as the platform does (hours, people only, by turn or by day).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.presets import PlatformClock
from livecue.reference import answering
from livecue.store import Reader

Waited = Callable[[str, int, int], int]
"""(room, since, until) to how much of that wait the team answers for: all of it, or what lies in business hours."""


ClockOf = Callable[[str, int], PlatformClock]
"""(room, moment) to the platform's rule by which what a customer wrote then counts."""


def all_of_it(_room: str, since: int, until: int) -> int:
    """The plain difference."""
    return until - since


class Asked(msgspec.Struct, frozen=True):
    """One message of a customer: when it came, when people's clock began, who answered it when (0: nobody yet)."""

    room: str
    conversation: str
    message: str
    at: int
    counted_at: int
    human_at: int
    human_by: str
    auto_at: int


class Share(msgspec.Struct, frozen=True):
    """Good of all, None when there is nothing to divide (待核验)."""

    good: int
    of: int

    @property
    def value(self) -> float | None:
        """0 to 1."""
        return self.good / self.of if self.of else None


class Figures(msgspec.Struct, frozen=True):
    """One row of the board. Milliseconds; None is unknown, never 0."""

    group: str
    messages: int
    conversations: int
    first_ms: float | None
    """M76."""
    mean_ms: float | None
    """M77."""
    p95_ms: float | None
    platform: Share
    """M78, by the platform's rule."""
    fast: Share
    """M79."""
    satisfied: Share
    """M82: 4 and 5 of those who rated."""
    unanswered: int


def asked_between(db: Reader, rooms: Sequence[str], since: int, until: int) -> list[Asked]:
    """Customers' messages of these rooms."""
    statement = tables.ASKED_BETWEEN.format(rooms=",".join("?" * len(rooms)) or "NULL")
    return [Asked(*row) for row in db.rows(statement, (*rooms, since, until))]


def minutes_of(text: str) -> int:
    """ "23:00" as minutes of the day."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def counted(clock: PlatformClock, zone: ZoneInfo, at: int) -> str:
    """The local day a moment counts for by the platform's hours, "" outside them."""
    local = datetime.fromtimestamp(at / 1000, zone)
    inside = minutes_of(clock.opens) <= local.hour * 60 + local.minute < minutes_of(clock.until)
    return local.date().isoformat() if inside else ""


def platform_share(asked: Iterable[Asked], clock_of: ClockOf, zone: ZoneInfo, now: int) -> Share:
    """M78 as the platform counts it: each turn by the rule of its room when it began. A turn whose time has not run out
    yet counts neither way."""
    good: dict[tuple[str, str, str], bool] = {}
    for number, (room, conversation, started, answered, clock) in enumerate(_turns(asked, clock_of)):
        date = counted(clock, zone, started)
        if not date or (not answered and now - started < clock.within_ms):
            continue
        name = (room, conversation, date if clock.unit == "person_day" else str(number))
        good[name] = good.get(name, True) and bool(answered) and answered - started <= clock.within_ms
    return Share(sum(good.values()), len(good))


def _turns(asked: Iterable[Asked], clock_of: ClockOf) -> Iterable[tuple[str, str, int, int, PlatformClock]]:
    """(room, conversation, first message at, answered at or 0, the rule then) per turn."""
    for (room, conversation), messages in groupby(asked, key=lambda item: (item.room, item.conversation)):
        counts = [item for item in messages if item.counted_at]

        def answered(item: Asked, room: str = room) -> int:
            robot_counts = clock_of(room, item.counted_at).robot_counts
            moments = [item.human_at, item.auto_at] if robot_counts else [item.human_at]
            return min((moment for moment in moments if moment), default=0)

        for answer, turn in groupby(counts, key=answered):
            started = next(iter(turn)).counted_at
            yield room, conversation, started, answer, clock_of(room, started)


def figures(
    asked: Sequence[Asked],
    firsts: Sequence[tuple[str, int]],
    scores: Sequence[tuple[str, int]],
    clock_of: ClockOf,
    zone: ZoneInfo,
    now: int,
    group: Callable[[Asked], str],
    waited: Waited = all_of_it,
) -> list[Figures]:
    """The board by ``group`` of a message.

    M76, M77 and M79 are the team's own and count what ``waited`` says of a wait; M78 goes by the platform's hours
    and the rule ``clock_of`` gives.
    ``firsts`` (group, ms from people's clock to the first answer) and ``scores`` (group, 1 to 5): per conversation.
    """
    groups: dict[str, list[Asked]] = {}
    # The span ends before ``now``: a bound that begins just then holds for nothing in it.
    satisfied_from = answering(now - 1).satisfied_from
    for item in asked:
        groups.setdefault(group(item), []).append(item)
    found = []
    for name in sorted(groups.keys() | {name for name, _ in firsts}):
        mine = groups.get(name, [])
        waits = sorted(
            waited(item.room, item.counted_at, item.human_at) for item in mine if item.counted_at and item.human_at
        )
        due = [
            item
            for item in mine
            if item.counted_at
            and (item.human_at or waited(item.room, item.counted_at, now) >= answering(item.counted_at).fast_ms)
        ]
        quick = [
            item
            for item in due
            if item.human_at and waited(item.room, item.counted_at, item.human_at) <= answering(item.counted_at).fast_ms
        ]
        first = [ms for who, ms in firsts if who == name]
        rated = [score for who, score in scores if who == name]
        found.append(
            Figures(
                group=name,
                messages=len(mine),
                conversations=len({(item.room, item.conversation) for item in mine}),
                first_ms=sum(first) / len(first) if first else None,
                mean_ms=sum(waits) / len(waits) if waits else None,
                p95_ms=float(waits[max(0, -(-95 * len(waits) // 100) - 1)]) if waits else None,
                platform=platform_share(mine, clock_of, zone, now),
                fast=Share(len(quick), len(due)),
                satisfied=Share(sum(1 for score in rated if score >= satisfied_from), len(rated)),
                unanswered=sum(1 for item in mine if item.counted_at and not item.human_at and not item.auto_at),
            )
        )
    return found


class Taken(msgspec.Struct, frozen=True):
    """What became of the suggestions of a topic."""

    topic: str
    offered: int
    used: int
    edited: int
    sent: int
    stopped: int
    dropped: dict[str, int]


def suggestions_between(db: Reader, rooms: Sequence[str], since: int, until: int) -> list[Taken]:
    """Suggestions by topic: taken as they were, edited, sent by themselves, stopped by a person, dropped and why."""
    statement = tables.SUGGESTED_BETWEEN.format(rooms=",".join("?" * len(rooms)) or "NULL")
    topics: dict[str, dict[tuple[str, str], int]] = {}
    for topic, state, why, count in db.rows(statement, (*rooms, since, until)):
        topics.setdefault(str(topic), {})[str(state), str(why)] = int(count)
    found = []
    for topic, states in topics.items():

        def of(state: str, states: dict[tuple[str, str], int] = states) -> int:
            return sum(count for (name, _), count in states.items() if name == state)

        stopped = states.get(("dropped", "stopped"), 0)
        dropped = {why: count for (state, why), count in states.items() if state == "dropped" and why != "stopped"}
        total = sum(states.values())
        found.append(Taken(topic, total, of("used"), of("edited"), of("sent"), stopped, dropped))
    return found


def conversations_between(
    db: Reader, rooms: Sequence[str], since: int, until: int
) -> list[tuple[str, str, str, int, int, int, int]]:
    """(room, conversation, agent, opened at, people's clock from, first answer, score) of private messages."""
    statement = tables.BETWEEN.format(rooms=",".join("?" * len(rooms)) or "NULL")
    return [
        (str(r[0]), str(r[1]), str(r[9]), int(r[11]), int(r[12]), int(r[13]), int(r[19]))
        for r in db.rows(statement, (*rooms, since, until))
        if r[2] == "message"
    ]
