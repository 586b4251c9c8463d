"""A first talk track for a segment: the seeds' skeleton with the catalogue's variables filled in."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from livecue.events import ProductCard, SegmentPlan
from livecue.kit import Money

_GAP = {"zh": "（待填）", "en": "(to be filled in)"}


class Track(msgspec.Struct, frozen=True):
    """A proposed talk track; ``gaps`` names the variables nobody could tell."""

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
    comma = "、" if language == "zh" else ", "
    values = {"name": "", "price": "", "points": "", "stock": "", "skus": ""}
    if card is not None:
        known = [stock[sku] for sku in card.skus if sku in stock]
        values = {
            "name": card.name,
            "price": str(Money(card.price, currency)) if card.price else "",
            "points": comma.join(card.selling_points),
            "stock": str(sum(known)) if card.skus and len(known) == len(card.skus) else "",
            "skus": comma.join(card.skus),
        }
    text = str(raw[language])
    gaps = [name for name, value in values.items() if not value and "{" + name + "}" in text]
    for name, value in values.items():
        # One at a time and not by format: a product's name may hold braces.
        text = text.replace("{" + name + "}", value or _GAP[language])
    return Track(segment.segment, text, gaps)
