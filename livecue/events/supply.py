"""What the office keeps about goods and those who deliver them. It travels in the stream ``house``."""

from livecue.events.show import CommandAsked


class SupplierSaved(CommandAsked, frozen=True, kw_only=True):
    """A supplier's file (F24), whole."""

    org: str
    brand: str
    supplier: str
    name: str
    categories: tuple[str, ...] = ()
    """What it delivers now."""
    backup: tuple[str, ...] = ()
    """Categories for which it stands ready (R044)."""
    payment_days: int = -1
    """Credit days 账期; -1 not known."""
    commission_bp: int = -1
    """Commission agreed, in basis points; -1 not known."""
    restock_hours: int = -1
    """From order to arrival; -1 not known."""
    live_only: bool = False
    """Delivers goods made for live shows only (R074)."""
    active: bool = True
    note: str = ""


class PaperSaved(CommandAsked, frozen=True, kw_only=True):
    """A qualification paper of a product or of a supplier (R041), whole."""

    org: str
    brand: str
    paper: str
    product: str = ""
    supplier: str = ""
    what: str = "test_report"
    number: str = ""
    issued_on: str = ""
    """Day as 2026-11-29."""
    expires_on: str = ""
    """Last day on which it holds; "" is none."""
    active: bool = True
    """False: taken out of the file."""
    note: str = ""


class ListingSaved(CommandAsked, frozen=True, kw_only=True):
    """What a product's page says (F17), whole."""

    org: str
    brand: str
    product: str
    title: str = ""
    description: str = ""
    pictures: int = 0
    videos: int = 0
    attributes: dict[str, str] = {}
    no_reason_7d: bool | None = None
    """Seven-day return without a reason (R042); null is not known."""
    freight_insurance: bool | None = None
    """Return-freight insurance (R042); null is not known."""
    warranty: str = ""
    related: tuple[str, ...] = ()
    """Products shown beside it (R049, R125)."""


class RivalNoted(CommandAsked, frozen=True, kw_only=True):
    """What a competitor asks for the same thing (R040), as somebody saw it."""

    org: str
    brand: str
    rival: str
    product: str
    shop: str = ""
    price: int
    """Minor units of the product's currency."""
    source: str
    noted_on: str


class MarketNoted(CommandAsked, frozen=True, kw_only=True):
    """A line of a platform's list of what rises (trend) or sells (hot), as somebody brought it."""

    org: str
    brand: str
    item: str
    list: str
    """trend or hot"""
    name: str
    category: str = ""
    rank: int = 0
    """1 is the first; 0 is not known."""
    heat: str = ""
    """The list's own figure, in its own words."""
    price: int = 0
    """Minor units; 0 is not known."""
    product: str = ""
    """The product of ours that it is, where the list says so."""
    source: str
    noted_on: str


class SampleTested(CommandAsked, frozen=True, kw_only=True):
    """A test of a sample (R043)."""

    org: str
    brand: str
    test: str
    product: str
    what: str
    destructive: bool = False
    passed: bool
    tested_on: str
    note: str = ""


class StockLineSet(CommandAsked, frozen=True, kw_only=True):
    """The safety line of a SKU (R030)."""

    org: str
    brand: str
    sku: str
    pieces: int = -1
    """-1: the preset counts."""


class ReplenishmentAsked(CommandAsked, frozen=True, kw_only=True):
    """Goods are ordered from a supplier; the clock of R037 runs from here."""

    org: str
    brand: str
    replenishment: str
    sku: str
    quantity: int
    supplier: str = ""
    unit_cost: int = 0
    """Minor units; 0 is not known."""
    due_at: int = 0
    """ms UTC; 0 is by the supplier's file, else by the preset."""


class ReplenishmentMoved(CommandAsked, frozen=True, kw_only=True):
    """The goods arrived, or the order was called off."""

    org: str
    brand: str
    replenishment: str
    state: str
    """arrived or cancelled."""
    quantity: int = -1
    """Pieces that arrived; -1 is all."""


class BatchSampled(CommandAsked, frozen=True, kw_only=True):
    """A batch was received and a sample of it looked at (R048, F25)."""

    org: str
    brand: str
    batch: str
    sku: str
    quantity: int
    sampled: int
    failed: int = 0
    supplier: str = ""
    received_at: int = 0
    """ms UTC; 0 is now."""
    note: str = ""


class QualityCaseOpened(CommandAsked, frozen=True, kw_only=True):
    """A quality problem was found; the exchange must be started within the time of R055."""

    org: str
    brand: str
    quality_case: str
    sku: str
    batch: str = ""
    title: str
    found_at: int = 0
    """ms UTC; 0 is now."""


class QualityCaseMoved(CommandAsked, frozen=True, kw_only=True):
    """The exchange of a quality case has started, or the case is closed."""

    org: str
    brand: str
    quality_case: str
    step: str
    """exchange or closed."""
    note: str = ""
