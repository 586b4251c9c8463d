"""What is shown, clicked and bought. Amounts are minor units of the room's currency."""

from typing import Annotated

import msgspec

from livecue.events.base import MOST, Amount, Count, Event, Id, Line, MaybeCount, Millis


class ProductExposed(Event, frozen=True, kw_only=True):
    """A product card was shown ``count`` times to one person (M26, M28)."""

    product: Id
    user: str = ""
    count: Count = 1


class ProductClicked(Event, frozen=True, kw_only=True):
    """A product card was clicked ``count`` times by one person (M27, M28, M29)."""

    product: Id
    user: str = ""
    count: Count = 1


class CartAdded(Event, frozen=True, kw_only=True):
    """One person put a product into the cart (M30)."""

    product: Id
    user: str = ""


class OrderCreated(Event, frozen=True, kw_only=True):
    """An order exists, unpaid (M40); stock is reserved. ``order`` is unique for the platform."""

    order: Id
    amount: Amount
    user: str = ""
    lines: tuple[Line, ...] = ()
    via: str = ""
    currency: str = "CNY"
    region: str = ""
    """Province or country it goes to; never the address itself."""
    address: bool | None = None
    """Whether the source holds a complete address; null when it does not say (R129)."""


class OrderPaid(Event, frozen=True, kw_only=True):
    """The order is paid (M41). May come before or without ``OrderCreated``: then it carries the whole order."""

    order: Id
    amount: Amount
    user: str = ""
    lines: tuple[Line, ...] = ()
    via: str = ""
    currency: str = "CNY"
    new_buyer: bool | None = None
    region: str = ""
    """Province or country it goes to; never the address itself."""
    address: bool | None = None
    """Whether the source holds a complete address; null when it does not say (R129)."""


class OrderCancelled(Event, frozen=True, kw_only=True):
    """An unpaid order is closed; its reservation is freed."""

    order: Id
    reason: str = ""


FILE_REFUND = "file:"
"""Begins the id of a refund that was read out of a file of orders.

A file and the platform tell of the same refunds, each in its own way: of what the two tell of an order the greater sum
counts, never both."""


class OrderRefunded(Event, frozen=True, kw_only=True):
    """``amount`` of an order goes back to the buyer (M42, M59); ``restock``: ``quantity`` pieces return to stock."""

    order: Id
    amount: Amount
    refund: str = ""
    """The platform's id of this refund; one order may carry several."""
    sku: str = ""
    quantity: Count = 0
    restock: bool = False
    shipped: bool = False
    reason: str = ""
    case: str = ""
    """The after-sale case it belongs to."""


class StockOpened(Event, frozen=True, kw_only=True):
    """The opening balance of a SKU in a warehouse: ``quantity`` pieces."""

    sku: Id
    quantity: Count
    product: str = ""
    warehouse: str = "main"


class StockAdjusted(Event, frozen=True, kw_only=True):
    """Stock was counted, received or moved: ``delta`` pieces."""

    sku: Id
    delta: Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
    product: str = ""
    warehouse: str = "main"
    reason: str = ""


class ProductListed(Event, frozen=True, kw_only=True):
    """The platform says the product is in the room's cart under ``number`` (上架)."""

    product: Id
    number: Count = 0


class ProductDelisted(Event, frozen=True, kw_only=True):
    """The platform says the product left the cart (下架)."""

    product: Id


class ProductPinned(Event, frozen=True, kw_only=True):
    """The platform says the product is being shown (讲解/弹讲解)."""

    product: Id


class ProductUnpinned(Event, frozen=True, kw_only=True):
    """The platform says the product is no longer shown."""

    product: Id


class PriceChanged(Event, frozen=True, kw_only=True):
    """The platform sells the product at ``price`` from now on."""

    product: Id
    price: Amount
    sku: str = ""


class OfferStarted(Event, frozen=True, kw_only=True):
    """An offer runs until ``ends_at`` (room time, ms; 0 = open end), R034, R035."""

    offer: Id
    title: str = ""
    product: str = ""
    ends_at: Millis = 0
    quantity: Count = 0
    off: MaybeCount = -1
    """Minor units less; -1 where the platform does not say."""
    threshold: Amount = 0
    """The worth from which it counts, minor units."""


class OfferEnded(Event, frozen=True, kw_only=True):
    """The offer is over."""

    offer: Id


class DrawStarted(Event, frozen=True, kw_only=True):
    """A prize draw 福袋 runs until ``ends_at`` (R121, R122)."""

    draw: Id
    title: str = ""
    prizes: Count = 0
    word: str = ""
    ends_at: Millis = 0


class DrawEnded(Event, frozen=True, kw_only=True):
    """The draw is over with ``entrants`` people; -1 not told."""

    draw: Id
    entrants: MaybeCount = -1
    winners: Count = 0


# Announcements of the sales ledger.


class StockChanged(Event, frozen=True, kw_only=True):
    """The stock of a SKU is now ``on_hand`` pieces, ``reserved`` of them promised (R030 to R033)."""

    sku: Id
    product: Id
    on_hand: int
    reserved: int
    warehouse: str = "main"
    cause: str = ""


class StockShort(Event, frozen=True, kw_only=True):
    """An order asks for more than is free (R039); the order stands, a person must decide."""

    order: Id
    sku: Id
    wanted: int
    free: int


class OrderMismatched(Event, frozen=True, kw_only=True):
    """Two sources disagree about an order; nothing was overwritten."""

    order: Id
    field: str
    have: str
    got: str
