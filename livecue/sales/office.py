"""Stock as the office keeps it: what is there, an opening balance, a correction with its reason."""

import msgspec

from livecue.events import StockCorrected, StockEntered
from livecue.flow import RoomInfo, Unit
from livecue.sales import tables
from livecue.store import HOUSE, Reader

MOST_PIECES = 1_000_000_000


class Balance(msgspec.Struct, frozen=True):
    """Stock of a SKU in one warehouse. Fewer ``on_hand`` than ``reserved``: counted away, a person decides."""

    sku: str
    warehouse: str
    product: str
    on_hand: int
    reserved: int


def list_balances(db: Reader, org: str, brand: str) -> list[Balance]:
    """Every SKU and warehouse of a brand whose opening balance was told."""
    return [Balance(*row) for row in db.rows(tables.LIST_STOCK, (org, brand))]


def enter(event: StockEntered | StockCorrected, room: RoomInfo, unit: Unit) -> tuple[str, str] | None:
    """Change one balance; (code, why) where that cannot be. Rooms see it when they look at their stock again.

    Only the stream of the house names its brand freely: there the door for people has checked it. In a room an
    event may touch the room's own brand alone, whoever sent it.
    """
    if room.room != HOUSE and (event.org, event.brand) != (room.org, room.brand):
        return "stock_elsewhere", "this room is of another brand; change the stock in the office"
    if not event.sku or not event.warehouse or not event.reason.strip():
        return "stock_incomplete", "name the SKU, the warehouse and the reason"
    place = (event.org, event.brand, event.sku, event.warehouse)
    if isinstance(event, StockEntered):
        if not 0 <= event.quantity <= MOST_PIECES:
            return "stock_quantity", "an opening balance is 0 to 1,000,000,000 pieces"
        row = (event.org, event.brand, event.warehouse, event.sku, event.product, event.quantity)
        if unit.ask(tables.ENTER_STOCK, row):
            return None
        on_hand = unit.ask(tables.FIND_STOCK, place)[0][0]
        return "stock_known", f"it was opened before: {on_hand} pieces are there; correct them instead"
    if not event.delta or abs(event.delta) > MOST_PIECES:
        return "stock_quantity", "a correction adds or takes 1 to 1,000,000,000 pieces"
    if unit.ask(tables.ADJUST, (event.delta, *place, event.delta)):
        return None
    found = unit.ask(tables.FIND_STOCK, place)
    if not found:
        return "stock_unknown", "nobody told its opening balance; enter that first"
    return "stock_below_zero", f"there are {found[0][0]} pieces, {found[0][1]} of them reserved; {-event.delta} is more"
