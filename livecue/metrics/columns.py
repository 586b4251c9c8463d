"""What is counted: the columns of every tally, the crowds of people, and the kinds of input behind them.

A column is an integer that only grows by what happens, so that any span of time is a difference of two rows.
``masked_*`` columns count the events of a crowd that named nobody.
"""

from zlib import crc32

_MONEY = (
    "created_orders", "created_amount", "paid_orders", "paid_amount", "units", "refunded_amount", "refunded_orders",
    "foreign", "masked_created", "masked_paid",
)  # fmt: skip
_FUNNEL = (
    "exposures", "clicks", "cart_adds", "masked_exposed", "masked_clicked", "masked_added",
    "talk_ms", "talk_clicks", "talk_orders", "talk_amount",
)  # fmt: skip
_TRAFFIC = ("entries", "masked_entered")
_ROOM = (
    "leaves", "impressions", "impressed", "likes", "comments", "shares", "gifts", "coins", "follows", "joins",
    "masked_engaged", "masked_commented", "masked_followed", "masked_joined", "masked_left",
    "stays", "stay_s", "grown_10", "left_10", "grown_60", "left_60", "grown_300", "left_300",
    "on_air_ms", "watch_ms", "watched_ms", "online", "stutters", "ad_spent", "new_buyers",
    "refunded_unshipped", "refunded_shipped",
    "judged", "questions", "intents", "complaints", "due", "due_fast", "answered", "answer_ms",
    "delivered", "deliver_ms", "acknowledged", "acknowledge_ms", "timed", "late_ms",
)  # fmt: skip

PRODUCT_COLUMNS = _MONEY + _FUNNEL
SOURCE_COLUMNS = _MONEY + _TRAFFIC
ROOM_COLUMNS = _MONEY + _FUNNEL + _TRAFFIC + _ROOM

ROOM = {name: place for place, name in enumerate(ROOM_COLUMNS)}
PRODUCT = {name: place for place, name in enumerate(PRODUCT_COLUMNS)}
SOURCE = {name: place for place, name in enumerate(SOURCE_COLUMNS)}
"""Place of a column in the rows of a tally. The places of money are the same in all three."""

ROOM_CROWDS = (
    "entered", "engaged", "commented", "followed", "joined", "exposed", "clicked", "added", "created", "paid",
)  # fmt: skip
PRODUCT_CROWDS = ("exposed", "clicked", "added", "created", "paid")
SOURCE_CROWDS = ("entered", "created", "paid")

KINDS = (
    "enter", "leave", "stay", "like", "comment", "share", "gift", "follow", "join", "impress", "impress_people",
    "expose", "click", "cart", "create", "pay", "buyer", "refund", "spend", "online", "views", "viewers", "stutter",
    "judge", "answer", "deliver", "acknowledge", "moment",
)  # fmt: skip
"""Kinds of input. A metric whose kind was never told in this room is unknown (``no_source``)."""
KIND = {name: place for place, name in enumerate(KINDS)}
LIVELY = tuple(KIND[name] for name in ("enter", "leave", "like", "comment", "online"))
"""Kinds that never rest while a room is on air: who tells these and falls silent is taken as gone."""

COLUMN_KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("created_orders", "created_amount"), ("create",)),
    **dict.fromkeys(("paid_orders", "paid_amount", "units", "talk_orders", "talk_amount"), ("pay",)),
    **dict.fromkeys(("refunded_amount", "refunded_orders", "refunded_unshipped", "refunded_shipped"), ("refund",)),
    "new_buyers": ("buyer",),
    "exposures": ("expose",),
    **dict.fromkeys(("clicks", "talk_clicks"), ("click",)),
    "cart_adds": ("cart",),
    **dict.fromkeys(("entries", "grown_10", "grown_60", "grown_300"), ("enter",)),
    **dict.fromkeys(("leaves", "left_10", "left_60", "left_300"), ("leave",)),
    **dict.fromkeys(("stays", "stay_s"), ("stay",)),
    "impressions": ("impress",),
    "impressed": ("impress_people",),
    "likes": ("like",),
    "comments": ("comment",),
    "shares": ("share",),
    **dict.fromkeys(("gifts", "coins"), ("gift",)),
    "follows": ("follow",),
    "joins": ("join",),
    "stutters": ("stutter",),
    "ad_spent": ("spend",),
    # The platform's counter, or entries less leaves where it gives none.
    **dict.fromkeys(("watch_ms", "watched_ms", "online"), ("online", "leave")),
    **dict.fromkeys(("judged", "questions", "intents", "complaints", "due", "due_fast"), ("judge",)),
    **dict.fromkeys(("answered", "answer_ms"), ("judge", "answer")),
    **dict.fromkeys(("delivered", "deliver_ms"), ("deliver",)),
    **dict.fromkeys(("acknowledged", "acknowledge_ms"), ("acknowledge",)),
    **dict.fromkeys(("timed", "late_ms"), ("moment",)),
    # Our own clock: nobody needs to tell these.
    **dict.fromkeys(("on_air_ms", "talk_ms"), ()),
}
"""Which kinds of input feed a column; any one of them is enough."""

CROWD_KINDS: dict[str, tuple[str, ...]] = {
    "entered": ("enter",),
    "engaged": ("like", "comment", "share"),
    "commented": ("comment",),
    "followed": ("follow",),
    "joined": ("join",),
    "exposed": ("expose",),
    "clicked": ("click",),
    "added": ("cart",),
    "created": ("create",),
    "paid": ("pay",),
}

SHAPE = crc32(" ".join(("crowds packed", *KINDS, *ROOM_COLUMNS, *ROOM_CROWDS)).encode())
"""Changes whenever a kept state could no longer be read by place."""

AMOUNTS = frozenset({"created_amount", "paid_amount", "refunded_amount", "talk_amount", "ad_spent"})
"""Columns of money, unknown where an order in another currency is among them."""
