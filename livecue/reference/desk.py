"""The bounds of the desk: dated presets out of ``desk.toml`` and what people set over them (rule ``desk``)."""

from collections.abc import Sequence

import msgspec

from livecue.errors import BadInput
from livecue.reference.dated import next_change, read_dated
from livecue.reference.read import Mark, Words
from livecue.reference.thresholds import (
    Layered,
    Place,
    Threshold,
    checked_scope,
    checked_values,
    layered,
    named,
)

DESK = "desk"
"""The name under which ``ThresholdSet`` changes the desk's bounds."""


class DeskBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The figures themselves; what each means is told in the file."""

    hide_from: float
    host_from: float
    like_from: float
    hot_s: float
    hot_least: float
    forget_s: float
    person_s: float
    speech_s: float


class DeskPreset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shipped set; ``valid_from`` in ms of room time."""

    name: str
    valid_from: int
    mark: Mark
    source: str
    definition: Words
    values: DeskBounds
    platform: str = ""
    category: str = ""


class DeskInUse(msgspec.Struct, frozen=True):
    """The bounds in force, the preset under them, and who set what of them."""

    bounds: DeskBounds
    preset: DeskPreset
    layers: Layered


_DATED = read_dated("desk.toml", DeskPreset)
DESK_PRESETS, DESK_VALUES, DESK_VERSION = _DATED.presets, _DATED.values, _DATED.version


def desk_presets(place: Place, now: int) -> dict[str, DeskPreset]:
    """The shipped presets that suit place and time, by name."""
    return named(DESK_PRESETS, place, now)


def desk_in_use(place: Place, thresholds: Sequence[Threshold], now: int) -> DeskInUse:
    """What holds in a room at ``now``."""
    choices = desk_presets(place, now)
    found = layered(thresholds, DESK, choices, place, now)
    preset = choices[found.chosen]
    changed = {name: value for name, (value, _) in found.values.items()}
    return DeskInUse(msgspec.structs.replace(preset.values, **changed), preset, found)


def checked_desk(item: Threshold, place: Place) -> Threshold:
    """The same, if it can be used; raises ``BadInput`` that names what would be right."""
    checked_scope(item)
    if item.undoes:
        return item
    if item.category or item.off:
        raise BadInput("the desk's bounds hold for every product, and the desk cannot be switched off")
    shipped = desk_presets(place, item.valid_from)
    if item.preset and item.preset not in shipped:
        raise BadInput(f"the desk has no preset {item.preset!r}; it has: {', '.join(shipped)}")
    checked_values(item, DESK_VALUES, DESK_VALUES)
    return item


def desk_bounds(place: Place, thresholds: tuple[Threshold, ...], now: int) -> tuple[DeskBounds, int]:
    """The bounds at ``now``, and the room time (ms) at which others may come into force."""
    moments = (*(item.valid_from for item in thresholds), *(preset.valid_from for preset in DESK_PRESETS))
    return desk_in_use(place, thresholds, now).bounds, next_change(moments, now)
