"""Limits of the review as dated presets: data, not code."""

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Presets(msgspec.Struct, frozen=True, kw_only=True):
    """``second_reading_minutes``: between the two readings of an author who signs alone; ``review_hours``: before the
    start by when the review is due; ``training_days``: how long a training counts (R068)."""

    second_reading_minutes: int
    review_hours: int
    training_days: int


@cache
def _read() -> Presets:
    rows = tomllib.loads((files("livecue.compliance") / "data" / "review.toml").read_text("utf-8"))
    return msgspec.convert({name: row["value"] for name, row in rows.items()}, Presets)


PRESETS = _read()
