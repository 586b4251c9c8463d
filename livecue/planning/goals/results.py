"""What shows brought, for the tree and for the profit that became of a plan."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from livecue.events import ProductSaved
from livecue.flow import RoomInfo
from livecue.metrics import minute_series, show_totals
from livecue.planning.ads import spent_of
from livecue.planning.goals.profit import Assumptions, Item
from livecue.shows import ShowRow, shows_between, span_of
from livecue.store import Reader

SALES, ADS, UNITS = "M41", "M51", "M41.units"
_DAY_MS = 86_400_000
_COUNTED = ("planned", "on_air", "ended")


def results_of(
    db: Reader, org: str, brand: str, rooms: Mapping[str, RoomInfo], year: int
) -> list[tuple[ShowRow, int | None, date]]:
    """Shows of ``rooms`` whose day lies in ``year``, with paid sales in minor units (None: not known)."""
    start = int(datetime(year, 1, 1).timestamp() * 1000) - 2 * _DAY_MS
    end = int(datetime(year + 1, 1, 1).timestamp() * 1000) + 2 * _DAY_MS
    found = []
    for row in shows_between(db, org, brand, start, end):
        room = rooms.get(row.room)
        if room is None or row.status not in _COUNTED:
            continue
        day = datetime.fromtimestamp(span_of(row)[0] / 1000, ZoneInfo(room.time_zone)).date()
        if day.year == year:
            found.append((row, brought(db, row), day))
    return found


def brought(db: Reader, row: ShowRow) -> int | None:
    """Paid sales of a show: its counted total once it is over, its full minutes while it runs."""
    if row.status == "ended":
        for total in show_totals(db, row.room, row.show):
            if total.metric == SALES and total.scope == "room":
                return None if total.value is None else round(total.value)
    if row.status in ("ended", "on_air"):
        known = [p.value for p in minute_series(db, row.room, row.show, SALES) if p.value is not None]
        return round(sum(known)) if known else None
    return None


def items_of(row: ShowRow, catalogue: list[ProductSaved]) -> list[Item]:
    """The lineup with cost and commission out of the catalogue."""
    known = {product.card.product: product for product in catalogue}
    found = []
    for card in row.products:
        product = known.get(card.product)
        cost, commission = (product.cost, product.commission_bp) if product else (0, 0)
        price = card.price or (product.card.price if product else 0)
        found.append(Item(card.product, card.name, price, cost, commission))
    return found


def became(db: Reader, row: ShowRow, plan: Assumptions) -> Assumptions | None:
    """The budget with what really came: pieces by product, and the ads' cost where it was told. None before the end."""
    if row.status != "ended":
        return None
    totals = show_totals(db, row.room, row.show)
    units = {
        total.scope.partition(":")[2]: round(total.value)
        for total in totals
        if total.metric == UNITS and total.scope.startswith("product:") and total.value is not None
    }
    if not units:
        return None
    # Imported spend is settled; what the stream told during the show is an estimate (M51).
    imported = spent_of(db, row.room, row.show)
    ads = (
        float(imported)
        if imported is not None
        else next((t.value for t in totals if t.metric == ADS and t.scope == "room" and t.value is not None), None)
    )
    return Assumptions(
        units=units, pieces_per_order_milli=plan.pieces_per_order_milli, return_bp=plan.return_bp,
        restock_bp=plan.restock_bp, ads=plan.ads if ads is None else round(ads), freight=plan.freight,
        return_freight=plan.return_freight, labour=plan.labour, other=plan.other, version=plan.version,
    )  # fmt: skip
