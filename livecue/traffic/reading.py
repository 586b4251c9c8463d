"""Emergencies and reports of a room as kept."""

import msgspec

from livecue.store import Reader
from livecue.traffic import tables
from livecue.traffic.machine import Emergency


class ReportRow(msgspec.Struct, frozen=True):
    """A show against its baseline; ``swing`` -9 is unknown, ``lowest`` -1 too."""

    show: str
    at: int
    swing: float
    within: bool
    lowest: float
    outside_min: int
    base: str
    emergencies: int


def list_emergencies(db: Reader, room: str, limit: int = 100) -> list[Emergency]:
    """Newest first."""
    return [msgspec.json.decode(row[0], type=Emergency) for row in db.rows(tables.LIST_EMERGENCIES, (room, limit))]


def list_reports(db: Reader, room: str, limit: int = 100) -> list[ReportRow]:
    """Newest first."""
    found = [ReportRow(*row) for row in db.rows(tables.LIST_REPORTS, (room, limit))]
    return [msgspec.structs.replace(row, within=bool(row.within)) for row in found]
