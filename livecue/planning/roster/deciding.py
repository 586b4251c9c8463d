"""What the office edits of rosters, checked and kept."""

from datetime import date
from typing import Any, ClassVar

import msgspec

from livecue.events import (
    AbsenceRemoved,
    AbsenceSaved,
    CommandAsked,
    Event,
    RosterFilled,
    RosterMade,
    RosterPersonSaved,
    RosterPublished,
    RosterRemoved,
    ShiftAssigned,
    ShiftPlan,
    WishRemoved,
    WishSaved,
)
from livecue.flow import RowsOnly, Unit
from livecue.planning.roster import tables
from livecue.planning.roster.problem import DAY, TIERS, Costs, Limits
from livecue.reference import ROLES

MOST_DAYS = 62
MOST_POSTS = 20_000
MOST_WISHES = 200


class Settings(msgspec.Struct, frozen=True):
    """What a roster was made with."""

    free_days: tuple[int, ...] = ()
    limits: Limits = Limits()
    costs: Costs = Costs()


class Rosters(RowsOnly):
    """Owns rosters, skills, absences and wishes, in the stream of the house."""

    name: ClassVar[str] = "rosters"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            RosterPersonSaved, AbsenceSaved, AbsenceRemoved, WishSaved, WishRemoved, RosterMade, RosterFilled,
            ShiftAssigned, RosterPublished, RosterRemoved,
        }
    )  # fmt: skip

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        return _apply(event, unit)


