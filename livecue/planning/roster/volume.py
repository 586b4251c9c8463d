"""Real volume of a brand: shows and sales of the last thirty days, from what was run and paid."""

from collections.abc import Iterable

from livecue.flow import RoomInfo
from livecue.planning.roster import tables
from livecue.store import Reader

MONTH_MS = 30 * 24 * 3600 * 1000


def volume_of(db: Reader, org: str, brand: str, rooms: Iterable[RoomInfo], now: int) -> tuple[int, int | None]:
    """(shows ended, paid sales in fen) in thirty days, in real rooms only.

    Sales are None when anything was paid in another currency than yuan: the seeds' scale is in yuan.
    """
    real = {room.room for room in rooms if room.nature == "real" and (room.org, room.brand) == (org, brand)}
    since = now - MONTH_MS
    shows = sum(row[1] for row in db.rows(tables.COUNT_SHOWS, (org, brand, since)) if row[0] in real)
    sales: int | None = 0
    for room, currency, amount in db.rows(tables.SUM_SALES, (org, brand, since)):
        if room in real:
            sales = None if sales is None or currency != "CNY" else sales + int(amount)
    return shows, sales
