"""The order feed: what the office searches, a page at a time, over millions of rows by their indexes."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from livecue.events import Line
from livecue.sales.cases import CaseRow, cases_of
from livecue.sales.order import Order
from livecue.store import Reader

PAGE = 50
MOST = 500
MOST_COUNTED = 10_000
"""So far a list is counted: a count reads every row, and nobody goes through more by hand. One more says "and more"."""
LISTS = ("all", "look", "unchecked", "remind", "late", "stuck", "feedback", "faults")
_COLUMNS = (
    "room, number, state, amount, currency, buyer, via, lines, placed_at, paid_at, closed_at, refunded, checked,"
    " reminded, feedback, shipped_at, delivered_at"
)


class FeedRow(msgspec.Struct, frozen=True):
    """An order of the feed; ``buyer`` is the platform's pseudonymous id. Moments in ms, 0 is not yet."""

    room: str
    number: str
    state: str
    amount: int
    currency: str
    buyer: str
    via: str
    lines: tuple[Line, ...]
    placed_at: int
    paid_at: int
    closed_at: int
    refunded: int
    checked: str
    reminded: str
    feedback: str
    shipped_at: int
    delivered_at: int


class Search(msgspec.Struct, frozen=True):
    """What is looked for; "" and 0 do not narrow. ``until`` is the first moment no longer wanted.

    ``text`` is the beginning of an order number, a tracking number, a SKU or a buyer's id.
    """

    room: str = ""
    state: str = ""
    list: str = "all"
    text: str = ""
    since: int = 0
    until: int = 0
    overdue_before: int = 0
    """Paid before this and not sent, or only in part: what the list ``late`` shows (R073)."""
    stuck_before: int = 0
    """A parcel of theirs is on its way and has not moved since: what the list ``stuck`` shows."""


class Page(msgspec.Struct, frozen=True):
    """One page, newest first; where the text is nothing but the beginning of order numbers, the highest first.

    ``next`` is the key to go on from, "" at the end.
    """

    rows: list[FeedRow]
    next: str


def search_orders(
    db: Reader, org: str, brand: str, rooms: Sequence[str], search: Search, after: str = "", limit: int = PAGE
) -> Page:
    """A page of a brand's orders in the rooms the caller may see. ``after`` is a page's ``next``."""
    limit = min(max(1, limit), MOST)
    if not rooms:
        return Page([], "")
    where, values = _conditions(org, brand, search)
    source, first = "orders", list[Any]()
    if search.list == "stuck":
        source, first = _STUCK, [org, brand, search.stuck_before]
    text, key = search.text.strip(), _key(after)
    named = _named(db, org, brand, rooms, text) if text else []
    # Thousands may begin so, of any time: sorted by time they would all be read for one page.
    by_number = key.at is None if key else bool(text) and not named and _only_text(search)
    if key is not None and by_number:
        where.append("number <= ? AND (number < ? OR (number = ? AND room < ?))")
        values += [key.number, key.number, key.number, key.room]
    elif key is not None:
        # Two rooms may have an order of one number in one millisecond: the room is part of the place.
        where.append(
            "placed_at <= ? AND (placed_at < ? OR (placed_at = ? AND (number < ? OR (number = ? AND room < ?))))"
        )
        values += [key.at, key.at, key.at, key.number, key.number, key.room]
    # Of this page only what the caller may see; written so that the order stays that of the list's own index.
    seen = f"room || '' IN ({','.join('?' * len(rooms))})"
    ways = [(f"{seen} AND {way}", (*rooms, *more)) for way, more in (named if text else [_ANY])]
    ways += _numbered(rooms, text) if text else []
    if search.list == "late":
        ways = [(f"state = '{state}' AND {way}", more) for state in ("to_ship", "part_shipped") for way, more in ways]
    order = "number DESC, room DESC" if by_number else "placed_at DESC, number DESC, room DESC"
    rows: list[tuple[Any, ...]] = []
    for narrowed, more in ways:
        rows += db.rows(
            f"SELECT {_COLUMNS} FROM {source} WHERE {' AND '.join([*where, narrowed])} ORDER BY {order} LIMIT ?",
            (*first, *values, *more, limit + 1),
        )
    found = sorted(
        {(row[0], row[1]): row for row in rows}.values(),
        key=lambda row: (0 if by_number else row[8], row[1], row[0]),
        reverse=True,
    )
    last = found[limit - 1] if len(found) > limit else None
    at = "" if by_number or last is None else last[8]
    return Page([_row(row) for row in found[:limit]], f"{at}|{last[0]}|{last[1]}" if last else "")


class _Key(NamedTuple):
    """The last row of a page; ``at`` is None where pages go by number."""

    at: int | None
    room: str
    number: str


