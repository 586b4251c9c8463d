"""Who bought a SKU, and how many pieces of each were paid: what purchasing and quality cases ask."""

from collections.abc import Collection

import msgspec

from livecue.events import Line
from livecue.store import Reader

_PAID = (
    "SELECT room, number, state, paid_at, lines FROM orders WHERE org = ? AND brand = ? AND paid_at >= ?"
    " AND paid_at < ? ORDER BY paid_at, number LIMIT ?"
)
_REFUNDED = "SELECT room, number, sku, reason FROM refunds WHERE org = ? AND brand = ? AND at >= ? AND at < ?"
MOST = 200_000


class Bought(msgspec.Struct, frozen=True):
    """A paid order that holds the SKU; who the buyer is stays with the orders."""

    room: str
    number: str
    state: str
    paid_at: int
    quantity: int


class Sold(msgspec.Struct, frozen=True):
    """Pieces paid by SKU, and how many orders; ``whole`` False: there were more orders than are read at once."""

    pieces: dict[str, int]
    orders: int
    whole: bool


def sold_pieces(db: Reader, org: str, brand: str, since: int, until: int, rooms: Collection[str]) -> Sold:
    """What was paid in ``rooms`` within [since, until) ms, refunds not taken off."""
    pieces: dict[str, int] = {}
    rows = db.rows(_PAID, (org, brand, since, until, MOST))
    orders = 0
    for room, _, _, _, lines in rows:
        if room not in rooms:
            continue
        orders += 1
        for line in msgspec.json.decode(lines, type=list[Line]):
            pieces[line.sku] = pieces.get(line.sku, 0) + line.quantity
    return Sold(pieces, orders, len(rows) < MOST)


def bought(
    db: Reader, org: str, brand: str, sku: str, since: int, until: int, rooms: Collection[str], most: int = 2_000
) -> list[Bought]:
    """Paid orders of a SKU within [since, until) ms, oldest first, at most ``most``."""
    found = []
    for room, number, state, paid_at, lines in db.rows(_PAID, (org, brand, since, until, MOST)):
        if room not in rooms:
            continue
        count = sum(line.quantity for line in msgspec.json.decode(lines, type=list[Line]) if line.sku == sku)
        if count:
            found.append(Bought(room, number, state, paid_at, count))
            if len(found) >= most:
                break
    return found


def refund_reasons(
    db: Reader, org: str, brand: str, since: int, until: int, rooms: Collection[str]
) -> list[tuple[str, str, str]]:
    """(order, SKU, reason) of refunds in ``rooms`` within [since, until) ms; an order may stand there several times."""
    rows = db.rows(_REFUNDED, (org, brand, since, until))
    return [(f"{room}/{number}", sku, reason) for room, number, sku, reason in rows if room in rooms]
