"""What a simulated show is made of: everything a seed needs to give the same show again."""

from typing import Literal

import msgspec

from livecue.errors import BadInput
from livecue.events import OfferStarted, ProductCard, SegmentPlan, ShowPlanned, StockOpened
from livecue.kit import stable_id


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the invented shop and how people take to it."""

    card: ProductCard
    stock: dict[str, int]
    """Pieces by SKU at the start of the show."""
    variants: dict[str, str]
    """What viewers call each SKU."""
    topics: tuple[str, ...] = ()
    """What viewers ask about it."""
    appeal: float = 1.0
    """Clicks per impression, relative to the shop's mean."""
    pull: float = 1.0
    """Orders per click, relative to the shop's mean."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the scripted crew. Chances are shares of the cues that reach this person."""

    person: str
    name: str
    roles: tuple[str, ...]
    follows: float = 0.72
    """Chance to do what a cue says; the rest is dismissed or met with silence."""
    dismisses: float = 0.14
    pace_s: float = 16.0
    """Median seconds from seen to answered."""


class Incident(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Something planted ``at_s`` seconds after the start."""

    at_s: float


class TrafficDrop(Incident, frozen=True, kw_only=True):
    """Arrivals by the platform's own push fall to ``factor`` of what they were (R007)."""

    duration_s: float = 300.0
    factor: float = 0.3


class TrafficSurge(Incident, frozen=True, kw_only=True):
    """The platform pushes the room: arrivals times ``factor``."""

    duration_s: float = 240.0
    factor: float = 1.8


class Slump(Incident, frozen=True, kw_only=True):
    """People stay but do less: orders and talk fall to these shares (R001, R005, R013, R014)."""

    duration_s: float = 360.0
    orders: float = 0.3
    talk: float = 0.55


class SellOut(Incident, frozen=True, kw_only=True):
    """A rush buys the last piece of ``product`` within ``over_s`` seconds (R031, R033)."""

    product: str
    over_s: float = 90.0


class Oversell(Incident, frozen=True, kw_only=True):
    """The platform sells ``quantity`` pieces of ``sku`` more than are free: the one scripted way below zero (R039)."""

    sku: str
    quantity: int = 1


class BannedWord(Incident, frozen=True, kw_only=True):
    """The host says ``text`` (R065)."""

    text: str


class ComplaintFlood(Incident, frozen=True, kw_only=True):
    """``people`` viewers complain of one thing (topic damage, delay or price) within ``duration_s`` (R063)."""

    product: str
    topic: str = "damage"
    people: int = 14
    duration_s: float = 80.0


class RefundWave(Incident, frozen=True, kw_only=True):
    """``share`` of those who paid for ``product`` so far want their money back within ``duration_s`` (R070)."""

    product: str
    share: float = 0.3
    duration_s: float = 900.0


class RudeComments(Incident, frozen=True, kw_only=True):
    """``people`` viewers insult the host (R066)."""

    people: int = 2


class OfferRuns(Incident, frozen=True, kw_only=True):
    """An offer starts and says when it ends (R034)."""

    title: str
    duration_s: float = 1200.0
    product: str = ""
    quantity: int = 0


class DrawRuns(Incident, frozen=True, kw_only=True):
    """The host starts a prize draw from the phone (R122)."""

    title: str = "福袋"
    prizes: int = 5
    word: str = "抽一份锅巴"
    duration_s: float = 120.0


class Stutter(Incident, frozen=True, kw_only=True):
    """The picture stops ``times`` times for about ``ms`` milliseconds (R052, M91)."""

    ms: int = 1800
    times: int = 3


class FeedGap(Incident, frozen=True, kw_only=True):
    """The feed ``interaction`` (what viewers say and give) or ``speech`` is gone; what it would have told is lost."""

    duration_s: float = 45.0
    feed: Literal["interaction", "speech"] = "interaction"


AnyIncident = (
    TrafficDrop
    | TrafficSurge
    | Slump
    | SellOut
    | Oversell
    | BannedWord
    | ComplaintFlood
    | RefundWave
    | RudeComments
    | OfferRuns
    | DrawRuns
    | Stutter
    | FeedGap
)


class PlantedEffect(msgspec.Struct, frozen=True, kw_only=True):
    """What following a cue of ``rule`` really does: the rate behind its metric times ``1 + lift``."""

    rule: str
    lift: float
    window_s: float = 0.0
    """How long from the answer "done"; 0 takes the cue's own window and a minute (``judge_at`` less when raised)."""


class ScriptedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How the fake platform answers the ``nth`` call (from 1) of an action kind: done, refused, later or unknown."""

    action: str
    nth: int
    outcome: str
    why: str = ""
    happens: bool = False
    """With ``unknown``: whether it was carried out although the answer got lost."""
    retry_after_s: float = 1.0
    late_ms: int = 0
    """How much later than usual the platform shows what was done."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One simulated show. Equal scenarios and equal inputs give equal bytes."""

    seed: int
    starts_at: int
    """Room time of the start, ms UTC."""
    duration_s: int = 7200
    room: str = "demo"
    title: str = "小镇好物 日常场（模拟）"
    traffic: float = 1.0
    """1 means about 340 people online on average."""
    products: tuple[Product, ...] = ()
    segments: tuple[SegmentPlan, ...] = ()
    crew: tuple[Person, ...] = ()
    incidents: tuple[AnyIncident, ...] = ()
    effects: tuple[PlantedEffect, ...] = ()
    answers: tuple[ScriptedAnswer, ...] = ()
    goals: dict[str, int] = {}
    letters: float = 0.0
    """Customers who write in private, a minute."""
    talk: float = 1.0
    """How much is said in the room, against the calibrated rate."""
    buying: float = 1.0
    """How readily people order, against the calibrated rate."""
    pins: str = "phone"
    """Who shows a segment's product: "phone" the host's own telephone, "desk" only ``PinProduct`` actions."""
    planned: str = ""
    """Id of a show that people planned: it runs as it stands, nobody plans it anew."""

    def __post_init__(self) -> None:
        if self.duration_s <= 0 or min(self.starts_at, self.traffic, self.letters, self.talk, self.buying) < 0:
            raise BadInput("a scenario needs a positive duration, a start and traffic of 0 or more")
        if self.pins not in ("phone", "desk"):
            raise BadInput("pins must be phone or desk")

    @property
    def ends_at(self) -> int:
        """Room time of the planned end, ms UTC."""
        return self.starts_at + self.duration_s * 1000

    @property
    def show(self) -> str:
        """The show's id: the same for the same room, start and seed."""
        return self.planned or stable_id("show", self.room, self.starts_at, self.seed)

    def plan(self, carried: tuple[str, ...] = ()) -> ShowPlanned:
        """The plan of the show as a person of the team would have entered it."""
        ops = next((person.person for person in self.crew if "ops" in person.roles), "")
        command = stable_id("plan", self.show)
        return ShowPlanned(
            key=command,
            command=command,
            by=ops,
            show=self.show,
            title=self.title,
            starts_at=self.starts_at,
            segments=self.segments,
            products=tuple(product.card for product in self.products),
            goals=self.goals,
            carried=carried,
        )

    def opening_stock(self) -> list[StockOpened]:
        """The opening balance of every SKU; also the first events of the simulation."""
        return [
            StockOpened(sku=sku, quantity=pieces, product=product.card.product)
            for product in self.products
            for sku, pieces in product.stock.items()
        ]


def offer_event(scenario: Scenario, number: int, offer: OfferRuns, now: int) -> OfferStarted:
    """``OfferStarted`` of a planted offer."""
    return OfferStarted(
        offer=stable_id("offer", scenario.show, number),
        title=offer.title,
        product=offer.product,
        ends_at=now + int(offer.duration_s * 1000),
        quantity=offer.quantity,
    )
