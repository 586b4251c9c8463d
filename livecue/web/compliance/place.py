"""For which room a request about texts asks, and what is known to be true of its goods."""

from fastapi import Request

from livecue.catalog import list_products
from livecue.compliance import Facts, facts_of
from livecue.errors import NotAllowed, NotFound
from livecue.events import ProductCard
from livecue.flow import RoomInfo
from livecue.sales import list_stock, lowest_paid
from livecue.web.auth import Caller, room_of
from livecue.web.services import Services

_DAY_MS = 24 * 3600 * 1000


def room_for(request: Request, room: str, caller: Caller, permission: str = "watch") -> RoomInfo:
    """The room, when the caller holds ``permission`` there. What they may not see does not exist."""
    info = room_of(request, room)
    if not caller.may("watch", info.org, info.brand, info.room):
        raise NotFound("there is no such room")
    if permission != "watch" and not caller.may(permission, info.org, info.brand, info.room):
        raise NotAllowed(f"this needs the permission {permission!r}; ask whoever runs the team")
    return info


class Goods:
    """Cards, free stock and lowest prices of a brand, looked up once per request."""

    def __init__(self, door: Services, org: str, brand: str, own: dict[str, ProductCard] | None = None) -> None:
        self._door, self._org, self._brand = door, org, brand
        self._cards = own or {}
        self._loaded = False
        self._free: dict[str, int] = {}
        self._lowest: dict[str, int] = {}

    def card(self, product: str) -> ProductCard | None:
        """The card of a product: the sender's own draft of it, else the catalogue's."""
        if product and product not in self._cards:
            self._load()
        return self._cards.get(product)

    def facts(self, product: str) -> Facts:
        """What is known of a product now."""
        card = self.card(product)
        if card is None:
            return Facts()
        self._load()
        return facts_of(card, self._free.get(product), self._lowest.get(product))

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True
        reader = self._door.reader
        for row in list_products(reader, self._org, self._brand):
            self._cards.setdefault(row.card.product, row.card)
        for view in list_stock(reader, self._org, self._brand):
            if view.known:
                self._free[view.product] = self._free.get(view.product, 0) + max(0, view.on_hand - view.reserved)
        now = self._door.clock.now_ms()
        real = {room.room for room in self._door.rooms().values() if room.nature == "real"}
        self._lowest = lowest_paid(reader, self._org, self._brand, now - 7 * _DAY_MS, now, real)
