"""Items of the official push and of the companion's ``OPEN_LIVE_DATA`` to events: pure (live-feeds 2.4 and 3)."""

from collections.abc import Callable
from typing import Any

import msgspec

from livecue.events import CommentPosted, Event, FanClubJoined, GiftSent, LikeGiven, UserFollowed, UserUnfollowed
from livecue.integrations.checked import checked, unknown
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.untrusted import dict_of, millis_of, number_of, text_of
from livecue.kit import stable_id

_COMPANION_KINDS = {1: "live_like", 2: "live_comment", 3: "live_gift", 4: "live_fansclub", 5: "live_follow"}
"""The companion says the kind as a number."""
JOIN = 2
"""``fansclub_reason_type`` of joining; 1 is a rise in level, 16 leaving."""

Item = dict[str, Any]


def translate(item: Any, kind: str = "", without_id: str = "") -> list[Event]:
    """The events of one item; ``kind`` is the header's type, ``without_id`` makes the key of an item without id.

    The platform delivers at least once and in any order: ``msg_id`` is the key. Console test gifts are kept apart.
    """
    raw = msgspec.json.encode(item)
    entry = dict_of(item)
    kind = kind or text_of(entry.get("msg_type_str")) or _COMPANION_KINDS.get(number_of(entry.get("msg_type")), "")
    key, at = text_of(entry.get("msg_id")) or stable_id(without_id, kind), millis_of(entry.get("timestamp"))
    if entry.get("test") is True:
        return [unknown(f"{kind}/test", raw, key, at)]
    read = _KNOWN.get(kind)
    event = read(entry, key, at) if entry and read is not None else None
    return [checked(event, kind, raw) if event is not None else unknown(kind or "item without a kind", raw, key, at)]


def _user(entry: Item) -> str:
    return text_of(entry.get("sec_openid")) or text_of(entry.get("sec_open_id"))


def _comment(entry: Item, key: str, at: int) -> Event | None:
    text = text_of(entry.get("content"))
    return (
        CommentPosted(key=key, at=at, text=text, user=_user(entry), name=text_of(entry.get("nickname")))
        if text
        else None
    )


def _gift(entry: Item, key: str, at: int) -> Event | None:
    gift, name, count = (
        text_of(entry.get("sec_gift_id")),
        text_of(entry.get("gift_name")),
        number_of(entry.get("gift_num"), 1),
    )
    # gift_value is the total in fen and 10 抖币 are 1 元: told in 抖币, never as money.
    coins = number_of(entry["gift_value"]) // 10 if "gift_value" in entry else coins_of("", name) * count
    return GiftSent(key=key, at=at, gift=gift, name=name, count=count, coins=coins, user=_user(entry))


def _like(entry: Item, key: str, at: int) -> Event | None:
    return LikeGiven(key=key, at=at, user=_user(entry), count=number_of(entry.get("like_num"), 1))


def _fan_club(entry: Item, key: str, at: int) -> Event | None:
    if number_of(entry.get("fansclub_reason_type")) != JOIN:
        return None
    return FanClubJoined(key=key, at=at, user=_user(entry), level=number_of(entry.get("fansclub_level"), 1))


def _follow(entry: Item, key: str, at: int) -> Event | None:
    action = number_of(entry.get("user_follow_action", entry.get("use_follow_action")))
    if action == 1:
        return UserFollowed(key=key, at=at, user=_user(entry))
    return UserUnfollowed(key=key, at=at, user=_user(entry)) if action == 2 else None


_KNOWN: dict[str, Callable[[Item, str, int], Event | None]] = {
    "live_comment": _comment,
    "live_gift": _gift,
    "live_like": _like,
    "live_fansclub": _fan_club,
    "live_follow": _follow,
}
