"""A platform's statement against our orders: what differs is listed, nothing is overwritten."""

from collections.abc import Sequence

import msgspec

from livecue.sales.presets import preset_at
from livecue.sheets import MB, RowError, amount, read_rows
from livecue.store import Reader

COLUMNS: dict[str, tuple[str, ...]] = {
    "order": ("订单号", "订单编号", "主订单编号", "order", "order id"),
    "amount": ("实付", "订单实付", "收入金额", "结算金额", "amount", "paid"),
    "refunded": ("退款", "退款金额", "refunded", "refund"),
}
NEEDED = ("order", "amount")
MOST_ROWS = 1_000_000
MOST_BYTES = 100 * MB
_STEP = 400


class StatementLine(msgspec.Struct, frozen=True):
    """What the statement says of one order; minor units."""

    row: int
    order: str
    amount: int
    refunded: int = -1
    """-1: the statement has no such column."""


class Difference(msgspec.Struct, frozen=True):
    """``kind``: missing_here, missing_there, not_yet (paid so lately that the statement may not have it), amount,
    refunded or twice. Both sums in minor units, -1 none."""

    kind: str
    order: str
    row: int
    ours: int
    theirs: int


class Reconciled(msgspec.Struct, frozen=True):
    """The outcome of a comparison; sums in minor units."""

    compared: int
    equal: int
    ours: int
    theirs: int
    differences: list[Difference]
    errors: list[RowError]


def read_statement(content: bytes, filename: str, currency: str) -> tuple[list[StatementLine], list[RowError]]:
    """The lines of a statement and what cannot be read in it. Raises ``BadTable``."""
    lines: list[StatementLine] = []
    errors: list[RowError] = []
    for found in read_rows(content, filename, COLUMNS, NEEDED, MOST_ROWS, MOST_BYTES):
        row, cells = found.number, found.cells
        wrong = [
            RowError(row, COLUMNS[field][0], "must not be empty", "empty") for field in NEEDED if not cells.get(field)
        ]
        sums = {"amount": -1, "refunded": -1}
        for field in sums:
            if cells.get(field):
                try:
                    sums[field] = abs(amount(cells[field], currency))
                except ValueError as error:
                    wrong.append(RowError(row, COLUMNS[field][0], str(error), "not_money"))
        errors += wrong
        if not wrong:
            lines.append(StatementLine(row, cells["order"], sums["amount"], sums["refunded"]))
    return lines, errors


def compare_statement(
    db: Reader,
    room: str,
    lines: Sequence[StatementLine],
    errors: list[RowError],
    since: int = 0,
    until: int = 0,
    now: int = 0,
) -> Reconciled:
    """Hold a statement against the room's paid orders; with ``since`` and ``until`` (ms) also what it lacks of them.

    ``now`` (ms): what was paid within the preset's grace before it is not missing yet.
    """
    stated: dict[str, StatementLine] = {}
    differences: list[Difference] = []
    for line in lines:
        if line.order in stated:
            differences.append(Difference("twice", line.order, line.row, -1, line.amount))
        else:
            stated[line.order] = line
    ours = _ours(db, room, list(stated))
    equal = 0
    for number, line in stated.items():
        known = ours.get(number)
        if known is None:
            differences.append(Difference("missing_here", number, line.row, -1, line.amount))
            continue
        paid, refunded = known
        before = len(differences)
        if paid != line.amount:
            differences.append(Difference("amount", number, line.row, paid, line.amount))
        if line.refunded >= 0 and refunded != line.refunded:
            differences.append(Difference("refunded", number, line.row, refunded, line.refunded))
        equal += len(differences) == before
    if until > since:
        rows = db.rows(
            "SELECT number, amount, paid_at FROM orders WHERE room = ? AND paid_at > 0 AND placed_at >= ?"
            " AND placed_at < ? ORDER BY placed_at, number",
            (room, since, until),
        )
        settled = now - 1000 * preset_at(now).statement_grace_s if now else 1 << 62
        differences += [
            Difference("missing_there" if paid_at <= settled else "not_yet", number, 0, paid, -1)
            for number, paid, paid_at in rows
            if number not in stated
        ]
    return Reconciled(
        len(stated), equal, sum(paid for paid, _ in ours.values()), sum(line.amount for line in stated.values()),
        differences, errors,
    )  # fmt: skip


def _ours(db: Reader, room: str, numbers: list[str]) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for start in range(0, len(numbers), _STEP):
        part = numbers[start : start + _STEP]
        rows = db.rows(
            "SELECT number, amount, refunded FROM orders WHERE room = ? AND paid_at > 0 AND number IN"
            f" ({','.join('?' * len(part))})",
            (room, *part),
        )
        found.update((number, (paid, refunded)) for number, paid, refunded in rows)
    return found
