"""Who will wait too long, before it happens: by the team's clock and the platform's, by agent and by shift. Pure."""

from collections.abc import Iterable
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from livecue.desk.service.figures import counted
from livecue.desk.service.hours import ALWAYS, NEVER_MS, Spans, after, shift_end, shift_of
from livecue.desk.service.presets import PlatformClock, platform_clock, team_clock
from livecue.desk.service.state import Kept, ShiftView
from livecue.flow import RoomInfo

UNKNOWN_MS = 30_000
"""What one answer takes before an agent has given any."""
NOBODYS = "-"
"""The shift of what no agent has."""


_after = lru_cache(maxsize=20_000)(after)
"""A wait that began is asked about in every frame, with the same answer."""


class Outlook(msgspec.Struct, frozen=True):
    """What is foreseen of one that waits. Moments in room ms; ``answer_at`` 0: nobody serves who could."""

    agent: str
    answer_at: int
    due: int
    platform_due: int
    late: bool
    """Late by the team's clock already."""
    will_be_late: bool
    will_miss: bool


class Sums(msgspec.Struct):
    """Those of one agent, or of none."""

    waiting: int = 0
    late: int = 0
    will_be_late: int = 0
    will_miss: int = 0

    def add(self, one: Outlook) -> None:
        """Count one more."""
        self.waiting += 1
        self.late += one.late
        self.will_be_late += one.will_be_late
        self.will_miss += one.will_miss


def limit_of(channel: str) -> int:
    """How long a customer may wait by the team's own clock, ms of open time (R056, R057)."""
    clock = team_clock()
    return {"comment": clock.comment_ms, "case": clock.case_ms}.get(channel, clock.message_ms)


def due_of(channel: str, since: int, deadline: int, hours: Spans, zone: str) -> int:
    """When somebody must have answered: the team's clock runs in business hours, a platform's deadline always."""
    due = _after(hours, zone, since, limit_of(channel))
    return min(due, deadline) if deadline else due


def platform_due_of(channel: str, since: int, clock: PlatformClock, zone: str) -> int:
    """Until when the platform wants an answer (M78); 0 when it does not count this wait: other channels, its hours."""
    if channel != "message" or not since or not counted(clock, ZoneInfo(zone), since):
        return 0
    return since + clock.within_ms


def outlook(kept: Kept, room: RoomInfo, now: int) -> dict[str, Outlook]:
    """Each waiting conversation at the pace of whoever has it.

    Each agent takes theirs one after another, within their own shifts; those without an agent are for everybody who is
    ready, within the desk's hours. Cases are worked on between messages and are not reckoned in.
    """
    zone, desk = room.time_zone, kept.hours.get("", ALWAYS)
    clock = platform_clock(room.platform, now, room.currency)
    waiting = sorted(
        (item for item in kept.open.values() if item.since and item.human_at and item.channel != "case"),
        key=lambda item: (item.since, item.conversation),
    )
    ready = [person for person, agent in kept.agents.items() if agent.on_duty and agent.state == "ready"]
    pace = [kept.handled.get(person, UNKNOWN_MS) for person in ready]
    common = sum(pace) / len(pace) / len(pace) if pace else 0.0
    ahead: dict[str, int] = {}
    found: dict[str, Outlook] = {}
    for item in waiting:
        place = ahead[item.agent] = ahead.get(item.agent, 0) + 1
        each = float(kept.handled.get(item.agent, UNKNOWN_MS)) if item.agent else common
        spans = (kept.hours.get(item.agent) or desk) if item.agent else desk
        answer_at = after(spans, zone, now, int(each * place)) if each else NEVER_MS
        due = due_of(item.channel, item.since, item.deadline, desk, zone)
        platform_due = platform_due_of(item.channel, item.since, clock, zone)
        found[item.conversation] = Outlook(
            agent=item.agent,
            answer_at=answer_at if answer_at < NEVER_MS else 0,
            due=due,
            platform_due=platform_due,
            late=now > due,
            will_be_late=now <= due < answer_at,
            will_miss=0 < now <= platform_due < answer_at,
        )
    return found


def by_agent(found: Iterable[Outlook]) -> dict[str, Sums]:
    """Agent to what is foreseen of theirs; "" what nobody has."""
    sums: dict[str, Sums] = {}
    for one in found:
        sums.setdefault(one.agent, Sums()).add(one)
    return sums


def shift_now(kept: Kept, person: str, zone: str, now: int) -> tuple[str, int]:
    """The shift a person is in and when it ends; ("", 0) outside all of theirs, or without any."""
    spans = kept.hours.get(person, ALWAYS)
    name = shift_of(spans, zone, now) if spans else ""
    return (name, shift_end(spans, zone, now)) if name else ("", 0)


def by_shift(kept: Kept, sums: dict[str, Sums], zone: str, now: int) -> list[ShiftView]:
    """Everybody who serves now or has something that waits, by shift; what nobody has stands last."""
    people: dict[str, int] = {}
    totals: dict[str, Sums] = {}
    for person, agent in kept.agents.items():
        if not (agent.on_duty or person in sums):
            continue
        shift = shift_now(kept, person, zone, now)[0]
        people[shift] = people.get(shift, 0) + 1
        _join(totals.setdefault(shift, Sums()), sums.get(person, Sums()))
    if "" in sums:
        people[NOBODYS] = 0
        _join(totals.setdefault(NOBODYS, Sums()), sums[""])
    return [
        ShiftView(shift, people[shift], one.waiting, one.late, one.will_be_late, one.will_miss)
        for shift, one in sorted(totals.items(), key=lambda pair: (pair[0] == NOBODYS, pair[0]))
    ]


def _join(total: Sums, more: Sums) -> None:
    total.waiting += more.waiting
    total.late += more.late
    total.will_be_late += more.will_be_late
    total.will_miss += more.will_miss
