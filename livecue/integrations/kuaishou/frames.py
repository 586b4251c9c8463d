"""Field tables of the captured web frame; layout read off a capture of 2021, no public document exists."""

from livecue.integrations.protowire import INT, RAW, TEXT, UINT, Table

FRAME = Table(
    "SocketMessage",
    {1: ("payload_type", INT), 2: ("compression", INT), 3: ("payload", RAW), 4: ("timestamp", INT)},
)
PLAIN, GZIP = 1, 2
"""Values of ``compression``; 3 is encrypted and cannot be read."""
FEED_PUSH = 310
"""``payload_type`` of the push that carries comments, likes and gifts."""

_USER = Table("User", {1: ("id", TEXT), 2: ("name", TEXT)})
_COMMENT = Table("Comment", {1: ("id", TEXT), 2: ("user", _USER), 3: ("content", TEXT)})
_LIKE = Table("Like", {1: ("id", TEXT), 2: ("user", _USER)})
_GIFT = Table(
    "Gift",
    {
        1: ("id", TEXT),
        2: ("user", _USER),
        4: ("gift_id", UINT),
        6: ("combo", TEXT),
        7: ("batch", INT),
        8: ("combo_count", INT),
    },
)
FEED = Table(
    "FeedPush",
    {
        1: ("watching", TEXT),
        2: ("likes", TEXT),
        5: ("comments", _COMMENT),
        8: ("like_list", _LIKE),
        9: ("gifts", _GIFT),
    },
)
