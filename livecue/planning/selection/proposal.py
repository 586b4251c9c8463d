"""A selection as people see it: what is in, in which order, why; what holds it back; what is not sure about it."""

import msgspec

from livecue.planning.selection.worth import Parts


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """A chosen item at its place of the show. Money in minor units."""

    product: str
    name: str
    role: str
    category: str
    supplier: str
    price: int
    phase: str
    minutes: float
    start_s: int
    """From the planned start of the show, talks one after another within their phase."""
    parts: Parts
    ahead: float
    """By how much it is ahead of what its place costs, at the prices of the constraints."""
    locked: bool = False
    unsure: tuple[str, ...] = ()
    """What was assumed: cost, stock, clicks, sales."""


class Tight(msgspec.Struct, frozen=True, kw_only=True):
    """A constraint as it stands. ``price``: what the worth would gain by one more unit of room, else 0."""

    rule: str
    subject: str
    unit: str
    low: float
    high: float | None
    use: float
    price: float
    hard: bool
    broken: bool = False
    """A soft one that is not kept."""


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """An item that is out, but not by much: its worth would have to rise by about ``short`` (share of its worth)."""

    product: str
    name: str
    role: str
    worth: float
    short: float
    share: float
    against: tuple[str, ...] = ()
    """The constraints that make its place dear, dearest first."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A selection with its proof. ``worth`` in minor units of what the weights are after."""

    kind: str
    picks: tuple[Pick, ...]
    worth: float
    order_worth: float
    bound: float
    gap: float
    """How far the best may lie above, as a share of the worth."""
    proved: bool
    order_proved: bool
    margin: float
    turnover: float
    pieces: float
    minutes: float
    tight: tuple[Tight, ...]
    near: tuple[Near, ...]
    pool: int
    columns: int
    seconds: float
    cpu_seconds: float


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """A constraint that stands in the way. ``alone``: giving way to ``to`` is enough; else all must."""

    rule: str
    subject: str
    side: str
    """low or high; lock for an item that is locked in."""
    now: float
    to: float
    alone: bool


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """No selection keeps every hard constraint. ``code``: empty_pool, locks or constraints."""

    code: str
    needs: tuple[Need, ...]
