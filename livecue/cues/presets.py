"""Presets: when a rule speaks up, to whom, and how its cues are judged; dated data, never constants in code."""

import hashlib
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any, Literal, TypeAlias

import msgspec

from livecue.errors import BadInput, Defect
from livecue.reference import Words


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule's preset in force. ``values`` by name: the names and their units are in presets.toml."""

    rule: str
    name: str
    valid_from: int
    """Room time in ms from which it may be used."""
    values: dict[str, float]
    roles: tuple[str, ...]
    """Told at once, the first one decides whether the cue must wait."""
    escalate: tuple[str, ...]
    """Asked one after the other when nobody answers."""
    priority: int
    definition: Words
    mark: Literal["S", "E", "D"]
    source: str
    interrupting: bool = True
    urgent: bool = False
    """Exempt from the gap between a host's cues; takes the place of a less important one."""
    metrics: tuple[str, ...] = ()
    window: str = "5m"
    scope: Literal["room", "product"] = "room"
    covered_by: tuple[str, ...] = ()
    """While a cue of one of these rules is fresh, this rule only notes its signal."""
    judge: Literal["series", "act", "none"] = "none"
    judge_metric: str = ""
    judge_over: str = ""
    judge_walks: bool = False
    """The judged figure has momentum, as the number of people online has."""
    classes: tuple[str, ...] = ()
    """Places (R065) or classes of words (R066) it listens to."""
    say: Words = Words("", "")
    """What the person reads; {names} are those of the cue's facts."""
    platform: str = ""
    category: str = ""
    currency: str = ""
    """Of the money in ``values``, "" when there is none; a room of another currency must set a value of its own."""
    off: bool = False
    own: bool = False
    """Some value was set by a person in this room."""

    def value(self, name: str) -> float:
        """The figure of that name; a rule that asks for one its preset lacks is a defect."""
        try:
            return self.values[name]
        except KeyError:
            raise Defect(f"preset {self.rule}/{self.name} has no value {name!r}") from None


Scope: TypeAlias = Literal["all", "platform", "room"]


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


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds over all rules."""

    host_gap_s: int


LIMITS_RULE = "limits"
"""The name under which ``ThresholdSet`` changes ``Limits``."""


def read_presets() -> dict[str, tuple[Preset, ...]]:
    """Every shipped preset by rule, the one a rule starts on first."""
    presets = {}
    for rule, row in _file()["rule"].items():
        shared = {key: value for key, value in row.items() if key not in ("preset", "common")}
        presets[rule] = tuple(_preset(rule, shared, row["common"], item) for item in row["preset"])
    return presets


def read_limits() -> Limits:
    """The shipped limits."""
    return msgspec.convert(_file()["limits"], Limits)


def read_fallback() -> dict[str, tuple[str, ...]]:
    """Who is asked when nobody holds a role."""
    return msgspec.convert(_file()["fallback"], dict[str, tuple[str, ...]])


def read_value_names() -> dict[str, Words]:
    """How the screens name each value."""
    return msgspec.convert(_file()["value"], dict[str, Words])


def _text() -> str:
    return files("livecue.cues").joinpath("presets.toml").read_text(encoding="utf-8")


def _file() -> dict[str, Any]:
    return tomllib.loads(_text())


def _preset(rule: str, shared: Mapping[str, Any], common: Mapping[str, float], item: Mapping[str, Any]) -> Preset:
    merged = {**shared, **item, "rule": rule, "values": {**common, **item["values"]}}
    merged["valid_from"] = _day_ms(item["valid_from"])
    try:
        return msgspec.convert(merged, Preset)
    except msgspec.ValidationError as error:
        raise Defect(f"presets.toml, {rule}: {error}") from error


def _day_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


PRESETS = read_presets()
LIMITS = read_limits()
FALLBACK = read_fallback()
VALUE_NAMES = read_value_names()
PRESETS_VERSION = hashlib.sha256(_text().encode()).hexdigest()[:16]
"""Other presets are other rules: a rebuild does not call their verdicts a difference."""


def named_presets(rule: str, place: Place, now: int, category: str = "") -> dict[str, Preset]:
    """The shipped presets of a rule that suit place and time, by name, the one it starts on first."""
    wanted = category or place.category
    best: dict[str, Preset] = {}
    for preset in PRESETS.get(rule, ()):
        if preset.platform not in ("", place.platform) or preset.category not in ("", wanted):
            continue
        other = best.get(preset.name)
        if other is None or _closeness(preset, now) > _closeness(other, now):
            best[preset.name] = preset
    return best


def _closeness(preset: Preset, now: int) -> tuple[bool, bool, bool, int]:
    # A recording older than every preset is read with the oldest one.
    current = preset.valid_from <= now
    return preset.category != "", preset.platform != "", current, preset.valid_from if current else -preset.valid_from


class InUse(msgspec.Struct, frozen=True):
    """A rule's preset in force and the layer that set what of it: all, platform, room, category; "" is shipped."""

    preset: Preset
    chosen_by: str
    """Who chose the preset."""
    off_by: str
    values_by: dict[str, str]
    """For each value that is not the preset's own."""


_LAYERS = ("all", "platform", "room", "category")
"""The later one wins."""


def layer_of(item: Threshold) -> str:
    """The layer a setting belongs to."""
    return "category" if item.category else item.scope


