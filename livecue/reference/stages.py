"""By what a team's stage is told: dated presets of ``stages.toml`` and what a brand set over them (rule ``stage``)."""

from collections.abc import Sequence

import msgspec

from livecue.errors import BadInput
from livecue.reference.dated import read_dated
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

STAGE = "stage"
"""The name under which ``ThresholdSet`` changes the bounds of the stages."""


class StageBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The figures themselves; sales in whole yuan."""

    startup_shows: float
    mature_shows: float
    startup_sales: float
    mature_sales: float
    startup_people: float
    growth_people: float


class StagePreset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One shipped set; ``valid_from`` in ms UTC."""

    name: str
    valid_from: int
    mark: Mark
    source: str
    definition: Words
    values: StageBounds
    platform: str = ""
    category: str = ""


class StageInUse(msgspec.Struct, frozen=True):
    """The bounds in force, the preset under them, and what the brand set of them."""

    bounds: StageBounds
    preset: StagePreset
    layers: Layered


_DATED = read_dated("stages.toml", StagePreset)
STAGE_PRESETS, STAGE_VALUES = _DATED.presets, _DATED.values


def stage_in_use(thresholds: Sequence[Threshold], now: int) -> StageInUse:
    """What holds for a brand at ``now`` (ms UTC)."""
    place = Place()
    choices = named(STAGE_PRESETS, place, now)
    found = layered(thresholds, STAGE, choices, place, now)
    preset = choices[found.chosen]
    changed = {name: value for name, (value, _) in found.values.items()}
    return StageInUse(msgspec.structs.replace(preset.values, **changed), preset, found)


def checked_stage(item: Threshold) -> Threshold:
    """The same, if it can be used; raises ``BadInput`` that names what would be right."""
    checked_scope(item)
    if item.scope != "all" or item.category or item.off:
        raise BadInput("the stages are those of a team: set their bounds for all rooms; they cannot be switched off")
    if item.undoes:
        return item
    choices = named(STAGE_PRESETS, Place(), item.valid_from)
    if item.preset and item.preset not in choices:
        raise BadInput(f"the stages have no preset {item.preset!r}; they have: {', '.join(choices)}")
    checked_values(item, STAGE_VALUES, STAGE_VALUES)
    return item
