"""What became of the orders of a show, days later: money kept, pieces sent and come back, cases of quality.

Read from the rows whenever it is asked: parcels and after-sale cases come long after the room has forgotten the show.
"""

from collections.abc import Iterable
from typing import TypeAlias

import msgspec

from livecue.events import FILE_REFUND
from livecue.sales.clocks import is_damage, is_quality
from livecue.sales.keeping import order_of
from livecue.sales.machine import CASE
from livecue.sales.order import Case, More, Order, Refund, comes_back
from livecue.sales.tables import ORDER_COLUMNS
from livecue.store import Reader

Sku: TypeAlias = tuple[str, str]
"""(product, SKU) as the order's line names them; ("", "") is money of orders that name no lines."""

_ORDERS = (
    f"SELECT {ORDER_COLUMNS} FROM orders WHERE room = ? AND created_at >= ? AND created_at <= ? AND paid_at > 0"
    " ORDER BY number"
)
_TOLD = (
    "SELECT EXISTS (SELECT 1 FROM orders WHERE room = ? AND shipped_at > 0),"
    " EXISTS (SELECT 1 FROM after_sales WHERE room = ?) OR EXISTS (SELECT 1 FROM refunds WHERE room = ?)"
)
_SENT = frozenset({"to_collect", "in_transit", "delivered", "completed", "exchanging"})


class Became(msgspec.Struct, frozen=True, kw_only=True):
    """Paid orders of a span of room time, as of now. Amounts in minor units of the room's currency."""

    orders: int = 0
    foreign: int = 0
    """Orders in another currency: none of their money is in ``kept``."""
    kept: dict[Sku, int] = {}
    """Paid less refunded."""
    shipped: int = 0
    """Pieces sent to buyers."""
    returned: int = 0
    """Pieces of them that came back and were paid back."""
    parts_untold: int = 0
    """Orders of which a part was sent and nobody told how much."""
    quality: int = 0
    """Orders with a case or refund over quality or logistics; ``reasons_untold`` those of which no reason was told."""
    reasons_untold: int = 0
    tells_parcels: bool = False
    tells_returns: bool = False
    """Whether this room was ever told of parcels, of cases or refunds: without, their numbers are unknown, not 0."""
    at: int = 0
    """Room time of the newest word about any of them, ms; 0 none."""


def became(db: Reader, room: str, since: int, until: int, currency: str) -> Became:
    """What became of the orders first told of in ``[since, until]`` (room ms) and paid since."""
    orders = foreign = shipped = returned = parts_untold = quality = reasons_untold = newest = 0
    kept: dict[Sku, int] = {}
    tells_parcels = False
    for row in db.rows(_ORDERS, (room, since, until)):
        _, order = order_of(row)
        orders += 1
        newest = max(newest, order.paid_at, *_moments(order.more))
        # CNY is the vocabulary's default: it may just mean that nobody told.
        if order.currency in (currency, "CNY", ""):
            for sku, amount in _kept(order).items():
                kept[sku] = kept.get(sku, 0) + amount
        else:
            foreign += 1
        sent = _sent(order)
        if sent is None:
            parts_untold += 1
        else:
            tells_parcels = tells_parcels or sent > 0
            shipped += sent
            returned += min(sent, _came_back(order))
        why = _over_quality(order.more)
        quality += why is True
        reasons_untold += why is None
    parcels, returns = db.rows(_TOLD, (room, room, room))[0]
    return Became(
        orders=orders, foreign=foreign, kept=kept, shipped=shipped, returned=returned, parts_untold=parts_untold,
        quality=quality, reasons_untold=reasons_untold, tells_parcels=tells_parcels or bool(parcels),
        tells_returns=bool(returns), at=newest,
    )  # fmt: skip


def _moments(more: More | None) -> Iterable[int]:
    if more is None:
        return
    yield from (parcel.moved_at for parcel in more.parcels.values())
    yield from (refund.at for refund in more.refunds.values())
    for case in more.cases.values():
        yield case.opened_at
        yield from (at for at, _, _ in case.told)


