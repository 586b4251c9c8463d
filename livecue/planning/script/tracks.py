"""A first talk track for a segment: the seeds' skeleton with variables of the catalogue, filled in when it is read."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from livecue.events import ProductCard, SegmentPlan
from livecue.planning.script.variables import NAMES, values_of, word_of


class Track(msgspec.Struct, frozen=True):
    """A proposed talk track; ``gaps`` names the variables that have no value at the moment."""

    segment: str
    text: str
    gaps: list[str]


@cache
def _tracks() -> dict[str, dict[str, Any]]:
    text = files("livecue.planning.script").joinpath("tracks.toml").read_text(encoding="utf-8")
    return {part: raw for raw in tomllib.loads(text)["track"].values() for part in raw["parts"]}


def tracks_for(
    segments: Sequence[SegmentPlan],
    products: Mapping[str, ProductCard],
    stock: Mapping[str, int],
    currency: str,
    language: str,
) -> list[Track]:
    """A skeleton for every segment. ``stock`` maps SKUs to pieces on hand; a SKU it lacks is not known."""
    language = "en" if language == "en" else "zh"
    return [_track(item, products.get(item.product), stock, currency, language) for item in segments]


def _track(
    segment: SegmentPlan, card: ProductCard | None, stock: Mapping[str, int], currency: str, language: str
) -> Track:
    raw = _tracks().get(segment.part)
    if raw is None:
        return Track(segment.segment, "", [])
    values = values_of(card, stock, currency, language)
    text = str(raw[language])
    gaps = [name for name in NAMES if "{" + name + "}" in text and not values[name]]
    for name in NAMES:
        text = text.replace("{" + name + "}", word_of(name, language))
    return Track(segment.segment, text, gaps)
