"""Reasons, waits, second looks and the bounds of the crowd: dated presets out of ``presets.toml``."""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class ModerationPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set; seconds where the name ends in ``_s``. What each means is told in the file."""

    valid_from: date
    reasons: tuple[str, ...]
    wait_s: dict[str, int]
    second_look: dict[str, str]
    self_wait_s: int
    mute_most_s: int
    mute_alone_s: int
    judged_from: float
    criticism: tuple[str, ...]
    contact: tuple[str, ...]
    window_s: int
    most: int
    least: int
    cheer_length: int
    near: float
    repeats: int
    repeats_asking: int
    repeats_cheer: int
    repeats_contact: int
    ring_contact: int
    ring_length: int
    ring_each: float
    ring_single: float
    ring_least: int
    ring_small: int
    crowd_people: int
    crowd_each: float
    remember_s: int

    @property
    def since(self) -> int:
        """The first moment it holds, ms UTC."""
        at = datetime(self.valid_from.year, self.valid_from.month, self.valid_from.day, tzinfo=UTC)
        return int(at.timestamp() * 1000)


def _load() -> tuple[ModerationPreset, ...]:
    text = files("livecue.desk.moderation").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text)["preset"], list[ModerationPreset])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as error:
        raise Defect(f"presets.toml of moderation: {error}") from error
    return tuple(sorted(rows, key=lambda row: row.valid_from))


MODERATION_PRESETS = _load()


def preset_at(now: int) -> ModerationPreset:
    """The preset that holds at ``now`` (ms UTC); the first one before that."""
    return next((row for row in reversed(MODERATION_PRESETS) if row.since <= now), MODERATION_PRESETS[0])
