"""Field tables of the messages that are translated (live-feeds 5.2)."""

from livecue.integrations.protowire import FLAG, INT, TEXT, UINT, Table

_DISPLAY = Table("Text", {1: ("key", TEXT)})
COMMON = Table(
    "CommonMessageData",
    {
        1: ("method", TEXT),
        2: ("msg_id", INT),
        3: ("room_id", INT),
        4: ("create_time", INT),
        8: ("display_text", _DISPLAY),
    },
)
USER = Table(
    "User",
    {1: ("id", UINT), 3: ("nickname", TEXT), 38: ("username", TEXT), 46: ("sec_uid", TEXT), 1028: ("id_str", TEXT)},
)
_GIFT_INFO = Table("Gift", {5: ("id", INT), 11: ("type", INT), 12: ("diamond_count", INT), 16: ("name", TEXT)})
CHAT = Table("ChatMessage", {1: ("common", COMMON), 2: ("user", USER), 3: ("content", TEXT)})
MEMBER = Table("MemberMessage", {1: ("common", COMMON), 2: ("user", USER), 3: ("count", INT), 10: ("action", INT)})
LIKE = Table("LikeMessage", {1: ("common", COMMON), 2: ("count", INT), 3: ("total", INT), 5: ("user", USER)})
GIFT = Table(
    "GiftMessage",
    {
        1: ("common", COMMON),
        2: ("gift_id", INT),
        5: ("repeat_count", INT),
        7: ("user", USER),
        9: ("repeat_end", FLAG),
        11: ("group_id", UINT),
        15: ("gift", _GIFT_INFO),
    },
)
SOCIAL = Table("SocialMessage", {1: ("common", COMMON), 2: ("user", USER), 3: ("share_type", INT), 4: ("action", INT)})
ROOM_USERS = Table("RoomUserSeqMessage", {1: ("common", COMMON), 3: ("total", INT), 7: ("total_user", INT)})
CONTROL = Table("ControlMessage", {1: ("common", COMMON), 2: ("action", INT), 3: ("tips", TEXT)})
