"""The ledger of what was bought in one room: order states of domain 9.2, and stock that goes down once."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommandApplied,
    CommandAsked,
    CommandRefused,
    Event,
    Line,
    LineupChanged,
    OrderCancelled,
    OrderCreated,
    OrderMismatched,
    OrderPaid,
    OrderRefunded,
    ShowPlanned,
    StockAdjusted,
    StockChanged,
    StockCorrected,
    StockEntered,
    StockOpened,
    StockShort,
)
from livecue.flow import Asked, RoomInfo, Unit, answered, await_answer
from livecue.sales import tables
from livecue.sales.office import enter
from livecue.store import Reader, Row

WAREHOUSE = "main"
RESERVED_MS = 15 * 60 * 1000
"""An unpaid order holds its stock this long (domain 9.2, our default)."""
REFRESH_MS = 5_000
"""How often a room looks at stock that other rooms may have changed."""
_CLOSED_KEPT = 20_000


class StockView(msgspec.Struct, frozen=True):
    """Stock of a SKU in the main warehouse. ``known`` False: nobody told an opening balance (待核验)."""

    sku: str
    product: str
    on_hand: int
    reserved: int
    known: bool


class SalesPicture(msgspec.Struct, frozen=True):
    """Stock of the lineup and counts of orders by state."""

    stock: list[StockView]
    unpaid: int
    paid: int
    refunds: int
    mismatches: int


class Order(msgspec.Struct, array_like=True):
    """An order as remembered. ``held``: its lines are reserved; ``taken``: they left the stock."""

    state: str
    amount: int
    user: str
    via: str
    currency: str
    lines: tuple[Line, ...]
    created_at: int
    paid_at: int = 0
    closed_at: int = 0
    refunded: int = 0
    held: list[str] = []
    refunds: list[str] = []


class _State(msgspec.Struct):
    orders: dict[str, Order] = {}
    stock: dict[str, tuple[str, int, int]] = {}
    watched: dict[str, str] = {}
    changed: list[str] = []
    holding: list[str] = []
    """Unpaid orders in the order they were created: their reservations run out from the front."""
    unpaid: int = 0
    paid: int = 0
    refunds: int = 0
    mismatches: int = 0
    refreshed_at: int = 0
    asked: Asked = {}


class Sales:
    """Remembers orders and stock. An order counts once, however often and in whatever order it is told."""

    name: ClassVar[str] = "sales"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            OrderCreated, OrderPaid, OrderCancelled, OrderRefunded, StockOpened, StockAdjusted, ShowPlanned,
            LineupChanged, ClockTicked, CommandApplied, CommandRefused, StockEntered, StockCorrected,
        }
    )  # fmt: skip

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        self._unsaved: dict[str, Order] = {}
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"sales: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for event in events:
            if isinstance(event, ClockTicked):
                self._tick(event.now, unit)
            elif isinstance(event, OrderCreated):
                self._created(event, unit)
            elif isinstance(event, OrderPaid):
                self._paid(event, unit)
            elif isinstance(event, OrderCancelled):
                self._cancelled(event.order, unit)
            elif isinstance(event, OrderRefunded):
                self._refunded(event, unit)
            elif isinstance(event, StockOpened):
                self._opened(event, unit)
            elif isinstance(event, StockAdjusted):
                self._adjusted(event, unit)
            elif isinstance(event, StockEntered | StockCorrected):
                self._enter(event, unit)
            elif isinstance(event, ShowPlanned | LineupChanged):
                self._watch(await_answer(self._state.asked, event))
            elif isinstance(event, CommandApplied | CommandRefused):
                self._watch(answered(self._state.asked, event))
        if self._unsaved:
            self._save_all(unit)

    def _watch(self, plan: CommandAsked | None) -> None:
        if isinstance(plan, ShowPlanned | LineupChanged):
            self._state.watched.update((sku, card.product) for card in plan.products for sku in card.skus)

    # Orders.

    def _created(self, event: OrderCreated, unit: Unit) -> None:
        known = self._state.orders.get(event.order)
        if known is not None:
            self._compare(event.order, known, event.amount, unit)
            if not known.lines and event.lines:
                known.lines = event.lines
            return
        order = Order("unpaid", event.amount, event.user, event.via, event.currency, event.lines, unit.now)
        self._remember(event.order, order)
        self._state.unpaid += 1
        for line in sorted(event.lines, key=lambda item: item.sku):
            reserved = self._change(line.sku, tables.RESERVE, (line.quantity,), (line.quantity,), unit)
            if reserved:
                order.held.append(line.sku)
            elif reserved is False:
                self._short(event.order, line, unit)
        if order.held:
            self._state.holding.append(event.order)
        self._save(event.order, order)

    def _paid(self, event: OrderPaid, unit: Unit) -> None:
        order = self._state.orders.get(event.order)
        if order is None:
            order = Order(
                "to_ship", event.amount, event.user, event.via, event.currency, event.lines, unit.now, unit.now
            )
            self._remember(event.order, order)
        else:
            self._compare(event.order, order, event.amount, unit)
            if order.paid_at:
                return
            if order.state == "unpaid":
                self._state.unpaid -= 1
            order.state, order.paid_at, order.closed_at = "to_ship", unit.now, 0
        self._state.paid += 1
        for line in sorted(order.lines, key=lambda item: item.sku):
            count = line.quantity
            if line.sku in order.held:
                if not self._change(line.sku, tables.TAKE_RESERVED, (count, count), (count, count), unit):
                    # Counted away meanwhile: the promise is taken back, the order stands, a person decides.
                    self._change(line.sku, tables.FREE, (count,), (count,), unit)
                    self._short(event.order, line, unit)
            elif self._change(line.sku, tables.TAKE, (count,), (count,), unit) is False:
                self._short(event.order, line, unit)
        order.held = []
        self._save(event.order, order)

    def _cancelled(self, number: str, unit: Unit) -> None:
        order = self._state.orders.get(number)
        if order is None or order.state != "unpaid":
            return
        self._state.unpaid -= 1
        order.state, order.closed_at = "cancelled", unit.now
        self._free(order, unit)
        self._save(number, order)

    def _refunded(self, event: OrderRefunded, unit: Unit) -> None:
        order = self._state.orders.get(event.order)
        refund = event.refund or event.key
        if order is not None and refund in order.refunds:
            return
        room = self._room
        unit.write(
            tables.SAVE_REFUND,
            (
                room.org, room.brand, room.room, event.order, refund, event.amount, event.quantity, event.sku,
                event.reason, event.shipped, unit.now,
            ),
        )  # fmt: skip
        self._state.refunds += 1
        if event.restock and event.sku and event.quantity:
            self._change(event.sku, tables.ADJUST, (event.quantity,), (event.quantity,), unit)
        if order is None:
            self._state.mismatches += 1
            unit.announce(OrderMismatched(order=event.order, field="order", have="", got="refund"))
            return
        order.refunds.append(refund)
        order.refunded += event.amount
        if order.refunded > order.amount:
            self._mismatch(event.order, "refunded", order.amount, order.refunded, unit)
        if order.refunded >= order.amount:
            order.state, order.closed_at = "closed_refunded", unit.now
        self._save(event.order, order)

    def _compare(self, number: str, order: Order, amount: int, unit: Unit) -> None:
        if amount != order.amount:
            self._mismatch(number, "amount", order.amount, amount, unit)

    def _mismatch(self, number: str, field: str, have: int, got: int, unit: Unit) -> None:
        self._state.mismatches += 1
        unit.announce(OrderMismatched(order=number, field=field, have=str(have), got=str(got)))

    def _remember(self, number: str, order: Order) -> None:
        orders = self._state.orders
        orders[number] = order
        if len(orders) > _CLOSED_KEPT:
            # Bounded memory: the oldest settled order is known by its row and its key alone.
            for old in list(orders)[:100]:
                if orders[old].state != "unpaid":
                    del orders[old]
                    return

    def _save(self, number: str, order: Order) -> None:
        self._unsaved[number] = order

    def _save_all(self, unit: Unit) -> None:
        # Once a fold, not once a change: an order created and paid in one batch is one row written once.
        room = self._room
        unit.write_many(
            tables.SAVE_ORDER,
            [
                (
                    room.org, room.brand, room.room, number, order.state, order.amount, order.currency, order.user,
                    order.via, msgspec.json.encode(order.lines).decode(), order.created_at, order.paid_at,
                    order.closed_at, order.refunded,
                )
                for number, order in self._unsaved.items()
            ],
        )  # fmt: skip
        self._unsaved.clear()

    # Stock.

    def _enter(self, event: StockEntered | StockCorrected, unit: Unit) -> None:
        problem = enter(event, self._room, unit)
        if problem is None:
            unit.announce(CommandApplied(command=event.command))
        else:
            unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def _opened(self, event: StockOpened, unit: Unit) -> None:
        room = self._room
        rows = unit.ask(
            tables.OPEN_STOCK, (room.org, room.brand, event.warehouse, event.sku, event.product, event.quantity)
        )
        self._note(event.sku, event.warehouse, rows)

    def _adjusted(self, event: StockAdjusted, unit: Unit) -> None:
        room = self._room
        values = (event.delta, room.org, room.brand, event.sku, event.warehouse, event.delta)
        self._note(event.sku, event.warehouse, unit.ask(tables.ADJUST, values))

    def _change(self, sku: str, statement: str, first: Sequence[int], last: Sequence[int], unit: Unit) -> bool | None:
        """Whether the conditional statement found enough; None when nobody ever told this SKU's stock."""
        if sku not in self._state.stock:
            self._look(sku, unit)
        if sku not in self._state.stock:
            return None
        room = self._room
        rows = unit.ask(statement, (*first, room.org, room.brand, sku, WAREHOUSE, *last))
        self._note(sku, WAREHOUSE, rows)
        return bool(rows)

    def _free(self, order: Order, unit: Unit) -> None:
        for line in sorted(order.lines, key=lambda item: item.sku):
            if line.sku in order.held:
                self._change(line.sku, tables.FREE, (line.quantity,), (line.quantity,), unit)
        order.held = []

    def _short(self, number: str, line: Line, unit: Unit) -> None:
        _, on_hand, reserved = self._state.stock.get(line.sku, ("", 0, 0))
        unit.announce(StockShort(order=number, sku=line.sku, wanted=line.quantity, free=max(0, on_hand - reserved)))

    def _look(self, sku: str, unit: Unit) -> None:
        room = self._room
        self._note(sku, WAREHOUSE, unit.ask(tables.FIND_STOCK, (room.org, room.brand, sku, WAREHOUSE)))

    def _note(self, sku: str, warehouse: str, rows: list[Row]) -> None:
        if warehouse != WAREHOUSE or not rows:
            return
        on_hand, reserved, product = rows[0]
        new = (product or self._state.watched.get(sku, ""), on_hand, reserved)
        if self._state.stock.get(sku) != new:
            self._state.stock[sku] = new
            if sku not in self._state.changed:
                self._state.changed.append(sku)

    def _tick(self, now: int, unit: Unit) -> None:
        state = self._state
        if now - state.refreshed_at >= REFRESH_MS:
            state.refreshed_at = now
            for sku in sorted(state.watched):
                self._look(sku, unit)
        while state.holding:
            order = state.orders.get(state.holding[0])
            if order is not None and order.held and now - order.created_at < RESERVED_MS:
                break
            state.holding.pop(0)
            if order is not None and order.held:
                self._free(order, unit)
        # Told at the tick, each SKU once: the same however the stream was cut.
        for sku in sorted(state.changed):
            product, on_hand, reserved = state.stock[sku]
            unit.announce(StockChanged(sku=sku, product=product, on_hand=on_hand, reserved=reserved))
        state.changed = []

    def picture(self, now: int) -> SalesPicture:
        state = self._state
        skus = {**{sku: product for sku, (product, _, _) in state.stock.items()}, **state.watched}
        views = []
        for sku in sorted(skus):
            product, on_hand, reserved = state.stock.get(sku, (skus[sku], 0, 0))
            views.append(StockView(sku, product or skus[sku], on_hand, reserved, sku in state.stock))
        return SalesPicture(views, state.unpaid, state.paid, state.refunds, state.mismatches)

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


def list_stock(db: Reader, org: str, brand: str) -> list[StockView]:
    """Stock of a brand over all warehouses' rows."""
    return [StockView(r[0], r[2], r[3], r[4], True) for r in db.rows(tables.LIST_STOCK, (org, brand))]


class OrderRow(msgspec.Struct, frozen=True):
    """An order without its buyer."""

    number: str
    state: str
    amount: int
    currency: str
    via: str
    created_at: int
    paid_at: int
    refunded: int


def list_orders(db: Reader, room: str, start: int, end: int) -> list[OrderRow]:
    """Orders created in ``[start, end)`` room time."""
    return [
        OrderRow(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7])
        for r in db.rows(tables.LIST_ORDERS, (room, start, end))
    ]
