"""Field tables of the web feed's messages (live-feeds 4.3, 4.4): number to our own name.

Only fields that are used or that tell apart what is used stand here; all others stay on the record as unknown.
"""

from livecue.integrations.protowire import FLAG, INT, RAW, TEXT, UINT, Record, Table

COMMON = Table(
    "Common",
    {
        1: ("method", TEXT),
        2: ("msg_id", INT),
        3: ("room_id", INT),
        4: ("create_time", INT),
        6: ("is_show_msg", FLAG),
        7: ("describe", TEXT),
    },
)
USER = Table(
    "User",
    {
        1: ("id", UINT),
        2: ("short_id", UINT),
        3: ("nickname", TEXT),
        4: ("gender", INT),
        6: ("level", INT),
        38: ("display_id", TEXT),
        46: ("sec_uid", TEXT),
        1028: ("id_str", TEXT),
    },
)
GIFT_INFO = Table(
    "GiftStruct",
    {
        2: ("describe", TEXT),
        5: ("id", INT),
        10: ("combo", FLAG),
        11: ("type", INT),
        12: ("diamond_count", INT),
        16: ("name", TEXT),
    },
)
CHAT = Table("ChatMessage", {1: ("common", COMMON), 2: ("user", USER), 3: ("content", TEXT), 15: ("event_time", INT)})
EMOJI = Table(
    "EmojiChatMessage", {1: ("common", COMMON), 2: ("user", USER), 3: ("emoji_id", INT), 5: ("content", TEXT)}
)
SCREEN_CHAT = Table("ScreenChatMessage", {1: ("common", COMMON), 2: ("user", USER), 4: ("content", TEXT)})
MEMBER = Table(
    "MemberMessage",
    {
        1: ("common", COMMON),
        2: ("user", USER),
        3: ("member_count", INT),
        9: ("enter_type", INT),
        10: ("action", INT),
        12: ("user_id", UINT),
    },
)
LIKE = Table("LikeMessage", {1: ("common", COMMON), 2: ("count", INT), 3: ("total", INT), 5: ("user", USER)})
GIFT = Table(
    "GiftMessage",
    {
        1: ("common", COMMON),
        2: ("gift_id", INT),
        4: ("group_count", INT),
        5: ("repeat_count", INT),
        6: ("combo_count", INT),
        7: ("user", USER),
        8: ("to_user", USER),
        9: ("repeat_end", FLAG),
        11: ("group_id", UINT),
        15: ("gift", GIFT_INFO),
        29: ("total_count", INT),
        33: ("send_time", INT),
        35: ("trace_id", TEXT),
    },
)
SOCIAL = Table(
    "SocialMessage",
    {
        1: ("common", COMMON),
        2: ("user", USER),
        3: ("share_type", INT),
        4: ("action", INT),
        5: ("share_target", TEXT),
        6: ("follow_count", INT),
    },
)
_RANK = Table("Rank", {1: ("score", INT), 2: ("user", USER), 3: ("rank", INT)})
ROOM_USERS = Table(
    "RoomUserSeqMessage",
    {
        1: ("common", COMMON),
        2: ("ranks", _RANK),
        3: ("total", INT),
        7: ("total_user", INT),
        8: ("total_user_str", TEXT),
        9: ("total_str", TEXT),
        11: ("total_pv", TEXT),
    },
)
ROOM_STATS = Table(
    "RoomStatsMessage",
    {
        1: ("common", COMMON),
        2: ("display_short", TEXT),
        4: ("display_long", TEXT),
        5: ("display_value", INT),
        9: ("total", INT),
    },
)
FAN_CLUB = Table(
    "FansclubMessage", {1: ("common", COMMON), 2: ("action", INT), 3: ("content", TEXT), 4: ("user", USER)}
)
CONTROL = Table("ControlMessage", {1: ("common", COMMON), 2: ("action", INT), 3: ("tips", TEXT)})
SHOPPING = Table(
    "LiveShoppingMessage",
    {
        1: ("common", COMMON),
        2: ("msg_type", INT),
        3: ("promotion_id", INT),
        4: ("promotion_id_older", INT),
        10: ("update_type", INT),
        12: ("sold_out", RAW),
    },
)


def promotion_of(shopping: Record) -> str:
    """The promotion a shopping message speaks of, "" when it names none.

    Two schemas use field 4 differently, so the wire type decides: a number in field 3 is the promotion; a
    number in field 4 without field 3 is the promotion of the older schema; bytes in field 4 are a list of people.
    """
    number = shopping.number("promotion_id") or shopping.number("promotion_id_older")
    return str(number) if number > 0 else ""
