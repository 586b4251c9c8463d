"""Stock as the office keeps it and as platforms open it: balances, corrections, transfers, the rules of selling."""

from collections.abc import Callable
from typing import Any

import msgspec

from livecue.events import (
    BundleSaved,
    CommandAsked,
    QuotaSet,
    StockAdjusted,
    StockCorrected,
    StockEntered,
    StockOpened,
    StockPolicySet,
    StockTransferred,
    WarehouseSaved,
)
from livecue.flow import RoomInfo, Unit
from livecue.sales.stock import tables
from livecue.sales.stock.book import COUNT, OUTSIDE
from livecue.sales.stock.rules import CHOICES, HOLDS, MAIN, POLICIES, Policy, Warehouse
from livecue.store import HOUSE, Row

MOST_PIECES = 1_000_000_000
_MOST_HOLD_S = 7 * 24 * 3600
Problem = tuple[str, str]
"""(code, why) of a refusal."""

Move = tuple[str, str, str, int, str]
"""(SKU, source, target, quantity, cause)."""


class Edits:
    """Edits of one fold; ``moves`` are written by the ledger, which numbers them."""

    def __init__(self, room: RoomInfo, unit: Unit) -> None:
        self.room, self.unit = room, unit
        self.moves: list[tuple[str, str, Move, str]] = []
        """(org, brand, move, subject)."""

    def move(self, org: str, brand: str, move: Move, subject: str = "") -> None:
        """Note a double entry; nothing for no pieces, the other way round for fewer than none."""
        sku, source, target, quantity, cause = move
        if quantity < 0:
            source, target, quantity = target, source, -quantity
        if quantity:
            self.moves.append((org, brand, (sku, source, target, quantity, cause), subject))

    def write(self, first_move: int) -> int:
        """Write the moves; returns the number of the next one."""
        self.unit.write_many(
            tables.SAVE_MOVE,
            [
                (org, brand, self.room.room, first_move + place, self.unit.now, *move, subject)
                for place, (org, brand, move, subject) in enumerate(self.moves)
            ],
        )
        return first_move + len(self.moves)

    # What platforms and companions tell, for the brand of their room.

    def opened(self, event: StockOpened) -> list[Row]:
        """A platform tells a balance: the difference is what moved."""
        room = self.room
        place = (room.org, room.brand, event.sku, event.warehouse)
        before = self.unit.ask(tables.FIND_STOCK, place)
        rows = self.unit.ask(
            tables.OPEN_STOCK, (room.org, room.brand, event.warehouse, event.sku, event.product, event.quantity)
        )
        more = event.quantity - (int(before[0][0]) if before else 0)
        self.move(room.org, room.brand, (event.sku, OUTSIDE, f"free@{event.warehouse}", more, "opening"))
        return rows

    def adjusted(self, event: StockAdjusted) -> bool:
        """A platform tells a change; False where it would go below zero or nobody told a balance: nothing is done."""
        room = self.room
        values = (event.delta, room.org, room.brand, event.sku, event.warehouse, event.delta)
        if not self.unit.ask(tables.ADJUST, values):
            return False
        cause = event.reason or "adjusted"
        self.move(room.org, room.brand, (event.sku, COUNT, f"free@{event.warehouse}", event.delta, cause))
        return True


def edit(event: CommandAsked, edits: Edits) -> Problem | None:
    """Apply an edit of the office; (code, why) where that cannot be. Rooms see it when they look again.

    Only the stream of the house names its brand freely: there the door for people has checked it. In a room an
    event may touch the room's own brand alone, whoever sent it.
    """
    room = edits.room
    named: Any = event
    if room.room != HOUSE and (named.org, named.brand) != (room.org, room.brand):
        return "stock_elsewhere", "this room is of another brand; change the stock in the office"
    return _EDITS[type(event)](event, edits)


def _enter(event: StockEntered, edits: Edits) -> Problem | None:
    if not event.sku or not event.warehouse or not event.reason.strip():
        return _INCOMPLETE
    if not 0 <= event.quantity <= MOST_PIECES:
        return "stock_quantity", "an opening balance is 0 to 1,000,000,000 pieces"
    place = (event.org, event.brand, event.sku, event.warehouse)
    row = (event.org, event.brand, event.warehouse, event.sku, event.product, event.quantity)
    if edits.unit.ask(tables.ENTER_STOCK, row):
        move = (event.sku, OUTSIDE, f"free@{event.warehouse}", event.quantity, event.reason)
        edits.move(event.org, event.brand, move, event.by)
        return None
    on_hand = edits.unit.ask(tables.FIND_STOCK, place)[0][0]
    return "stock_known", f"it was opened before: {on_hand} pieces are there; correct them instead"


def _correct(event: StockCorrected, edits: Edits) -> Problem | None:
    if not event.sku or not event.warehouse or not event.reason.strip():
        return _INCOMPLETE
    if not event.delta or abs(event.delta) > MOST_PIECES:
        return "stock_quantity", "a correction adds or takes 1 to 1,000,000,000 pieces"
    place = (event.org, event.brand, event.sku, event.warehouse)
    if edits.unit.ask(tables.ADJUST, (event.delta, *place, event.delta)):
        move = (event.sku, COUNT, f"free@{event.warehouse}", event.delta, event.reason)
        edits.move(event.org, event.brand, move, event.by)
        return None
    found = edits.unit.ask(tables.FIND_STOCK, place)
    if not found:
        return "stock_unknown", "nobody told its opening balance; enter that first"
    return "stock_below_zero", f"there are {found[0][0]} pieces, {found[0][1]} of them reserved; {-event.delta} is more"


