"""Checking what somebody writes: while they type, and for programs of their own."""

from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.compliance import MOST_CHARS, NO_FACTS, Door, check_draft, engine_of, list_word_changes, words_of
from livecue.errors import BadInput
from livecue.flow import RoomInfo
from livecue.web.auth import Caller, Guard, services
from livecue.web.compliance.place import Goods, room_for
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()
_MOST_TEXTS = 300
"""Texts of one request: a rundown of a long show."""


class Draft(BaseModel):
    """One text. ``product`` gives it category and facts (price, stock, papers) out of the catalogue; ``price`` is what
    the draft of the product says it costs, in minor units."""

    id: str = Field(default="", max_length=200)
    text: str
    door: Door = "script"
    product: str = Field(default="", max_length=200)
    category: str = Field(default="", max_length=100)
    price: int = Field(default=0, ge=0)


class Drafts(BaseModel):
    """Texts of a room to be checked."""

    room: str = Field(max_length=200)
    texts: list[Draft] = Field(max_length=_MOST_TEXTS)


@router.post("/api/compliance/check")
async def check(request: Request, body: Drafts, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Check drafts of a room by the rules in force now: each hit with its place (in characters), article, severity and
    wordings to put in its place. Nothing is kept: only what is saved or said is evidence."""
    if sum(len(draft.text) for draft in body.texts) > MOST_CHARS:
        raise BadInput(f"at most {MOST_CHARS} characters are checked at once; send fewer texts")
    info = room_for(request, body.room, caller)
    return answer(await run_in_threadpool(_check, services(request), info, body.texts))


def _check(door: Services, info: RoomInfo, texts: list[Draft]) -> dict[str, Any]:
    words = words_of(list_word_changes(door.reader, info.org, info.brand, info.room))
    engine = engine_of(info, door.clock.now_ms(), words)
    goods = Goods(door, info.org, info.brand)
    found = []
    for draft in texts:
        card = goods.card(draft.product) if draft.product else None
        facts = goods.facts(draft.product) if draft.product else NO_FACTS
        if draft.price:
            facts = msgspec.structs.replace(facts, price=draft.price)
        category = draft.category or (card.category if card else "") or info.category
        found.append({"id": draft.id, **_plain(check_draft(engine, draft.text, category, facts, draft.door))})
    return {"version": engine.version, "texts": found}


def _plain(checked: Any) -> dict[str, Any]:
    return {name: getattr(checked, name) for name in checked.__struct_fields__ if name != "version"}
