"""Countdowns, second persons and bounds of live actions: dated presets out of ``presets.toml``."""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class ShelfPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set; seconds where the name ends in ``_s``, fen in ``prize_cap``."""

    valid_from: date
    wait_s: dict[str, int]
    second: dict[str, tuple[str, ...]]
    steep_share: float
    prize_cap: int
    draw_least_s: int
    draw_most_s: int
    draw_most_prizes: int
    late_s: int
    asked_s: int

    @property
    def since(self) -> int:
        """The first moment it holds, ms UTC."""
        at = datetime(self.valid_from.year, self.valid_from.month, self.valid_from.day, tzinfo=UTC)
        return int(at.timestamp() * 1000)


def _load() -> tuple[ShelfPreset, ...]:
    text = files("livecue.shelf").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text)["preset"], list[ShelfPreset])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as error:
        raise Defect(f"presets.toml of the shelf: {error}") from error
    return tuple(sorted(rows, key=lambda row: row.valid_from))


SHELF_PRESETS = _load()


def preset_at(now: int) -> ShelfPreset:
    """The preset that holds at ``now`` (ms UTC); the first one before that."""
    return next((row for row in reversed(SHELF_PRESETS) if row.since <= now), SHELF_PRESETS[0])
