"""Messages of the web feed to events: pure, and the only file that knows what the vendor means by a field.

A message without a translation, or with an action nobody has documented, becomes ``UnknownSeen`` with its bytes.
"""

from collections.abc import Callable

from livecue.errors import BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    FanClubJoined,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    RoomShared,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    UserFollowed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.integrations.checked import checked, unknown
from livecue.integrations.combos import Combos
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.douyin.people import user_of
from livecue.integrations.douyin.webcast import messages
from livecue.integrations.protowire import Record, Table, read_record
from livecue.integrations.pushframe import Message
from livecue.integrations.untrusted import millis_of, number_of

Told = Event | str | None
"""An event, the name under which an unknown is counted, or nothing yet (a combo that goes on)."""


def translate(message: Message, combos: Combos, key: str) -> list[Event]:
    """The events of one message, each with ``key``: one, or none while a gift combo goes on."""
    known = _KNOWN.get(message.method)
    if known is None:
        return [unknown(message.method or "message without a method", message.payload, key)]
    table, read = known
    try:
        record = read_record(table, message.payload)
    except BadPayload:
        return [unknown(f"{message.method}/unreadable", message.payload, key)]
    common = record.sub("common")
    at = millis_of(common.number("create_time")) or millis_of(record.number("event_time") or record.number("send_time"))
    told = read(record, key, at, combos)
    if told is None:
        return []
    if isinstance(told, str):
        return [unknown(f"{message.method}/{told}", message.payload, key, at)]
    return [checked(told, message.method, message.payload)]


def _user(record: Record, name: str = "user") -> str:
    user = record.sub(name)
    return user_of(str(user.number("id") or user.text("id_str")), user.text("sec_uid"))


def _comment(record: Record, key: str, at: int, combos: Combos) -> Told:
    text = record.text("content")
    if not text:
        return "without text"
    return CommentPosted(key=key, at=at, text=text, user=_user(record), name=record.sub("user").text("nickname"))


def _member(record: Record, key: str, at: int, combos: Combos) -> Told:
    # member_count is not told on: it is not monotone, and the room's counters come in their own message.
    action = record.number("action")
    if action in (0, 1):
        return ViewerEntered(key=key, at=at, user=_user(record), name=record.sub("user").text("nickname"))
    if action == 2:
        return ViewerLeft(key=key, at=at, user=_user(record))
    return f"action={action}"


def _like(record: Record, key: str, at: int, combos: Combos) -> Told:
    # The total jumps backwards between servers: likes are the sum of the counts.
    return LikeGiven(key=key, at=at, user=_user(record), count=record.number("count"))


def _gift(record: Record, key: str, at: int, combos: Combos) -> Told:
    info = record.sub("gift")
    gift = str(record.number("gift_id") or info.number("id") or "")
    count = record.number("total_count") or max(record.number("repeat_count"), record.number("combo_count"), 1)
    if info.flag("combo"):
        group = record.text("trace_id") or str(record.number("group_id") or "")
        if group:
            combo = "\x1f".join((group, gift, _user(record)))
            if not record.flag("repeat_end"):
                combos.reach(combo, count)
                return None
            count = combos.end(combo, count)
            if not count:
                return None
        elif not record.flag("repeat_end"):
            return None
    coins = info.number("diamond_count") if info.has("diamond_count") else coins_of(gift, info.text("name"))
    return GiftSent(
        key=key, at=at, gift=gift, name=info.text("name"), count=count, coins=coins * count, user=_user(record)
    )


def _social(record: Record, key: str, at: int, combos: Combos) -> Told:
    action = record.number("action")
    if action == 1:
        return UserFollowed(key=key, at=at, user=_user(record))
    if record.number("share_type") > 0:
        return RoomShared(key=key, at=at, user=_user(record))
    return f"action={action}"


def _room_users(record: Record, key: str, at: int, combos: Combos) -> Told:
    # In the capture total_user (197,318) is the exact figure behind total_pv ("19.7万"): entries, not people.
    views = record.number("total_user") or number_of(record.text("total_pv"), -1)
    return OnlineCounted(key=key, at=at, online=record.number("total"), views=views)


def _room_stats(record: Record, key: str, at: int, combos: Combos) -> Told:
    text = record.text("display_long")
    if "在线" not in text:
        return f"display={text}"
    shown = number_of(record.text("display_short"), -1)
    return OnlineCounted(key=key, at=at, online=record.number("display_value") or shown)


def _fan_club(record: Record, key: str, at: int, combos: Combos) -> Told:
    action = record.number("action")
    return FanClubJoined(key=key, at=at, user=_user(record)) if action == 2 else f"action={action}"


def _control(record: Record, key: str, at: int, combos: Combos) -> Told:
    action = record.number("action")
    if action == 1:
        return StreamPaused(key=key, at=at)
    if action == 2:
        return StreamResumed(key=key, at=at)
    if action in (3, 4):
        return StreamEnded(key=key, at=at, reason="" if action == 3 else "closed by the platform")
    return f"action={action}"


def _shopping(record: Record, key: str, at: int, combos: Combos) -> Told:
    # What msg_type and update_type stand for is not documented: counted per type, so that captures can tell.
    return f"msg_type={record.number('msg_type')}"


_KNOWN: dict[str, tuple[Table, Callable[[Record, str, int, Combos], Told]]] = {
    "WebcastChatMessage": (messages.CHAT, _comment),
    "WebcastEmojiChatMessage": (messages.EMOJI, _comment),
    "WebcastScreenChatMessage": (messages.SCREEN_CHAT, _comment),
    "WebcastMemberMessage": (messages.MEMBER, _member),
    "WebcastLikeMessage": (messages.LIKE, _like),
    "WebcastGiftMessage": (messages.GIFT, _gift),
    "WebcastSocialMessage": (messages.SOCIAL, _social),
    "WebcastRoomUserSeqMessage": (messages.ROOM_USERS, _room_users),
    "WebcastRoomStatsMessage": (messages.ROOM_STATS, _room_stats),
    "WebcastFansclubMessage": (messages.FAN_CLUB, _fan_club),
    "WebcastControlMessage": (messages.CONTROL, _control),
    "WebcastLiveShoppingMessage": (messages.SHOPPING, _shopping),
}