def _key(after: str) -> _Key | None:
    """None where it is no page's ``next``."""
    at, _, place = after.partition("|")
    room, _, number = place.partition("|")
    if not number or (at and not at.lstrip("-").isdecimal()):
        return None
    return _Key(int(at) if at else None, room, number)


def _only_text(search: Search) -> bool:
    return (search.room, search.state, search.list, search.since, search.until) == ("", "", "all", 0, 0)


def _conditions(org: str, brand: str, search: Search) -> tuple[list[str], list[Any]]:
    where: list[str] = ["org = ?", "brand = ?"]
    values: list[Any] = [org, brand]
    conditions: list[tuple[bool, str, Any]] = [
        (bool(search.state), "state = ?", search.state),
        (bool(search.room), "room = ?", search.room),
        (bool(search.since), "placed_at >= ?", search.since),
        (bool(search.until), "placed_at < ?", search.until),
    ]
    for wanted, condition, value in conditions:
        if wanted:
            where.append(condition)
            values.append(value)
    if search.list == "look":
        where.append("checked LIKE 'look%'")
    elif search.list == "unchecked":
        # Nobody told an address, or it cannot be shipped: only a person can say that it may be sent.
        where += ["state = 'to_ship'", "checked = ''"]
    elif search.list == "stuck":
        where.append("room = s.at AND number = s.named")
    elif search.list == "remind":
        where.append("reminded = 'due'")
    elif search.list == "feedback":
        where.append("feedback = 'due'")
    elif search.list == "late":
        # The plus keeps the index of what is to be counted out of it: a page goes by the index of the state, in order.
        where.append("+paid_at < ?")
        values.append(search.overdue_before)
    return where, values


_STUCK = (
    "(SELECT room AS at, number AS named FROM orders WHERE org = ? AND brand = ? AND still_since > 0"
    " AND still_since < ?) s CROSS JOIN orders"
)
"""They are few, hence they are looked up first, which SQLite does where it reads CROSS."""


_Way = tuple[str, tuple[Any, ...]]
"""A condition and its values: each goes by an index of its own."""
_ANY: _Way = ("1 = 1", ())


def _numbered(rooms: Sequence[str], text: str) -> list[_Way]:
    """The beginning of a number, by the primary key of each room: no index of its own is needed."""
    return [("room = ? AND number >= ? AND number < ?", (room, text, text + "\U0010ffff")) for room in rooms]


def _named(db: Reader, org: str, brand: str, rooms: Sequence[str], text: str) -> list[_Way]:
    """What has a text for its SKU, buyer or tracking number; nothing where no order in these rooms has."""
    places = ",".join("?" * len(rooms))
    ways: list[_Way] = []
    for way in ("sku = ?", "buyer = ?"):
        statement = f"SELECT 1 FROM orders WHERE org = ? AND brand = ? AND {way} AND room || '' IN ({places}) LIMIT 1"
        if db.rows(statement, (org, brand, text, *rooms)):
            ways.append((way, (text,)))
    for table, column in (("order_more_lines", "sku"), ("parcels", "tracking")):
        found = db.rows(
            f"SELECT room, number FROM {table} WHERE org = ? AND brand = ? AND {column} = ? LIMIT ?",
            (org, brand, text, MOST),
        )
        if found:
            places_of = " OR ".join("(room = ? AND number = ?)" for _ in found)
            ways.append((f"({places_of})", tuple(value for row in found for value in row)))
    return ways


def _row(row: tuple[Any, ...]) -> FeedRow:
    values = list(row)
    values[7] = msgspec.json.decode(row[7], type=tuple[Line, ...])
    return FeedRow(*values)


class FaultRow(msgspec.Struct, frozen=True):
    """An exception of an order: what was told (``what``, ``got``) against what stands (``have``)."""

    room: str
    number: str
    fault: str
    kind: str
    what: str
    have: str
    got: str
    at: int
    state: str
    settled_at: int
    settled_by: str
    note: str
    currency: str = ""
    """That of the order, in which sums are told; "" where nobody knows the order."""
    choice: str = ""
    """What the customer chose about a SKU that is short (R039), "" not asked yet."""


_FAULT = (
    "SELECT room, number, fault, kind, what, have, got, at, state, settled_at, settled_by, note,"
    " COALESCE((SELECT o.currency FROM orders o WHERE o.room = order_faults.room AND o.number = order_faults.number),"
    " ''), COALESCE((SELECT c.choice FROM order_choices c WHERE c.room = order_faults.room"
    " AND c.number = order_faults.number AND c.sku = order_faults.what AND order_faults.kind = 'short'), '')"
    " FROM order_faults"
)


