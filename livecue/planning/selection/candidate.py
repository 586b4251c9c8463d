"""What the optimiser knows of an item, of the show and of what is asked: plain values, no tables."""

from typing import Literal

import msgspec

ROLES = ("hook", "deal", "profit", "prestige", "rising", "hit")
"""引流款, 福利款, 利润款, 形象款, 潜力款, 爆款 (domain 2.3)."""


class Evidence(msgspec.Struct, frozen=True):
    """What past shows told of a rate: ``hits`` of ``tries``; no tries is no evidence, never a rate of 0."""

    hits: float = 0.0
    tries: float = 0.0


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the pool. Money in minor units of the room's currency."""

    product: str
    name: str = ""
    role: str = ""
    category: str = ""
    supplier: str = ""
    price: int = 0
    cost: int = 0
    """0 is not known: then the share of margin of its category stands in, and the proposal says so."""
    commission_bp: int = 0
    stock: int | None = None
    """Free pieces; None is not known (待核验)."""
    clicks: Evidence = Evidence()
    """Clicks of exposures (M28)."""
    sales: Evidence = Evidence()
    """Pieces paid of clicks (M34 counts orders; here pieces, as stock goes by pieces)."""
    returns: Evidence = Evidence()
    """Refunded of paid money (M59)."""
    tags: tuple[str, ...] = ()
    """For whom it is meant: 女, 25-35, 宝妈 ..."""
    host_fit: float = 1.0
    """How this host sells its category against the others of the brand, shrunk towards 1."""
    risk: float = 0.0
    """Chance that the supplier fails to deliver or the item has to leave the show, 0 to 1."""
    idle_days: float | None = None
    """Days since it was last shown in this room; None: never."""
    asked: int = 0
    """How often customers asked about it lately (R062): told beside it, not reckoned in."""
    shows: int = 0
    """How many past shows the evidence is from."""


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the show. ``audience`` is how many are online on average; ``golden`` marks its best minutes."""

    phase: str
    minutes: float
    audience: float
    golden: bool = False


Unit = Literal["count", "minutes"]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One constraint: how many items (or minutes) of a group, in the whole show or in some phases.

    ``by`` names what the group is of: all, role, supplier, category, price (``least`` <= price < ``most``), golden
    phases; ``values`` the members. Hard when ``penalty`` is None, else each piece over or under costs ``penalty`` (in
    shares of the worth of an average item).
    """

    rule: str
    by: Literal["all", "role", "supplier", "category", "price"] = "all"
    values: tuple[str, ...] = ()
    least_price: int = 0
    most_price: int = 0
    """0 is no upper bound."""
    phases: tuple[str, ...] = ()
    """Empty: the whole show."""
    unit: Unit = "count"
    low: float = 0.0
    high: float | None = None
    penalty: float | None = None


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision: the item is in (in this phase, with this length, where named) or out."""

    product: str
    state: Literal["in", "out"] = "in"
    phase: str = ""
    minutes: float = 0.0


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """What a proposal is after."""

    margin: float = 1.0
    """Expected margin after returns."""
    turnover: float = 0.0
    """Expected paid money."""
    pull: float = 1.0
    """People that hooks and deals bring, valued by what a viewer is worth to the rest of the show."""
    caution: float = 0.0
    """How many standard deviations of the estimate are taken off."""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """A show to be filled."""

    phases: tuple[Phase, ...]
    lengths: tuple[float, ...] = (3.0, 5.0, 8.0)
    """Lengths of a talk that may be chosen, in minutes."""
    exposures: float = 1.0
    """Exposures of an item per viewer online who stayed for the whole of its talk; measured on past shows, else 1."""
    least: int = 1
    most: int = 40
    rules: tuple[Rule, ...] = ()
    locks: tuple[Lock, ...] = ()
    weights: Weights = Weights()
    audience_tags: dict[str, float] = {}
    """Share of the room's audience that each tag stands for, 0 to 1."""
    each_category: int = 0
    """How many items of one category are welcome; each one more costs ``same_penalty``. 0: no matter."""
    each_supplier: int = 0
    """Most items of one supplier, hard; 0: no bound."""
    same_penalty: float = 0.15
