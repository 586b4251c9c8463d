"""Writing what is kept: each full minute of the running show, and the totals when it is over."""

from livecue.flow import RoomInfo, Unit
from livecue.metrics import tables
from livecue.metrics.board import Board, Past
from livecue.metrics.definitions import DEFINITIONS
from livecue.metrics.picture import ReadingMaker
from livecue.metrics.reading import ZERO, Reading

MINUTE_ROWS = (
    "M03", "M04", "M06", "M08", "M13", "M14", "M19", "M21.count", "M25", "M25.likes", "M25.comments", "M28",
    "M28.clicks", "M33", "M34", "M38", "M40.orders", "M41", "M41.orders", "M44", "M45", "M77", "M92", "M93",
)  # fmt: skip
"""Kept of every minute for the room, and of the product being talked about those that a product has."""


def save_minute(board: Board, minute: int, maker: ReadingMaker, room: RoomInfo, unit: Unit) -> None:
    """Write the minute that just ended. ``minute`` is its number; rows carry its start in room ms."""
    scopes = ["room"]
    if board.talking:
        scopes.append("product:" + board.talking)
    readings = [maker.reading(metric, "1m", scope) for scope in scopes for metric in MINUTE_ROWS]
    unit.write_many(
        tables.SAVE_MINUTE,
        [
            (room.org, room.brand, room.room, board.show, minute * 60_000, r.metric, r.scope, r.value, r.sample)
            for r in readings
            if r.why != "not_defined"
        ],
    )


def save_totals(board: Board, maker: ReadingMaker, room: RoomInfo, unit: Unit) -> None:
    """Write the totals of the show that is over: the room, each segment, product and traffic source."""
    unit.write(
        tables.SAVE_SHOW,
        (
            room.org, room.brand, room.room, board.show, board.title, board.began_at, board.ended_at, room.currency,
        ),
    )  # fmt: skip
    scopes = [
        "room",
        *("segment:" + name for name in board.segments),
        *("product:" + name for name in board.products),
        *("source:" + source.via for source in board.sources if any(source.tally.totals)),
    ]
    readings = [maker.reading(metric, "show", scope) for scope in scopes for metric in DEFINITIONS]
    _save(room, board.show, [r for r in readings if r.why != "not_defined"], board.now, unit)
    curves = [
        (room.org, room.brand, room.room, board.show, name, side, step, orders)
        for name, product in board.products.items()
        if product.talks
        for side, curve in (("start", product.from_start), ("end", product.to_end))
        for step, orders in enumerate(curve)
    ]
    if curves:
        unit.write_many(tables.SAVE_CURVE, curves)


def save_past(past: Past, room: RoomInfo, now: int, unit: Unit) -> None:
    """Write what later refunds made of the show before."""
    paid, orders = float(past.paid_amount), float(past.paid_orders)
    refunded = float(past.refunded_amount)
    readings = [
        Reading(metric="M42", window="show", value=paid - refunded, num=paid - refunded, sample=past.paid_orders),
        _ratio("M59", refunded, paid, past.paid_orders),
        _ratio("M59.orders", float(past.refunded_orders), orders, past.paid_orders),
        _ratio("M59.unshipped", float(past.refunded_unshipped), paid, past.paid_orders),
        _ratio("M59.shipped", float(past.refunded_shipped), paid, past.paid_orders),
    ]
    _save(room, past.show, readings, now, unit)


def _ratio(metric: str, num: float, den: float, sample: int) -> Reading:
    if not den:
        return Reading(metric=metric, window="show", num=num, den=den, why=ZERO)
    return Reading(metric=metric, window="show", value=num / den, num=num, den=den, sample=sample)


def _save(room: RoomInfo, show: str, readings: list[Reading], now: int, unit: Unit) -> None:
    unit.write_many(
        tables.SAVE_TOTAL,
        [
            (room.org, room.brand, room.room, show, r.metric, r.scope, r.value, r.num, r.den, r.sample, r.why, now)
            for r in readings
        ],
    )
