"""The house's own words: set with a reason, for one room, a brand or the whole organisation; undone by one click."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.compliance import Door, WordRow, engine_of, list_word_changes, standing_words, words_of
from livecue.errors import NotAllowed, NotFound
from livecue.events import OwnWordSet
from livecue.flow import RoomInfo
from livecue.kit import new_id
from livecue.team import find_person
from livecue.web.auth import Caller, Guard, services
from livecue.web.compliance.place import room_for
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
_CHANGES = 100


class Word(BaseModel):
    """A word to set or, with ``removed``, to take off the list; ``undoes`` takes back one setting by its command."""

    word: str = Field(default="", max_length=100)
    severity: Literal["block", "warn", "silent"] = "warn"
    reason: str = Field(default="", max_length=500)
    advice: str = Field(default="", max_length=500)
    reword: str = Field(default="", max_length=500)
    doors: list[Door] = Field(default_factory=list)
    scope: Literal["org", "brand", "room"] = "room"
    removed: bool = False
    undoes: str = Field(default="", max_length=100)
    command: str = Field(default="", max_length=100)


@router.get("/api/compliance/words")
async def own_words(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """The own words that hold for a room, and the last changes of them with who made each and why."""
    info = room_for(request, room, caller)
    return answer(await run_in_threadpool(_listed, services(request), info))


def _listed(door: Services, info: RoomInfo) -> dict[str, Any]:
    rows = list_word_changes(door.reader, info.org, info.brand, info.room)
    names = _names(door, rows)
    undone = {row.undoes for row in rows if row.undoes}

    def shown(row: WordRow) -> dict[str, Any]:
        return {
            **msgspec.structs.asdict(row),
            "name": names.get(row.set_by, row.set_by),
            "undone": row.command in undone,
        }

    return {
        "words": [shown(row) for row in standing_words(rows)],
        "changes": [shown(row) for row in reversed(rows[-_CHANGES:])],
    }


def _names(door: Services, rows: Iterable[WordRow]) -> dict[str, str]:
    people = {who: find_person(door.reader, who) for who in {row.set_by for row in rows}}
    return {who: person.name for who, person in people.items() if person is not None}


@router.post("/api/compliance/words")
async def set_word(request: Request, room: str, body: Word, caller: Caller = Depends(Guard("sign"))) -> Response:
    """Set, remove or undo an own word. What is meant for many rooms is told to each of them; the answer is that of the
    room asked about, with the rooms that refused."""
    door = services(request)
    info = room_for(request, room, caller, "sign")
    rows = await run_in_threadpool(list_word_changes, door.reader, info.org, info.brand, info.room)
    event = _undone(rows, body) if body.undoes else OwnWordSet(
        word=body.word.strip(), severity=body.severity, reason=body.reason.strip(), advice=body.advice.strip(),
        reword=body.reword.strip(), doors=tuple(body.doors), scope=body.scope, removed=body.removed,
    )  # fmt: skip
    where = {"room": (info.org, info.brand, info.room), "brand": (info.org, info.brand, ""), "org": (info.org, "", "")}
    if not caller.may("sign", *where[event.scope]):
        raise NotAllowed(f"this needs the permission 'sign' for the whole {event.scope}; ask whoever runs the team")
    event = msgspec.structs.replace(event, command=body.command or new_id())
    rooms = [
        info,
        *(other for other in door.rooms().values() if other.room != info.room and _meant(event, info, other)),
    ]
    await run_in_threadpool(_make_engines, door, rooms, event)
    receipt = await ask(door, info.room, event, caller)
    refused = []
    if receipt.refused is None:
        for other in rooms[1:]:
            told = await ask(door, other.room, event, caller)
            if told.refused is not None and told.refused.code not in ("not_found", "word_gone"):
                refused.append({"room": other.room, "code": told.refused.code, "why": told.refused.why})
    return answer({**receipt_json(receipt), "command": event.command, "others_refused": refused})


def _meant(event: OwnWordSet, info: RoomInfo, other: RoomInfo) -> bool:
    if event.scope == "org":
        return other.org == info.org
    return event.scope == "brand" and (other.org, other.brand) == (info.org, info.brand)


def _undone(rows: list[WordRow], body: Word) -> OwnWordSet:
    """What stood before the setting that is taken back."""
    place = next((at for at, row in enumerate(rows) if row.command == body.undoes), None)
    if place is None:
        raise NotFound("there is no such change of an own word in this room")
    row = rows[place]
    before = next((old for old in reversed(rows[:place]) if (old.scope, old.word) == (row.scope, row.word)), None)
    gone = before is None or before.removed
    stood = row if before is None else before
    return msgspec.structs.replace(
        stood.event, removed=gone, reason=body.reason.strip() or row.reason, undoes=row.command
    )


def _make_engines(door: Services, rooms: list[RoomInfo], event: OwnWordSet) -> None:
    """An engine takes half a second: made here, so that no room waits for it when it is told."""
    now = door.clock.now_ms()
    for info in rooms:
        rows = list_word_changes(door.reader, info.org, info.brand, info.room)
        after = WordRow(
            room=info.room, command="", set_at=now, set_by="", scope=event.scope, word=event.word,
            severity=event.severity, reason=event.reason, advice=event.advice, reword=event.reword, doors=event.doors,
            removed=event.removed, undoes=event.undoes,
        )  # fmt: skip
        engine_of(info, now, words_of([*rows, after])).warm()
