"""Edits of the office: they travel in the stream ``house`` (design, section 2)."""

from livecue.events.base import ProductCard
from livecue.events.show import CommandAsked


class BrandSaved(CommandAsked, frozen=True, kw_only=True):
    """A brand of an organisation; every row carries both."""

    org: str
    brand: str
    name: str


class RoomSaved(CommandAsked, frozen=True, kw_only=True):
    """A live room. ``nature``: real, simulated, replayed or rehearsed; only real rooms reach platforms."""

    room: str
    org: str
    brand: str
    name: str
    platform: str
    nature: str = "real"
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    category: str = ""
    packs: tuple[str, ...] = ()
    account: str = ""
    """The account on the platform whose room it is, as the team calls it; "" is not told."""


class RoomRemoved(CommandAsked, frozen=True, kw_only=True):
    """A room is taken off every list and every door shuts; its rows stay until it is saved again (restored)."""

    room: str
    org: str = ""
    brand: str = ""


class PersonSaved(CommandAsked, frozen=True, kw_only=True):
    """A person of the team. Passwords never travel in events."""

    person: str
    org: str
    name: str
    login: str = ""
    language: str = "zh"
    active: bool = True


class RoleGranted(CommandAsked, frozen=True, kw_only=True):
    """A person may act as ``role`` for a brand, for one room of it, or for the rooms of one platform account of it.

    ``account`` is "platform/name of the account"; it goes with no room.
    """

    person: str
    role: str
    org: str
    brand: str = ""
    room: str = ""
    account: str = ""


class RoleRevoked(CommandAsked, frozen=True, kw_only=True):
    """The grant is taken back."""

    person: str
    role: str
    org: str
    brand: str = ""
    room: str = ""
    account: str = ""


class ProductSaved(CommandAsked, frozen=True, kw_only=True):
    """A product of the catalogue, whole. ``cost`` and ``card.price`` in minor units of ``currency``."""

    org: str
    brand: str
    card: ProductCard
    currency: str = "CNY"
    cost: int = 0
    supplier: str = ""
    commission_bp: int = 0
    """Commission in basis points of the price."""
    active: bool = True


class OfferSaved(CommandAsked, frozen=True, kw_only=True):
    """An offer or coupon of the catalogue."""

    org: str
    brand: str
    offer: str
    title: str
    product: str = ""
    price: int = 0
    quantity: int = 0


class DrawSaved(CommandAsked, frozen=True, kw_only=True):
    """A prize draw as F18 asks; ``value`` of one prize in minor units (at most 50,000 yuan)."""

    org: str
    brand: str
    draw: str
    title: str
    prize: str
    prizes: int
    value: int
    method: str = ""
    word: str = ""


class StockEntered(CommandAsked, frozen=True, kw_only=True):
    """The office tells the opening balance of a SKU in a warehouse: ``quantity`` pieces.

    ``StockOpened`` is what a platform or a companion tells, for the brand of its room only.
    """

    org: str
    brand: str
    sku: str
    quantity: int
    product: str = ""
    warehouse: str = "main"
    reason: str = ""


class StockCorrected(CommandAsked, frozen=True, kw_only=True):
    """The office corrects stock by ``delta`` pieces after counting, receiving or moving; never below zero."""

    org: str
    brand: str
    sku: str
    delta: int
    warehouse: str = "main"
    reason: str = ""
