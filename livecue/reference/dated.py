"""Dated presets as files ship them: days become ms, rows become presets, the names of their values stand beside."""

import hashlib
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any, Generic, TypeVar

import msgspec

from livecue.errors import Defect
from livecue.reference.thresholds import ValueName

P = TypeVar("P")
NEVER = 1 << 62
"""A moment (ms) that does not come."""


class Dated(msgspec.Struct, Generic[P], frozen=True):
    """A file of dated presets; ``version`` is a hash of its text."""

    presets: tuple[P, ...]
    values: dict[str, ValueName]
    version: str


def read_dated(name: str, preset: type[P]) -> Dated[P]:
    """``livecue/reference/NAME``; raises ``Defect`` that names the file and what is wrong in it."""
    text = files("livecue.reference").joinpath(name).read_text(encoding="utf-8")
    try:
        found: dict[str, Any] = tomllib.loads(text)
        rows = [{**row, "valid_from": day_ms(row["valid_from"])} for row in found["preset"]]
        presets = tuple(msgspec.convert(row, preset) for row in rows)
        values = msgspec.convert(found["value"], dict[str, ValueName])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, AttributeError) as error:
        raise Defect(f"{name}: {error}") from error
    return Dated(presets, values, hashlib.sha256(text.encode()).hexdigest()[:16])


def day_ms(day: date) -> int:
    """The beginning of a day in UTC, in ms."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def next_change(moments: Sequence[int], now: int) -> int:
    """The first of ``moments`` behind ``now``; ``NEVER`` when there is none."""
    return min((at for at in moments if at > now), default=NEVER)
