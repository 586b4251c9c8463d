"""Trainings over HTTP (R068): who attended, who on the air is due, and the tasks that close by it."""

from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.compliance import ON_AIR, PRESETS, last_trained, list_trainings
from livecue.errors import NotAllowed
from livecue.events import TaskClosed, TrainingHeld, TrainingRemoved
from livecue.kit import new_id
from livecue.store import HOUSE
from livecue.team import list_people
from livecue.web.auth import Caller, Guard, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services
from livecue.work import list_tasks

router = APIRouter()
_DAY_MS = 24 * 3600 * 1000


class Held(BaseModel):
    """A training that was held; with ``training`` an entered one is corrected."""

    training: str = Field(default="", max_length=100)
    subject: str = Field(max_length=200)
    day: str = Field(max_length=10)
    attended: list[str] = Field(max_length=500)
    missed: list[str] = Field(default_factory=list, max_length=500)
    trainer: str = Field(default="", max_length=120)
    minutes: int = Field(default=0, ge=0, le=24 * 60)
    note: str = Field(default="", max_length=2000)


class Removed(BaseModel):
    """Why a training is taken away."""

    reason: str = Field(min_length=1, max_length=500)


def _brand(caller: Caller, brand: str, permission: str) -> str:
    org = caller.person.org
    if not brand or not (caller.may(permission, org, brand) or (permission == "watch" and _sees(caller, brand))):
        raise NotAllowed("name a brand you work for, as ?brand=...")
    return brand


def _sees(caller: Caller, brand: str) -> bool:
    return any(grant.brand in ("", brand) for grant in caller.person.grants)


@router.get("/api/compliance/trainings")
async def trainings(request: Request, brand: str = "", caller: Caller = Depends(Guard("watch"))) -> Response:
    """Trainings of a brand, newest first, and everybody on the air there: their last one, whether they are due."""
    brand = _brand(caller, brand, "watch")
    door = services(request)

    def work() -> dict[str, Any]:
        org = caller.person.org
        rows = list_trainings(door.reader, org, brand)
        people = [
            person
            for person in list_people(door.reader, org)
            if person.active and any(g.role in ON_AIR and g.brand in ("", brand) for g in person.grants)
        ]
        last = last_trained(door.reader, org, brand, [person.person for person in people])
        now = door.clock.now_ms()
        return {
            "trainings": rows,
            "days": PRESETS.training_days,
            "people": [
                {
                    "person": person.person, "name": person.name, "last": last.get(person.person, 0),
                    "due": now - last.get(person.person, 0) > PRESETS.training_days * _DAY_MS,
                    "roles": sorted({g.role for g in person.grants if g.role in ON_AIR}),
                }
                for person in people
            ],
            "names": {person.person: person.name for person in list_people(door.reader, org)},
        }  # fmt: skip

    return answer(await run_in_threadpool(work))


@router.post("/api/compliance/trainings")
async def held(request: Request, body: Held, brand: str = "", caller: Caller = Depends(Guard("sign"))) -> Response:
    """Enter or correct a training; the reminders of those who came are closed."""
    brand = _brand(caller, brand, "sign")
    door = services(request)
    event = TrainingHeld(
        org=caller.person.org, brand=brand, training=body.training or new_id(), subject=body.subject, day=body.day,
        attended=tuple(body.attended), missed=tuple(body.missed), trainer=body.trainer, minutes=body.minutes,
        note=body.note,
    )  # fmt: skip
    receipt = await ask(door, HOUSE, event, caller)
    if receipt.refused is None:
        await _close(door, brand, event.attended, caller)
    return answer({**receipt_json(receipt), "training": event.training})


async def _close(door: Services, brand: str, attended: tuple[str, ...], caller: Caller) -> None:
    for info in list(door.rooms().values()):
        if (info.org, info.brand) != (caller.person.org, brand):
            continue
        mine = {f"training/{person}" for person in attended}
        for task in await run_in_threadpool(list_tasks, door.reader, info.room, "", False):
            if task.task in mine:
                await ask(door, info.room, TaskClosed(task=task.task), caller)


@router.delete("/api/compliance/trainings/{training}")
async def removed(
    request: Request, training: str, body: Removed, brand: str = "", caller: Caller = Depends(Guard("sign"))
) -> Response:
    """Take away a training that was entered by mistake."""
    brand = _brand(caller, brand, "sign")
    event = TrainingRemoved(org=caller.person.org, brand=brand, training=training, reason=body.reason)
    return answer(receipt_json(await ask(services(request), HOUSE, event, caller)))
