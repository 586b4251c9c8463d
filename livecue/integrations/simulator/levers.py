"""What moves simulated people: the rates of the moment, and the effects that followed cues have on them."""

import msgspec

from livecue.integrations.simulator import calibration as rate

LEVERS = ("arrivals", "presence", "stay", "talk", "likes", "comments", "follow", "club", "click", "cart", "order")

_METRICS_OF = {
    "arrivals": "M01 M02 M03 M04 M05 M12 M15 M16 M17 M18",
    "presence": "M06 M07 M08 M14",
    "stay": "M10 M11 M13",
    "talk": "M19 M25",
    "comments": "M20",
    "follow": "M21",
    "club": "M22 M23 M24",
    "click": "M26 M27 M28 M29 M37",
    "cart": "M30",
    "order": "M31 M32 M33 M34 M35 M36 M38 M39 M40 M41 M42 M43 M44 M45 M46 M47 M48 M49 M50 M52 M53 M54",
}
LEVER_OF = {metric: lever for lever, metrics in _METRICS_OF.items() for metric in metrics.split()}
"""Metric id (without a suffix as in ``M41.orders``) to the lever that moves it.

A metric that no behaviour of viewers moves (M77, M92 ...) has none.
"""

PART_CLICK = {"warm_up": 0.8, "pitch": 1.0, "close": 1.05, "deal": 1.35, "interaction": 0.7, "lucky_bag": 0.65}
PART_ORDER = {"warm_up": 0.8, "pitch": 1.0, "close": 1.25, "deal": 1.3, "interaction": 0.8, "lucky_bag": 0.75}
PART_TALK = {"warm_up": 1.35, "pitch": 0.95, "close": 1.0, "deal": 1.2, "interaction": 1.6, "lucky_bag": 1.5}
PART_TRAFFIC = {"deal": 1.15, "lucky_bag": 1.15, "goodbye": 0.7}
"""How parts of a rundown differ. Our default: no open figures by part."""


class Planted(msgspec.Struct, frozen=True, kw_only=True):
    """The truth about one followed cue: the rate behind ``metric`` was multiplied by ``1 + lift`` in the window."""

    cue: str
    rule: str
    metric: str
    lever: str
    lift: float
    starts_at: int
    ends_at: int


class Rates:
    """The chances of the moment, ready to use; ``refresh`` after any of their causes changed."""

    def __init__(self, show_factor: float, talk: float = 1.0, buying: float = 1.0) -> None:
        self._said, self._bought = talk, buying
        self.lever = dict.fromkeys(LEVERS, 1.0)
        self.mood_click = self.mood_order = self.mood_talk = 1.0
        self.slump_orders = self.slump_talk = 1.0
        self.phase = 1.0
        """Rise of orders toward the end of a talk (R025)."""
        self.part = ""
        self.show_factor = show_factor
        self.click = self.order = self.like = self.comment = self.follow = self.club = self.share = self.gift = 0.0
        self.join = rate.JOIN_DRAW
        self.cart = rate.CART
        self.refresh()

    def refresh(self) -> None:
        """Multiply the causes out."""
        lever, part = self.lever, self.part
        self.click = rate.CLICK * self.mood_click * lever["click"] * PART_CLICK.get(part, 1.0)
        self.order = (
            rate.ORDER
            * self._bought
            * self.mood_order
            * lever["order"]
            * self.phase
            * self.slump_orders
            * self.show_factor
            * PART_ORDER.get(part, 1.0)
        )
        self.cart = rate.CART * lever["cart"]
        talk = self.mood_talk * lever["talk"] * self.slump_talk * PART_TALK.get(part, 1.0)
        self.like = rate.LIKE * talk * lever["likes"]
        self.comment = rate.COMMENT * self._said * talk * lever["comments"]
        self.join = rate.JOIN_DRAW * lever["talk"] * lever["comments"]
        self.share = rate.SHARE * talk
        self.gift = rate.GIFT * talk
        self.follow = rate.FOLLOW * talk * lever["follow"]
        self.club = rate.FAN_CLUB * talk * lever["club"]

    def start(self, planted: Planted) -> None:
        """A planted effect begins."""
        self.lever[planted.lever] *= 1.0 + planted.lift
        self.refresh()

    def stop(self, planted: Planted) -> None:
        """A planted effect ends."""
        self.lever[planted.lever] /= 1.0 + planted.lift
        self.refresh()
