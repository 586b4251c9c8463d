"""What people set over shipped presets, layer over layer: all rooms, the platform, the room, a category of products."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, Protocol, TypeAlias, TypeVar

import msgspec

from livecue.errors import BadInput
from livecue.reference.read import Words

Scope: TypeAlias = Literal["all", "platform", "room"]


class ValueName(Words, frozen=True, forbid_unknown_fields=True):
    """How the screens name a value, and between what it may be set."""

    least: float = 0.0
    most: float | None = None


def bounded(value: float, name: ValueName | None) -> float:
    """``value`` within what may be set of it."""
    if name is None:
        return value
    return max(name.least, value if name.most is None else min(value, name.most))


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """What a person set (``ThresholdSet``). An empty ``preset`` keeps the one in use."""

    rule: str
    values: tuple[tuple[str, float], ...] = ()
    preset: str = ""
    category: str = ""
    off: bool = False
    valid_from: int = 0
    scope: Scope = "room"
    platform: str = ""
    reset: bool = False
    """Takes back what was set for the same scope before."""
    undoes: str = ""
    """Command of the setting it takes back."""
    command: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What decides between presets: the room's platform, category and currency."""

    platform: str = ""
    category: str = ""
    currency: str = "CNY"


class Shipped(Protocol):
    """A dated preset of the tree."""

    @property
    def name(self) -> str:
        """By which it is chosen."""

    @property
    def platform(self) -> str:
        """For which platform, "" every one."""

    @property
    def category(self) -> str:
        """For which category, "" every one."""

    @property
    def valid_from(self) -> int:
        """Room time in ms from which it may be used."""


P = TypeVar("P", bound=Shipped)


def named(presets: Iterable[P], place: Place, now: int, category: str = "") -> dict[str, P]:
    """The shipped presets that suit place and time, by name, the one that is started on first."""
    wanted = category or place.category
    best: dict[str, P] = {}
    for preset in presets:
        if preset.platform not in ("", place.platform) or preset.category not in ("", wanted):
            continue
        other = best.get(preset.name)
        if other is None or _closeness(preset, now) > _closeness(other, now):
            best[preset.name] = preset
    return best


def _closeness(preset: Shipped, now: int) -> tuple[bool, bool, bool, int]:
    # A recording older than every preset is read with the oldest one.
    current = preset.valid_from <= now
    return preset.category != "", preset.platform != "", current, preset.valid_from if current else -preset.valid_from


LAYERS = ("all", "platform", "room", "category")
"""The later one wins."""


def layer_of(item: Threshold) -> str:
    """The layer a setting belongs to."""
    return "category" if item.category else item.scope


def standing(thresholds: Iterable[Threshold], rule: str, now: int) -> list[Threshold]:
    """What was set for a rule, is in force by ``now``, and was not taken back one by one, oldest first."""
    items = [item for item in thresholds if item.rule == rule and item.valid_from <= now]
    undone = {item.undoes for item in items if item.undoes}
    return [item for item in items if not item.undoes and not (item.command and item.command in undone)]


class Layered(msgspec.Struct, frozen=True):
    """Which preset is in force and what was set over it, each with the layer that did; "" is shipped."""

    chosen: str
    chosen_by: str
    off: bool
    off_by: str
    values: dict[str, tuple[float, str]]


def layered(
    thresholds: Iterable[Threshold], rule: str, choices: Collection[str], place: Place, now: int, category: str = ""
) -> Layered:
    """Layer over layer: shipped (the first of ``choices``), for all rooms, the platform, the room, the category."""
    chosen, chosen_by = next(iter(choices)), ""
    off, off_by = False, ""
    values: dict[str, tuple[float, str]] = {}
    items = standing(thresholds, rule, now)
    for layer in LAYERS:
        before = chosen, chosen_by, off, off_by, values
        for item in items:
            if layer_of(item) != layer or not _meant(item, layer, place, category):
                continue
            if item.reset:
                chosen, chosen_by, off, off_by, values = before
                continue
            if item.preset in choices:
                chosen, chosen_by, values = item.preset, layer, {}
            values = {**values, **{name: (value, layer) for name, value in item.values}}
            if item.off != off:
                off, off_by = item.off, layer
    return Layered(chosen, chosen_by, off, off_by, values)


def _meant(item: Threshold, layer: str, place: Place, category: str) -> bool:
    if layer == "category":
        return item.category == category
    return layer != "platform" or item.platform == place.platform


def checked_scope(item: Threshold) -> None:
    """Raises ``BadInput`` when it does not say clearly for whom it is meant."""
    if item.scope not in ("all", "platform", "room"):
        raise BadInput(f"scope {item.scope!r} is unknown; it is all, platform or room")
    if (item.scope == "platform") != bool(item.platform):
        raise BadInput("a threshold for a platform names it, and no other does")
    if item.category and item.scope != "room":
        raise BadInput("a threshold for a category is set in one room")


def checked_values(item: Threshold, known: Collection[str], names: Mapping[str, ValueName]) -> None:
    """Raises ``BadInput`` when a value is none of ``known`` or lies beyond its bounds."""
    wrong = _not_settable(item.values, known, names)
    if wrong:
        raise BadInput(f"{item.rule}: {wrong}")


def _not_settable(values: Iterable[tuple[str, float]], known: Collection[str], names: Mapping[str, ValueName]) -> str:
    for name, value in values:
        if name not in known:
            return f"there is no value {name!r}; it has: {', '.join(sorted(known))}"
        bounds = names.get(name)
        least, most = (bounds.least, bounds.most) if bounds else (0.0, None)
        if not math.isfinite(value) or value < least:
            return f"{name} must be a number of at least {least:g}"
        if most is not None and value > most:
            return f"{name} is at most {most:g}"
    return ""
