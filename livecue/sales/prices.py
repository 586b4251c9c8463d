"""What was really paid for a product: the base that a compared price must rest on (compliance 1.3)."""

from collections.abc import Collection

import msgspec

from livecue.events import Line
from livecue.sales import tables
from livecue.store import Reader

_MOST = 50_000
"""Orders looked at, newest first: a brand that sells more in a week has its lowest price among them as surely."""


def lowest_paid(db: Reader, org: str, brand: str, since: int, until: int, rooms: Collection[str]) -> dict[str, int]:
    """Product to the lowest price (minor units) one piece was paid at in ``rooms`` within [since, until) ms.

    A product nobody bought is not in it. Gifts (price 0) are no deal.
    """
    found: dict[str, int] = {}
    for room, lines in db.rows(tables.PAID_LINES, (org, brand, since, until, _MOST)):
        if room not in rooms:
            continue
        for line in msgspec.json.decode(lines, type=list[Line]):
            if line.price > 0 and line.price < found.get(line.product, line.price + 1):
                found[line.product] = line.price
    return found
