"""Cases of public opinion as kept, for the office and the evidence."""

from collections.abc import Sequence

import msgspec

from livecue.desk.opinion import tables
from livecue.desk.opinion.case import Case
from livecue.desk.opinion.turn import fingerprint
from livecue.store import Reader


class CaseRow(msgspec.Struct, frozen=True):
    """A case with the room it belongs to."""

    room: str
    case: Case


def list_cases(db: Reader, org: str, rooms: Sequence[str], limit: int = 200) -> list[CaseRow]:
    """Newest first."""
    if not rooms:
        return []
    statement = tables.LIST_CASES.format(rooms=",".join("?" * len(rooms)))
    return [
        CaseRow(str(row[1]), msgspec.json.decode(row[9], type=Case)) for row in db.rows(statement, (org, *rooms, limit))
    ]


def recount(db: Reader, room: str, since: int, until: int) -> tuple[int, str]:
    """Comments and fingerprint of a span, counted anew from the rows: equal to the evidence, or something changed."""
    rows = db.rows(tables.SAID, (room, since, until))
    return len(rows), fingerprint("", ((str(comment), int(at), str(text)) for comment, at, text in rows))
