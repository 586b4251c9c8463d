"""What every event shares."""

from typing import Annotated

import msgspec

MOST = 10**15

INVENTED = "rehearsal:"
"""Before every product and SKU of a rehearsal: its invented orders never touch stock and prices of the shop."""

Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
"""An id of the source, always text: platform ids exceed 2^53."""
Text = Annotated[str, msgspec.Meta(max_length=10_000)]
Count = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""A number of things that happened; never negative."""
MaybeCount = Annotated[int, msgspec.Meta(ge=-1, le=MOST)]
"""A count the source may withhold: -1 is "not told", never 0."""
Amount = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""Money in minor units."""
Millis = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""A moment, ms UTC, or a length in ms; 0 where the field says what that means."""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=True, gc=False):
    """Something that happened (past tense), or an announcement of our own.

    The collector of cycles need not know of them: nothing they hold can point back.

    Fields are only ever added, always with a default: old journals stay readable.
    A change of meaning is a new ``v`` with an entry in ``events.upcast``.
    """

    key: Annotated[str, msgspec.Meta(max_length=200)] = ""
    """The source's own id of this event, unique in its room; "" when it gives none."""
    at: Millis = 0
    """When it happened at the source, ms UTC; 0 when the source does not say."""
    v: int = 1
    """Version of this kind's meaning."""


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One line of an order. ``price`` is what the buyer pays for one piece, in minor units."""

    sku: Id
    product: str = ""
    quantity: Count = 1
    price: Amount = 0


class ProductCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a room needs to know of a product on its lineup: a copy out of the catalogue."""

    product: Id
    name: str
    role: str = ""
    """hook, deal, profit, prestige, rising or hit (glossary: 引流款/福利款/利润款/形象款)."""
    category: str = ""
    number: int = 0
    """Its number in the room's cart (3号链接); 0 when not listed."""
    price: Amount = 0
    """Minor units of the room's currency."""
    skus: tuple[str, ...] = ()
    selling_points: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    """Words by which viewers call it; triage finds the product by them."""
    facts: dict[str, str] = {}
    """Proved facts: ``stock_true``, ``report``, ``lowest_7d`` ... as compliance asks for them."""


class DrawPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A prize draw as it is planned in a segment, with what must be published before it (F18)."""

    kind: str = ""
    """What is won: goods, coupon, cash, virtual or chance (a ticket to win with)."""
    prize: str = ""
    prizes: int = 0
    value: int = 0
    """Of one prize in minor units; what it costs on the market where it is no money. For a chance, what it can win."""
    chances: int = 1
    """How often one person can win in it."""
    conditions: str = ""
    """Who may take part, and how."""
    method: str = ""
    """How winners are found."""
    word: str = ""
    """What viewers write to take part; "" where it is done otherwise."""
    after_s: int = 0
    """When it is drawn: seconds after the segment begins; 0 is not told."""
    odds: str = ""
    """The chance of winning, where the number of prizes is not fixed."""
    claim: str = ""
    """Until when, where and how a prize is claimed."""
    published: str = ""
    """Where viewers read the rules before it begins."""


class SegmentPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A timed part of a show's rundown (F02). ``offset_s`` and ``duration_s`` in seconds from the planned start."""

    segment: str
    part: str
    """warm_up, pitch, interaction, close, deal, lucky_bag or goodbye."""
    title: str = ""
    offset_s: int = 0
    duration_s: int = 0
    product: str = ""
    host: str = ""
    talk_track: str = ""
    target_gmv: int = 0
    target_orders: int = 0
    stock_cue: str = ""
    screen: str = ""
    """What the picture shows or does."""
    light: str = ""
    props: str = ""
    draw: DrawPlan | None = None
