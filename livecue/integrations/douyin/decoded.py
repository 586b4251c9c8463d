"""Messages that another program has decoded into JSON already: lists of a companion, single messages of a decoder."""

from collections.abc import Callable
from typing import Any

import msgspec

from livecue.events import CommentPosted, Event, GiftSent, LikeGiven, UserFollowed, ViewerEntered
from livecue.integrations.checked import checked, unknown
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.douyin.people import user_of
from livecue.integrations.untrusted import dict_of, json_of, list_of, millis_of, number_of, text_of
from livecue.kit import stable_id

Item = dict[str, Any]


def read_decoded(data: bytes) -> list[Event]:
    """Events of one JSON document: ``data.messages`` of ``{method, msg_id, payload}``, or one message with ``common``.

    Whatever has no translation becomes ``UnknownSeen``. Raises ``BadPayload`` when it is no JSON.
    """
    document = dict_of(json_of(data))
    if "common" in document:
        return [_event(text_of(dict_of(document, "common").get("method")), document, 0)]
    items = list_of(dict_of(document, "data").get("messages"))
    return [_event(text_of(dict_of(item).get("method")), dict_of(item), n) for n, item in enumerate(items)]


def _event(method: str, item: Item, ordinal: int) -> Event:
    raw = msgspec.json.encode(item)
    common, payload = dict_of(item, "common"), dict_of(item, "payload") or item
    given = text_of(item.get("msg_id")) or text_of(common.get("msgId"))
    key, at = (
        given or stable_id(method, ordinal, raw.hex()),
        millis_of(common.get("createTime") or item.get("eventTime")),
    )
    read = _KNOWN.get(method)
    event = read(payload, key, at) if read is not None else None
    return checked(event, method, raw) if event is not None else unknown(method or "without a method", raw, key, at)


def _user(payload: Item) -> str:
    user = dict_of(payload, "user")
    number = text_of(user.get("uid")) or text_of(user.get("id"))
    return user_of(number, text_of(user.get("sec_uid")) or text_of(user.get("secUid")))


def _name(payload: Item) -> str:
    user = dict_of(payload, "user")
    return text_of(user.get("nickname")) or text_of(user.get("nickName"))


def _chat(payload: Item, key: str, at: int) -> Event | None:
    text = text_of(payload.get("content"))
    return CommentPosted(key=key, at=at, text=text, user=_user(payload), name=_name(payload)) if text else None


def _member(payload: Item, key: str, at: int) -> Event | None:
    return ViewerEntered(key=key, at=at, user=_user(payload), name=_name(payload))


def _like(payload: Item, key: str, at: int) -> Event | None:
    return LikeGiven(key=key, at=at, user=_user(payload), count=number_of(payload.get("count"), 1))


def _gift(payload: Item, key: str, at: int) -> Event | None:
    # A list of a companion names the gift in a sentence only: without its fields there is nothing to count.
    gift, info = text_of(payload.get("giftId")), dict_of(payload, "gift")
    if not gift or (info.get("combo") is True and number_of(payload.get("repeatEnd")) != 1):
        return None
    count, name = (
        max(number_of(payload.get("repeatCount")), number_of(payload.get("comboCount")), 1),
        text_of(info.get("name")),
    )
    coins = count * number_of(info.get("diamondCount"), coins_of(gift, name))
    return GiftSent(key=key, at=at, gift=gift, name=name, count=count, coins=coins, user=_user(payload))


def _social(payload: Item, key: str, at: int) -> Event | None:
    followed = text_of(payload.get("content")).startswith("关注") or number_of(payload.get("action")) == 1
    return UserFollowed(key=key, at=at, user=_user(payload)) if followed else None


_KNOWN: dict[str, Callable[[Item, str, int], Event | None]] = {
    "WebcastChatMessage": _chat,
    "WebcastMemberMessage": _member,
    "WebcastLikeMessage": _like,
    "WebcastGiftMessage": _gift,
    "WebcastSocialMessage": _social,
}
