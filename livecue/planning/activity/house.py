"""Activities as people save them, checked and kept whole; and reading them."""

from datetime import UTC, date, datetime
from typing import ClassVar

import msgspec

from livecue.events import (
    ActivityGuest,
    ActivityPartner,
    ActivitySaved,
    ActivityStep,
    BudgetLine,
    CommandAsked,
    Event,
)
from livecue.flow import RowsOnly, Unit
from livecue.planning.activity import tables
from livecue.store import Reader

STATES = ("draft", "ready", "done", "cancelled")
ANSWERS = ("asked", "agreed", "declined")
GONE = "***"
"""In place of a guest's name whose time is over: who it was is kept no longer."""
MOST = 10**15
_ROWS = 200
_TEXT = 20_000
_YEAR = 366
_DAY_MS = 86_400_000


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """An activity as kept; fields as in ``ActivitySaved``. Amounts None: the reader may not see money."""

    activity: str
    title: str
    theme: str = ""
    goal: str = ""
    sales_goal: int | None = 0
    currency: str = "CNY"
    starts_on: str
    ends_on: str
    owner: str = ""
    state: str = "draft"
    steps: tuple[ActivityStep, ...] = ()
    guests: tuple[ActivityGuest, ...] = ()
    partners: tuple[ActivityPartner, ...] = ()
    resources: tuple[str, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    shows: tuple[str, ...] = ()
    summary: str = ""
    version: int = 0


class Activities(RowsOnly):
    """Owns activities, in the stream of the house."""

    name: ClassVar[str] = "activities"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({ActivitySaved})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        assert isinstance(event, ActivitySaved)
        return _save(event, unit)


def _save(event: ActivitySaved, unit: Unit) -> tuple[str, str] | None:
    if not event.activity or not event.title.strip() or len(event.title) > 200:
        return "activity_incomplete", "an activity needs an id and a title of at most 200 characters"
    answers = [row.state for row in event.guests] + [row.state for row in event.partners]
    if event.state not in STATES or any(state not in ANSWERS for state in answers):
        return "bad_state", f"an activity is {', '.join(STATES)}; guests and partners are {', '.join(ANSWERS)}"
    first, last = _day(event.starts_on), _day(event.ends_on)
    if first is None or last is None:
        return "bad_day", "write days with their year, as 2026-11-29"
    if last < first or (last - first).days > _YEAR:
        return "bad_span", "the last day must not lie before the first, nor a year behind it"
    named = (
        *(row.name for row in event.guests), *(row.name for row in event.partners), *(row.what for row in event.steps),
        *(row.what for row in event.budget), *event.resources,
    )  # fmt: skip
    if any(not name.strip() for name in named):
        return "activity_row", "every guest, partner, step, cost and resource needs a name; take empty rows out"
    amounts = [event.sales_goal, *(row.fee for row in event.guests), *(row.pays for row in event.partners)]
    amounts += [amount for row in event.budget for amount in (row.planned, max(row.spent, 0))]
    if any(not 0 <= amount <= MOST for amount in amounts) or any(row.spent < -1 for row in event.budget):
        return "bad_amount", "amounts must not lie below 0"
    lists = (event.steps, event.guests, event.partners, event.resources, event.budget, event.shows)
    if max(map(len, lists)) > _ROWS or len(event.goal) + len(event.summary) > _TEXT:
        return "too_long", f"at most {_ROWS} rows of a kind and {_TEXT} characters"
    rows = unit.ask(tables.VERSION, (event.org, event.brand, event.activity))
    stands = int(rows[0][0]) if rows else 0
    if event.version and event.version != stands + 1:
        return "changed_meanwhile", f"somebody else changed the plan (version {stands}); look at it and repeat"
    kept = {name: getattr(event, name) for name in Activity.__struct_fields__ if name not in ("version", "guests")}
    body = msgspec.json.encode({**kept, "version": stands + 1}).decode()
    key = (event.org, event.brand, event.activity)
    over = int(datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp() * 1000) + _DAY_MS
    unit.write(tables.SAVE, (*key, stands + 1, event.starts_on, event.ends_on, body, over))
    unit.write(tables.DROP_GUESTS, key)
    unit.write_many(
        tables.SAVE_GUEST,
        [
            (*key, place, guest.name, guest.brings, guest.fee, guest.state, guest.show, over)
            for place, guest in enumerate(event.guests)
        ],
    )
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def activities_between(db: Reader, org: str, brand: str, first: date, last: date) -> list[Activity]:
    """Activities that touch these days, both included."""
    rows = db.rows(tables.LIST, (org, brand, last.isoformat(), first.isoformat()))
    return [_whole(db, org, brand, row[0]) for row in rows]


def find_activity(db: Reader, org: str, brand: str, activity: str) -> Activity | None:
    """One activity; None when there is none."""
    rows = db.rows(tables.FIND, (org, brand, activity))
    return _whole(db, org, brand, rows[0][0]) if rows else None


def _whole(db: Reader, org: str, brand: str, body: str) -> Activity:
    activity = msgspec.json.decode(body, type=Activity)
    rows = db.rows(tables.GUESTS, (org, brand, activity.activity))
    guests = tuple(ActivityGuest(name=r[0] or GONE, brings=r[1], fee=r[2], state=r[3], show=r[4]) for r in rows)
    return msgspec.structs.replace(activity, guests=guests)


def without_money(activity: Activity) -> Activity:
    """The same for who may not see money: amounts are blank, rows stay."""
    replace = msgspec.structs.replace
    return replace(
        activity,
        sales_goal=None,
        guests=tuple(replace(row, fee=0) for row in activity.guests),
        partners=tuple(replace(row, pays=0) for row in activity.partners),
        budget=(),
    )


def money_kept(event: ActivitySaved, old: Activity | None) -> ActivitySaved:
    """What somebody saves who may not see money: amounts stay as they were."""
    fees = {row.name: row.fee for row in old.guests} if old else {}
    pays = {row.name: row.pays for row in old.partners} if old else {}
    replace = msgspec.structs.replace
    return replace(
        event,
        sales_goal=(old.sales_goal or 0) if old else 0,
        guests=tuple(replace(row, fee=fees.get(row.name, 0)) for row in event.guests),
        partners=tuple(replace(row, pays=pays.get(row.name, 0)) for row in event.partners),
        budget=old.budget if old else (),
    )