def _counted(more: More | None) -> list[Refund]:
    """A file and the platform tell of the same refunds: those of the greater sum."""
    if more is None:
        return []
    filed = [refund for name, refund in more.refunds.items() if name.startswith(FILE_REFUND)]
    told = [refund for name, refund in more.refunds.items() if not name.startswith(FILE_REFUND)]
    return filed if sum(one.amount for one in filed) > sum(one.amount for one in told) else told or filed


def _spread(amount: int, weights: dict[Sku, int]) -> dict[Sku, int]:
    """``amount`` by weight in whole units; what is left over goes to the heaviest."""
    whole = sum(weights.values())
    if not whole:
        return {("", ""): amount}
    parts = {sku: amount * weight // whole for sku, weight in weights.items()}
    parts[max(parts, key=lambda sku: weights[sku])] += amount - sum(parts.values())
    return parts


def _kept(order: Order) -> dict[Sku, int]:
    """What each line paid, less what went back: of the named SKU, else of all by what they paid."""
    worth: dict[Sku, int] = {}
    pieces: dict[Sku, int] = {}
    for line in order.lines:
        sku = (line.product, line.sku)
        worth[sku] = worth.get(sku, 0) + line.quantity * line.price
        pieces[sku] = pieces.get(sku, 0) + line.quantity
    paid = _spread(order.amount, worth if any(worth.values()) else pieces)
    kept = dict(paid)
    named = 0
    for refund in _counted(order.more):
        mine = {sku: amount for sku, amount in paid.items() if refund.sku and sku[1] == refund.sku}
        if mine:
            named += refund.amount
            for sku, amount in _spread(refund.amount, mine).items():
                kept[sku] = kept.get(sku, 0) - amount
    for sku, amount in _spread(order.refunded - named, paid).items():
        kept[sku] = kept.get(sku, 0) - amount
    return kept


def _sent(order: Order) -> int | None:
    """Pieces sent to the buyer; None where a part was and nobody told which."""
    whole = sum(line.quantity for line in order.lines)
    more = order.more
    going = [
        parcel
        for name, parcel in (more.parcels if more else {}).items()
        if more and parcel.sent and not comes_back(more, name, parcel.tracking)
    ]
    if order.state in _SENT or any(not parcel.lines and not parcel.part for parcel in going):
        return whole
    told = sum(line.quantity for parcel in going for line in parcel.lines)
    if any(not parcel.lines for parcel in going) and told < whole:
        return None
    if not going and any(refund.shipped for refund in _counted(more)):
        # All of it went back after it was sent; nobody told of the parcel.
        return whole
    return min(told, whole)


def _came_back(order: Order) -> int:
    """Pieces that came back and were paid back. Cases and refunds tell of the same goods: the greater counts."""
    more = order.more
    if more is None:
        return 0
    by_case = sum(_pieces(order, case) for case in more.cases.values() if _state(case) == "returned_refunded")
    by_refund = sum(one.quantity for one in _counted(more) if one.shipped and one.restock)
    return max(by_case, by_refund)


def _pieces(order: Order, case: Case) -> int:
    """Pieces of a case: as told, else all of its SKU, else the whole order."""
    sku, quantity = case.asked[3], case.asked[4]
    return quantity or sum(line.quantity for line in order.lines if sku in ("", line.sku))


def _state(case: Case) -> str:
    return CASE.settle(case.told)[0]


def _over_quality(more: More | None) -> bool | None:
    """Whether a case or refund was over quality or logistics; None where there is one and nobody told why."""
    if more is None:
        return False
    open_cases = [case for case in more.cases.values() if _state(case) != "buyer_cancelled"]
    reasons = [case.asked[5] for case in open_cases] + [one.reason for one in more.refunds.values()]
    told = [reason for reason in reasons if reason]
    if any(is_damage(reason) or is_quality(reason) for reason in told):
        return True
    return None if reasons and not told else False
