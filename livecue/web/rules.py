"""Thresholds of a room: presets in force, those one click away, and how often each would have fired."""

import asyncio
from typing import Any

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from livecue.cues import (
    DETECTORS,
    PRESETS,
    VALUE_NAMES,
    MinutePast,
    Place,
    Preset,
    Threshold,
    history_of,
    how_often,
    limits_in_force,
    list_thresholds,
    named_presets,
    preset_in_force,
)
from livecue.errors import NotFound
from livecue.flow import RoomInfo
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer
from livecue.web.services import Services

router = APIRouter()


class Tried(BaseModel):
    """Values to try on the past; ``preset`` names what they change."""

    values: dict[str, float] = Field(default_factory=dict)
    preset: str = ""


def _allowed(request: Request, room: str, caller: Caller) -> tuple[Services, RoomInfo]:
    info = room_of(request, room)
    if not caller.may("watch", info.org, info.brand, info.room):
        raise NotFound("there is no such room")
    return services(request), info


def _history(door: Services, info: RoomInfo, presets: list[Preset]) -> list[MinutePast]:
    # What a rule needs beside its own metrics: the samples and the product that was pitched.
    needed = sorted({metric for preset in presets for metric in preset.metrics})
    return history_of(door.reader, info.org, info.brand, info.room, needed)


@router.get("/api/rules")
async def rules(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Every rule with a detector: the preset in force in this room, its named presets, and the past's count of cues."""
    door, info = _allowed(request, room, caller)
    return answer(await asyncio.to_thread(_rules, door, info))


def _rules(door: Services, info: RoomInfo) -> dict[str, Any]:
    now = door.clock.now_ms()
    place = Place(platform=info.platform, category=info.category, currency=info.currency)
    set_here = tuple(
        Threshold(
            rule=row.rule,
            values=tuple(row.values.items()),
            preset=row.preset,
            category=row.category,
            off=row.off,
            valid_from=row.valid_from,
        )
        for row in list_thresholds(door.reader, info.org, info.brand, info.room)
    )
    listed = [detector.rule for detector in DETECTORS if detector.rule in PRESETS]
    force = {rule: preset_in_force(rule, place, set_here, now) for rule in listed}
    history = _history(door, info, list(force.values()))
    found = []
    for rule, preset in force.items():
        choices = named_presets(rule, place, now)
        found.append(
            {
                **msgspec.structs.asdict(preset),
                "preset": preset.name,
                "fired": how_often(preset, history),
                "presets": [
                    {**msgspec.structs.asdict(choice), "fired": how_often(choice, history)}
                    for choice in choices.values()
                ],
            }
        )
    return {"rules": found, "limits": limits_in_force(set_here, now), "value_names": VALUE_NAMES}


@router.post("/api/rules/{rule}/fired")
async def fired(
    request: Request, rule: str, room: str, body: Tried, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """How many cues these values would have given in each past show; null where nobody can tell."""
    door, info = _allowed(request, room, caller)
    place = Place(platform=info.platform, category=info.category, currency=info.currency)
    choices = named_presets(rule, place, door.clock.now_ms())
    if not choices:
        raise NotFound(f"rule {rule} has no preset")
    preset = choices.get(body.preset) or next(iter(choices.values()))
    tried = msgspec.structs.replace(preset, values={**preset.values, **body.values})

    def work() -> dict[str, int | None]:
        return how_often(tried, _history(door, info, [tried]))

    return answer({"fired": await asyncio.to_thread(work)})
