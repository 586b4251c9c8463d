"""How stock is kept: warehouses, what may be sold where and how long it is held. Edits of the office."""

from livecue.events.show import CommandAsked


class WarehouseSaved(CommandAsked, frozen=True, kw_only=True):
    """A warehouse orders are filled from. The lowest ``priority`` comes first; ``regions`` are those it serves first.

    ``holds``: goods (pieces that are there), presale (pieces promised before they are there) or inspection (returned
    pieces nobody sells).
    """

    org: str
    brand: str
    warehouse: str
    name: str = ""
    priority: int = 100
    regions: tuple[str, ...] = ()
    holds: str = "goods"
    active: bool = True


class StockPolicySet(CommandAsked, frozen=True, kw_only=True):
    """How a brand, or one SKU of it, is sold.

    ``policy``: cart_hold (an unpaid order holds its pieces for ``hold_s`` seconds) or first_paid (who pays first has
    them). ``choose``: priority, most (the fullest warehouse) or near (one that serves the buyer's region first).
    """

    org: str
    brand: str
    sku: str = ""
    policy: str = "cart_hold"
    hold_s: int = 900
    choose: str = "priority"
    safety: int = 0
    """Pieces no new order may reserve: they absorb what platforms sold at the same moment."""
    reset: bool = False
    """Back to what holds for the brand, or to the shipped preset."""


class QuotaSet(CommandAsked, frozen=True, kw_only=True):
    """At most ``quota`` pieces of a SKU go through a channel: "room:<id>" or "platform:<name>"; -1 takes it away."""

    org: str
    brand: str
    channel: str
    sku: str
    quota: int


class BundleSaved(CommandAsked, frozen=True, kw_only=True):
    """A SKU that is sold as several pieces of others; no ``parts`` makes it an ordinary SKU again."""

    org: str
    brand: str
    sku: str
    parts: dict[str, int] = {}


class StockTransferred(CommandAsked, frozen=True, kw_only=True):
    """``quantity`` pieces of a SKU go from one warehouse to another, never more than are free."""

    org: str
    brand: str
    sku: str
    source: str
    target: str
    quantity: int
    reason: str = ""
