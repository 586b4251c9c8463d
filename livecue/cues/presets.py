"""Presets: when a rule speaks up, to whom, and how its cues are judged; dated data, never constants in code."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from typing import Any, Literal

import msgspec

from livecue.errors import BadInput, Defect
from livecue.reference import (
    DESK,
    STAGE,
    Place,
    Threshold,
    ValueName,
    Words,
    bounded,
    checked_desk,
    checked_scope,
    checked_stage,
    checked_values,
    day_ms,
    layered,
    named,
    next_change,
    standing,
)


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
    against: str = ""
    """Window of the same metric that ``window`` is held against."""
    watches: Words | None = None
    """What it watches where no metric of the reference says it: an event, a state, a clock."""
    without: dict[str, Words] = {}
    """Why it has no ``sample`` or no ``recover``, by that name."""
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


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds over all rules."""

    valid_from: date
    mark: Literal["S", "E", "D"]
    host_gap_s: int
    remember_s: int
    """What was said is kept so long for the rules."""


class Judging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds of every judgement; minutes where the name says ``before`` or ``after``."""

    valid_from: date
    mark: Literal["S", "E", "D"]
    least_before: int
    least_after: int
    least_after_pitch: int
    least_detectable: float
    coverage: float


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


def read_judging() -> Judging:
    """The shipped bounds of judgements."""
    return msgspec.convert(_file()["judging"], Judging)


def read_fallback() -> dict[str, tuple[str, ...]]:
    """Who is asked when nobody holds a role."""
    return msgspec.convert(_file()["fallback"], dict[str, tuple[str, ...]])


def read_value_names() -> dict[str, ValueName]:
    """How the screens name each value, and its bounds."""
    return msgspec.convert(_file()["value"], dict[str, ValueName])


def _text() -> str:
    return files("livecue.cues").joinpath("presets.toml").read_text(encoding="utf-8")


def _file() -> dict[str, Any]:
    return tomllib.loads(_text())


def _preset(rule: str, shared: Mapping[str, Any], common: Mapping[str, float], item: Mapping[str, Any]) -> Preset:
    merged = {**shared, **item, "rule": rule, "values": {**common, **item["values"]}}
    merged["valid_from"] = day_ms(item["valid_from"])
    try:
        return msgspec.convert(merged, Preset)
    except msgspec.ValidationError as error:
        raise Defect(f"presets.toml, {rule}: {error}") from error


PRESETS = read_presets()
LIMITS = read_limits()
JUDGING = read_judging()
FALLBACK = read_fallback()
VALUE_NAMES = read_value_names()
PRESETS_VERSION = hashlib.sha256(_text().encode()).hexdigest()[:16]
"""Other presets are other rules: a rebuild does not call their verdicts a difference."""


def named_presets(rule: str, place: Place, now: int, category: str = "") -> dict[str, Preset]:
    """The shipped presets of a rule that suit place and time, by name, the one it starts on first."""
    return named(PRESETS.get(rule, ()), place, now, category)


class InUse(msgspec.Struct, frozen=True):
    """A rule's preset in force and the layer that set what of it: all, platform, room, category; "" is shipped."""

    preset: Preset
    chosen_by: str
    """Who chose the preset."""
    off_by: str
    values_by: dict[str, str]
    """For each value that is not the preset's own."""


def in_use(rule: str, place: Place, thresholds: Sequence[Threshold], now: int, category: str = "") -> InUse:
    """The preset of a rule at ``now``, layer over layer: shipped, for all rooms, the platform, the room, the category.

    Raises ``BadInput`` for a rule that has no preset.
    """
    choices = named_presets(rule, place, now, category)
    if not choices:
        raise BadInput(f"rule {rule} has no preset; rules with one: {', '.join(PRESETS)}")
    found = layered(thresholds, rule, choices, place, now, category)
    chosen = choices[found.chosen]
    # What was set before a bound was known is read within it.
    changed = {name: bounded(value, VALUE_NAMES.get(name)) for name, (value, _) in found.values.items()}
    preset = msgspec.structs.replace(
        chosen,
        values={**chosen.values, **changed},
        off=found.off,
        own=bool(changed),
        # A value a person set is in the room's own money.
        currency="" if any(name in changed for name in ("below", "above")) else chosen.currency,
    )
    set_by = {name: layer for name, (_, layer) in found.values.items()}
    return InUse(preset, found.chosen_by, found.off_by, set_by)


def preset_in_force(rule: str, place: Place, thresholds: Sequence[Threshold], now: int, category: str = "") -> Preset:
    """The preset of a rule at ``now``, see ``in_use``."""
    return in_use(rule, place, thresholds, now, category).preset


def limits_in_force(thresholds: Sequence[Threshold], now: int) -> Limits:
    """The limits at ``now``."""
    gap = float(LIMITS.host_gap_s)
    for item in standing(thresholds, LIMITS_RULE, now):
        gap = float(LIMITS.host_gap_s) if item.reset else dict(item.values).get("host_gap_s", gap)
    return msgspec.structs.replace(LIMITS, host_gap_s=int(gap))


def checked_threshold(item: Threshold, place: Place) -> Threshold:
    """The same, if it can be used; raises ``BadInput`` that names what would be right."""
    if item.rule == DESK:
        return checked_desk(item, place)
    if item.rule == STAGE:
        return checked_stage(item)
    checked_scope(item)
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
    checked_values(item, known, VALUE_NAMES)
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
        moments = (
            *(item.valid_from for item in thresholds),
            *(preset.valid_from for presets in PRESETS.values() for preset in presets),
        )
        self.until = next_change(moments, now)
        """Room time (ms) at which another preset comes into force."""

    def of(self, rule: str, category: str = "") -> Preset:
        """The preset of a rule, for products of ``category`` where one was set for it."""
        key = (rule, category if category in self._categories else "")
        preset = self._known.get(key)
        if preset is None:
            preset = self._known[key] = preset_in_force(rule, self._place, self._thresholds, self._now, key[1])
        return preset
