"""Builds Douyin web frames as the platform does: the other half of the decoder, for tests without captured data."""

import gzip
from collections.abc import Sequence

from livecue.integrations.protowire import Writer

ROOM = 7300000000000000000


def user(user_id: int = 0, name: str = "", sec_uid: str = "") -> Writer:
    writer = Writer()
    if user_id:
        writer.number(1, user_id)
    if name:
        writer.text(3, name)
    if sec_uid:
        writer.text(46, sec_uid)
    return writer


def common(method: str, msg_id: int, create_time: int = 0) -> Writer:
    writer = Writer().text(1, method).number(2, msg_id).number(3, ROOM)
    return writer.number(4, create_time) if create_time else writer


def message(method: str, payload: Writer | bytes, msg_id: int = 0) -> Writer:
    body = payload if isinstance(payload, bytes) else payload.done()
    writer = Writer().text(1, method).raw(2, body)
    return writer.number(3, msg_id) if msg_id else writer


def chat(msg_id: int, text: str, who: Writer | None = None, at: int = 0) -> Writer:
    method = "WebcastChatMessage"
    return message(method, Writer().sub(1, common(method, msg_id, at)).sub(2, who or user()).text(3, text), msg_id)


def member(msg_id: int, who: Writer, count: int = 0, action: int = 1) -> Writer:
    method = "WebcastMemberMessage"
    body = Writer().sub(1, common(method, msg_id)).sub(2, who).number(3, count).number(10, action)
    return message(method, body, msg_id)


def like(msg_id: int, count: int, total: int, who: Writer | None = None, at: int = 0) -> Writer:
    method = "WebcastLikeMessage"
    body = Writer().sub(1, common(method, msg_id, at)).number(2, count).number(3, total).sub(5, who or user())
    return message(method, body, msg_id)


def gift(
    msg_id: int,
    gift_id: int,
    name: str = "",
    *,
    coins: int | None = None,
    repeat: int = 1,
    end: bool = False,
    combo: bool = True,
    group: int = 0,
    trace: str = "",
    who: Writer | None = None,
) -> Writer:
    method = "WebcastGiftMessage"
    info = Writer().number(5, gift_id)
    if combo:
        info.number(10, 1)
    if coins is not None:
        info.number(12, coins)
    info.text(16, name)
    body = Writer().sub(1, common(method, msg_id)).number(2, gift_id).number(4, 1).number(5, repeat).number(6, repeat)
    body.sub(7, who or user(1001, "观众甲"))
    if end:
        body.number(9, 1)
    if group:
        body.number(11, group)
    body.sub(15, info)
    if trace:
        body.text(35, trace)
    return message(method, body, msg_id)


def social(msg_id: int, action: int, who: Writer, share_type: int = 0) -> Writer:
    method = "WebcastSocialMessage"
    body = Writer().sub(1, common(method, msg_id)).sub(2, who)
    if share_type:
        body.number(3, share_type)
    return message(method, body.number(4, action), msg_id)


def room_users(msg_id: int, online: int, total_user: int, ranks: int = 0) -> Writer:
    method = "WebcastRoomUserSeqMessage"
    body = Writer().sub(1, common(method, msg_id))
    for rank in range(1, ranks + 1):
        body.sub(2, Writer().sub(2, user(5000 + rank)).number(3, rank))
    return message(method, body.number(3, online).number(7, total_user).text(8, "10万+").text(11, "19.7万"), msg_id)


def room_stats(msg_id: int, shown: str, value: int = 0) -> Writer:
    method = "WebcastRoomStatsMessage"
    body = Writer().text(2, shown).text(4, f"{shown}人在线")
    if value:
        body.number(5, value)
    return message(method, body, msg_id)


def control(msg_id: int, action: int) -> Writer:
    method = "WebcastControlMessage"
    return message(method, Writer().sub(1, common(method, msg_id)).number(2, action), msg_id)


def fan_club(msg_id: int, action: int, who: Writer) -> Writer:
    method = "WebcastFansclubMessage"
    return message(method, Writer().sub(1, common(method, msg_id)).number(2, action).sub(4, who), msg_id)


def response(
    messages: Sequence[Writer], *, cursor: str = "cur-1", internal_ext: str = "ext-1", need_ack: bool = True
) -> bytes:
    writer = Writer()
    for item in messages:
        writer.sub(1, item)
    writer.text(2, cursor).text(5, internal_ext).number(8, 10_000)
    if need_ack:
        writer.number(9, 1)
    return writer.done()


def frame(
    payload: bytes, *, log_id: int = 42, zipped: bool = False, headers: dict[str, str] | None = None, kind: str = "msg"
) -> bytes:
    writer = Writer().number(2, log_id)
    for key, value in (headers or {}).items():
        writer.sub(5, Writer().text(1, key).text(2, value))
    body = gzip.compress(payload, mtime=0) if zipped else payload
    return writer.text(7, kind).raw(8, body).done()
