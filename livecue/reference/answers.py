"""By what answers to customers are counted (M79, M82): dated presets of ``answers.toml``."""

import tomllib
from datetime import date
from functools import lru_cache
from importlib.resources import files

import msgspec

from livecue.errors import Defect
from livecue.reference.read import Mark

_DAY_MS = 24 * 3600 * 1000


class Answering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One set of bounds. ``fast_ms``: M79; ``satisfied_from``: points of five (M82)."""

    since: date
    mark: Mark
    source: str
    fast_ms: int
    satisfied_from: int


@lru_cache(maxsize=1)
def _presets() -> tuple[Answering, ...]:
    raw = tomllib.loads(files("livecue.reference").joinpath("answers.toml").read_text(encoding="utf-8"))
    try:
        rows = msgspec.convert(raw["preset"], tuple[Answering, ...])
    except (msgspec.ValidationError, KeyError) as error:
        raise Defect(f"answers.toml: {error}") from error
    return tuple(sorted(rows, key=lambda row: row.since))


def answering(at: int) -> Answering:
    """The bounds in force at a moment (ms UTC); they begin with a day (UTC)."""
    return _of_day(at // _DAY_MS)


@lru_cache(maxsize=4096)
def _of_day(day: int) -> Answering:
    rows = _presets()
    when = date.fromordinal(date(1970, 1, 1).toordinal() + day)
    return next((row for row in reversed(rows) if row.since <= when), rows[0])
