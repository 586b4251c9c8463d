"""The assumptions and bounds of the selection, read from ``presets.toml``."""

import tomllib
from importlib.resources import files

import msgspec

from livecue.errors import Defect


class Assumed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in where nothing is measured; each is told beside the proposal."""

    since: str
    mark: str
    reach_minutes: float
    click_rate: float
    sale_rate: float
    return_rate: float
    margin_share: float
    least_strength: float
    most_strength: float
    return_cost_share: float
    tag_weight: float
    tired_share: float
    tired_days: float
    host_low: float
    host_high: float
    host_pieces: float
    host_item_exposures: float
    pull: dict[str, float]


class Out(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds of the elimination (R003, R006, R030, R040)."""

    click_rate: float
    sample_exposures: int
    sale_rate: float
    sample_clicks: int
    least_stock: int
    rival_least: float
    rival_most: float


class AskedFor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """R046: the most asked of the last days."""

    most: int
    days: int


class Hit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """M67: what a hit is."""

    top_share: float
    days: int
    least_in_category: int
    target: float


class Presets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    assumed: Assumed
    out: Out
    asked: AskedFor
    hit: Hit


def _read() -> Presets:
    text = files("livecue.planning.selection").joinpath("presets.toml").read_text(encoding="utf-8")
    try:
        return msgspec.convert(tomllib.loads(text), Presets)
    except msgspec.ValidationError as error:
        raise Defect(f"selection presets.toml: {error}") from error


PRESETS = _read()
