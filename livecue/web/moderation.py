"""The doors to the record of moderation and of public opinion: the monthly list, cases, evidence counted anew."""

import asyncio
import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from livecue.desk.moderation import ActCount, ActRow, count_acts, list_acts
from livecue.desk.opinion import list_cases, recount
from livecue.errors import NotFound
from livecue.flow import RoomInfo
from livecue.store import Reader
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "comments"
_MOST = 2_000
_MONTH = Query(default="", pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")
"""A month, as 2026-11, by the clock of each room; "" is all that is kept."""
_COLUMNS = (
    "at", "room", "show", "by", "second_by", "kind", "reason", "note", "verdict", "code", "evidence", "criticism",
    "state", "comment", "text",
)  # fmt: skip


def _rooms(door: Services, caller: Caller, room: str) -> dict[str, RoomInfo]:
    """The rooms whose comments the caller may deal with, or whose record they check."""
    return {
        info.room: info
        for info in door.rooms().values()
        if info.org == caller.person.org
        and room in ("", info.room)
        and any(caller.may(name, info.org, info.brand, info.room) for name in (PERMISSION, "sign", "audit"))
    }


def _spans(rooms: Iterable[RoomInfo], month: str) -> list[tuple[list[str], int, int]]:
    """Rooms that keep one clock, with the month by it as ``[since, until)`` in ms UTC."""
    zones: dict[str, list[str]] = defaultdict(list)
    for info in rooms:
        zones[info.time_zone if month else ""].append(info.room)
    if not month:
        return [(names, 0, 1 << 62) for names in zones.values()]
    year, number = int(month[:4]), int(month[5:])
    found = []
    for zone, names in zones.items():
        place = ZoneInfo(zone)
        first = datetime(year, number, 1, tzinfo=place)
        after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=place)
        found.append((names, int(first.timestamp() * 1000), int(after.timestamp() * 1000)))
    return found


def _acts(db: Reader, org: str, spans: list[tuple[list[str], int, int]], most: int) -> list[ActRow]:
    rows = [row for names, since, until in spans for row in list_acts(db, org, names, since, until, most)]
    return sorted(rows, key=lambda row: (-row.at, row.act))[:most]


def _sums(db: Reader, org: str, spans: list[tuple[list[str], int, int]]) -> list[ActCount]:
    sums: dict[ActCount, int] = defaultdict(int)
    for names, since, until in spans:
        for row in count_acts(db, org, names, since, until):
            sums[msgspec.structs.replace(row, count=0)] += row.count
    return [msgspec.structs.replace(row, count=count) for row, count in sums.items()]


@router.get("/api/moderation")
async def acts(
    request: Request, room: str = "", month: str = _MONTH, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """What was asked for on comments, newest first, with sums and the cases of the rooms: all that is kept, or what
    lies in `month` (2026-11) by the clock of each room."""
    door = services(request)
    rooms = _rooms(door, caller, room)
    if room and not rooms:
        raise NotFound("there is no such room whose comments you may deal with")
    org = caller.person.org

    def read() -> dict[str, Any]:
        spans = _spans(rooms.values(), month)
        people: dict[str, str] = {}
        for name, info in rooms.items():
            people.update({one.person: one.name for one in list_named(door.reader, org, info.brand, name)})
        return {
            "rows": _acts(door.reader, org, spans, _MOST),
            "counts": _sums(door.reader, org, spans),
            "cases": [
                case
                for names, since, until in spans
                for case in list_cases(door.reader, org, names)
                if since <= case.case.since < until
            ],
            "people": people,
        }

    return answer(await asyncio.to_thread(read))


@router.get("/api/moderation/file")
async def acts_file(
    request: Request, room: str = "", month: str = _MONTH, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """The same list as a table (CSV, UTF-8 with a mark for spreadsheets)."""
    door = services(request)
    spans = _spans(_rooms(door, caller, room).values(), month)
    rows = await asyncio.to_thread(_acts, door.reader, caller.person.org, spans, 100_000)
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(_COLUMNS)
    for row in rows:
        # What begins like a formula is text: these are strangers' words.
        cells = [str(getattr(row, name)) for name in _COLUMNS]
        sheet.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t") else cell for cell in cells])
    return Response(
        "\ufeff" + out.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": "attachment; filename=moderation.csv"},
    )


@router.get("/api/rooms/{room}/opinion/{case}/evidence")
async def evidence(request: Request, room: str, case: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The comments of a case's evidence counted and fingerprinted anew, beside what was kept then."""
    door = services(request)
    if room not in _rooms(door, caller, room):
        raise NotFound("there is no such room whose comments you may deal with")
    found = next(
        (row.case for row in list_cases(door.reader, caller.person.org, [room]) if row.case.case == case), None
    )
    if found is None or found.evidence is None:
        raise NotFound("no evidence was kept for this case")
    kept = found.evidence
    comments, digest = await asyncio.to_thread(recount, door.reader, room, kept.since, kept.until)
    return answer({"kept": kept, "comments": comments, "digest": digest, "same": digest == kept.digest})
