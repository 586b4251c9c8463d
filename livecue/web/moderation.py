"""The doors to the record of moderation and of public opinion: the monthly list, cases, evidence counted anew."""

import asyncio
import csv
import io

from fastapi import APIRouter, Depends, Request, Response

from livecue.desk.moderation import count_acts, list_acts
from livecue.desk.opinion import list_cases, recount
from livecue.errors import NotFound
from livecue.team import list_named
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
PERMISSION = "comments"
_MOST = 2_000
_COLUMNS = (
    "at", "room", "show", "by", "second_by", "kind", "reason", "note", "verdict", "code", "evidence", "criticism",
    "state", "comment", "text",
)  # fmt: skip


def _rooms(door: Services, caller: Caller, room: str) -> dict[str, str]:
    """The rooms whose comments the caller may deal with, or whose record they check."""
    return {
        info.room: info.brand
        for info in door.rooms().values()
        if info.org == caller.person.org
        and room in ("", info.room)
        and any(caller.may(name, info.org, info.brand, info.room) for name in (PERMISSION, "sign", "audit"))
    }


@router.get("/api/moderation")
async def acts(
    request: Request,
    room: str = "",
    since: int = 0,
    until: int = 1 << 62,
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """What was asked for on comments in a span of room time, newest first, with sums and the cases of the rooms."""
    door = services(request)
    rooms = _rooms(door, caller, room)
    if room and not rooms:
        raise NotFound("there is no such room whose comments you may deal with")
    names, org = list(rooms), caller.person.org
    people: dict[str, str] = {}
    for name, brand in rooms.items():
        people.update({one.person: one.name for one in list_named(door.reader, org, brand, name)})
    return answer(
        {
            "rows": await asyncio.to_thread(list_acts, door.reader, org, names, since, until, _MOST),
            "counts": count_acts(door.reader, org, names, since, until),
            "cases": [case for case in list_cases(door.reader, org, names) if since <= case.case.since < until],
            "people": people,
        }
    )


@router.get("/api/moderation/file")
async def acts_file(
    request: Request,
    room: str = "",
    since: int = 0,
    until: int = 1 << 62,
    caller: Caller = Depends(Guard("watch")),
) -> Response:
    """The same list as a table (CSV, UTF-8 with a mark for spreadsheets)."""
    door = services(request)
    rows = await asyncio.to_thread(
        list_acts, door.reader, caller.person.org, list(_rooms(door, caller, room)), since, until, 100_000
    )
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
