"""Quality cases: the two-hour clock, who must hear of it, whose orders are in the batch, the rates (R055, R071)."""

from collections.abc import Sequence

import msgspec

from livecue.planning.supply.house import HOUR_MS, Batch, Files, QualityCase
from livecue.planning.supply.presets import PRESETS


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """``clock``: running, late (no exchange and the time is over), kept or missed (it began in or after its time), or
    none (closed without an exchange); ``told`` are the roles that must hear of it by now."""

    case: QualityCase
    clock: str
    left_ms: int
    told: tuple[str, ...]


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """R071 and M74. ``share`` None: no order was paid. ``exchange_ms``: mean time from finding to the exchange."""

    share: float | None
    complaints: int
    orders: int
    bound: float
    days: int
    exchange_ms: float | None
    exchanges: int
    kept: int
    replenish_ms: float | None
    """M71: mean time from the order to the arrival."""
    unsampled: tuple[str, ...]
    """Batches of which nothing was looked at (R048)."""


def case_state(case: QualityCase, now: int) -> CaseState:
    """How the clock of a case stands at ``now``."""
    if case.exchange_at:
        clock = "kept" if case.exchange_at <= case.due_at else "missed"
        return CaseState(case=case, clock=clock, left_ms=0, told=())
    if case.step == "closed":
        return CaseState(case=case, clock="none", left_ms=0, told=())
    whole = max(case.due_at - case.found_at, 1)
    gone = (now - case.found_at) / whole
    told = tuple(role for role, share in PRESETS.quality.escalate if gone >= share)
    return CaseState(case=case, clock="late" if now > case.due_at else "running", left_ms=case.due_at - now, told=told)


def batch_span(batch: Batch, batches: Sequence[Batch], now: int) -> tuple[int, int]:
    """[since, until) ms in which pieces of the batch were sold: from its arrival to that of the next one of its SKU.

    What was left of the batch before may have been sold too: the list says at most too many, never too few of them.
    """
    later = [row.received_at for row in batches if row.sku == batch.sku and row.received_at > batch.received_at]
    # Pieces of a batch go on being sold after the next has come: a day's shipping stays in the list.
    return batch.received_at, min(min(later) + 24 * HOUR_MS, now + 1) if later else now + 1


def rates(files: Files, reasons: Sequence[tuple[str, str, str]], orders: int) -> Rates:
    """``reasons``: (order, SKU, reason) of refunds of the days looked at; ``orders`` paid in them."""
    preset = PRESETS.quality
    complaints = len({order for order, _, reason in reasons if any(word in reason.lower() for word in preset.words)})
    began = [case for case in files.cases.values() if case.exchange_at]
    arrived = [row for row in files.replenishments.values() if row.state == "arrived"]
    return Rates(
        share=complaints / orders if orders else None,
        complaints=complaints,
        orders=orders,
        bound=preset.complaint_share,
        days=preset.complaint_days,
        exchange_ms=sum(case.exchange_at - case.found_at for case in began) / len(began) if began else None,
        exchanges=len(began),
        kept=sum(case.exchange_at <= case.due_at for case in began),
        replenish_ms=sum(row.moved_at - row.asked_at for row in arrived) / len(arrived) if arrived else None,
        unsampled=tuple(row.batch for row in files.batches.values() if not row.sampled),
    )
