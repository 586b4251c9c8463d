"""Profit and loss of a show, planned and real (M95), in whole minor units. Pure.

Every share is rounded half up to the minor unit, line by line, and the lines are what is added: so the sum on the page
is the sum of what stands above it.
"""

from collections.abc import Mapping, Sequence

import msgspec

BP = 10_000


class Item(msgspec.Struct, frozen=True):
    """A product of the lineup as the budget needs it; amounts for one piece. ``cost`` 0: nobody entered it."""

    product: str
    name: str
    price: int
    cost: int
    commission_bp: int


class Assumptions(msgspec.Struct, frozen=True):
    """What the show is planned to sell and to cost; fields as in ``BudgetSaved``."""

    units: dict[str, int] = {}
    pieces_per_order_milli: int = 1000
    return_bp: int = 0
    restock_bp: int = BP
    ads: int = 0
    freight: int = 0
    return_freight: int = 0
    labour: int = 0
    other: int = 0
    version: int = 0


class ProductLine(msgspec.Struct, frozen=True):
    """A product in the plan. ``margin`` is what is left of net sales after goods and commission."""

    product: str
    name: str
    units: int
    gmv: int
    returned: int
    goods: int
    commission: int
    margin: int
    cost_known: bool


class ProfitAndLoss(msgspec.Struct, frozen=True):
    """The lines of the page. ``profit`` = ``net`` − ``cost``; ``cost`` is the sum of the cost lines.

    ``cost_ratio`` is M95's ratio, cost ÷ GMV; ``break_even_roi`` is M56; None where GMV (or margin) is 0.
    """

    gmv: int
    returned: int
    net: int
    orders: int
    goods: int
    commission: int
    ads: int
    freight: int
    return_freight: int
    labour: int
    other: int
    cost: int
    profit: int
    cost_ratio: float | None
    break_even_roi: float | None
    products: list[ProductLine]
    without_cost: list[str]
    """Names of planned products whose cost nobody entered: their goods count as 0, so the profit is too high."""


def share(amount: int, bp: int) -> int:
    """``bp`` basis points of ``amount``, half up."""
    return (2 * amount * bp + BP) // (2 * BP)


def profit_of(items: Sequence[Item], plan: Assumptions) -> ProfitAndLoss:
    """The planned profit and loss."""
    lines = [_line(item, plan.units.get(item.product, 0), plan) for item in items if plan.units.get(item.product, 0)]
    gmv = sum(line.gmv for line in lines)
    returned = sum(line.returned for line in lines)
    goods, commission = sum(line.goods for line in lines), sum(line.commission for line in lines)
    pieces = sum(line.units for line in lines)
    orders = -(-pieces * 1000 // max(1, plan.pieces_per_order_milli))
    freight = orders * plan.freight
    return_freight = share(orders, plan.return_bp) * plan.return_freight
    cost = goods + commission + plan.ads + freight + return_freight + plan.labour + plan.other
    net = gmv - returned
    left = net - goods - commission
    return ProfitAndLoss(
        gmv=gmv, returned=returned, net=net, orders=orders, goods=goods, commission=commission, ads=plan.ads,
        freight=freight, return_freight=return_freight, labour=plan.labour, other=plan.other, cost=cost,
        profit=net - cost, cost_ratio=cost / gmv if gmv else None,
        break_even_roi=gmv / left if left > 0 else None, products=lines,
        without_cost=[line.name for line in lines if not line.cost_known],
    )  # fmt: skip


def _line(item: Item, units: int, plan: Assumptions) -> ProductLine:
    gmv = units * item.price
    returned = share(gmv, plan.return_bp)
    # Goods that come back and can be sold again cost nothing.
    back = share(share(units * item.cost, plan.return_bp), plan.restock_bp)
    goods = units * item.cost - back
    commission = share(gmv - returned, item.commission_bp)
    margin = gmv - returned - goods - commission
    return ProductLine(item.product, item.name, units, gmv, returned, goods, commission, margin, item.cost > 0)


def units_for(goal: int, items: Sequence[Item], taken: Mapping[str, int] | None = None) -> dict[str, int]:
    """A first proposal of pieces: the goal in equal money over the products, rounded up to whole pieces.

    ``taken``: pieces sold in like shows; then by those shares instead.
    """
    priced = [item for item in items if item.price > 0]
    if not priced or goal <= 0:
        return {}
    weights = [(taken or {}).get(item.product, 0) * item.price for item in priced]
    if not any(weights):
        weights = [1] * len(priced)
    whole = sum(weights)
    found = {}
    for item, weight in zip(priced, weights, strict=True):
        money = goal * weight // whole
        found[item.product] = -(-money // item.price)
    return {product: units for product, units in found.items() if units}
