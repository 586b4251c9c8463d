"""Thresholds: presets in force and who set them, those one click away, and how often each would have fired."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from livecue.cues import (
    DETECTORS,
    PRESETS,
    VALUE_NAMES,
    Asked,
    Counted,
    InUse,
    Place,
    Preset,
    ThresholdRow,
    in_use,
    layer_of,
    limits_in_force,
    list_thresholds,
    named_presets,
    standing,
)
from livecue.errors import NotAllowed, NotFound
from livecue.events import ThresholdSet
from livecue.flow import RoomInfo
from livecue.kit import new_id
from livecue.reference import DESK, DESK_VALUES, STAGE, STAGE_VALUES, desk_in_use, desk_presets, stage_in_use
from livecue.team import find_person
from livecue.web.auth import Caller, Guard, room_of, services
from livecue.web.json import answer
from livecue.web.rooms import ask, receipt_json
from livecue.web.services import Services

router = APIRouter()
_HISTORY = 12
"""Changes of a rule that the screens show."""


class Tried(BaseModel):
    """Values to try on the past; ``preset`` names what they change, ``category`` for which products."""

    values: dict[str, float] = Field(default_factory=dict)
    preset: str = ""
    category: str = ""


class Change(BaseModel):
    """A change of a threshold for all rooms of the brand, for those of the room's platform, for the room, or for a
    category of products in the room. ``reset`` takes back what was set there, ``undoes`` one setting by its command."""

    scope: Literal["all", "platform", "room", "category"] = "room"
    category: str = ""
    values: dict[str, float] = Field(default_factory=dict)
    preset: str = ""
    off: bool = False
    reset: bool = False
    undoes: str = ""
    command: str = ""


class _Rules:
    """A room's rules as of now."""

    def __init__(self, door: Services, info: RoomInfo) -> None:
        self.door, self.info = door, info
        self.place = Place(platform=info.platform, category=info.category, currency=info.currency)
        self.rows = list_thresholds(door.reader, info.org, info.brand, info.room)
        self.items = tuple(row.threshold for row in self.rows)
        # A room whose show is played faster than real is ahead of our clock: what was set there holds there.
        self.now = max([door.clock.now_ms(), *(row.set_at for row in self.rows)])
        self.listed = [detector.rule for detector in DETECTORS if detector.rule in PRESETS]

    def use(self, rule: str, category: str = "") -> InUse:
        return in_use(rule, self.place, self.items, self.now, category)

    def categories(self, rule: str) -> list[str]:
        """Categories something was set for."""
        return sorted({item.category for item in standing(self.items, rule, self.now) if item.category})

    def asked(self, preset: Preset) -> Asked:
        """``preset`` for every product but those of categories with values of their own."""
        own = {name: self.use(preset.rule, name).preset for name in self.categories(preset.rule)}
        return Asked(preset, self.info.currency, own if preset.scope == "product" else {})


def low_stock(door: Services, info: RoomInfo) -> float:
    """Under how many pieces a product is low in the room: the bound of R030 there."""
    return _Rules(door, info).use("R030").preset.value("below")


def lowest_stock(door: Services, org: str, brand: str) -> float:
    """Under how many pieces a product is low in some room of the brand that watches R030; else its shipped bound."""
    rooms = [info for info in door.rooms().values() if (info.org, info.brand) == (org, brand)]
    used = [_Rules(door, info).use("R030").preset for info in rooms]
    bounds = [preset.value("below") for preset in used if not preset.off]
    if not bounds:
        return in_use("R030", Place(), (), door.clock.now_ms()).preset.value("below")
    return max(bounds)


def _allowed(request: Request, room: str, caller: Caller) -> tuple[Services, RoomInfo]:
    info = room_of(request, room)
    if not caller.may("watch", info.org, info.brand, info.room):
        raise NotFound("there is no such room")
    return services(request), info


@router.get("/api/rules")
async def rules(request: Request, room: str, caller: Caller = Depends(Guard("watch"))) -> Response:
    """Every rule with a detector: the preset in force in this room and who set what of it, its named presets, the last
    changes, and how many cues each would have given in the past shows that are counted by now; ``desk`` are the bounds
    of the comment desk, ``stage`` those of the team's stages. While ``counting.done`` is less than ``counting.of``, ask
    again."""
    door, info = _allowed(request, room, caller)
    return answer(await run_in_threadpool(_rules, door, info))


def _rules(door: Services, info: RoomInfo) -> dict[str, Any]:
    known = _Rules(door, info)
    force = {rule: known.use(rule) for rule in known.listed}
    choices = {rule: named_presets(rule, known.place, known.now) for rule in known.listed}
    asked = {rule: known.asked(use.preset) for rule, use in force.items()}
    tried = {
        (rule, name): Asked(preset, info.currency) for rule in known.listed for name, preset in choices[rule].items()
    }
    counted = door.past.ask(info, [*asked.values(), *tried.values()])
    names = _names(door, known.rows)
    found = []
    for rule, use in force.items():
        found.append(
            {
                **_in_use(use),
                "preset": use.preset.name,
                "fired": counted.fired[asked[rule].key],
                "presets": [
                    {**msgspec.structs.asdict(choice), "fired": counted.fired[tried[rule, name].key]}
                    for name, choice in choices[rule].items()
                ],
                "categories": {name: _in_use(known.use(rule, name)) for name in known.categories(rule)},
                "layers": _layers(known, rule),
                "changes": _changes(known.rows, rule, names),
            }
        )
    return {
        "rules": found,
        "limits": limits_in_force(known.items, known.now),
        "value_names": VALUE_NAMES,
        "desk": _desk(known, names),
        "stage": _stage(known, names),
        **_progress(counted),
    }


