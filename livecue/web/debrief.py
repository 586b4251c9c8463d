"""Debriefs: as data for the screens, as a page to print, as a workbook to keep."""

import asyncio
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from livecue.debrief import MEDIA_TYPE, DebriefBody, find_debrief, list_debriefs, page_of, workbook_of
from livecue.errors import NotAllowed, NotFound
from livecue.shows import find_show
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.money import PERMISSION, body_without_money

router = APIRouter()
_LANGUAGE = Query(default="", pattern="^(zh|en)?$")
_MAY_READ = "debrief"


def _debrief(request: Request, show: str, caller: Caller) -> DebriefBody:
    """The debrief the caller may read. Raises ``NotFound``, also for shows of rooms the caller may not watch.

    It reads many rows: call it beside the loop.
    """
    door = services(request)
    found = find_show(door.reader, show)
    if found is None or found.room not in door.rooms() or not caller.may("watch", found.org, found.brand, found.room):
        raise NotFound("there is no such show")
    if not caller.may(_MAY_READ, found.org, found.brand, found.room):
        raise NotAllowed(f"this needs the permission {_MAY_READ!r}; ask whoever runs the team")
    body = find_debrief(door.reader, show, found.room)
    if body is None:
        raise NotFound("this show has no debrief yet; it is written a few seconds after the end")
    return body if caller.may(PERMISSION, found.org, found.brand, found.room) else body_without_money(body)


def _language(asked: str, body: DebriefBody, caller: Caller) -> str:
    return asked or caller.person.language or body.language


@router.get("/api/rooms/{room}/debriefs")
async def debriefs(request: Request, room: str, caller: Caller = Depends(Guard(_MAY_READ))) -> Response:
    """Debriefs of the room, newest show first."""
    return answer(await asyncio.to_thread(list_debriefs, services(request).reader, room))


@router.get("/api/shows/{show}/debrief")
async def debrief(request: Request, show: str, caller: Caller = Depends(Guard(_MAY_READ))) -> Response:
    """The debrief of a show; net figures are the newest that are known."""
    return answer(await asyncio.to_thread(_debrief, request, show, caller))


@router.get("/api/shows/{show}/debrief.xlsx")
async def workbook(
    request: Request, show: str, lang: str = _LANGUAGE, caller: Caller = Depends(Guard(_MAY_READ))
) -> Response:
    """The debrief as a workbook (F05 first), headings in ``lang``, else in the caller's language."""
    body = await asyncio.to_thread(_debrief, request, show, caller)
    content = await asyncio.to_thread(workbook_of, body, _language(lang, body, caller))
    name = quote(f"debrief-{body.title}.xlsx", safe="")
    return Response(
        content,
        media_type=MEDIA_TYPE,
        headers={
            "Content-Disposition": f"attachment; filename=\"debrief.xlsx\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


@router.get("/api/shows/{show}/debrief/print")
async def page(
    request: Request, show: str, lang: str = _LANGUAGE, caller: Caller = Depends(Guard(_MAY_READ))
) -> Response:
    """The debrief as a page that prints; needs no script."""
    body = await asyncio.to_thread(_debrief, request, show, caller)
    content = await asyncio.to_thread(page_of, body, _language(lang, body, caller))
    return HTMLResponse(content, headers={"Cache-Control": "no-store"})
