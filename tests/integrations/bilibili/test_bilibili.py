"""Packets, commands and the request signature of the live open platform."""

import json
import sys
import types
import zlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import BadPayload
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
    UnknownSeen,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.bilibili import Packet, Session, auth_packet, heartbeat, split
from livecue.integrations.bilibili.packets import AUTH, MESSAGE, packet_bytes

OPEN = "LIVE_OPEN_PLATFORM_"


def command(name: str, **data: Any) -> bytes:
    return packet_bytes(Packet(MESSAGE, json.dumps({"cmd": name, "data": data}, ensure_ascii=False).encode()))


def zipped(*packets: bytes) -> bytes:
    return packet_bytes(Packet(MESSAGE, zlib.compress(b"".join(packets)), 2))


def told(session: Session, data: bytes) -> list[Event]:
    events, answer = session.receive(data)
    assert answer is None
    return events


def test_the_documented_packets() -> None:
    assert heartbeat() == bytes.fromhex("00000010001000010000000200000001")
    assert auth_packet("{}") == packet_bytes(Packet(AUTH, b"{}", 1))
    session = Session()
    assert told(session, bytes.fromhex("0000001a0010000100000008000000017b22636f6465223a307d")) == []
    assert session.signed_in is True
    (reply,) = split(bytes.fromhex("00000014001000010000000300000001000004d2"))
    assert int.from_bytes(reply.body) == 1234


def test_several_packets_and_packed_ones_in_one_message() -> None:
    one, two, three = (command(f"{OPEN}LIKE", like_count=n, msg_id=str(n)) for n in (1, 2, 3))
    events = told(Session(), one + zipped(two, three))
    assert [event.count for event in events if isinstance(event, LikeGiven)] == [1, 2, 3]


def test_what_the_documented_commands_become() -> None:
    who = {"open_id": "o1", "uname": "甲", "uid": 0, "timestamp": 1_700_000_000}
    session = Session()
    events = told(
        session,
        zipped(
            command(f"{OPEN}DM", msg="还有吗", msg_id="1", **who),
            command(
                f"{OPEN}SEND_GIFT",
                gift_id=31036,
                gift_name="小花花",
                gift_num=2,
                price=100,
                r_price=90,
                paid=True,
                msg_id="2",
                **who,
            ),
            command(
                f"{OPEN}SEND_GIFT", gift_id=1, gift_name="辣条", gift_num=5, price=100, paid=False, msg_id="3", **who
            ),
            command(f"{OPEN}GUARD", user_info={"open_id": "o2"}, guard_level=3, guard_num=1, price=198000, msg_id="4"),
            command(f"{OPEN}SUPER_CHAT", message="好看", message_id=5, rmb=30, **who),
            command(f"{OPEN}LIKE", like_count=7, msg_id="6", **who),
            command(f"{OPEN}LIVE_ROOM_ENTER", **who),
            command(f"{OPEN}LIVE_START", timestamp=1_700_000_000),
            command(f"{OPEN}LIVE_END", timestamp=1_700_000_000),
            command(f"{OPEN}INTERACTION_END", game_id="g"),
            command(f"{OPEN}SUPER_CHAT_DEL", message_ids=[5]),
        ),
    )
    at = 1_700_000_000_000
    assert events[:6] == [
        CommentPosted(key=f"{OPEN}DM-1", at=at, text="还有吗", user="o1", name="甲"),
        GiftSent(key=f"{OPEN}SEND_GIFT-2", at=at, gift="31036", name="小花花", count=2, coins=180, user="o1"),
        GiftSent(key=f"{OPEN}SEND_GIFT-3", at=at, gift="1", name="辣条", count=5, coins=0, user="o1"),
        GiftSent(key=f"{OPEN}GUARD-4", gift="guard-3", count=1, coins=198000, user="o2"),
        CommentPosted(key=f"{OPEN}SUPER_CHAT-5", at=at, text="好看", user="o1", name="甲"),
        GiftSent(key=f"{OPEN}SUPER_CHAT-5-gift", at=at, gift="super_chat", coins=30_000, user="o1"),
    ]
    kinds = [LikeGiven, ViewerEntered, StreamStarted, StreamEnded, SourceGone, UnknownSeen]
    assert [type(event) for event in events[6:]] == kinds
    assert session.unknown_seen == {f"{OPEN}SUPER_CHAT_DEL": 1}


