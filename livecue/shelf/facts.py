"""What is known when an action is asked for: the shelf, the stock, the floor of the product, the stage of the team."""

from collections.abc import Mapping
from typing import Any

import msgspec

from livecue.events import Action
from livecue.flow import RoomInfo, Unit
from livecue.shelf import tables
from livecue.shelf.check import Facts
from livecue.shelf.presets import preset_at
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
    return Facts(unit.now, pictures["shows"], pictures["sales"], floors, stage, preset_at(unit.now))
