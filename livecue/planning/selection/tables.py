"""SQL of proposals that were kept, and reading them."""

from collections.abc import Callable
from typing import Any

import msgspec

from livecue.planning.selection.candidate import Brief
from livecue.planning.selection.proposal import Proposal
from livecue.store import Reader, Writer

SAVE = (
    "INSERT INTO selections (org, brand, room, show, selection, kind, made_at, made_by, accepted_at, accepted_by,"
    " brief, body) VALUES (?,?,?,?,?,?,?,?,0,'',?,?) ON CONFLICT (selection) DO NOTHING"
)
ACCEPT = "UPDATE selections SET accepted_at = ?, accepted_by = ?, show = ? WHERE selection = ? AND room = ?"
LEAVE = "UPDATE selections SET accepted_at = 0, accepted_by = '' WHERE room = ? AND show = ? AND selection <> ?"
_ROW = (
    "SELECT org, brand, room, show, selection, kind, made_at, made_by, accepted_at, accepted_by, brief, body"
    " FROM selections"
)
FIND = _ROW + " WHERE selection = ?"
LIST = _ROW + " WHERE room = ? ORDER BY made_at DESC, selection LIMIT ?"
COUNT_ACCEPTED = "SELECT COUNT(*) FROM selections WHERE org = ? AND brand = ? AND accepted_at > 0"
ACCEPTED = _ROW + " WHERE org = ? AND brand = ? AND accepted_at > 0 ORDER BY accepted_at, selection"
FORGET = "DELETE FROM selections WHERE room = ? AND accepted_at = 0 AND made_at < ?"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal as kept: for which show ("" a new one), who made it, whether it is in force."""

    org: str
    brand: str
    room: str
    show: str
    selection: str
    kind: str
    made_at: int
    made_by: str
    accepted_at: int
    accepted_by: str
    brief: Brief
    body: Proposal


def save_selections(kept: list[Kept]) -> Callable[[Writer], None]:
    """Work for the next transaction: keep them, forget what nobody accepted within 30 days."""

    def work(writer: Writer) -> None:
        for row in kept:
            values = (
                row.org, row.brand, row.room, row.show, row.selection, row.kind, row.made_at, row.made_by,
                msgspec.json.encode(row.brief).decode(), msgspec.json.encode(row.body).decode(),
            )  # fmt: skip
            writer.write(SAVE, values)
            writer.write(FORGET, (row.room, row.made_at - 30 * 24 * 3600 * 1000))

    return work


def find_selection(db: Reader, selection: str) -> Kept | None:
    """The kept proposal by its id."""
    rows = db.rows(FIND, (selection,))
    return _kept(rows[0]) if rows else None


def list_selections(db: Reader, room: str, limit: int = 20) -> list[Kept]:
    """Proposals of a room, newest first."""
    return [_kept(row) for row in db.rows(LIST, (room, limit))]


def accepted_selections(db: Reader, org: str, brand: str) -> list[Kept]:
    """Proposals of a brand that became a show."""
    return [_kept(row) for row in db.rows(ACCEPTED, (org, brand))]


def count_accepted(db: Reader, org: str, brand: str) -> int:
    """How many proposals of a brand became a show."""
    return int(db.rows(COUNT_ACCEPTED, (org, brand))[0][0])


def _kept(row: tuple[Any, ...]) -> Kept:
    return Kept(
        org=row[0], brand=row[1], room=row[2], show=row[3], selection=row[4], kind=row[5], made_at=row[6],
        made_by=row[7], accepted_at=row[8], accepted_by=row[9], brief=msgspec.json.decode(row[10], type=Brief),
        body=msgspec.json.decode(row[11], type=Proposal),
    )  # fmt: skip
