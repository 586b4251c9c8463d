"""Rows of orders: written once a fold, however much was told of them in it."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from livecue.events import Line
from livecue.flow import RoomInfo, Unit
from livecue.sales import tables
from livecue.sales.order import Order, lift, still_since
from livecue.sales.stock.tables import padded

_encode = msgspec.json.Encoder().encode
_body = msgspec.json.Decoder(Order).decode


class Keeper:
    """Collects what changed in a fold. An order created and paid in one batch is one row written once."""

    def __init__(self, room: RoomInfo) -> None:
        self._room = room
        self._orders: dict[str, Order] = {}
        self._feedback: dict[str, str] = {}
        self._rows: list[tuple[str, Sequence[Any]]] = []

    def save(self, number: str, order: Order) -> None:
        """The order changed."""
        self._orders[number] = order

    def feedback(self, number: str, order: Order, state: str) -> None:
        """Feedback of this order is due, or was noted."""
        self._feedback[number] = state
        order.rest().feedback_state = state
        self.save(number, order)

    def put(self, statement: str, *values: Any) -> None:
        """A row beside the order; organisation, brand and room come first."""
        room = self._room
        self._rows.append((statement, (room.org, room.brand, room.room, *values)))

    def say(self, statement: str, *values: Any) -> None:
        """A statement as it is."""
        self._rows.append((statement, values))

    def write(self, unit: Unit) -> None:
        """Write what was collected."""
        if self._orders:
            room = self._room
            unit.write_many(tables.SAVE_ORDER, [_row(room, number, order) for number, order in self._orders.items()])
            more = [
                (room.org, room.brand, room.room, number, line.sku, order.placed_at)
                for number, order in self._orders.items()
                if len(order.lines) > 1
                for line in order.lines[1:]
            ]
            if more:
                unit.write_many(tables.SAVE_LINE, more)
            self._orders.clear()
        for statement, values in self._rows:
            unit.write(statement, values)
        self._rows.clear()


def _row(room: RoomInfo, number: str, order: Order) -> tuple[Any, ...]:
    more, lines = order.more, order.lines
    shipped = delivered = still = 0
    feedback = ""
    if more is not None:
        shipped = min((parcel.sent_at for parcel in more.parcels.values() if parcel.sent), default=0)
        delivered = more.delivered_at
        still = still_since(order)
        feedback = more.feedback_state
    return (
        room.org, room.brand, room.room, number, order.state, order.amount, order.currency, order.user, order.via,
        _encode(lines).decode(), order.created_at, order.paid_at, order.closed_at, order.refunded, order.placed_at,
        lines[0].sku if lines else "", order.checked, order.reminded, feedback, shipped, delivered,
        still, _encode(order).decode(),
    )  # fmt: skip


def load_orders(numbers: Sequence[str], room: str, unit: Unit) -> Iterator[tuple[str, Order]]:
    """Orders of a room out of their rows."""
    asked = padded(numbers)
    yield from map(order_of, unit.ask(tables.find_orders(len(asked)), (room, *asked)))


def order_of(row: Sequence[Any]) -> tuple[str, Order]:
    """Number and order of a row of ``ORDER_COLUMNS``, in today's shape."""
    number, state, amount, currency, buyer, via, lines, created_at, paid_at, closed_at, refunded, body = row
    if body:
        known = _body(body)
        lift(known)
        return number, known
    order = Order(
        state, amount, buyer, via, currency, msgspec.json.decode(lines, type=tuple[Line, ...]), created_at, paid_at,
        closed_at, refunded,
    )  # fmt: skip
    lift(order)
    order.base = refunded
    return number, order
