"""Bounds and weights, read from ``presets.toml``."""

import tomllib
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class Stock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """R030, R037, R038."""

    safety_pieces: int
    replenish_hours: int
    sales_days: int
    cover_days: int
    turnover_days: int


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """R040."""

    rival_least: float
    rival_most: float
    rival_days: int
    list_days: int


class Quality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """R055, R071."""

    exchange_hours: int
    complaint_share: float
    complaint_days: int
    escalate: list[tuple[str, float]]
    words: list[str]


class Needed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a category needs: ``sample`` a destructive test (R043), ``renew`` papers anew after some time."""

    words: list[str]
    papers: list[str]
    sample: bool
    renew: bool


class Papers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """R041."""

    food_days: int
    remind_days: int
    needed: list[Needed]

    def of(self, category: str) -> Needed:
        """What this category needs."""
        lower = category.lower()
        return next(row for row in self.needed if not row.words or any(word in lower for word in row.words))


class Suppliers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """R044, R074 and the score."""

    backups: int
    backups_by_word: dict[str, int]
    core: int
    on_time: float
    quality: float
    returns: float
    price: float
    strength: float
    usual_on_time: float
    usual_quality: float
    worst_returns: float

    def backups_of(self, category: str) -> int:
        """How many suppliers should stand ready."""
        found = [n for word, n in self.backups_by_word.items() if word in category.lower()]
        return max(found, default=self.backups)


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points of a page and their bounds."""

    title: int
    title_least: int
    title_most: int
    description: int
    description_least: int
    media: int
    pictures_least: int
    videos_least: int
    attributes: int
    attributes_least: int
    after_sale: int


class Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    since: str
    stock: Stock
    price: Price
    quality: Quality
    papers: Papers
    suppliers: Suppliers
    listing: Listing


def _read() -> Presets:
    text = files("livecue.planning.supply").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), Presets)
    except msgspec.ValidationError as error:
        raise Defect(f"supply presets.toml: {error}") from error


PRESETS = _read()
