"""The doors to the team's shape: its stage by real volume, doublings of roles, hand-over of open duties."""

import asyncio
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.errors import NotAllowed
from livecue.events import DutyLeft, DutyTaken, Event, ShiftAssigned, TaskAdded
from livecue.planning.roster import shifts_of, volume_of
from livecue.reference import ROLES
from livecue.store import HOUSE, Reader
from livecue.team import Stage, advise, bounds_of_brand, check_doublings, check_team, list_brands, list_people
from livecue.web.auth import Caller, Guard, colleague, services
from livecue.web.json import answer
from livecue.web.planning.place import brand_for
from livecue.web.rooms import ask
from livecue.web.services import Services
from livecue.work import list_tasks

router = APIRouter()


def stage_of(door: Services, org: str, brand: str) -> Stage:
    """The stage of a brand's team by its real volume."""
    now = door.clock.now_ms()
    shows, sales = volume_of(door.reader, org, brand, door.rooms().values(), now)
    use = bounds_of_brand(door.reader.rows, org, brand, now)
    return advise(shows, sales, roles_of(door.reader, org, brand), use)


def roles_of(db: Reader, org: str, brand: str) -> dict[str, set[str]]:
    """Active people of a brand with the roles they hold in it."""
    found = {
        person.person: {grant.role for grant in person.grants if grant.brand in ("", brand)}
        for person in list_people(db, org)
        if person.active
    }
    return {person: roles for person, roles in found.items() if roles}


class DoublingForbidden(NotAllowed):
    """The team's stage forbids these roles in one hand."""

    code = "doubling_forbidden"


def refuse_forbidden(door: Services, org: str, person: str, role: str, brand: str) -> None:
    """Raise ``DoublingForbidden`` when ``role`` besides those held would be forbidden in a brand it reaches."""
    brands = [brand] if brand else [name for name, _ in list_brands(door.reader, org)]
    for one in brands:
        held = roles_of(door.reader, org, one).get(person, set())
        if role in held or not check_doublings("mature", held | {role}):
            continue
        stage = stage_of(door, org, one).controls_stage
        for said in check_doublings(stage, held | {role}):
            if said.verdict == "forbidden":
                raise DoublingForbidden(
                    f"the team is {stage}: {' and '.join(said.roles)} must not be in one hand ({said.rule});"
                    " choose somebody else, or take one of the roles back first"
                )


@router.get("/api/team/stage")
async def stage(request: Request, brand: str = "", caller: Caller = Depends(Guard("people"))) -> Response:
    """The team's stage by both scales, their difference, recommended posts, and what is doubtful in who holds what."""
    door, org = services(request), caller.person.org
    brand = brand_for(caller, "people", brand, door)
    found = await asyncio.to_thread(stage_of, door, org, brand)
    roles = roles_of(door.reader, org, brand)
    said = {person: check_doublings(found.controls_stage, held) for person, held in roles.items()}
    return answer(
        {
            "stage": found,
            "doublings": {person: lines for person, lines in said.items() if lines},
            "team": check_team(found.controls_stage, {role for held in roles.values() for role in held}),
            "names": {p.person: p.name for p in list_people(door.reader, org)},
        }
    )


@router.get("/api/team/people/{person}/doublings")
async def doublings(
    request: Request, person: str, role: str = "", brand: str = "", caller: Caller = Depends(Guard("people"))
) -> Response:
    """What the team's stage says against a person's roles, with `role` besides."""
    door, org = services(request), caller.person.org
    brand = brand_for(caller, "people", brand, door)
    colleague(door, caller, person)
    held = roles_of(door.reader, org, brand).get(person, set()) | ({role} & set(ROLES))
    found = await asyncio.to_thread(stage_of, door, org, brand)
    return answer({"stage": found.controls_stage, "doublings": check_doublings(found.controls_stage, held)})


def _open_duties(door: Services, caller: Caller, person: str) -> dict[str, list[dict[str, Any]]]:
    """What a person has open in rooms where the caller governs people: duty held, tasks, shifts to come."""
    org, today = caller.person.org, door.clock.now_ms() // 86_400_000
    rooms = [r for r in door.rooms().values() if r.org == org and caller.may("people", org, r.brand, r.room)]
    duty, tasks = [], []
    for room in rooms:
        rows = door.reader.rows(
            "SELECT role FROM duty WHERE org = ? AND room = ? AND person = ? AND left_at = 0 ORDER BY role",
            (org, room.room, person),
        )
        duty += [{"room": room.room, "role": row[0]} for row in rows]
        tasks += [
            {"room": room.room, "task": task}
            for task in list_tasks(door.reader, room.room)
            if task.person == person and task.state == "open"
        ]
    brands = {room.brand for room in rooms}
    shifts = []
    for own in shifts_of(door.reader, org, person):
        day = date.fromisoformat(own.first) + timedelta(days=own.plan.day)
        if own.brand in brands and (day - date(1970, 1, 1)).days >= today:
            shifts.append({"brand": own.brand, "roster": own.roster, "day": day.isoformat(), "plan": own.plan})
    return {"duty": duty, "tasks": tasks, "shifts": shifts}


@router.get("/api/team/people/{person}/open")
async def open_duties(request: Request, person: str, caller: Caller = Depends(Guard("people"))) -> Response:
    """What a person would leave behind: duty in rooms, open tasks, shifts from today on."""
    door = services(request)
    colleague(door, caller, person)
    return answer(await asyncio.to_thread(_open_duties, door, caller, person))


class HandOver(BaseModel):
    """Who takes over; "" leaves tasks to the role and shifts empty."""

    to: str = Field(default="", max_length=200)


@router.post("/api/team/people/{person}/handover")
async def hand_over(
    request: Request, person: str, body: HandOver, caller: Caller = Depends(Guard("people"))
) -> Response:
    """Give a person's open duties to another; each change is a command of the caller's, audited like any other.

    Shifts are given with everything else; the roster then names the rules the successor breaks.
    """
    door, org = services(request), caller.person.org
    colleague(door, caller, person)
    heir = colleague(door, caller, body.to) if body.to else None
    found = await asyncio.to_thread(_open_duties, door, caller, person)
    refused: list[dict[str, str]] = []

    async def tell(room: str, event: Event) -> None:
        receipt = await ask(door, room, event, caller)
        if receipt.refused is not None:
            refused.append({"code": receipt.refused.code, "why": receipt.refused.why})

    for one in found["duty"]:
        await tell(one["room"], DutyLeft(person=person, role=one["role"]))
        if heir is not None:
            await tell(one["room"], DutyTaken(person=heir.person, role=one["role"], name=heir.name))
    for one in found["tasks"]:
        row = one["task"]
        taken = TaskAdded(
            task=row.task,
            title=row.title,
            role=row.role,
            person=body.to,
            show=row.show,
            due_at=row.due_at,
            cause=row.cause,
            after=tuple(row.after),
        )
        await tell(one["room"], taken)
    for one in found["shifts"]:
        # Each change moves the roster's version on: look it up before the next.
        versions = {(s.roster, s.version) for s in shifts_of(door.reader, org, person) if s.roster == one["roster"]}
        for roster, version in versions:
            moved = ShiftAssigned(
                org=org, brand=one["brand"], roster=roster, version=version + 1, post=one["plan"].post, person=body.to
            )
            await tell(HOUSE, moved)
    counts = {name: len(rows) for name, rows in found.items()}
    return answer({"handed": counts, "refused": refused})
