"""A room log: one JSON object per line with ``type``, ``payload`` and ``timestamp`` (seconds with fraction).

Such logs carry no message ids, so a line's key is made of its type, its time and its number in the file:
never of the content alone, because honest floods of "扣1" are many people.
"""

from collections.abc import Callable
from typing import Any

from livecue.errors import BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    SourceBack,
    SourceGone,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.checked import checked, unknown
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.douyin.people import user_of
from livecue.integrations.untrusted import dict_of, json_of, millis_of, number_of, text_of
from livecue.kit import stable_id

FEED = "room-log"
Payload = dict[str, Any]


class RoomLog:
    """Reads one log, line by line: remembers only whether the recorder has reported itself broken."""

    def __init__(self) -> None:
        self._gone_at: int | None = None

    def read(self, number: int, line: bytes) -> tuple[int, str, list[Event]]:
        """(time in ms UTC, source, events) of line ``number``; raises ``BadPayload``."""
        entry = dict_of(json_of(line))
        kind, at = text_of(entry.get("type")), millis_of(entry.get("timestamp"))
        if not kind or not at:
            raise BadPayload("a line must carry `type` and `timestamp`")
        key = stable_id(kind, repr(entry["timestamp"]), number)
        payload = dict_of(entry, "payload")
        if kind == "error":
            return at, FEED, [self._failed(payload, key, at, line)]
        read = _KNOWN.get(kind)
        event = read(payload, key, at) if read is not None else None
        told = checked(event, kind, line) if event is not None else unknown(kind, line, key, at)
        return at, FEED, [*self._back(key, at), told]

    def _failed(self, payload: Payload, key: str, at: int, line: bytes) -> Event:
        if self._gone_at is not None:
            return unknown("error", line, key, at)
        self._gone_at = at
        return SourceGone(key=key, at=at, feed=FEED, reason=text_of(payload.get("message"))[:500])

    def _back(self, key: str, at: int) -> list[Event]:
        gone_at, self._gone_at = self._gone_at, None
        return [] if gone_at is None else [SourceBack(key=f"{key}-back", at=at, feed=FEED, gap_ms=max(0, at - gone_at))]


class _RoomLogFormat:
    kind = "douyin-room-log"

    def sniff(self, lines: list[bytes]) -> bool:
        """Whether any of the first lines of a file looks like this format."""
        for line in lines:
            try:
                entry = dict_of(json_of(line))
            except BadPayload:
                continue
            if isinstance(entry.get("type"), str) and "payload" in entry and "timestamp" in entry:
                return True
        return False

    def reader(self) -> RoomLog:
        """A fresh reader for one pass."""
        return RoomLog()


FORMAT = _RoomLogFormat()


def _user(payload: Payload) -> str:
    return user_of(text_of(payload.get("user_id_str")) or text_of(payload.get("user_id")))


def _member(payload: Payload, key: str, at: int) -> Event | None:
    if payload.get("action") != "enter":
        return None
    return ViewerEntered(key=key, at=at, user=_user(payload), name=text_of(payload.get("nickname")))


def _chat(payload: Payload, key: str, at: int) -> Event | None:
    text, name = text_of(payload.get("content")), text_of(payload.get("nickname"))
    return CommentPosted(key=key, at=at, text=text, user=_user(payload), name=name) if text else None


def _gift(payload: Payload, key: str, at: int) -> Event | None:
    name, count = text_of(payload.get("gift_name")), number_of(payload.get("count"), 1)
    each = number_of(payload.get("diamond_count"), coins_of("", name))
    coins = number_of(payload.get("gift_value"), each * count)
    return GiftSent(key=key, at=at, name=name, count=count, coins=coins, user=_user(payload))


def _follow(payload: Payload, key: str, at: int) -> Event | None:
    return UserFollowed(key=key, at=at, user=_user(payload)) if payload.get("action") == "follow" else None


def _like(payload: Payload, key: str, at: int) -> Event | None:
    return LikeGiven(key=key, at=at, user=_user(payload), count=number_of(payload.get("count"), 1))


def _user_stats(payload: Payload, key: str, at: int) -> Event | None:
    # "total" is the platform's cumulative 场观 (entries, M03), not distinct people.
    online, views = number_of(payload.get("current"), -1), number_of(payload.get("total"), -1)
    return OnlineCounted(key=key, at=at, online=online, views=views)


def _stats(payload: Payload, key: str, at: int) -> Event | None:
    online = number_of(payload.get("display_short"), -1) if "在线" in text_of(payload.get("display_long")) else -1
    views, likes = number_of(payload.get("total_user"), -1), number_of(payload.get("like_count"), -1)
    return OnlineCounted(key=key, at=at, online=online, views=views, likes=likes)


_KNOWN: dict[str, Callable[[Payload, str, int], Event | None]] = {
    "member": _member,
    "chat": _chat,
    "gift": _gift,
    "follow": _follow,
    "like": _like,
    "room_user_stats": _user_stats,
    "room_stats": _stats,
}
