"""Messages to events: pure, and the only file that knows what the vendor means by a field (live-feeds 5.3)."""

from collections.abc import Callable

from livecue.errors import BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    RoomShared,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.checked import checked, unknown
from livecue.integrations.combos import Combos
from livecue.integrations.protowire import Record, Table, read_record
from livecue.integrations.pushframe import Message
from livecue.integrations.tiktok import messages
from livecue.integrations.untrusted import millis_of

STREAKABLE = 1
"""``gift.type`` of gifts that come as streaks."""
JOINED = 1

Told = Event | str | None
"""An event, the name under which an unknown is counted, or nothing yet (a streak that goes on)."""


def translate(message: Message, combos: Combos, key: str) -> list[Event]:
    """The events of one message: one, or none while a gift streak goes on."""
    known = _KNOWN.get(message.method)
    if known is None:
        return [unknown(message.method or "message without a method", message.payload, key)]
    table, read = known
    try:
        record = read_record(table, message.payload)
    except BadPayload:
        return [unknown(f"{message.method}/unreadable", message.payload, key)]
    at = millis_of(record.sub("common").number("create_time"))
    told = read(record, key, at, combos)
    if told is None:
        return []
    if isinstance(told, str):
        return [unknown(f"{message.method}/{told}", message.payload, key, at)]
    return [checked(told, message.method, message.payload)]


def _user(record: Record) -> str:
    user = record.sub("user")
    number = user.number("id")
    return str(number) if number else user.text("id_str") or user.text("username")


def _chat(record: Record, key: str, at: int, combos: Combos) -> Told:
    name = record.sub("user").text("nickname")
    return CommentPosted(key=key, at=at, text=record.text("content"), user=_user(record), name=name)


def _member(record: Record, key: str, at: int, combos: Combos) -> Told:
    action = record.number("action")
    if action not in (0, JOINED):
        return f"action={action}"
    return ViewerEntered(key=key, at=at, user=_user(record), name=record.sub("user").text("nickname"))


def _like(record: Record, key: str, at: int, combos: Combos) -> Told:
    # The total comes from several counters and jumps backwards: likes are the sum of the counts, never its differences.
    return LikeGiven(key=key, at=at, user=_user(record), count=record.number("count"))


def _gift(record: Record, key: str, at: int, combos: Combos) -> Told:
    info, count = record.sub("gift"), max(record.number("repeat_count"), 1)
    gift = str(record.number("gift_id") or info.number("id") or "")
    if info.number("type") == STREAKABLE:
        streak = "\x1f".join((str(record.number("group_id")), gift, _user(record)))
        if not record.flag("repeat_end"):
            combos.reach(streak, count)
            return None
        count = combos.end(streak, count) if record.number("group_id") else count
        if not count:
            return None
    coins = info.number("diamond_count") * count
    return GiftSent(key=key, at=at, gift=gift, name=info.text("name"), count=count, coins=coins, user=_user(record))


def _social(record: Record, key: str, at: int, combos: Combos) -> Told:
    what = record.sub("common").sub("display_text").text("key")
    if "follow" in what:
        return UserFollowed(key=key, at=at, user=_user(record))
    return RoomShared(key=key, at=at, user=_user(record)) if "share" in what else f"display={what}"


def _room_users(record: Record, key: str, at: int, combos: Combos) -> Told:
    return OnlineCounted(key=key, at=at, online=record.number("total"))


def _control(record: Record, key: str, at: int, combos: Combos) -> Told:
    action = record.number("action")
    if action == 1:
        return StreamPaused(key=key, at=at)
    if action == 2:
        return StreamResumed(key=key, at=at)
    if action in (3, 4):
        return StreamEnded(key=key, at=at, reason="" if action == 3 else "suspended by the platform")
    return f"action={action}"


_KNOWN: dict[str, tuple[Table, Callable[[Record, str, int, Combos], Told]]] = {
    "WebcastChatMessage": (messages.CHAT, _chat),
    "WebcastMemberMessage": (messages.MEMBER, _member),
    "WebcastLikeMessage": (messages.LIKE, _like),
    "WebcastGiftMessage": (messages.GIFT, _gift),
    "WebcastSocialMessage": (messages.SOCIAL, _social),
    "WebcastRoomUserSeqMessage": (messages.ROOM_USERS, _room_users),
    "WebcastControlMessage": (messages.CONTROL, _control),
}
