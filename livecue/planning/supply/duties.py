"""What is due: papers that end, late goods, cases whose clock runs, gaps in the pool. Made anew at every look."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from livecue.events import ProductSaved
from livecue.planning.supply.house import Files
from livecue.planning.supply.presets import PRESETS
from livecue.planning.supply.product import ProductState, roles_missing
from livecue.planning.supply.quality import case_state
from livecue.planning.supply.scores import Backup
from livecue.planning.supply.stock import Position


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Something to do: by which rule, about what, whose, until when (ms UTC, 0 now); ``level`` 0 to 3: how many roles
    it has gone up to; ``late`` its time is over."""

    rule: str
    subject: str
    name: str
    roles: tuple[str, ...]
    due_at: int = 0
    late: bool = False
    detail: str = ""
    state: str = ""
    """Of a paper: missing, expired or expiring."""


def duties(
    products: Sequence[ProductSaved],
    states: Sequence[ProductState],
    stock: Sequence[Position],
    ready: Sequence[Backup],
    files: Files,
    now: int,
) -> list[Duty]:
    """Everything, what is late first, then by time."""
    names = {product.card.product: product.card.name for product in products}
    found: list[Duty] = []
    for case in files.cases.values():
        state = case_state(case, now)
        if state.clock in ("running", "late"):
            late = state.clock == "late"
            found.append(
                Duty(rule="R055", subject=case.quality_case, name=case.title, roles=state.told, due_at=case.due_at,
                     late=late, detail=case.sku)
            )  # fmt: skip
    for order in files.replenishments.values():
        if order.state == "asked":
            late = order.due_at < now
            roles = ("supply", "director") if late else ("supply",)
            found.append(
                Duty(rule="R037", subject=order.replenishment, name=order.sku, roles=roles, due_at=order.due_at,
                     late=late, detail=str(order.quantity))
            )  # fmt: skip
    found += [
        Duty(rule="R030", subject=row.sku, name=row.name, roles=("selector", "supply"), late=row.state == "out",
             detail=str(row.order))
        for row in stock if row.state in ("low", "out", "order") and row.order > 0
    ]  # fmt: skip
    for state_ in states:
        for paper in state_.papers:
            if paper.state in ("missing", "expired", "expiring"):
                due = _end(paper.expires_on) if paper.state == "expiring" else 0
                found.append(
                    Duty(rule="R041", subject=state_.product, name=names.get(state_.product, ""), roles=("selector",),
                         due_at=due, late=paper.state != "expiring", detail=paper.what, state=paper.state)
                )  # fmt: skip
        if "R043" in state_.blocks:
            found.append(
                Duty(rule="R043", subject=state_.product, name=names.get(state_.product, ""), roles=("selector",),
                     detail=state_.sample)
            )  # fmt: skip
    found += [
        Duty(rule="R048", subject=row.batch, name=row.sku, roles=("qc",), due_at=row.received_at)
        for row in files.batches.values() if not row.sampled
    ]  # fmt: skip
    found += [
        Duty(rule="R044", subject=row.category, name=row.category, roles=("selector",),
             detail=f"{len(row.ready)}/{row.wanted}")
        for row in ready if len(row.ready) < row.wanted
    ]  # fmt: skip
    found += [
        Duty(rule="R045", subject=role, name=role, roles=("selector",))
        for role in roles_missing({product.card.product: product for product in products})
    ]  # fmt: skip
    return sorted(found, key=lambda row: (not row.late, row.due_at or 1 << 62, row.rule, row.subject))


def _end(day: str) -> int:
    """The end of a day, ms UTC, at noon of the day after in no zone: reminders are days, not hours."""
    moment = datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), UTC)
    return int(moment.timestamp() * 1000)


def remind_days() -> int:
    """How many days before its end a paper is told of."""
    return PRESETS.papers.remind_days
