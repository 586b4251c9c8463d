"""The review of a show over HTTP: its texts and hits, who may sign, the checklist before the start, the evidence."""

import asyncio
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from livecue.compliance import LABELS, PRESETS, ReviewRow, list_reviews, needed_labels, newest_reviews
from livecue.errors import NotFound
from livecue.flow import RoomInfo
from livecue.shows import ShowRow, find_show
from livecue.team import list_people
from livecue.web.auth import Caller, Guard, services
from livecue.web.compliance.checklist import checklist
from livecue.web.compliance.evidence import evidence_of
from livecue.web.compliance.signing import PERMISSION, script_state, signers
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()


def show_of(request: Request, show: str, caller: Caller) -> tuple[ShowRow, RoomInfo]:
    """The show and its room, when the caller may watch it."""
    door = services(request)
    found = find_show(door.reader, show)
    room = door.rooms().get(found.room) if found else None
    if found is None or room is None or not caller.may("watch", found.org, found.brand, found.room):
        raise NotFound("there is no such show")
    return found, room


@router.get("/api/shows/{show}/sign-off")
async def review(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The texts of a show with what was found, decided and signed, and what the caller may do about it. ``review`` is
    null for a show that needs none (a simulated one, one planned by a program)."""
    _, info = show_of(request, show, caller)
    return answer(await run_in_threadpool(_review, services(request), info, show, caller))


def _review(door: Services, info: RoomInfo, show: str, caller: Caller) -> dict[str, Any]:
    rows = list_reviews(door.reader, info.room, show)
    if not rows:
        return {"review": None, "versions": [], "names": {}}
    found = rows[-1].review
    me = caller.person.person
    others = signers(door, info, found.authors)
    allowed = caller.may(PERMISSION, info.org, info.brand, info.room)
    mine = me in found.authors
    return {
        "review": {
            **msgspec.structs.asdict(found),
            "texts": found.texts,
            "authors": found.authors,
            "state": found.state,
            "reasons": found.reasons,
            "open": [hit.hit for hit in found.open_hits],
        },
        "versions": [_brief(row) for row in rows[::-1]],
        "labels": {label: label in needed_labels(found) for label in LABELS},
        "signers": [{"person": person.person, "name": person.name} for person in others],
        "may_sign": allowed and (me in {person.person for person in others} or (mine and not others)),
        "script": script_state(door, info, show),
        "own": mine,
        "alone": mine and allowed and not others,
        "second_reading_minutes": PRESETS.second_reading_minutes,
        "names": {person.person: person.name for person in list_people(door.reader, info.org)},
    }


def _brief(row: ReviewRow) -> dict[str, Any]:
    return {
        "number": row.number, "state": row.state, "changed_at": row.changed_at, "signed_by": row.signed_by,
        "signed_at": row.signed_at, "self_signed": row.self_signed, "open_hits": row.open_hits,
        "version": row.review.version, "digest": row.review.digest,
    }  # fmt: skip


@router.get("/api/compliance/reviews")
async def reviews(request: Request, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The reviews of the caller's rooms: what waits for a signature first, then by start."""
    door = services(request)

    def work() -> list[dict[str, Any]]:
        found = []
        for info in list(door.rooms().values()):
            if not caller.may("watch", info.org, info.brand, info.room):
                continue
            for row in newest_reviews(door.reader, info.room):
                show = find_show(door.reader, row.show)
                if show is not None and show.status == "planned":
                    found.append(
                        {
                            **_brief(row), "room": info.room, "room_name": info.name, "show": row.show,
                            "title": show.title, "starts_at": show.starts_at, "time_zone": info.time_zone,
                            "due_at": show.starts_at - PRESETS.review_hours * 3_600_000,
                            "authors": row.review.authors, "asked_at": row.review.asked_at,
                        }
                    )  # fmt: skip
        return sorted(found, key=lambda row: (row["state"] == "signed", row["state"] != "asked", row["starts_at"]))

    return answer(await run_in_threadpool(work))


@router.get("/api/shows/{show}/checklist")
async def pre_live(request: Request, show: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The checklist before the start (F27): what is in order, what is open and what to do, what nobody can know."""
    row, info = show_of(request, show, caller)
    return answer(await run_in_threadpool(checklist, services(request), row, info))


@router.get("/api/shows/{show}/evidence.zip")
async def evidence(request: Request, show: str, caller: Caller = Depends(Guard("audit"))) -> Response:
    """How the texts of a show were reviewed: each version with hits, decisions and signatures, what was flagged on the
    air, the links of the audit chain; as Excel and JSON, with the hash of each file."""
    row, info = show_of(request, show, caller)
    content = await asyncio.to_thread(evidence_of, services(request), row, info)
    name = quote(f"evidence-{row.title}.zip", safe="")
    return Response(
        content,
        media_type="application/zip",
        headers={
            "Content-Disposition": f"attachment; filename=\"evidence.zip\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )
