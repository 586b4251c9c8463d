"""After-sale cases by their own times, and who paid when: what the rates of service are made of (M80, M83, M84)."""

from collections.abc import Collection, Sequence

import msgspec

from livecue.sales.order import Case, Order
from livecue.store import Reader

_CASES = (
    "SELECT c.room, c.number, c.after_sale, c.reason, c.opened_at, c.changed_at, o.buyer, o.delivered_at, o.body"
    " FROM after_sales c JOIN orders o ON o.room = c.room AND o.number = c.number"
    " WHERE c.room IN ({rooms}) AND c.changed_at >= ? ORDER BY c.room, c.number, c.after_sale"
)
_PAID = "SELECT COUNT(*), MAX(paid_at) FROM orders WHERE room IN ({rooms}) AND paid_at >= ? AND paid_at < ?"
_BUYERS = (
    "SELECT room, buyer, paid_at FROM orders WHERE room IN ({rooms}) AND buyer IN ({buyers}) AND paid_at > 0"
    " AND paid_at >= ? AND paid_at < ?"
)
_REFUNDED = (
    "SELECT COUNT(DISTINCT r.room || ' ' || r.number || ' ' || r.refund) FROM refunds r WHERE r.room IN ({rooms})"
    " AND r.at >= ? AND r.at < ?"
    " AND NOT EXISTS (SELECT 1 FROM after_sales c WHERE c.room = r.room AND c.number = r.number)"
)
_BUYER_OF = "SELECT room, number, buyer FROM orders WHERE room IN ({rooms}) AND number IN ({numbers})"
_STEP = 400
_PAID_BACK = frozenset({"refunded", "returned_refunded"})


class CaseTimes(msgspec.Struct, frozen=True, kw_only=True):
    """An after-sale case. Times are ms UTC at the source, else of the room's clock; 0 not yet."""

    room: str
    number: str
    case: str
    buyer: str
    reason: str
    appealed: bool
    """The buyer went to the platform over it."""
    opened_at: int
    """When it was first heard of."""
    applied_at: int
    """When it was asked for; 0 nobody told: only the refund was."""
    refunded_at: int
    delivered_at: int


def _marks(rooms: Collection[str]) -> str:
    return ",".join("?" * len(rooms)) or "NULL"


def cases_since(db: Reader, rooms: Sequence[str], since: int) -> list[CaseTimes]:
    """Cases of which something was heard at ``since`` (ms UTC) or later: all that opened or ended since are in it."""
    found = []
    for row in db.rows(_CASES.format(rooms=_marks(rooms)), (*rooms, since)):
        room, number, name, reason, opened, changed, buyer, delivered, body = row
        more = msgspec.json.decode(body, type=Order).more if body else None
        case = (more.cases.get(name) if more else None) or Case(opened_at=opened)
        first = min((at for at, _, _ in case.told if at), default=0) or opened
        asked = [at for at, state, _ in case.told if state not in _PAID_BACK]
        ended = [at for at, state, _ in case.told if state in _PAID_BACK]
        applied_at = min((at for at in asked if at), default=0)
        refunded_at = min((at for at in ended if at), default=0)
        if ended and not (applied_at and refunded_at):
            # One of the two was told without a time: both are read from the room's clock, so that they can be compared.
            # Told in one go, or the refund alone, it says nothing about how long it took.
            heard = bool(asked) and opened < changed
            applied_at, refunded_at = opened if heard else 0, changed if heard else refunded_at or changed
        found.append(
            CaseTimes(
                room=room, number=number, case=name, buyer=buyer, reason=reason,
                appealed=any(state == "platform_case" for _, state, _ in case.told),
                opened_at=first, applied_at=applied_at, refunded_at=refunded_at, delivered_at=delivered,
            )
        )  # fmt: skip
    return found


def last_cases(db: Reader, rooms: Sequence[str]) -> dict[str, int]:
    """When something was last heard of any case, ms, by room; a room without cases is not in it."""
    statement = f"SELECT room, MAX(changed_at) FROM after_sales WHERE room IN ({_marks(rooms)}) GROUP BY room"
    return {str(room): int(at or 0) for room, at in db.rows(statement, tuple(rooms))}


def count_paid(db: Reader, rooms: Sequence[str], since: int, until: int) -> tuple[int, int]:
    """(orders paid within [since, until) ms, when the last of them was; 0 none)."""
    count, newest = db.rows(_PAID.format(rooms=_marks(rooms)), (*rooms, since, until))[0]
    return int(count), int(newest or 0)


def payments_of(
    db: Reader, rooms: Sequence[str], buyers: Collection[str], since: int, until: int
) -> list[tuple[str, str, int]]:
    """(room, buyer, paid at) of these buyers' orders paid within [since, until) ms."""
    wanted, found = sorted(set(buyers) - {""}), []
    for start in range(0, len(wanted), _STEP):
        part = wanted[start : start + _STEP]
        statement = _BUYERS.format(rooms=_marks(rooms), buyers=_marks(part))
        rows = db.rows(statement, (*rooms, *part, since, until))
        found += [(str(room), str(buyer), int(at)) for room, buyer, at in rows]
    return found


def buyers_of(db: Reader, rooms: Sequence[str], numbers: Collection[str]) -> dict[tuple[str, str], str]:
    """(room, order number) to who bought; "" where the platform does not say."""
    wanted, found = sorted(set(numbers) - {""}), {}
    for start in range(0, len(wanted), _STEP):
        part = wanted[start : start + _STEP]
        statement = _BUYER_OF.format(rooms=_marks(rooms), numbers=_marks(part))
        found.update({(str(r), str(n)): str(b) for r, n, b in db.rows(statement, (*rooms, *part))})
    return found


def refunds_without_case(db: Reader, rooms: Sequence[str], since: int, until: int) -> int:
    """Refunds within [since, until) ms of orders that have no case: nobody knows when they were applied for."""
    return int(db.rows(_REFUNDED.format(rooms=_marks(rooms)), (*rooms, since, until))[0][0])
