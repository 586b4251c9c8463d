"""The rows of debriefs: the statements, and what screens ask of them."""

import msgspec

from livecue.debrief.body import DebriefBody
from livecue.debrief.later import as_of_now
from livecue.store import Reader, Row

SAVE = (
    "INSERT INTO debriefs (org, brand, room, show, title, started_at, ended_at, written_at, revised_at, improvements,"
    " body) VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (room, show) DO UPDATE SET title = excluded.title,"
    " started_at = excluded.started_at, ended_at = excluded.ended_at, written_at = excluded.written_at,"
    " revised_at = excluded.revised_at, improvements = excluded.improvements, body = excluded.body"
)
_FIND = "SELECT body FROM debriefs WHERE show = ? ORDER BY written_at DESC, room"
_FIND_IN = "SELECT body FROM debriefs WHERE show = ? AND room = ?"
_LIST = (
    "SELECT org, brand, room, show, title, started_at, ended_at, written_at, revised_at, improvements FROM debriefs"
    " WHERE room = ? ORDER BY started_at DESC, show LIMIT ?"
)


class DebriefRow(msgspec.Struct, frozen=True):
    """A line of the list of debriefs; ``improvements`` is how many were proposed."""

    org: str
    brand: str
    room: str
    show: str
    title: str
    started_at: int
    ended_at: int
    written_at: int
    revised_at: int
    improvements: int


def debrief_row(body: DebriefBody) -> Row:
    """Values in the order of the statement."""
    return (
        body.org, body.brand, body.room, body.show, body.title, body.started_at, body.ended_at, body.written_at,
        body.revised_at, len(body.improvements), msgspec.json.encode(body).decode(),
    )  # fmt: skip


def find_debrief(db: Reader, show: str, room: str = "") -> DebriefBody | None:
    """The debrief of a show, None before it is written; net figures are the newest that are kept.

    So are the states of its improvements. A show's id is unique in its room only: callers that know the room name it.
    """
    rows = db.rows(_FIND_IN, (show, room)) if room else db.rows(_FIND, (show,))
    return None if not rows else as_of_now(db, msgspec.json.decode(rows[0][0], type=DebriefBody))


def list_debriefs(db: Reader, room: str, limit: int = 100) -> list[DebriefRow]:
    """Debriefs of a room, newest show first."""
    return [DebriefRow(*row) for row in db.rows(_LIST, (room, limit))]
