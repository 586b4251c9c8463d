"""The rates of simulated people, and the real aggregates they were set by.

Only aggregates stand here, each with its source; no row of a data set is in the tree. Real shows differ among
themselves by a factor of ten: the simulator claims to lie between the tenth and the ninetieth percentile, no more.
"""

import msgspec


class Band(msgspec.Struct, frozen=True):
    """P10, P50 and P90 of a measure over real shows."""

    p10: float
    p50: float
    p90: float
    source: str


_CHANMAMA = "Chanmama export of 1,010 selling shows of 20 Douyin hosts, June to August 2021 (third-party estimates)"
_TIKTOK = "122 shows of one TikTok Shop, March to April 2026 (sample export)"

REAL = {
    "gmv_per_view": Band(0.62, 2.06, 8.87, _CHANMAMA),
    "units_per_view": Band(0.0054, 0.0205, 0.050, _CHANMAMA),
    "stay_s": Band(91.0, 121.0, 262.0, _CHANMAMA),
    "acu_pcu": Band(0.37, 0.56, 0.74, _CHANMAMA),
    "orders_per_click": Band(0.013, 0.019, 0.029, _TIKTOK),
    "clicks_per_view": Band(0.19, 0.30, 0.38, _TIKTOK),
    "clicks_per_impression": Band(0.044, 0.059, 0.067, _TIKTOK),
    "views_per_viewer": Band(1.0, 1.23, 2.0, f"{_TIKTOK}; only the median is published"),
}
"""Yuan per view, pieces per view, seconds per view, mean over peak concurrent, and four ratios of the funnel."""

SOURCES: dict[str, tuple[float, float]] = {
    "feed": (0.45, 0.14),
    "follow": (0.12, 0.34),
    "video": (0.14, 0.21),
    "square": (0.10, 0.10),
    "search": (0.04, 0.42),
    "paid": (0.12, 0.17),
    "outside": (0.03, 0.55),
}
"""Traffic source to its share of entries and to entries per person exposed (M12, M05). Our default: no open figures."""

PUSHED = frozenset({"feed", "square", "video"})
"""Sources that the platform's recommendation drives: a planted traffic drop takes these."""

ARRIVALS_PER_S = 3.1
"""Entries a second at traffic 1 when the room is warm: with the stay below, about 340 online on average."""
RETURNING = 0.187
"""Share of entries by people who were here before: 1 - 1/1.23 (views per viewer)."""

STAY = ((0.46, 9.0, 0.7), (0.43, 86.0, 0.85), (0.11, 375.0, 0.75))
"""Mixture of log-normal stays: share, median seconds, sigma (passers-by, watchers, fans). Mean about 120 s, the
median show of the Chanmama export."""
FIRST_LOOK_S = 3.0
"""Mean seconds from entry to the first thing a person notices."""
LOOK_EVERY_S = 20.0
"""Mean seconds between two moments of attention."""

CLICK = 0.053
"""Chance of a click at one impression of the shown product (M28)."""
BROWSE = 0.018
"""Chance at a moment of attention to look at some other product of the cart."""
CART = 0.21
"""Chance that a click puts the product into the cart (M30). Our default."""
ORDER = 0.0235
"""Chance that a click ends in an order (M31), set by orders paid per click and pieces per view together."""
THINK_S = 9.0
"""Mean seconds from click to decision."""
PAID_AT_ONCE = 0.86
"""Share of orders paid in the first minute (M32). Our default."""
PAID_LATER = 0.05
"""Share paid minutes later, mostly after a reminder."""
PAY_S = 9.0
"""Mean seconds to pay at once."""
UNPAID_TIMEOUT_S = 900
"""An unpaid order is closed after this (domain section 9.2)."""
REFUND = 0.028
"""Share of paid orders refunded before shipping while the show runs. Our default."""
QUANTITY = (0.87, 0.97)
"""Cumulated chance of one and of two pieces in an order; the rest is three."""

LIKE, LIKES_EACH = 0.0265, 4.6
"""Chance to like at a moment of attention, and mean likes a burst: about 1.0 like a view (Chanmama median 1.0)."""
COMMENT = 0.0155
"""Chance to comment at a moment of attention. Our default."""
FOLLOW = 0.00095
"""Chance to follow: about 0.8 % of views (Chanmama median 0.81 %)."""
FAN_CLUB = 0.00016
"""Chance to join the fan club: about 0.14 % of views (Chanmama median 0.14 %)."""
SHARE = 0.0006
GIFT = 0.0008
"""Chances to share and to send a gift at a moment of attention. Our default."""
JOIN_DRAW = 0.13
"""Chance to join a running draw at a moment of attention. Our default."""

AD_PRICE_FEN = 190
"""Mean cost of one paid entry, fen. Our default: whole-room ROI (M52) near 4."""

TREND_SD, TREND_TAU_S = 0.36, 600.0
"""Slow noise of traffic: standard deviation of its logarithm and how long it remembers."""
MOOD_SD, MOOD_TAU_S = 0.14, 240.0
"""Slow noise of clicking, ordering and talking: what a judge of cues has to see through."""
SHOW_SD = 0.08
"""How much shows of different seeds differ in how readily people order (sd of the logarithm)."""
