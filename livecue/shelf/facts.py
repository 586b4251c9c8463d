"""What is known when an action is asked for: the shelf, the stock, the floor of the product, the stage of the team."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from livecue.errors import Defect
from livecue.events import Action, ChangePrice, ProductCard, StartDraw, StartOffer
from livecue.flow import OutboxPicture, RoomInfo, Unit
from livecue.shelf import tables
from livecue.shelf.check import Facts
from livecue.shelf.presets import preset_at
from livecue.shows import ShowsPicture
from livecue.team import bounds_of_brand, stage_for_controls

_MONTH_MS = 30 * 24 * 3_600_000


def _of_lineup(room: RoomInfo, cards: Sequence[ProductCard], unit: Unit, again: bool) -> dict[str, int]:
    found = {card.product: card.facts.get("floor_price", "") for card in cards}
    floors = {product: int(told) for product, told in found.items() if told.isdigit()}
    asked = sorted(found.keys() - floors.keys())
    if asked and not again:
        try:
            rows = unit.ask(tables.floors(len(asked)), (room.org, room.brand, *asked))
        except Defect:
            # A rebuild of what happened when nobody asked for the floors of everything.
            rows = []
        for product, cost, card in rows:
            told = str(msgspec.json.decode(card).get("facts", {}).get("floor_price", "")) if card else ""
            floors[str(product)] = int(told) if told.isdigit() else int(cost)
    return floors


def _with_our_offers(pictures: Mapping[str, Any], kept: Mapping[str, tuple[int, int]]) -> ShowsPicture:
    """What runs, with the worth of offers that were started from here where the platform does not tell it."""
    shows: ShowsPicture = pictures["shows"]
    if all(offer.off >= 0 for offer in shows.offers):
        return shows
    outbox: OutboxPicture | None = pictures.get("outbox")
    past = [*outbox.recent, *outbox.actions] if outbox is not None else []
    ours = {**kept, **{one.what.offer: worth_of(one.what) for one in past if isinstance(one.what, StartOffer)}}
    offers = [
        msgspec.structs.replace(offer, off=ours[offer.offer][0], threshold=ours[offer.offer][1])
        if offer.off < 0 and offer.offer in ours
        else offer
        for offer in shows.offers
    ]
    return msgspec.structs.replace(shows, offers=offers)


def worth_of(offer: StartOffer) -> tuple[int, int]:
    """(off, threshold), minor units."""
    return offer.off, offer.threshold


def facts_of(
    room: RoomInfo,
    action: Action,
    pictures: Mapping[str, Any],
    unit: Unit,
    again: bool = False,
    offers: Mapping[str, tuple[int, int]] | None = None,
) -> Facts:
    """Asks the rows of products, people and shows: in a rebuild the answers are those of then.

    The actions of the picture ``outbox`` were asked for before this one. ``offers``: (off, threshold) of those that
    were started from here. ``again``: it was judged before. Then an offer on everything asks no rows, which every tick
    would keep once more: floors that stand on the show's own cards are enough.
    """
    floors: dict[str, int] = {}
    product = getattr(action, "product", "")
    if product:
        for cost, card in unit.ask(tables.FLOOR, (room.org, room.brand, product)):
            told = str(msgspec.json.decode(card).get("facts", {}).get("floor_price", "")) if card else ""
            floors[product] = int(told) if told.isdigit() else int(cost)
    elif isinstance(action, StartOffer):
        floors = _of_lineup(room, pictures["shows"].products, unit, again)
    size = unit.ask(tables.SIZE, (room.org, room.brand, room.org, room.brand, unit.now - _MONTH_MS))
    people, held = (int(size[0][0]), int(size[0][1])) if size else (1, 0)
    stage = stage_for_controls(people, held, bounds_of_brand(unit.ask, room.org, room.brand, unit.now).bounds)
    drawn = _drawn(room, action, pictures, unit) if isinstance(action, StartDraw) else frozenset()
    shows, preset = _with_our_offers(pictures, offers or {}), preset_at(unit.now)
    return Facts(unit.now, shows, pictures["sales"], floors, stage, preset, drawn, _coming(pictures))


def _coming(pictures: Mapping[str, Any]) -> tuple[ChangePrice | StartOffer, ...]:
    """What was asked for and may still leave, or may have left without anybody knowing."""
    outbox: OutboxPicture | None = pictures.get("outbox")
    open_ones = outbox.actions if outbox is not None else []
    return tuple(one.what for one in open_ones if isinstance(one.what, ChangePrice | StartOffer))


def _drawn(room: RoomInfo, action: StartDraw, pictures: Mapping[str, Any], unit: Unit) -> frozenset[str]:
    """Segments whose planned draw is another one than this: in the records, or asked of the platform already."""
    show: ShowsPicture = pictures["shows"]
    outbox: OutboxPicture | None = pictures.get("outbox")
    waiting = [one.what for one in outbox.actions if isinstance(one.what, StartDraw)] if outbox is not None else []
    # Two that were asked for in one breath are both there, in the order of asking: the earlier one stands.
    mine = next((place for place, what in enumerate(waiting) if what.draw == action.draw), len(waiting))
    # What ended before this show began was another show's; what failed or was called off was not held.
    past = [
        one
        for one in (outbox.recent if outbox is not None else [])
        if one.state not in ("failed", "cancelled") and one.since >= show.started_at
    ]
    sent = [one.what for one in past if isinstance(one.what, StartDraw) and one.what.draw != action.draw]
    found = {what.segment for what in (*waiting[:mine], *sent) if what.segment}
    rows = unit.ask(tables.DRAWN_SEGMENTS, (room.room, show.show, action.draw))
    return frozenset(found | {str(segment) for (segment,) in rows})
