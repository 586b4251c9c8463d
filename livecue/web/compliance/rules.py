"""The rule packs to read and search, their versions, and how two of them differ."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from livecue.compliance import (
    Duty,
    Entry,
    Pack,
    day_in_force,
    days_of_change,
    differences,
    engine_for,
    engine_of,
    law_text,
    list_versions,
    list_word_changes,
    load_packs,
    packs_at,
    words_of,
)
from livecue.flow import RoomInfo
from livecue.web.auth import Caller, Guard, services
from livecue.web.compliance.place import room_for
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
_DAY = Query(default="", pattern=r"^(\d{4}-\d{2}-\d{2})?$")


@router.get("/api/compliance/packs")
async def packs(request: Request, room: str = "", on: str = _DAY, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Every rule with its articles, dates, severity, safe contexts and wordings: those of a room, else all of them; as
    in force ``on`` a day, else those of all times."""
    info = room_for(request, room, caller) if room else None
    return answer(await run_in_threadpool(_packs, services(request), info, on))


def _packs(door: Services, info: RoomInfo | None, on: str) -> dict[str, Any]:
    day = day_in_force(on) if on else None
    found = load_packs(info.packs if info else (), day, info.platform if info else None)
    engine = (
        engine_of(info, door.clock.now_ms(), words_of(list_word_changes(door.reader, info.org, info.brand, info.room)))
        if info
        else engine_for()
    )
    return {"version": engine.version, "packs": [_pack(pack) for pack in found]}


def _pack(pack: Pack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "version": pack.version,
        "zh": pack.zh,
        "en": pack.en,
        "platforms": pack.platforms,
        "safe": [_safe(safe) for safe in pack.safe],
        "entries": [_rule(pack, entry) for entry in pack.entries],
        "duties": [_rule(pack, duty) for duty in pack.duties],
    }


def _rule(pack: Pack, rule: Entry | Duty) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": rule.id,
        "cls": rule.cls,
        "severity": rule.severity,
        "basis": rule.basis,
        "law": _law(rule.basis),
        "valid_from": rule.valid_from,
        "valid_until": rule.valid_until,
        "zh": rule.zh,
        "en": rule.en,
        "texts": rule.texts,
        "categories": rule.categories,
    }
    if isinstance(rule, Entry):
        found |= {
            "except_categories": rule.except_categories,
            "doors": rule.doors or pack.doors,
            "alike": (*rule.alike, *rule.initials),
            "patterns": len(rule.shapes),
            "unless": rule.unless,
            "reword": rule.reword,
            "safe": [_safe(safe) for safe in rule.safe],
        }
    return found


def _law(basis: str) -> str:
    try:
        return law_text(basis) or ""
    except LookupError:
        return ""


def _safe(safe: Any) -> dict[str, Any]:
    """A safe context for people: its phrases; contexts told by patterns are named only."""
    return {
        "code": safe.code,
        "to": safe.to,
        "texts": safe.texts,
        "by_pattern": bool(safe.before or safe.after or safe.anywhere),
        "entries": safe.entries,
    }


@router.get("/api/compliance/versions")
async def versions(request: Request, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The versions that were in use here, newest first, and the days on which a rule came into force or ended."""
    return answer(
        {
            "version": engine_for().version,
            "kept": list_versions(services(request).reader),
            "days": days_of_change(),
            "packs": {pack.id: msgspec.structs.replace(pack, entries=(), duties=(), safe=()) for pack in load_packs()},
        }
    )


@router.get("/api/compliance/differences")
async def compare(request: Request, old: str, new: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """What ``new`` has otherwise than ``old``; each is a version that was in use here, or a day as 2026-11-22."""
    reader = services(request).reader

    def work() -> Any:
        return differences(packs_at(reader, old), packs_at(reader, new))

    return answer(await run_in_threadpool(work))
