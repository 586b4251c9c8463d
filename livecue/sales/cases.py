"""After-sale cases as the office lists them, a page at a time, by indexes of their own."""

from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.sales.machine import CASE
from livecue.store import Reader

PAGE = 50
MOST = 500
WHOSE = ("ours", "open", "all")
_ENDS = sorted(state.code for state in CASE.states.values() if state.ends)
_OURS = sorted(state.code for state in CASE.states.values() if state.ours)


def _among(states: Sequence[str]) -> str:
    # Written out: the planner knows of an index of some rows only by what the statement itself says.
    return ",".join(f"'{state}'" for state in states)


_OPEN = f"state NOT IN ({_among(_ENDS)})"
_WHERE = {"ours": f"{_OPEN} AND state IN ({_among(_OURS)})", "open": _OPEN, "all": "1 = 1"}
_CASE = (
    "SELECT room, number, after_sale, type, state, amount, sku, quantity, reason, proof, deadline, parcel, opened_at,"
    " changed_at, ends_at FROM after_sales"
)
# The room is no part of what is looked up, so that the order stays that of the index.
_OF = "org = ? AND brand = ? AND {where} AND room || '' IN ({rooms})"


class CaseRow(msgspec.Struct, frozen=True):
    """An after-sale case. ``amount`` -1: not told."""

    room: str
    number: str
    case: str
    type: str
    state: str
    amount: int
    sku: str
    quantity: int
    reason: str
    proof: str
    deadline: int
    parcel: str
    opened_at: int
    changed_at: int

    @property
    def ours(self) -> bool:
        """Whether it is our move."""
        return CASE.states[self.state].ours


class CasePage(msgspec.Struct, frozen=True):
    """One page; ``next`` is the key to go on from, "" at the end."""

    rows: list[CaseRow]
    next: str


def list_cases(
    db: Reader, org: str, brand: str, rooms: Sequence[str], whose: str = "all", after: str = "", limit: int = PAGE
) -> CasePage:
    """A page of the cases of a brand's rooms. ``after`` is a page's ``next``.

    ``all``: the newest first. ``open`` and ``ours``, where it is our move: first what the platform or the law ends
    first, of those without an end the oldest.
    """
    if not rooms:
        return CasePage([], "")
    limit = min(max(1, limit), MOST)
    places = "opened_at, room, number, after_sale" if whose == "all" else "ends_at, opened_at, room, number, after_sale"
    sign, order = ("<", " DESC") if whose == "all" else (">", "")
    statement = f"{_CASE} WHERE {_OF.format(where=_WHERE[whose], rooms=','.join('?' * len(rooms)))}"
    values: list[Any] = [org, brand, *rooms]
    before = _key(after, places.count(",") - 2)
    if before is not None:
        statement += f" AND ({places}) {sign} ({','.join('?' * len(before))})"
        values += before
    ordered = ", ".join(place + order for place in places.split(", "))
    found = db.rows(f"{statement} ORDER BY {ordered} LIMIT ?", (*values, limit + 1))
    rows = [CaseRow(*row[:-1]) for row in found[:limit]]
    if len(found) <= limit:
        return CasePage(rows, "")
    last, ends_at = rows[-1], found[limit - 1][-1]
    numbers = (last.opened_at,) if whose == "all" else (ends_at, last.opened_at)
    return CasePage(rows, msgspec.json.encode([*numbers, last.room, last.number, last.case]).decode())


def _key(after: str, moments: int) -> list[Any] | None:
    """Where a page goes on; None where it is no page's ``next``."""
    try:
        found = msgspec.json.decode(after, type=list[int | str])
    except msgspec.DecodeError:
        return None
    whole = [type(one) for one in found] == [int] * moments + [str] * 3
    return list(found) if whole and all(type(one) is str or abs(int(one)) < 1 << 63 for one in found) else None


def cases_of(db: Reader, room: str, number: str) -> list[CaseRow]:
    """The cases of one order, the oldest first."""
    found = db.rows(f"{_CASE} WHERE room = ? AND number = ? ORDER BY opened_at, after_sale", (room, number))
    return [CaseRow(*row[:-1]) for row in found]


def count_cases(db: Reader, org: str, brand: str, rooms: Sequence[str]) -> dict[str, int]:
    """How many cases there are, by whose they are."""
    places = ",".join("?" * len(rooms)) or "NULL"
    counts = [
        f"(SELECT COUNT(*) FROM after_sales WHERE {_OF.format(where=_WHERE[whose], rooms=places)})" for whose in WHOSE
    ]
    (row,) = db.rows("SELECT " + ", ".join(counts), (org, brand, *rooms) * len(WHOSE))
    return dict(zip(WHOSE, map(int, row), strict=True))
