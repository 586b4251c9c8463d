"""What people set: targets of periods and budgets of shows, checked and kept; and reading them."""

from typing import ClassVar

import msgspec

from livecue.events import BudgetSaved, CommandAsked, Event, GoalSet
from livecue.flow import RowsOnly, Unit
from livecue.planning.goals import tables
from livecue.planning.goals.profit import BP, Assumptions
from livecue.planning.goals.tree import Own, period_problem
from livecue.store import Reader

MOST = 10**15


class Goals(RowsOnly):
    """Owns targets and budgets, in the stream of the house."""

    name: ClassVar[str] = "goals"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({GoalSet, BudgetSaved})

    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Check and keep."""
        return _apply(event, unit)


def _apply(event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
    if isinstance(event, GoalSet):
        wrong = period_problem(event.period)
        if wrong is not None:
            return "bad_period", wrong
        if not -1 <= event.target <= MOST or not 0 <= event.weight <= MOST:
            return "bad_amount", "a target lies between 0 and a thousand million million minor units"
        stands = int(unit.ask(tables.TREE_VERSION, (event.org, event.brand, event.currency))[0][0])
        if event.version and event.version != stands + 1:
            return "changed_meanwhile", f"somebody else changed the goals (version {stands}); look at them and repeat"
        row = (event.org, event.brand, event.currency, event.period, event.target, event.weight, stands + 1)
        unit.write(tables.SAVE_GOAL, row)
    elif isinstance(event, BudgetSaved):
        amounts = (event.ads, event.freight, event.return_freight, event.labour, event.other, *event.units.values())
        if not event.room or not event.show:
            return "incomplete", "a budget belongs to a show"
        if any(not 0 <= amount <= MOST for amount in amounts) or len(event.units) > 2000:
            return "bad_amount", "amounts and pieces must not lie below 0"
        if not (0 <= event.return_bp <= BP and 0 <= event.restock_bp <= BP):
            return "bad_share", "a share lies between 0 and 100 percent"
        if not 1 <= event.pieces_per_order_milli <= 1_000_000:
            return "bad_amount", "an order holds more than no piece"
        rows = unit.ask(tables.BUDGET_VERSION, (event.room, event.show))
        stands = int(rows[0][0]) if rows else 0
        if event.version and event.version != stands + 1:
            return "changed_meanwhile", f"somebody else changed the budget (version {stands}); look at it and repeat"
        kept = {name: getattr(event, name) for name in Assumptions.__struct_fields__ if name != "version"}
        body = msgspec.json.encode({**kept, "version": stands + 1}).decode()
        unit.write(tables.SAVE_BUDGET, (event.org, event.brand, event.room, event.show, stands + 1, body))
    return None


def own_goals(db: Reader, org: str, brand: str, currency: str) -> tuple[dict[str, Own], int]:
    """What people set for a brand's periods in one currency, and the version of the whole."""
    version = int(db.rows(tables.TREE_VERSION, (org, brand, currency))[0][0])
    rows = db.rows(tables.LIST_GOALS, (org, brand, currency))
    return {str(period): Own(int(target), int(weight)) for period, target, weight in rows}, version


def find_budget(db: Reader, org: str, brand: str, room: str, show: str) -> Assumptions | None:
    """The budget of a show; None when nobody made one. Callers check the permission money."""
    rows = db.rows(tables.FIND_BUDGET, (org, brand, room, show))
    return msgspec.json.decode(rows[0][0], type=Assumptions) if rows else None