def list_faults(
    db: Reader, org: str, brand: str, rooms: Sequence[str], state: str = "open", limit: int = 200
) -> list[FaultRow]:
    """Exceptions of a brand's rooms, newest first."""
    places = ",".join("?" * len(rooms)) or "NULL"
    rows = db.rows(
        f"{_FAULT} WHERE org = ? AND brand = ? AND state = ? AND room IN ({places})"
        " ORDER BY at DESC, number, fault LIMIT ?",
        (org, brand, state, *rooms, limit),
    )
    return [FaultRow(*row) for row in rows]


class ParcelRow(msgspec.Struct, frozen=True):
    """A parcel of an order."""

    parcel: str
    carrier: str
    tracking: str
    state: str
    sent_at: int
    moved_at: int


class ChoiceRow(msgspec.Struct, frozen=True):
    """A choice about pieces that were short; ``state`` open, done, or late: not kept in time."""

    sku: str
    choice: str
    pieces: int
    instead: str
    until_at: int
    note: str
    state: str
    chosen_at: int
    chosen_by: str


class OrderSheet(msgspec.Struct, frozen=True):
    """One order with everything that belongs to it."""

    order: FeedRow
    parcels: list[ParcelRow]
    cases: list[CaseRow]
    faults: list[FaultRow]
    allocs: list[tuple[str, str, int]]
    """(SKU, warehouse, pieces) that it holds or took."""
    refunds: list[tuple[str, int, str, int]]
    """(refund, amount, reason, moment)."""
    insured: bool
    freight_paid: int
    choices: list[ChoiceRow]
    """What the customer chose about pieces that were short (R039)."""


def find_order(db: Reader, room: str, number: str) -> OrderSheet | None:
    """One order of a room; None when there is none."""
    key = (room, number)
    rows = db.rows(f"SELECT {_COLUMNS}, org, brand, body FROM orders WHERE room = ? AND number = ?", key)
    if not rows:
        return None
    row = rows[0]
    body = msgspec.json.decode(row[-1], type=Order) if row[-1] else None
    more = body.more if body else None
    faults = db.rows(
        f"{_FAULT} WHERE room = ? AND number = ? ORDER BY at, fault",
        key,
    )
    parcels = db.rows(
        "SELECT parcel, carrier, tracking, state, sent_at, moved_at FROM parcels WHERE room = ? AND number = ?"
        " ORDER BY sent_at, parcel",
        key,
    )
    refunds = db.rows(
        "SELECT refund, amount, reason, at FROM refunds WHERE room = ? AND number = ? ORDER BY at, refund", key
    )
    return OrderSheet(
        _row(row[:17]),
        [ParcelRow(*parcel) for parcel in parcels],
        cases_of(db, room, number),
        [FaultRow(*fault) for fault in faults],
        list(body.allocs) if body else [],
        [tuple(refund) for refund in refunds],
        more.insured if more else False,
        sum(more.claims.values()) if more else 0,
        [
            ChoiceRow(*choice)
            for choice in db.rows(
                "SELECT sku, choice, pieces, instead, until_at, note, state, chosen_at, chosen_by FROM order_choices"
                " WHERE room = ? AND number = ? ORDER BY chosen_at, sku",
                key,
            )
        ],
    )


def count_lists(
    db: Reader, org: str, brand: str, rooms: Sequence[str], overdue_before: int, stuck_before: int
) -> dict[str, int]:
    """How many orders wait on each list, over the rooms the caller may see; above ``MOST_COUNTED`` it is more."""
    bounds: dict[str, list[Any]] = {"late": [overdue_before], "in_part": [overdue_before], "stuck": [stuck_before]}
    places = ",".join("?" * len(rooms)) or "NULL"
    counts: list[str] = []
    values: list[Any] = []
    for name, (table, condition) in _COUNTED.items():
        counts.append(
            f"(SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {condition} AND org = ? AND brand = ?"
            f" AND room IN ({places}) LIMIT {MOST_COUNTED + 1}) {name})"
        )
        values += [*bounds.get(name, []), org, brand, *rooms]
    # Asked at once: each question more is a way to the server and back.
    (row,) = db.rows("SELECT " + ", ".join(counts), values)
    found = dict(zip(_COUNTED, map(int, row), strict=True))
    found["late"] = min(found["late"] + found.pop("in_part"), MOST_COUNTED + 1)
    return found


_COUNTED = {
    "look": ("orders", "checked LIKE 'look%'"),
    "unchecked": ("orders", "state = 'to_ship' AND checked = ''"),
    "remind": ("orders", "reminded = 'due'"),
    "feedback": ("orders", "feedback = 'due'"),
    "late": ("orders", "state = 'to_ship' AND paid_at < ?"),
    "in_part": ("orders", "state = 'part_shipped' AND paid_at < ?"),
    "stuck": ("orders", "still_since > 0 AND still_since < ?"),
    "faults": ("order_faults", "state = 'open'"),
}
"""List to its table and condition; ``late`` (with ``in_part``, each by its index) and ``stuck`` ask for a moment."""