def test_the_few_commands_of_the_web_stream() -> None:
    session = Session()
    lines: list[tuple[str, dict[str, Any]]] = [
        ("INTERACT_WORD", {"msg_type": 1, "uid": 5, "uname": "甲"}),
        ("INTERACT_WORD", {"msg_type": 2, "uid": 5}),
        ("INTERACT_WORD", {"msg_type": 3, "uid": 0}),
        ("INTERACT_WORD", {"msg_type": 9}),
        ("SEND_GIFT", {"giftId": 31036, "giftName": "小花花", "num": 2, "coin_type": "gold", "total_coin": 200}),
        ("SEND_GIFT", {"giftId": 1, "num": 2, "coin_type": "silver", "total_coin": 200}),
        ("WATCHED_CHANGE", {"num": 17903, "text_small": "1.7万"}),
        ("NOVEL:4:0", {"a": 1}),
    ]
    events = [e for name, data in lines for e in session.command(json.dumps({"cmd": name, "data": data}).encode())]
    assert [type(event) for event in events] == [
        ViewerEntered,
        UserFollowed,
        RoomShared,
        UnknownSeen,
        GiftSent,
        GiftSent,
        OnlineCounted,
        UnknownSeen,
    ]
    assert [event.coins for event in events if isinstance(event, GiftSent)] == [200, 0]
    assert session.unknown_seen == {"INTERACT_WORD": 1, "NOVEL": 1}


def test_a_stream_of_ninety_unknown_commands_is_counted_and_kept_raw() -> None:
    """Twin of the recorded stream: shapes of the same kinds, made here."""
    shapes: list[Any] = [
        {"data": {"n": 1}},
        {"data": '{"mtime":1}'},
        {"msg": "text"},
        {"data": {"pb": "CJTw"}},
        {"uids": [1, 2]},
    ]
    bodies = [json.dumps({"cmd": f"NOVEL_{n}", **shapes[n % 5]}).encode() for n in range(90)]
    bodies += [b'{"code":0,"message":"0","data":{"group":"live"}}', b"[]", b"\xff", b"7"]
    session = Session()
    events = [event for body in bodies for event in session.command(body)]
    assert len(events) == 94 and all(isinstance(event, UnknownSeen) for event in events)
    assert [event.raw for event in events if isinstance(event, UnknownSeen)] == bodies
    assert session.unknown_seen.total() == 94 and len(session.unknown_seen) == 92


def test_messages_seen_twice_count_once_and_equal_ones_without_id_stay_apart() -> None:
    session = Session()
    once = command(f"{OPEN}DM", msg="扣1", msg_id="1")
    assert len(told(session, once + once)) == 1 and told(session, once) == []
    bare = command(f"{OPEN}DM", msg="扣1")
    assert len({event.key for event in told(session, bare * 3)}) == 3


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\0\0", "cut off"),
        (heartbeat()[:-1], "cut off"),
        (packet_bytes(Packet(MESSAGE, b"{}"))[:-1], "cut off"),
        (b"\0\0\0\x04" + heartbeat()[4:], "length 4"),
        (b"\0\0\0\0" + heartbeat()[4:], "length 0"),
        (packet_bytes(Packet(MESSAGE, b"not zlib", 2)), "damaged"),
        (packet_bytes(Packet(MESSAGE, zlib.compress(b"x" * 99)[:-2], 2)), "cut off"),
        (packet_bytes(Packet(MESSAGE, zlib.compress(b"\0" * (33 << 20)), 2)), "more than"),
        (zipped(zipped(zipped(zipped(zipped(heartbeat()))))), "packed in packets"),
    ],
)
def test_damaged_packets_say_what_is_wrong(data: bytes, why: str) -> None:
    with pytest.raises(BadPayload, match=why):
        told(Session(), data)


def test_brotli_is_used_when_it_is_there_and_named_when_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packet_bytes(Packet(MESSAGE, b"packed", 3))
    monkeypatch.setitem(sys.modules, "brotli", None)
    with pytest.raises(BadPayload, match="package `brotli`"):
        told(Session(), data)

    class Decompressor:
        def process(self, body: bytes, output_buffer_limit: int) -> bytes:
            assert body == b"packed"
            return command(f"{OPEN}LIKE", like_count=4)

        def is_finished(self) -> bool:
            return True

    fake = types.ModuleType("brotli")
    fake.__dict__.update(Decompressor=Decompressor, error=ValueError)
    monkeypatch.setitem(sys.modules, "brotli", fake)
    assert [event.count for event in told(Session(), data) if isinstance(event, LikeGiven)] == [4]


@given(st.binary(max_size=120), st.integers(0, 200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, cut: int) -> None:
    for attempt in (data, (command(f"{OPEN}DM", msg="好") + data)[:cut]):
        try:
            events = told(Session(), attempt)
        except BadPayload:
            continue
        assert all(isinstance(event, Event) for event in events)
