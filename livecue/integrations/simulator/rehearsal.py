"""A show as planned, as a scenario: its own rundown and products before an invented audience, with trouble planted."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from livecue.errors import BadInput
from livecue.events import INVENTED, ProductCard, SegmentPlan
from livecue.integrations.simulator.demo import CREW
from livecue.integrations.simulator.scenario import (
    AnyIncident,
    ComplaintFlood,
    Product,
    RudeComments,
    Scenario,
    SellOut,
    Slump,
    TrafficDrop,
)


@cache
def _presets() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("rehearsal.toml").read_text(encoding="utf-8"))


def rehearsal_of(
    room: str, title: str, starts_at: int, seed: int, segments: Sequence[SegmentPlan],
    products: Sequence[ProductCard], stock: Mapping[str, int], goals: Mapping[str, int], show: str = "",
) -> Scenario:  # fmt: skip
    """The scenario of a rehearsal of this very rundown. ``stock``: SKU to pieces; what it lacks gets an invented
    balance. ``show``: that show itself runs; its products are then its own, and only their SKUs bear our mark, so that
    no stock of the shop moves. Raises ``BadInput`` for a rundown without length or a show without products."""
    mark = "" if show else INVENTED
    length = max((item.offset_s + item.duration_s for item in segments), default=0)
    if length <= 0:
        raise BadInput("a rundown without segments cannot be played; plan some")
    if not products:
        raise BadInput("a show without products cannot be played; choose some")
    presets = _presets()
    made = [_product(card, number, stock, presets, mark) for number, card in enumerate(products, 1)]
    known = {card.product for card in products}
    return Scenario(
        seed=seed, starts_at=starts_at, duration_s=length, room=room, title=title, products=tuple(made),
        segments=tuple(
            msgspec.structs.replace(item, product=mark + item.product if item.product in known else "", host="")
            for item in segments
        ),
        crew=CREW, incidents=tuple(_incidents(segments, known, length, presets, mark)), goals=dict(goals), planned=show,
    )  # fmt: skip


def _product(card: ProductCard, number: int, stock: Mapping[str, int], presets: dict[str, Any], mark: str) -> Product:
    skus = card.skus or (card.product,)
    marked = msgspec.structs.replace(
        card, product=mark + card.product, skus=tuple(INVENTED + sku for sku in skus), number=card.number or number,
        keywords=card.keywords or (card.name,), price=max(card.price, 1),
    )  # fmt: skip
    return Product(
        card=marked,
        stock={INVENTED + sku: max(1, stock.get(sku, int(presets["pieces"]))) for sku in skus},
        variants={INVENTED + sku: sku for sku in skus},
        topics=tuple(presets["topics"]),
    )


def _incidents(
    segments: Sequence[SegmentPlan], known: set[str], length: int, presets: dict[str, Any], mark: str
) -> list[AnyIncident]:
    found: list[AnyIncident] = []
    for raw in presets["incident"]:
        at = float(raw["at"]) * length
        running = [item for item in segments if item.product in known and item.offset_s <= at]
        product = mark + running[-1].product if running else ""
        # In a short rehearsal trouble is short too.
        seconds = min(float(raw.get("seconds", 0)), length / 10)
        if raw["kind"] == "drop":
            found.append(TrafficDrop(at_s=at, duration_s=seconds, factor=raw["factor"]))
        elif raw["kind"] == "slump":
            found.append(Slump(at_s=at, duration_s=seconds, orders=raw["orders"], talk=raw["talk"]))
        elif raw["kind"] == "rude":
            found.append(RudeComments(at_s=at, people=raw["people"]))
        elif product and raw["kind"] == "sell_out":
            found.append(SellOut(at_s=at, product=product, over_s=seconds))
        elif product:
            found.append(ComplaintFlood(at_s=at, product=product, people=raw["people"], duration_s=seconds))
    return found