def _apply(event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
    if isinstance(event, RosterPersonSaved):
        if event.tier not in TIERS:
            return "bad_tier", "a step of the host ladder is head, potential, reserve or empty"
        if not 0 <= event.most_hours <= 31 * 24:
            return "bad_hours", "hours in thirty days lie between 0 and 744"
        if not 0 <= event.week_hours <= 7 * 24 or not 0 <= event.streak_days <= 31:
            return "bad_limits", "hours in seven days lie between 0 and 168, days in a row between 0 and 31"
        row = (
            event.org, event.brand, event.person, event.tier, _json(event.categories), _json(event.rooms),
            event.most_hours, event.department, event.week_hours, event.streak_days,
        )  # fmt: skip
        unit.write(tables.SAVE_PERSON, row)
    elif isinstance(event, AbsenceSaved):
        first, last = _day(event.first), _day(event.last)
        if first is None or last is None or last < first or (last - first).days > 366:
            return "bad_span", "write days with their year, as 2026-12-24, the first before the last"
        span = (event.org, event.brand, event.absence, event.person, event.first, event.last, event.reason)
        unit.write(tables.SAVE_ABSENCE, span)
    elif isinstance(event, WishSaved):
        return _wish(event, unit)
    elif isinstance(event, AbsenceRemoved | WishRemoved):
        absence = isinstance(event, AbsenceRemoved)
        statement = tables.DROP_ABSENCE if absence else tables.DROP_WISH
        what = event.absence if isinstance(event, AbsenceRemoved) else event.wish
        if not unit.ask(statement, (event.org, event.brand, what)):
            return "no_entry", "there is no such entry; it was removed already"
    elif isinstance(event, RosterMade):
        return _make(event, unit)
    elif isinstance(event, RosterRemoved):
        if not unit.ask(tables.DROP_ROSTER, (event.org, event.brand, event.roster)):
            return "no_roster", "there is no such roster; it was removed already"
        unit.write(tables.DROP_SHIFTS, (event.org, event.brand, event.roster))
    elif isinstance(event, RosterFilled | ShiftAssigned | RosterPublished):
        return _change(event, unit)
    return None


def _wish(event: WishSaved, unit: Unit) -> tuple[str, str] | None:
    first, last = _day(event.day), _day(event.last or event.day)
    if first is None or last is None or not 1 <= event.weight <= 1000:
        return "bad_wish", "a wish has a day, as 2026-12-24, and a weight from 1 to 1000"
    if not 0 <= (last - first).days < MOST_DAYS:
        return "bad_span", f"the last day of a wish lies on the first or up to {MOST_DAYS - 1} days behind it"
    if (event.start or event.end) and not 0 <= event.start < event.end <= DAY:
        return "bad_wish", "the hours of a wish lie within its day, the first before the last"
    key = (event.org, event.brand, event.person)
    against = unit.ask(
        tables.AGAINST,
        (*key, event.wish, int(event.on), event.day, last.isoformat(), event.end, event.end, event.start),
    )
    if against:
        return "wish_against", f"they wish for the opposite on {against[0][0]}; take that wish back first"
    if not unit.ask(tables.FIND_WISH, (event.org, event.brand, event.wish)):
        ((count,),) = unit.ask(tables.COUNT_WISHES, key)
        if count >= MOST_WISHES:
            return "wishes_many", f"one person has at most {MOST_WISHES} wishes; take old ones back"
    row = (
        event.org, event.brand, event.wish, event.person, event.day, int(event.on), event.weight, last.isoformat(),
        event.start, event.end,
    )  # fmt: skip
    unit.write(tables.SAVE_WISH, row)
    return None


def _make(event: RosterMade, unit: Unit) -> tuple[str, str] | None:
    if not event.title.strip() or _day(event.first) is None or not 1 <= event.days <= MOST_DAYS:
        return "bad_roster", f"a roster needs a title, a first day and 1 to {MOST_DAYS} days"
    if len(event.posts) > MOST_POSTS:
        return "roster_large", f"a roster holds at most {MOST_POSTS} places; make a shorter one"
    if len({post.post for post in event.posts}) < len(event.posts):
        return "bad_shift", "two places have the same id"
    for post in event.posts:
        if not _may_stand(post, event.days):
            return "bad_shift", f"the place {post.post!r} has no known role, or its times do not fit its day"
    try:
        settings = Settings(event.free_days, msgspec.convert(event.limits, Limits), msgspec.convert(event.costs, Costs))
    except msgspec.ValidationError as error:
        return "bad_roster", str(error)
    row = (
        event.org,
        event.brand,
        event.roster,
        event.title.strip(),
        event.first,
        event.days,
        _json(settings),
        unit.now,
    )
    if not unit.ask(tables.SAVE_ROSTER, row):
        return "bad_roster", "a roster of this id is there already"
    unit.write_many(
        tables.SAVE_SHIFT,
        [(event.org, event.brand, post.room, event.roster, post.post, _json(post)) for post in event.posts],
    )
    return None


def _may_stand(post: ShiftPlan, days: int) -> bool:
    if post.role not in ROLES or not post.post or not 0 <= post.day < days:
        return False
    if post.least not in TIERS or post.wanted not in TIERS:
        return False
    if not post.day * DAY <= post.start < (post.day + 1) * DAY or not 0 < post.end - post.start <= DAY:
        return False
    return not post.rehearsal_end or 0 <= post.rehearsal_start < post.rehearsal_end <= post.start


def _change(event: RosterFilled | ShiftAssigned | RosterPublished, unit: Unit) -> tuple[str, str] | None:
    key = (event.org, event.brand, event.roster)
    rows = unit.ask(tables.FIND_ROSTER, key)
    if not rows:
        return "no_roster", "there is no such roster"
    state, penalty, bound, seconds = rows[0][4], rows[0][7], rows[0][8], rows[0][9]
    if isinstance(event, ShiftAssigned):
        if not unit.ask(tables.HAS_SHIFT, (*key, event.post)):
            return "no_shift", "the roster has no such place"
        # What the solver proved does not hold for a roster changed by hand.
        penalty, bound, seconds = -1.0, -1.0, 0.0
    elif isinstance(event, RosterFilled):
        penalty, bound, seconds = event.penalty, event.bound, event.seconds
    else:
        state = "published"
    if not unit.ask(tables.STEP, (state, penalty, bound, seconds, *key, event.version - 1)):
        return "changed_meanwhile", "somebody else changed the roster meanwhile; look at it again"
    if isinstance(event, ShiftAssigned):
        unit.write(tables.CHOOSE, (event.person, int(event.pinned and bool(event.person)), *key, event.post))
    elif isinstance(event, RosterFilled):
        unit.write(tables.EMPTY_SHIFTS, key)
        unit.write_many(tables.FILL, [(one.person, *key, one.post) for one in event.chosen])
    return None


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
