"""What traffic a show buys and what it spent, checked and kept in the stream of the house."""

from typing import ClassVar

import msgspec

from livecue.events import AdPlanSaved, AdSlot, AdSpendSaved, CommandAsked, Event
from livecue.flow import RowsOnly, Unit
from livecue.planning.ads import tables
from livecue.store import Reader

MOST = 10**13
_MOST_SLOTS = 100
_MOST_ROWS = 5_000


class Plan(msgspec.Struct, frozen=True):
    """The plan as kept; fields as in ``AdPlanSaved``."""

    slots: tuple[AdSlot, ...] = ()
    budget: int = 0
    margin_bp: int = 0
    version: int = 0


class Spend(msgspec.Struct, frozen=True):
    """A row of spend; -1 is "not told"."""

    campaign: str
    at: int
    spent: int
    gmv: int
    orders: int
    attribution: str


class Ads(RowsOnly):
    """Owns ad plans and imported spend."""

    name: ClassVar[str] = "ads"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({AdPlanSaved, AdSpendSaved})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        return _apply(event, unit)


def _apply(event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
    assert isinstance(event, AdPlanSaved | AdSpendSaved)
    if not event.room or not event.show:
        return "incomplete", "an ad plan belongs to a show"
    if isinstance(event, AdSpendSaved):
        if not event.attribution.strip():
            return "no_attribution", "say how the takings were attributed, as the platform's page says it"
        if len(event.rows) > _MOST_ROWS or any(
            not 0 <= row.spent <= MOST or not -1 <= row.gmv <= MOST or row.orders < -1 or not row.campaign.strip()
            for row in event.rows
        ):
            return "bad_amount", "amounts must not lie below 0, and each row names its campaign"
        for row in event.rows:
            unit.write(
                tables.SAVE_SPEND,
                (
                    event.org, event.brand, event.room, event.show, row.campaign, row.at, row.spent, row.gmv,
                    row.orders, event.attribution, event.file,
                ),
            )  # fmt: skip
        return None
    slots = event.slots
    if len(slots) > _MOST_SLOTS or len({slot.slot for slot in slots}) < len(slots) or not all(s.slot for s in slots):
        return "slots_twice", "each slot needs an id of its own, at most a hundred of them"
    if any(not 0 <= slot.budget <= MOST for slot in slots) or not 0 <= event.budget <= MOST:
        return "bad_amount", "amounts must not lie below 0"
    if any(slot.from_s < 0 or (slot.until_s and slot.until_s <= slot.from_s) for slot in slots):
        return "bad_time", "a slot ends after it began"
    if event.budget and sum(slot.budget for slot in slots) > event.budget:
        return "over_budget", "the slots together cost more than the show's budget"
    if not 0 <= event.margin_bp <= 10_000:
        return "bad_share", "a margin lies between 0 and 100 percent"
    rows = unit.ask(tables.PLAN_VERSION, (event.room, event.show))
    stands = int(rows[0][0]) if rows else 0
    if event.version and event.version != stands + 1:
        return "changed_meanwhile", f"somebody else changed the plan (version {stands}); look at it and repeat"
    plan = Plan(slots, event.budget, event.margin_bp, stands + 1)
    body = msgspec.json.encode(plan).decode()
    unit.write(tables.SAVE_PLAN, (event.org, event.brand, event.room, event.show, stands + 1, body))
    return None


def find_plan(db: Reader, org: str, brand: str, room: str, show: str) -> Plan:
    """The plan of a show; an empty one when nobody made one."""
    rows = db.rows(tables.FIND_PLAN, (org, brand, room, show))
    return msgspec.json.decode(rows[0][0], type=Plan) if rows else Plan()


def list_spend(db: Reader, org: str, brand: str, room: str, show: str) -> list[Spend]:
    """Imported spend of a show, by time."""
    return [Spend(*row) for row in db.rows(tables.LIST_SPEND, (org, brand, room, show))]


def spent_of(db: Reader, room: str, show: str) -> int | None:
    """Imported spend of a show in minor units; None when nothing was imported."""
    rows = db.rows(tables.SUM_SPEND, (room, show))
    return int(rows[0][0]) if rows and rows[0][0] is not None else None