def _transfer(event: StockTransferred, edits: Edits) -> Problem | None:
    if not event.sku or not event.source or not event.target or not event.reason.strip():
        return _INCOMPLETE
    if event.source == event.target:
        return "stock_same", "choose two different warehouses"
    if not 0 < event.quantity <= MOST_PIECES:
        return "stock_quantity", "move 1 to 1,000,000,000 pieces"
    unit, count = edits.unit, event.quantity
    # Both balances in key order, so that two transfers the other way round cannot wait for each other.
    for warehouse in sorted((event.source, event.target)):
        unit.ask(tables.FIND_STOCK, (event.org, event.brand, event.sku, warehouse))
    left = unit.ask(tables.LEAVE, (count, event.org, event.brand, event.sku, event.source, count))
    if not left:
        found = unit.ask(tables.FIND_STOCK, (event.org, event.brand, event.sku, event.source))
        if not found:
            return "stock_unknown", "nobody told its opening balance there; enter that first"
        return "stock_below_zero", f"only {max(0, found[0][0] - found[0][1])} pieces are free there"
    unit.ask(tables.ENTER_STOCK, (event.org, event.brand, event.target, event.sku, left[0][2], 0))
    unit.ask(tables.ADJUST, (count, event.org, event.brand, event.sku, event.target, count))
    move = (event.sku, f"free@{event.source}", f"free@{event.target}", count, event.reason)
    edits.move(event.org, event.brand, move, event.by)
    return None


def _warehouse(event: WarehouseSaved, edits: Edits) -> Problem | None:
    if not event.warehouse.strip() or len(event.warehouse) > 60 or "@" in event.warehouse:
        return "warehouse_name", "a warehouse needs a short name without @"
    if event.holds not in HOLDS:
        return "warehouse_holds", f"a warehouse holds one of {', '.join(HOLDS)}"
    if event.warehouse == MAIN and (event.holds != "goods" or not event.active):
        return "warehouse_main", "the main warehouse holds goods and stays open"
    made = Warehouse(event.warehouse, event.name, event.priority, event.regions, event.holds, event.active)
    _save(event, "warehouse", event.warehouse, made, edits)
    return None


def _policy(event: StockPolicySet, edits: Edits) -> Problem | None:
    if event.reset:
        edits.unit.write(tables.DROP_RULE, (event.org, event.brand, "policy", event.sku))
        return None
    if event.policy not in POLICIES or event.choose not in CHOICES:
        return "stock_policy", f"sell by {' or '.join(POLICIES)}, choose by {', '.join(CHOICES)}"
    if not 60 <= event.hold_s <= _MOST_HOLD_S:
        return "stock_hold", "pieces are held for 60 seconds to 7 days"
    if not 0 <= event.safety <= MOST_PIECES:
        return "stock_quantity", "safety stock is 0 to 1,000,000,000 pieces"
    _save(event, "policy", event.sku, Policy(event.policy, event.hold_s, event.choose, event.safety), edits)
    return None


def _quota(event: QuotaSet, edits: Edits) -> Problem | None:
    kind, _, name = event.channel.partition(":")
    if kind not in ("room", "platform") or not name or not event.sku:
        return "stock_channel", "a channel is room:<id> or platform:<name>"
    if event.quota > MOST_PIECES:
        return "stock_quantity", "a quota is 0 to 1,000,000,000 pieces"
    rule = f"{event.channel}|{event.sku}"
    if event.quota < 0:
        edits.unit.write(tables.DROP_QUOTA, (event.org, event.brand, event.channel, event.sku))
        edits.unit.write(tables.DROP_RULE, (event.org, event.brand, "quota", rule))
        return None
    edits.unit.write(tables.SET_QUOTA, (event.org, event.brand, event.channel, event.sku, event.quota))
    _save(event, "quota", rule, event.quota, edits)
    return None


def _bundle(event: BundleSaved, edits: Edits) -> Problem | None:
    if not event.sku:
        return _INCOMPLETE
    if not event.parts:
        edits.unit.write(tables.DROP_RULE, (event.org, event.brand, "bundle", event.sku))
        return None
    if event.sku in event.parts or any(not 0 < count <= 1000 for count in event.parts.values()):
        return "stock_bundle", "a bundle is made of other SKUs, 1 to 1000 pieces of each"
    _save(event, "bundle", event.sku, event.parts, edits)
    return None


def _save(event: Any, kind: str, name: str, what: object, edits: Edits) -> None:
    body = msgspec.json.encode(what).decode()
    edits.unit.write(tables.SAVE_RULE, (event.org, event.brand, kind, name, body, edits.unit.now, event.by))


_INCOMPLETE = ("stock_incomplete", "name the SKU, the warehouse and the reason")
_EDITS: dict[type[CommandAsked], Callable[[Any, Edits], Problem | None]] = {
    StockEntered: _enter,
    StockCorrected: _correct,
    StockTransferred: _transfer,
    WarehouseSaved: _warehouse,
    StockPolicySet: _policy,
    QuotaSet: _quota,
    BundleSaved: _bundle,
}
EDITS = frozenset(_EDITS)
"""The edits of stock that a ledger of sales answers."""
