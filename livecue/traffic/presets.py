"""Bounds and places of the traffic emergency: dated presets out of ``presets.toml``."""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Literal

import msgspec

from livecue.errors import Defect


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somewhere else to go: ``live`` says whether the same live may be shown there too."""

    id: str
    zh: str
    en: str
    live: Literal["yes", "ask", "no"]
    rule_zh: str
    rule_en: str
    step_zh: str
    step_en: str


class TrafficPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set; what each means is told in the file."""

    valid_from: date
    line: float
    sudden: float
    sample: int
    notice_min: int
    hold_min: int
    from_min: int
    base_days: int
    base_shows: int
    wake_cap_h: int
    refuse_words: tuple[str, ...]
    roi_margin: float
    due_min: int
    causes: tuple[str, ...]
    place: tuple[Place, ...]

    @property
    def since(self) -> int:
        """The first moment it holds, ms UTC."""
        at = datetime(self.valid_from.year, self.valid_from.month, self.valid_from.day, tzinfo=UTC)
        return int(at.timestamp() * 1000)


def _load() -> tuple[TrafficPreset, ...]:
    text = files("livecue.traffic").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text)["preset"], list[TrafficPreset])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as error:
        raise Defect(f"presets.toml of traffic: {error}") from error
    return tuple(sorted(rows, key=lambda row: row.valid_from))


TRAFFIC_PRESETS = _load()


def preset_at(now: int) -> TrafficPreset:
    """The preset that holds at ``now`` (ms UTC); the first one before that."""
    return next((row for row in reversed(TRAFFIC_PRESETS) if row.since <= now), TRAFFIC_PRESETS[0])
