"""Times and bounds of orders and stock: dated presets out of ``presets.toml``."""

import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class SalesPreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of figures; seconds where the name ends in ``_s``."""

    valid_from: date
    hold_s: int
    remind_after_s: int
    tracking_within_s: int
    stuck_after_s: int
    feedback_after_s: int
    most_pieces: int
    statement_grace_s: int

    @property
    def since(self) -> int:
        """The first moment it holds, ms UTC."""
        at = datetime(self.valid_from.year, self.valid_from.month, self.valid_from.day, tzinfo=UTC)
        return int(at.timestamp() * 1000)


def _load() -> tuple[SalesPreset, ...]:
    text = files("livecue.sales").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text)["preset"], list[SalesPreset])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as error:
        raise Defect(f"presets.toml of sales: {error}") from error
    if not rows:
        raise Defect("presets.toml of sales holds none")
    return tuple(sorted(rows, key=lambda row: row.valid_from))


SALES_PRESETS = _load()
_SINCE = [(row.since, row) for row in reversed(SALES_PRESETS)]


def preset_at(now: int) -> SalesPreset:
    """The preset that holds at ``now`` (ms UTC); the first one before that."""
    for since, row in _SINCE:
        if since <= now:
            return row
    return SALES_PRESETS[0]
