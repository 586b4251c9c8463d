"""When and how much at once: dated data, never constants in code."""

import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from livecue.errors import Defect

DAY_MS = 86_400_000


class HistoryPreset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What holds from ``valid_from`` (a day, UTC) on."""

    valid_from: str
    mark: Literal["S", "E", "D"]
    source: dict[str, str]
    keep_days: int
    every_minutes: int
    file_events: int
    merge_after_hours: int
    drop_batches: int


@cache
def _presets() -> tuple[HistoryPreset, ...]:
    text = files("livecue.store.history").joinpath("presets.toml").read_text("utf-8")
    try:
        return tuple(msgspec.convert(tomllib.loads(text)["presets"], list[HistoryPreset]))
    except (msgspec.ValidationError, KeyError, tomllib.TOMLDecodeError) as error:
        raise Defect(f"presets of the history: {error}") from error


def history_preset(now_ms: int, keep_days: int | None = None) -> HistoryPreset:
    """The preset in force, with the installation's own ``keep_days`` where it sets one."""
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date().isoformat()
    every = sorted(_presets(), key=lambda preset: preset.valid_from)
    found = next((preset for preset in reversed(every) if preset.valid_from <= today), every[0])
    return found if keep_days is None else msgspec.structs.replace(found, keep_days=keep_days)
