"""The audit list of moderation: what was asked, what became of it, and how often by reason (compliance 4.3)."""

from collections.abc import Sequence

import msgspec

from livecue.desk.moderation import tables
from livecue.store import Reader


class ActRow(msgspec.Struct, frozen=True):
    """A line of the list. ``text`` is the comment's, "" where it is no longer kept."""

    act: str
    room: str
    show: str
    at: int
    by: str
    kind: str
    comment: str
    reason: str
    note: str
    verdict: str
    code: str
    evidence: str
    criticism: bool
    state: str
    settled_at: int
    second_by: str
    text: str


class ActCount(msgspec.Struct, frozen=True):
    """How many of a kind, by verdict, reason and outcome."""

    kind: str
    verdict: str
    reason: str
    state: str
    criticism: bool
    count: int


def list_acts(
    db: Reader, org: str, rooms: Sequence[str], since: int, until: int = 1 << 62, limit: int = 500
) -> list[ActRow]:
    """Newest first."""
    if not rooms:
        return []
    statement = tables.LIST_ACTS.format(rooms=",".join("?" * len(rooms)))
    return [
        msgspec.structs.replace(found, criticism=bool(found.criticism))
        for found in (ActRow(*row) for row in db.rows(statement, (org, *rooms, since, until, limit)))
    ]


def count_acts(db: Reader, org: str, rooms: Sequence[str], since: int, until: int = 1 << 62) -> list[ActCount]:
    """The sums of the list."""
    if not rooms:
        return []
    statement = tables.COUNT_ACTS.format(rooms=",".join("?" * len(rooms)))
    found = [ActCount(*row) for row in db.rows(statement, (org, *rooms, since, until))]
    return [msgspec.structs.replace(row, criticism=bool(row.criticism)) for row in found]
