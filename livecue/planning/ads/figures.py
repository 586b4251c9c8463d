"""What came of paid traffic: M51 to M56 of a show and its slots, each with why it is unknown. Pure."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.events import AdSlot
from livecue.planning.ads.house import Plan, Spend

_HOUR_MS = 3_600_000


class SlotFigures(msgspec.Struct, frozen=True):
    """A slot: planned against spent. ``roi`` M53; None where something is not told. ``spare`` below 0 is overspent."""

    slot: str
    title: str
    budget: int
    spent: int
    spare: int
    gmv: int | None
    orders: int | None
    roi: float | None
    above: bool | None
    """Whether its ROI is above break-even; None unknown."""


class AdFigures(msgspec.Struct, frozen=True):
    """The show. ``unplanned``: spend of campaigns that no slot names."""

    spent: int | None
    """M51; None when nobody told."""
    source: str
    """import, live (bridge and platform) or ""."""
    budget: int
    roi: float | None
    """M52: paid GMV of the whole room over spend."""
    ad_roi: float | None
    """M53: attributed GMV over spend."""
    net_roi: float | None
    """M54: net GMV over spend."""
    break_even: float | None
    """M56: one over the gross margin after refunds."""
    product_roi: dict[str, float | None]
    """M55 by product: margin over what was spent for it."""
    unplanned: int
    slots: list[SlotFigures]
    attributions: list[str]


def figures(
    plan: Plan,
    spend: Sequence[Spend],
    told: float | None,
    paid: float | None,
    net: float | None,
    margins: Mapping[str, int],
) -> AdFigures:
    """``told`` is M51 out of the live stream, ``paid`` M41, ``net`` M42, ``margins`` product to its gross margin.

    Imported rows settle what the stream told during the show: they take its place, never both.
    """
    imported = sum(row.spent for row in spend) if spend else None
    spent = imported if imported is not None else (round(told) if told is not None else None)
    even = 10_000 / plan.margin_bp if plan.margin_bp else None
    slots = [_slot(slot, _rows_of(slot, spend), even) for slot in plan.slots]
    named = {_name(slot) for slot in plan.slots}
    gmv = _sum([row.gmv for row in spend])
    for_product: dict[str, int] = {}
    for slot in plan.slots:
        if slot.product:
            for_product[slot.product] = for_product.get(slot.product, 0) + sum(
                row.spent for row in _rows_of(slot, spend)
            )
    return AdFigures(
        spent=spent,
        source="import" if imported is not None else "live" if told is not None else "",
        budget=plan.budget or sum(slot.budget for slot in plan.slots),
        roi=_ratio(paid, spent),
        ad_roi=_ratio(gmv, imported),
        net_roi=_ratio(net, spent),
        break_even=even,
        product_roi={name: _ratio(margins.get(name), cost) for name, cost in sorted(for_product.items())},
        unplanned=sum(row.spent for row in spend if row.campaign not in named),
        slots=slots,
        attributions=sorted({row.attribution for row in spend}),
    )


def _name(slot: AdSlot) -> str:
    return slot.title or slot.slot


def _rows_of(slot: AdSlot, spend: Sequence[Spend]) -> list[Spend]:
    return [row for row in spend if row.campaign == _name(slot)]


def _slot(slot: AdSlot, rows: Sequence[Spend], even: float | None) -> SlotFigures:
    spent, gmv, orders = sum(row.spent for row in rows), _sum([r.gmv for r in rows]), _sum([r.orders for r in rows])
    roi = _ratio(gmv, spent)
    above = None if roi is None or even is None else roi >= even
    return SlotFigures(slot.slot, _name(slot), slot.budget, spent, slot.budget - spent, gmv, orders, roi, above)


def _sum(values: Sequence[int]) -> int | None:
    """The sum; None when nothing is there or one of them was not told."""
    return sum(values) if values and min(values) >= 0 else None


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None
