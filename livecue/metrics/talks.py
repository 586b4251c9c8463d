"""The talk of a product, and how its orders lie around the start and the end of it (M38, M39)."""

import msgspec

from livecue.metrics.columns import PRODUCT_COLUMNS
from livecue.metrics.crowd import Crowd
from livecue.metrics.tally import Tally, tally_of

AFTER_MS = 60_000
"""Orders up to this long after a talk are still its own (M38, our default)."""
STEP_MS = 10_000
"""M39: one point of the curve."""
FROM_START = 60
"""Points kept after the start: ten minutes."""
TO_END = 36
"""Points kept before the end: six minutes; and those of the 60 s after it."""
_AFTER = AFTER_MS // STEP_MS
_SECONDS = 600


class Product(msgspec.Struct):
    """Everything counted of one product in this show."""

    product: str
    tally: Tally = msgspec.field(default_factory=lambda: tally_of(len(PRODUCT_COLUMNS)))
    exposed: Crowd = msgspec.field(default_factory=Crowd)
    clicked: Crowd = msgspec.field(default_factory=Crowd)
    added: Crowd = msgspec.field(default_factory=Crowd)
    created: Crowd = msgspec.field(default_factory=Crowd)
    paid: Crowd = msgspec.field(default_factory=Crowd)
    talks: int = 0
    started_at: int = 0
    """Room ms at which the current or last talk began; 0 when there was none."""
    ended_at: int = 0
    """Room ms at which it ended; 0 while it goes on."""
    aligned: bool = True
    """Whether the last talk is already in ``to_end``."""
    seconds: dict[int, int] = {}
    """Orders of the talk by second, the last ten minutes: what the end will be aligned to."""
    from_start: list[int] = msgspec.field(default_factory=lambda: [0] * FROM_START)
    to_end: list[int] = msgspec.field(default_factory=lambda: [0] * (TO_END + _AFTER))

    def in_talk(self, now: int) -> bool:
        """Whether an order at ``now`` belongs to a talk of this product."""
        return bool(self.started_at) and (not self.ended_at or now - self.ended_at <= AFTER_MS)

    def start(self, now: int) -> None:
        """A talk begins."""
        self.align()
        self.talks += 1
        self.started_at, self.ended_at, self.aligned = now, 0, False

    def order(self, now: int) -> None:
        """An order inside a talk."""
        place = (now - self.started_at) // STEP_MS
        if place < FROM_START:
            self.from_start[place] += 1
        if not self.aligned:
            second = now // 1000
            self.seconds[second] = self.seconds.get(second, 0) + 1
            if len(self.seconds) > 2 * _SECONDS:
                for old in [old for old in self.seconds if old < second - _SECONDS]:
                    del self.seconds[old]

    def align(self) -> None:
        """Add the last talk to the curve before the end, once its 60 s are over or another begins."""
        if self.aligned:
            return
        end = self.ended_at // 1000
        for second, orders in self.seconds.items():
            place = (second - end) * 1000 // STEP_MS + TO_END
            if 0 <= place < len(self.to_end):
                self.to_end[place] += orders
        self.seconds = {}
        self.aligned = True


class Showcase(msgspec.Struct, frozen=True):
    """M39 of one product: paid orders per 10 s over all its ``talks``.

    ``from_start``: ten minutes from the start. ``to_end``: six minutes before the end, then the 60 s after it.
    ``started_at`` is the start of the talk that goes on, 0 when none does; it is not yet in ``to_end``.
    """

    product: str
    talks: int
    started_at: int
    from_start: tuple[int, ...]
    to_end: tuple[int, ...]


def showcase_of(product: Product) -> Showcase:
    """The curve as it stands."""
    running = product.started_at if not product.ended_at else 0
    return Showcase(product.product, product.talks, running, tuple(product.from_start), tuple(product.to_end))
