"""Everything that is counted of one show (or of the time before one): the state that is dumped and restored."""

from typing import Any

import msgspec

from livecue.metrics import crowd
from livecue.metrics.columns import ROOM_COLUMNS, ROOM_CROWDS, SOURCE_COLUMNS
from livecue.metrics.crowd import Crowd, together
from livecue.metrics.minutes import Minutes
from livecue.metrics.online import Online
from livecue.metrics.packed import Orders
from livecue.metrics.people import People
from livecue.metrics.talks import Product
from livecue.metrics.tally import Tally, tally_of
from livecue.metrics.tellers import Teller
from livecue.metrics.waits import Waits

UNKNOWN_SOURCE = "unknown"
"""The traffic source of an entry or order that names none."""
OTHER = "other"
"""Where traffic sources and products beyond the limit are counted together."""
MOST_SOURCES = 64
MOST_PRODUCTS = 2_000


class Source(msgspec.Struct):
    """Everything counted of one traffic source."""

    via: str
    number: int
    tally: Tally = msgspec.field(default_factory=lambda: tally_of(len(SOURCE_COLUMNS)))
    entered: Crowd = msgspec.field(default_factory=Crowd)
    created: Crowd = msgspec.field(default_factory=Crowd)
    paid: Crowd = msgspec.field(default_factory=Crowd)


class Segment(msgspec.Struct):
    """What the finished stretches of one segment came to."""

    totals: list[int]
    people: dict[str, bytes] = {}
    """Who did what, as rows of bits by the numbers of people."""
    peak: int = -1
    began_at: int = 0
    ended_at: int = 0
    """Room ms of the first start and of the newest end; others may have run in between."""


class Board(msgspec.Struct):
    """The counters of one show in one room. Room times in ms, buckets are room time // 5 s."""

    began_at: int
    """When counting began: the start of the show, or the room's first tick."""
    now: int
    bucket: int
    """The open bucket: windows end where it begins."""
    crowds: dict[str, Crowd] = msgspec.field(default_factory=lambda: {name: Crowd() for name in ROOM_CROWDS})
    people: People = msgspec.field(default_factory=People)
    show: str = ""
    title: str = ""
    ended_at: int = 0
    changed: bool = False
    """Money moved after the end: the rows of the totals are to be written again."""
    goals: dict[str, int] = {}
    token: int = 0
    """Rises with each bucket and stretch: what a tally compares to know whether it must turn."""
    stretch: int = 0
    """Rises with each segment (or pin, where no segment runs); 0 before the first."""
    stretch_at: int = 0
    segment: str = ""
    segment_products: dict[str, str] = {}
    """Product of each planned segment."""
    segments: dict[str, Segment] = {}
    pinned: str = ""
    pins_told: bool = False
    talking: str = ""
    """The product of the talk that goes on."""
    aligning: list[str] = []
    """Products whose last talk ended less than 60 s ago."""
    on_air: bool = True
    room: Tally = msgspec.field(default_factory=lambda: tally_of(len(ROOM_COLUMNS)))
    products: dict[str, Product] = {}
    sources: list[Source] = msgspec.field(default_factory=lambda: [Source(UNKNOWN_SOURCE, 0)])
    source_numbers: dict[str, int] = msgspec.field(default_factory=lambda: {"": 0, UNKNOWN_SOURCE: 0})
    orders: Orders = msgspec.field(default_factory=Orders)
    online: Online = msgspec.field(default_factory=Online)
    later: Online = msgspec.field(default_factory=Online)
    """The platform's counters after the end of the show."""
    early_leaves: dict[int, list[int]] = {}
    """Bucket of entry to how many of its visits lasted less than 10 s, 1 min, 5 min."""
    waits: Waits = msgspec.field(default_factory=Waits)
    minutes: Minutes = msgspec.field(default_factory=Minutes)
    frozen: list[Teller] = []
    """The sources as they were when the open bucket began: what the windows are judged by."""
    unseen: int = 0
    """Told moments since the last tick: no picture shows them yet."""

    def product(self, product: str) -> Product:
        """The counters of a product."""
        known = self.products.get(product)
        if known is None:
            if len(self.products) >= MOST_PRODUCTS:
                product = OTHER
                known = self.products.get(product)
                if known is not None:
                    return known
            known = self.products[product] = Product(product)
        return known

    def source(self, via: str) -> Source:
        """The counters of a traffic source."""
        number = self.source_numbers.get(via)
        if number is None:
            if len(self.sources) >= MOST_SOURCES and via != OTHER:
                return self.source(OTHER)
            number = len(self.sources)
            self.source_numbers[via] = number
            self.sources.append(Source(via, number))
        return self.sources[number]

    def tallies(self) -> list[Tally]:
        """All of them."""
        return [
            self.room,
            *(product.tally for product in self.products.values()),
            *(source.tally for source in self.sources),
        ]

    def close_stretch(self) -> None:
        """Keep what the running segment came to."""
        if not self.segment:
            return
        kept = self.segments.get(self.segment)
        if kept is None:
            kept = self.segments[self.segment] = Segment([0] * len(ROOM_COLUMNS), began_at=self.stretch_at)
        for place, value in enumerate(self.room.totals):
            kept.totals[place] += value - self.room.base[place]
        for name, came in self.crowds.items():
            kept.people[name] = together((kept.people.get(name, b""), came.those_in(self.stretch)))
        kept.peak = max(kept.peak, self.online.stretch_peak)
        kept.ended_at = self.now

    def open_stretch(self, segment: str) -> None:
        """A segment (or a pin, where none runs) begins now."""
        self.segment = segment
        self.stretch += 1
        self.stretch_at = self.now
        self.token += 1
        self.room.turn(self.token, self.bucket, self.stretch)
        self.online.stretch_peak = -1


class Past(msgspec.Struct):
    """The show before: later payments must not count again, later refunds are still its own."""

    show: str = ""
    orders: Orders = msgspec.field(default_factory=Orders)
    paid_amount: int = 0
    paid_orders: int = 0
    refunded_amount: int = 0
    refunded_orders: int = 0
    refunded_unshipped: int = 0
    refunded_shipped: int = 0
    changed: bool = False


def board_at(now: int, bucket: int) -> Board:
    """An empty board that begins now."""
    board = Board(began_at=now, now=now, bucket=bucket)
    board.room.turn(board.token, bucket, 0)
    return board


def to_plain(value: Any) -> Any:
    """For msgspec: what it cannot encode by itself."""
    return value.pack() if isinstance(value, Orders) else crowd.to_plain(value)


def from_plain(kind: type, value: Any) -> Any:
    """For msgspec: the way back. Raises ``ValueError`` on what is damaged."""
    return Orders.unpack(value) if kind is Orders else crowd.from_plain(kind, value)