def standing(thresholds: Iterable[Threshold], rule: str, now: int) -> list[Threshold]:
    """What was set for a rule, is in force by ``now``, and was not taken back one by one, oldest first."""
    items = [item for item in thresholds if item.rule == rule and item.valid_from <= now]
    undone = {item.undoes for item in items if item.undoes}
    return [item for item in items if not item.undoes and not (item.command and item.command in undone)]


def in_use(rule: str, place: Place, thresholds: Sequence[Threshold], now: int, category: str = "") -> InUse:
    """The preset of a rule at ``now``, layer over layer: shipped, for all rooms, the platform, the room, the category.

    Raises ``BadInput`` for a rule that has no preset.
    """
    choices = named_presets(rule, place, now, category)
    if not choices:
        raise BadInput(f"rule {rule} has no preset; rules with one: {', '.join(PRESETS)}")
    chosen, chosen_by = next(iter(choices.values())), ""
    off, off_by = False, ""
    values: dict[str, tuple[float, str]] = {}
    items = standing(thresholds, rule, now)
    for layer in _LAYERS:
        before = chosen, chosen_by, off, off_by, values
        for item in items:
            if layer_of(item) != layer or not _meant(item, layer, place, category):
                continue
            if item.reset:
                chosen, chosen_by, off, off_by, values = before
                continue
            if item.preset in choices:
                chosen, chosen_by, values = choices[item.preset], layer, {}
            values = {**values, **{name: (value, layer) for name, value in item.values}}
            if item.off != off:
                off, off_by = item.off, layer
    changed = {name: value for name, (value, _) in values.items()}
    preset = msgspec.structs.replace(
        chosen,
        values={**chosen.values, **changed},
        off=off,
        own=bool(changed),
        # A value a person set is in the room's own money.
        currency="" if any(name in changed for name in ("below", "above")) else chosen.currency,
    )
    return InUse(preset, chosen_by, off_by, {name: layer for name, (_, layer) in values.items()})


def _meant(item: Threshold, layer: str, place: Place, category: str) -> bool:
    if layer == "category":
        return item.category == category
    return layer != "platform" or item.platform == place.platform


def preset_in_force(rule: str, place: Place, thresholds: Sequence[Threshold], now: int, category: str = "") -> Preset:
    """The preset of a rule at ``now``, see ``in_use``."""
    return in_use(rule, place, thresholds, now, category).preset


def limits_in_force(thresholds: Sequence[Threshold], now: int) -> Limits:
    """The limits at ``now``."""
    gap = float(LIMITS.host_gap_s)
    for item in standing(thresholds, LIMITS_RULE, now):
        gap = float(LIMITS.host_gap_s) if item.reset else dict(item.values).get("host_gap_s", gap)
    return Limits(host_gap_s=int(gap))


def checked_threshold(item: Threshold, place: Place) -> Threshold:
    """The same, if it can be used; raises ``BadInput`` that names what would be right."""
    if item.scope not in ("all", "platform", "room"):
        raise BadInput(f"scope {item.scope!r} is unknown; it is all, platform or room")
    if (item.scope == "platform") != bool(item.platform):
        raise BadInput("a threshold for a platform names it, and no other does")
    if item.category and item.scope != "room":
        raise BadInput("a threshold for a category is set in one room")
    if item.undoes:
        return item
    if item.rule == LIMITS_RULE:
        known: set[str] = {"host_gap_s"}
        if item.scope != "room" or item.category:
            raise BadInput("the gap between cues is set in one room, for every category")
    else:
        choices = named_presets(item.rule, place, item.valid_from, item.category)
        if not choices:
            raise BadInput(f"rule {item.rule!r} has no preset; rules with one: {', '.join(PRESETS)}")
        if item.preset and item.preset not in choices:
            raise BadInput(f"rule {item.rule} has no preset {item.preset!r}; it has: {', '.join(choices)}")
        known = set().union(*(preset.values for preset in choices.values()))
    for name, value in item.values:
        if name not in known:
            raise BadInput(f"{item.rule} has no value {name!r}; it has: {', '.join(sorted(known))}")
        if not math.isfinite(value) or value < 0:
            raise BadInput(f"{item.rule}: {name} must be a number of at least 0")
    return item


class InForce:
    """Every rule's preset for one room at one moment, looked up once: the live path asks it every tick."""

    def __init__(self, place: Place, thresholds: tuple[Threshold, ...], now: int) -> None:
        self._place, self._thresholds, self._now = place, thresholds, now
        self._known: dict[tuple[str, str], Preset] = {}
        self._categories = {item.category for item in thresholds} | {
            preset.category for presets in PRESETS.values() for preset in presets
        }
        self.limits = limits_in_force(thresholds, now)
        later = [
            moment
            for moment in (
                *(item.valid_from for item in thresholds),
                *(preset.valid_from for presets in PRESETS.values() for preset in presets),
            )
            if moment > now
        ]
        self.until = min(later, default=1 << 62)
        """Room time (ms) at which another preset comes into force."""

    def of(self, rule: str, category: str = "") -> Preset:
        """The preset of a rule, for products of ``category`` where one was set for it."""
        key = (rule, category if category in self._categories else "")
        preset = self._known.get(key)
        if preset is None:
            preset = self._known[key] = preset_in_force(rule, self._place, self._thresholds, self._now, key[1])
        return preset
