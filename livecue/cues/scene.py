"""What a detector sees of the room, frozen, and what it may say about it."""

from typing import TypeAlias

import msgspec

from livecue.events import ProductCard
from livecue.metrics import Reading, Readings
from livecue.sales import SalesPicture
from livecue.shows import SegmentState, ShowsPicture

Facts: TypeAlias = dict[str, float | int | str]
"""Every figure behind a signal: by metric id, or by the name the preset's text uses."""


class Waiting(msgspec.Struct, frozen=True, array_like=True):
    """A question nobody has dealt with, since room time ``when``."""

    comment: str
    when: int


class Said(msgspec.Struct, frozen=True, array_like=True):
    """A comment judged a complaint or harmful. ``number`` counts them in this room."""

    number: int
    comment: str
    topic: str
    text: str
    when: int


class Flag(msgspec.Struct, frozen=True, array_like=True):
    """Words that compliance flagged. ``number`` counts them in this room."""

    number: int
    where: str
    subject: str
    word: str
    severity: str
    entry: str
    advice: str
    text: str
    when: int
    advice_en: str = ""


class Crisis(msgspec.Struct, frozen=True, array_like=True):
    """A case of public opinion as it stands; ``people`` -1 where viewers are masked."""

    case: str
    level: int
    state: str
    topic: str
    when: int
    people: int = 0
    comments: int = 0


class Heard(msgspec.Struct, frozen=True):
    """What the judges of text said lately, oldest first, bounded."""

    number: int = 0
    waiting: tuple[Waiting, ...] = ()
    complaints: tuple[Said, ...] = ()
    harmful: tuple[Said, ...] = ()
    flags: tuple[Flag, ...] = ()
    crises: tuple[Crisis, ...] = ()
    """Cases of public opinion that are not over."""
    speech_at: int = 0
    """When somebody last told what the host says (room ms); 0 when nobody listens."""
    beyond: tuple[tuple[int, int], ...] = ()
    """Second of room time to the questions of it that wait and are counted only, oldest first."""
    marks: tuple[tuple[int, bytes], ...] = ()
    """Second of room time to the marks of those questions, one behind the other: only they are counted down."""

    def oldest_question(self) -> int:
        """When the oldest question came that waits (room ms); 0 when none does."""
        moments = [item.when for item in self.waiting[:1]] + [second * 1000 for second, _ in self.beyond[:1]]
        return min(moments, default=0)

    def questions(self, until: int = 1 << 62) -> int:
        """How many questions wait that came before a moment."""
        held = sum(item.when < until for item in self.waiting)
        return held + sum(count for second, count in self.beyond if second * 1000 < until)


class Scene(msgspec.Struct, frozen=True):
    """The room at ``now`` (room time, ms)."""

    now: int
    readings: Readings
    shows: ShowsPicture
    sales: SalesPicture
    heard: Heard

    def pitched(self) -> str:
        """The product being shown: pinned by the platform, else that of the running segment, else ""."""
        if self.shows.pinned:
            return self.shows.pinned
        segment = self.segment()
        return segment.product if segment else ""

    def pitched_ms(self) -> int:
        """For how long it has been shown."""
        since = self.shows.pinned_at if self.shows.pinned else self.shows.segment_started_at
        return self.now - since if since else 0

    def segment(self) -> SegmentState | None:
        """The running segment."""
        running = self.shows.segment
        if running:
            for segment in self.shows.segments:
                if segment.segment == running:
                    return segment
        return None

    def left_ms(self, segment: SegmentState) -> int:
        """Time until the segment is expected to end; 0 when it is overdue."""
        return max(0, (segment.expected_end or segment.planned_end) - self.now)

    def product(self, product: str) -> ProductCard | None:
        """The card of a product on the lineup."""
        for card in self.shows.products:
            if card.product == product:
                return card
        return None

    def name_of(self, product: str) -> str:
        """How people call it."""
        card = self.product(product)
        return card.name if card else product

    def free_stock(self, product: str) -> int | None:
        """Pieces of the product that can still be sold; None when any of its SKUs has no known balance."""
        free, found = 0, False
        for row in self.sales.stock:
            if row.product == product:
                if not row.known:
                    return None
                free += row.on_hand - row.reserved
                found = True
        return max(0, free) if found else None

    def free_stocks(self) -> dict[str, int | None]:
        """The same for every product with stock."""
        free: dict[str, int | None] = {}
        for row in self.sales.stock:
            have = free.get(row.product, 0)
            free[row.product] = None if have is None or not row.known else have + row.on_hand - row.reserved
        return free


SOURCES = ("feed", "follow", "video", "square", "search", "paid", "outside")
"""Sources of entries that are looked at one by one."""


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """The rule's condition holds for ``subject`` ("" is the room)."""

    rule: str
    facts: Facts
    subject: str = ""
    mark: int = 0
    """Rises with each new happening (a second banned word); 0 where the condition is a level."""
    roles: tuple[str, ...] = ()
    """Instead of the preset's."""
    quiet: bool = False
    """Does not interrupt, whatever the preset says."""
    measured: bool = True
    """Following it should move a figure; False where there is nothing to better (a rush of viewers)."""


class Calm(msgspec.Struct, frozen=True, kw_only=True):
    """It does not hold; ``why`` says when too little happened to tell.

    ``recovered`` when the second bound is passed too, so that the rule may fire again.
    """

    rule: str
    subject: str = ""
    recovered: bool = True
    why: str = ""


class Suspended(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody can tell: ``metric`` is unknown, ``why`` says so by the reading's code."""

    rule: str
    metric: str
    why: str
    subject: str = ""


Finding: TypeAlias = Signal | Calm | Suspended

SMALL = "small_sample"
"""Too little happened to judge; neither fires nor recovers."""


def unknown(rule: str, reading: Reading, subject: str = "") -> Suspended:
    """The suspension that an unknown reading causes."""
    return Suspended(rule=rule, metric=reading.metric, why=reading.why or "no_source", subject=subject)
