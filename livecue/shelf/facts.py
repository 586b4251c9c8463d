"""What is known when an action is asked for: the shelf, the stock, the floor of the product, the stage of the team."""

from collections.abc import Mapping
from typing import Any

import msgspec

from livecue.events import Action, StartDraw
from livecue.flow import OutboxPicture, RoomInfo, Unit
from livecue.shelf import tables
from livecue.shelf.check import Facts
from livecue.shelf.presets import preset_at
from livecue.shows import ShowsPicture
from livecue.team import bounds_of_brand, stage_for_controls

_MONTH_MS = 30 * 24 * 3_600_000


def facts_of(room: RoomInfo, action: Action, pictures: Mapping[str, Any], unit: Unit) -> Facts:
    """Asks the rows of products, people and shows: in a rebuild the answers are those of then."""
    floors: dict[str, int] = {}
    product = getattr(action, "product", "")
    if product:
        for cost, card in unit.ask(tables.FLOOR, (room.org, room.brand, product)):
            told = str(msgspec.json.decode(card).get("facts", {}).get("floor_price", "")) if card else ""
            floors[product] = int(told) if told.isdigit() else int(cost)
    size = unit.ask(tables.SIZE, (room.org, room.brand, room.org, room.brand, unit.now - _MONTH_MS))
    people, shows = (int(size[0][0]), int(size[0][1])) if size else (1, 0)
    stage = stage_for_controls(people, shows, bounds_of_brand(unit.ask, room.org, room.brand, unit.now).bounds)
    drawn = _drawn(room, action, pictures, unit) if isinstance(action, StartDraw) else frozenset()
    return Facts(unit.now, pictures["shows"], pictures["sales"], floors, stage, preset_at(unit.now), drawn)


def _drawn(room: RoomInfo, action: StartDraw, pictures: Mapping[str, Any], unit: Unit) -> frozenset[str]:
    """Segments whose planned draw is another one than this: in the records, or asked of the platform already."""
    show: ShowsPicture = pictures["shows"]
    outbox: OutboxPicture | None = pictures.get("outbox")
    waiting = [one.what for one in outbox.actions if isinstance(one.what, StartDraw)] if outbox is not None else []
    # Two that were asked for in one breath are both there, in the order of asking: the earlier one stands.
    mine = next((place for place, what in enumerate(waiting) if what.draw == action.draw), len(waiting))
    past = [one for one in outbox.recent if one.state != "failed"] if outbox is not None else []
    sent = [one.what for one in past if isinstance(one.what, StartDraw) and one.what.draw != action.draw]
    found = {what.segment for what in (*waiting[:mine], *sent) if what.segment}
    rows = unit.ask(tables.DRAWN_SEGMENTS, (room.room, show.show, action.draw))
    return frozenset(found | {str(segment) for (segment,) in rows})
