"""What an activity costs and brings, as far as it is known."""

from collections.abc import Sequence

import msgspec

from livecue.planning.activity.house import Activity


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Minor units. ``planned``: budget and fees of guests who did not decline; ``paid_in``: by partners who agreed;
    ``spent`` None: some costs are not known yet, ``known`` is the sum of those that are; ``sold`` None: no show has
    begun; ``reached``: sold to goal."""

    planned: int
    known: int
    spent: int | None
    paid_in: int
    sold: int | None
    reached: float | None


def sums_of(activity: Activity, sold: Sequence[int | None]) -> Sums:
    """``sold``: paid sales of its shows, None of one that has not begun or tells nothing."""
    fees = sum(row.fee for row in activity.guests if row.state != "declined")
    spent = [row.spent for row in activity.budget]
    whole = bool(spent) and min(spent) >= 0
    known = [amount for amount in sold if amount is not None]
    total = sum(known) if known else None
    goal = activity.sales_goal or 0
    return Sums(
        planned=sum(row.planned for row in activity.budget) + fees,
        known=sum(amount for amount in spent if amount >= 0),
        spent=sum(spent) if whole else None,
        paid_in=sum(row.pays for row in activity.partners if row.state == "agreed"),
        sold=total,
        reached=total / goal if total is not None and goal > 0 else None,
    )
