"""Commands to events: pure, and the only file that knows the vendor's names (live-feeds 6.3).

The open platform's commands are documented; the few of the web stream below are named and shaped alike there
and are read from recordings only. 1000 of the platform's unit are 10 电池: told as coins, never as money.
"""

from collections.abc import Callable
from typing import Any

from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    RoomShared,
    SourceGone,
    StreamEnded,
    StreamStarted,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.checked import checked, unknown
from livecue.integrations.untrusted import dict_of, millis_of, number_of, text_of

FEED = "open-live"
Data = dict[str, Any]
_OPEN = "LIVE_OPEN_PLATFORM_"


def message_id(raw: Data) -> str:
    """The vendor's own id of a command, "" when it gives none."""
    data = dict_of(raw, "data")
    return text_of(data.get("msg_id")) or text_of(raw.get("msg_id")) or text_of(data.get("message_id"))


def translate(name: str, raw: Data, key: str, body: bytes) -> list[Event]:
    """The events of one command; ``body`` is what it came as."""
    data = dict_of(raw, "data") or raw
    at = millis_of(data.get("timestamp") or raw.get("send_time") or data.get("start_time"))
    read = _KNOWN.get(name)
    events = read(data, key, at) if read is not None else []
    return [checked(event, name, body) for event in events] or [unknown(name or "without a command", body, key, at)]


def _user(data: Data) -> str:
    # uid is zeroed on the open platform; on the web stream it is 0 for readers who are not signed in.
    uid = text_of(data.get("uid"))
    return text_of(data.get("open_id")) or ("" if uid == "0" else uid)


def _comment(data: Data, key: str, at: int) -> list[Event]:
    text = text_of(data.get("msg"))
    name = text_of(data.get("uname"))
    return [CommentPosted(key=key, at=at, text=text, user=_user(data), name=name)] if text else []


def _gift(data: Data, key: str, at: int) -> list[Event]:
    # Every message of a combo carries its own gift_num: they are summed, the combo's own total is display.
    count = number_of(data.get("gift_num"), 1)
    each = number_of(data.get("r_price"), number_of(data.get("price"))) if data.get("paid") is True else 0
    gift, name = text_of(data.get("gift_id")), text_of(data.get("gift_name"))
    return [GiftSent(key=key, at=at, gift=gift, name=name, count=count, coins=each * count, user=_user(data))]


def _web_gift(data: Data, key: str, at: int) -> list[Event]:
    count, gift = number_of(data.get("num"), 1), text_of(data.get("giftId"))
    coins = number_of(data.get("total_coin")) if data.get("coin_type") == "gold" else 0
    name = text_of(data.get("giftName"))
    return [GiftSent(key=key, at=at, gift=gift, name=name, count=count, coins=coins, user=_user(data))]


def _guard(data: Data, key: str, at: int) -> list[Event]:
    level, user = number_of(data.get("guard_level")), _user(dict_of(data, "user_info") or data)
    count, name = number_of(data.get("guard_num", data.get("num")), 1), text_of(data.get("gift_name"))
    coins = number_of(data.get("price"))
    return [GiftSent(key=key, at=at, gift=f"guard-{level}", name=name, count=count, coins=coins, user=user)]


def _paid_comment(data: Data, key: str, at: int) -> list[Event]:
    # One message is a comment and a gift: 1 元 is 1000 of the platform's unit.
    yuan, text = number_of(data.get("rmb", data.get("price"))), text_of(data.get("message"))
    name = text_of(data.get("uname")) or text_of(dict_of(data, "user_info").get("uname"))
    gift = GiftSent(key=f"{key}-gift", at=at, gift="super_chat", coins=yuan * 1000, user=_user(data))
    return [CommentPosted(key=key, at=at, text=text, user=_user(data), name=name), gift]


def _like(data: Data, key: str, at: int) -> list[Event]:
    return [LikeGiven(key=key, at=at, user=_user(data), count=number_of(data.get("like_count"), 1))]


def _enter(data: Data, key: str, at: int) -> list[Event]:
    return [ViewerEntered(key=key, at=at, user=_user(data), name=text_of(data.get("uname")))]


def _interaction(data: Data, key: str, at: int) -> list[Event]:
    kind = number_of(data.get("msg_type"))
    if kind == 1:
        return _enter(data, key, at)
    if kind == 2:
        return [UserFollowed(key=key, at=at, user=_user(data))]
    return [RoomShared(key=key, at=at, user=_user(data))] if kind == 3 else []


def _started(data: Data, key: str, at: int) -> list[Event]:
    return [StreamStarted(key=key, at=at or millis_of(data.get("live_time")), session=text_of(data.get("live_key")))]


def _ended(data: Data, key: str, at: int) -> list[Event]:
    return [StreamEnded(key=key, at=at)]


def _stopped_pushing(data: Data, key: str, at: int) -> list[Event]:
    return [SourceGone(key=key, at=at, feed=FEED, reason="the platform ended the session: start it again")]


def _watched(data: Data, key: str, at: int) -> list[Event]:
    return [OnlineCounted(key=key, at=at, viewers=number_of(data.get("num"), -1))]


_KNOWN: dict[str, Callable[[Data, str, int], list[Event]]] = {
    f"{_OPEN}DM": _comment,
    f"{_OPEN}DM_MIRROR": _comment,
    f"{_OPEN}SEND_GIFT": _gift,
    f"{_OPEN}GUARD": _guard,
    f"{_OPEN}SUPER_CHAT": _paid_comment,
    f"{_OPEN}LIKE": _like,
    f"{_OPEN}LIVE_ROOM_ENTER": _enter,
    f"{_OPEN}LIVE_START": _started,
    f"{_OPEN}LIVE_END": _ended,
    f"{_OPEN}INTERACTION_END": _stopped_pushing,
    "LIVE": _started,
    "PREPARING": _ended,
    "SEND_GIFT": _web_gift,
    "GUARD_BUY": _guard,
    "SUPER_CHAT_MESSAGE": _paid_comment,
    "INTERACT_WORD": _interaction,
    "LIKE_INFO_V3_CLICK": _like,
    "WATCHED_CHANGE": _watched,
}