def _desk(known: _Rules, names: dict[str, str]) -> dict[str, Any]:
    """The bounds of the desk: what holds in this room, who set it, and the last changes."""
    use = desk_in_use(known.place, known.items, known.now)
    return {
        **msgspec.structs.asdict(use.preset),
        "values": use.bounds,
        "values_by": {name: layer for name, (_, layer) in use.layers.values.items()},
        "chosen_by": use.layers.chosen_by,
        "presets": list(desk_presets(known.place, known.now).values()),
        "layers": _layers(known, DESK),
        "changes": _changes(known.rows, DESK, names),
        "value_names": DESK_VALUES,
    }


def _stage(known: _Rules, names: dict[str, str]) -> dict[str, Any]:
    """The bounds of the team's stages (R090 to R092): the brand's, the same in each of its rooms."""
    use = stage_in_use(known.items, known.now)
    return {
        **msgspec.structs.asdict(use.preset),
        "values": use.bounds,
        "values_by": {name: layer for name, (_, layer) in use.layers.values.items()},
        "chosen_by": use.layers.chosen_by,
        "layers": _layers(known, STAGE),
        "changes": _changes(known.rows, STAGE, names),
        "value_names": STAGE_VALUES,
    }


def _in_use(use: InUse) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(use.preset),
        "chosen_by": use.chosen_by,
        "off_by": use.off_by,
        "values_by": use.values_by,
    }


def _layers(known: _Rules, rule: str) -> list[str]:
    """The layers in which something stands for this room, so that it can be reset there."""
    found: dict[str, bool] = {}
    for item in standing(known.items, rule, known.now):
        if item.scope != "platform" or item.platform == known.place.platform:
            name = f"category:{item.category}" if item.category else layer_of(item)
            found[name] = not item.reset
    return [name for name, stands in found.items() if stands]


def _changes(rows: Sequence[ThresholdRow], rule: str, names: dict[str, str]) -> list[dict[str, Any]]:
    mine = [row for row in rows if row.rule == rule]
    undone = {row.undoes for row in mine if row.undoes}
    return [
        {**msgspec.structs.asdict(row), "undone": row.command in undone, "name": names.get(row.set_by, row.set_by)}
        for row in reversed(mine[-_HISTORY:])
    ]


def _names(door: Services, rows: Iterable[ThresholdRow]) -> dict[str, str]:
    found = {}
    for who in {row.set_by for row in rows}:
        person = find_person(door.reader, who)
        if person is not None:
            found[who] = person.name
    return found


def _progress(counted: Counted) -> dict[str, Any]:
    return {
        "shows": counted.shows,
        "counting": {"done": counted.done, "of": counted.of, "failed": counted.failed},
    }


@router.post("/api/rules/{rule}/fired")
async def fired(
    request: Request, rule: str, room: str, body: Tried, caller: Caller = Depends(Guard("watch"))
) -> Response:
    """How many cues these values would have given in each past show that is counted by now; ask again while
    ``counting.done`` is less than ``counting.of``."""
    door, info = _allowed(request, room, caller)

    def work() -> dict[str, Any]:
        known = _Rules(door, info)
        choices = named_presets(rule, known.place, known.now, body.category)
        if not choices:
            raise NotFound(f"rule {rule} has no preset")
        preset = choices.get(body.preset) or next(iter(choices.values()))
        tried = msgspec.structs.replace(preset, values={**preset.values, **body.values}, off=False)
        if any(name in body.values for name in ("below", "above")):
            # Typed for this room, so in its money.
            tried = msgspec.structs.replace(tried, currency="")
        if body.category:
            whole = known.asked(known.use(rule).preset)
            question = msgspec.structs.replace(whole, by_category={**whole.by_category, body.category: tried})
        else:
            question = known.asked(tried)
        counted = door.past.ask(info, [question])
        return {"fired": counted.fired[question.key], **_progress(counted)}

    return answer(await run_in_threadpool(work))


@router.post("/api/rules/{rule}")
async def change(
    request: Request, rule: str, room: str, body: Change, caller: Caller = Depends(Guard("thresholds"))
) -> Response:
    """Set, reset or undo a threshold. What is meant for many rooms is told to every room of the brand, each of which
    remembers it; the answer is that of the room asked about, with the rooms that refused."""
    door, info = _allowed(request, room, caller)
    wide = body.scope in ("all", "platform")
    if not caller.may("thresholds", info.org, info.brand, "" if wide else info.room):
        raise NotAllowed("this needs the permission 'thresholds' for the whole brand; ask whoever runs the team")
    event = ThresholdSet(
        rule=rule,
        values=body.values,
        preset=body.preset,
        off=body.off,
        category=body.category if body.scope == "category" else "",
        scope="room" if body.scope == "category" else body.scope,
        platform=info.platform if body.scope == "platform" else "",
        reset=body.reset,
        undoes=body.undoes,
        command=body.command or new_id(),
    )
    receipt = await ask(door, info.room, event, caller)
    refused = []
    if wide and receipt.refused is None:
        for other in list(door.rooms().values()):
            if (other.org, other.brand) == (info.org, info.brand) and other.room != info.room:
                told = await ask(door, other.room, event, caller)
                if told.refused is not None and told.refused.code != "not_found":
                    refused.append({"room": other.room, "code": told.refused.code, "why": told.refused.why})
    return answer({**receipt_json(receipt), "command": event.command, "others_refused": refused})
