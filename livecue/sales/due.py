"""Legal clocks as pages show them: read from what is kept of orders and cases."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.sales.cases import CaseRow
from livecue.sales.clocks import (
    FORECAST,
    Due,
    forecast,
    no_reason_clock,
    preset_of,
    refund_clock,
    took,
)
from livecue.sales.order import Order, sent_whole
from livecue.sales.presets import preset_at
from livecue.store import Reader

_DAY_MS = 24 * 3_600_000
_STEP = 400
_BODIES = "SELECT room, number, body FROM orders WHERE room = ? AND number IN ({numbers})"
_PAID_BACK = (
    # The room is no part of what is looked up: the newest by their index first, then their orders.
    "SELECT c.room, c.after_sale, o.body FROM (SELECT room, number, after_sale, changed_at FROM after_sales"
    " WHERE org = ? AND brand = ? AND state IN ('refunded','returned_refunded') AND type IN ('return_refund','')"
    " AND changed_at >= ? AND room || '' IN ({rooms}) ORDER BY changed_at DESC, number DESC LIMIT ?) c"
    " JOIN orders o ON o.room = c.room AND o.number = c.number ORDER BY c.changed_at DESC, c.number DESC"
)


class ClockRow(msgspec.Struct, frozen=True):
    """A clock with where it stands; moments in ms UTC, 0 is none or unknown.

    ``state``: running, alarm, late, kept, missed, closed, disputed, over, or unknown; ``forecast`` when it will be over
    by the brand's own median, 0 nobody can tell; ``law`` by language, "" where it is no law's.
    ``basis`` of ``ship`` is ``part`` where only some of it was sent.
    """

    clock: str
    case: str
    since: int
    basis: str
    due_at: int
    ended_at: int
    state: str
    forecast: int = 0
    law: dict[str, str] = {}


def refund_times(db: Reader, org: str, brand: str, zones: Mapping[str, str], now: int) -> list[int]:
    """How long from the returned goods to the money, ms, of the cases of which the brand heard last; ``zones`` by room.

    Those that were opened last would be the quick ones: what takes long is not over yet.
    """
    if not zones:
        return []
    rooms = ",".join("?" * len(zones))
    rows = db.rows(
        _PAID_BACK.format(rooms=rooms), (org, brand, now - FORECAST.days * _DAY_MS, *zones, FORECAST.most)
    )  # fmt: skip
    dues: list[Due | None] = []
    for room, name, body in rows:
        order = msgspec.json.decode(body, type=Order) if body else None
        case = order.more.cases.get(name) if order and order.more else None
        dues.append(refund_clock(name, case, order, zones[room]) if case and order else None)
    return took(dues)


def case_clocks(
    db: Reader, cases: Sequence[CaseRow], zones: Mapping[str, str], past: Sequence[int], now: int
) -> dict[tuple[str, str, str], ClockRow]:
    """(room, order, case) to its legal clock; a case whose goods are not on their way back has none."""
    found: dict[tuple[str, str, str], ClockRow] = {}
    wanted: dict[str, set[str]] = {}
    for row in cases:
        wanted.setdefault(row.room, set()).add(row.number)
    for room, numbers in wanted.items():
        listed = sorted(numbers)
        for start in range(0, len(listed), _STEP):
            part = listed[start : start + _STEP]
            for _, number, body in db.rows(_BODIES.format(numbers=",".join("?" * len(part))), (room, *part)):
                order = msgspec.json.decode(body, type=Order) if body else None
                for name, case in order.more.cases.items() if order and order.more else ():
                    due = refund_clock(name, case, order, zones[room]) if order else None
                    if due is not None:
                        found[room, number, name] = _row(due, past, now)
    return found


def order_clocks(db: Reader, room: str, number: str, zone: str, past: Sequence[int], now: int) -> list[ClockRow]:
    """The clocks of one order: when it must be sent, until when it may be returned, and those of its cases."""
    rows = db.rows("SELECT state, paid_at, shipped_at, body FROM orders WHERE room = ? AND number = ?", (room, number))
    if not rows:
        return []
    state, paid_at, shipped_at, body = rows[0]
    order = msgspec.json.decode(body, type=Order) if body else None
    found = []
    if paid_at and (state in ("to_ship", "part_shipped") or shipped_at):
        found.append(_ship_clock(state, paid_at, shipped_at, order, now))
    more = order.more if order else None
    if order is None or more is None:
        return found
    window = no_reason_clock(more, zone)
    if window is not None:
        row = _row(window, (), now)
        found.append(msgspec.structs.replace(row, state="over") if row.state == "late" else row)
    dues = (refund_clock(name, case, order, zone) for name, case in sorted(more.cases.items()))
    return found + [_row(due, past, now) for due in dues if due is not None]


def _ship_clock(state: str, paid_at: int, shipped_at: int, order: Order | None, now: int) -> ClockRow:
    """Until when all of it must be sent (R073): the first parcel of several keeps nothing."""
    due_at = paid_at + 1000 * preset_at(paid_at).tracking_within_s
    sent_at = sent_whole(order) if order is not None else 0
    if not sent_at and state in ("to_ship", "part_shipped"):
        basis = "part" if shipped_at else "told"
        return ClockRow("ship", "", paid_at, basis, due_at, 0, "late" if now >= due_at else "running")
    # Of an order that the platform itself has let go on no rest is awaited.
    sent_at = sent_at or shipped_at
    return ClockRow("ship", "", paid_at, "told", due_at, sent_at, "kept" if sent_at < due_at else "missed")


def _row(due: Due, past: Sequence[int], now: int) -> ClockRow:
    preset = preset_of(due.clock, due.since or now)
    state = due.state(now)
    ahead = forecast(past, due.since, now) if state in ("running", "alarm", "late") else 0
    return ClockRow(
        due.clock, due.case, due.since, due.basis, due.due_at, due.ended_at, state, ahead,
        {"zh": preset.law_zh, "en": preset.law_en},
    )  # fmt: skip
