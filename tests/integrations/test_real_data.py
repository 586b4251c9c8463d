"""The decoders on captured data that is not in the tree; each test has a twin on data of our own making.

Twins: douyin/test_webcast.py, douyin/test_logs.py, douyin/test_files.py, kuaishou, bilibili, tiktok.
"""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    SourceGone,
    UnknownSeen,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.bilibili import Session as BilibiliSession
from livecue.integrations.douyin.decoded import read_decoded
from livecue.integrations.douyin.gifts import coins_of
from livecue.integrations.douyin.snapshots import read_products, read_rooms
from livecue.integrations.douyin.webcast import Session, heartbeat, messages
from livecue.integrations.kuaishou import Session as KuaishouSession
from livecue.integrations.protowire import Table, read_record
from livecue.integrations.pushframe import read_frame, read_response
from livecue.integrations.recording import open_recording

MANIFEST = Path(__file__).parents[1] / "recordings" / "tiktok_manifest.json"
KINDS: dict[str, Table] = {
    "WebcastMemberMessage": messages.MEMBER,
    "WebcastLikeMessage": messages.LIKE,
    "WebcastGiftMessage": messages.GIFT,
    "WebcastRoomUserSeqMessage": messages.ROOM_USERS,
    "WebcastChatMessage": messages.CHAT,
}


def test_the_captured_response_field_by_field(real_data: Path) -> None:
    folder = real_data / "live" / "douyin_response_frames"
    truth: dict[str, Any] = json.loads((folder / "expected.json").read_bytes())["raw.bin"]
    response = read_response((folder / "raw.bin").read_bytes())
    assert (response.now, response.cursor, response.fetch_interval) == (
        truth["now"],
        truth["cursor"],
        truth["fetch_interval"],
    )
    assert [message.method for message in response.messages] == [item["method"] for item in truth["messages"]]
    for message, item in zip(response.messages, truth["messages"], strict=True):
        record = read_record(KINDS[message.method], message.payload)
        common, user, gift = record.sub("common"), record.sub("user"), record.sub("gift")
        have = {
            "method": common.text("method"),
            "msg_id": message.msg_id,
            "room_id": str(common.number("room_id")),
            "create_time_ms": common.number("create_time"),
            "user": {"id": str(user.number("id")), "nickname": user.text("nickname"), "gender": user.number("gender")},
            "content": record.text("content"),
            "gift_name": gift.text("name"),
            "diamond_count": gift.number("diamond_count"),
            "describe": common.text("describe"),
            "total_user_str": record.text("total_user_str"),
            "ranks": len(record.subs("ranks")),
            "rank_users": [{"rank": r.number("rank"), "score": r.number("score")} for r in record.subs("ranks")],
        }
        for name, wanted in item.items():
            assert have.get(name, record.number(name)) == wanted, (message.msg_id, name)


def test_the_events_of_the_captured_response(real_data: Path) -> None:
    session = Session()
    events = session.response((real_data / "live" / "douyin_response_frames" / "raw.bin").read_bytes())
    assert Counter(type(event) for event in events) == {
        ViewerEntered: 4,
        LikeGiven: 1,
        OnlineCounted: 1,
        CommentPosted: 1,
    }
    # The eighth message is a gift whose combo goes on (repeatEnd 0): not told before it ends, not lost either.
    assert list(session.open_combos.values()) == [1]
    counted = next(event for event in events if isinstance(event, OnlineCounted))
    assert (counted.online, counted.views) == (13_719, 197_318)


def test_the_captured_push_frames(real_data: Path) -> None:
    folder = real_data / "live" / "douyin_push_frames"
    truth: dict[str, Any] = json.loads((folder / "expected.json").read_bytes())
    plain, zipped = ((folder / f"push_frame_{name}.bin").read_bytes() for name in ("plain", "gzip"))
    assert read_frame(plain).payload == read_frame(zipped).payload
    session = Session()
    told: list[list[Event]] = []
    for data in (plain, zipped, zipped):
        events, ack = session.receive(data)
        told.append(events)
        assert ack is not None
        answer = read_frame(ack)
        assert (answer.log_id, answer.payload_type) == (truth["log_id"], truth["ack_payload_type"])
        assert answer.payload.decode() == truth["ack_payload"]
    assert [len(events) for events in told] == [6, 0, 0] and session.cursor == truth["cursor"]
    assert [int(event.key) for event in told[0]] == [item["msg_id"] for item in truth["events_in_order"]]
    chat, gift, member, like, social, stats = told[0]
    assert isinstance(chat, CommentPosted) and (chat.text, chat.user) == ("hello", "SEC-CHAT")
    assert isinstance(gift, GiftSent) and (gift.name, gift.count) == ("Rose", 3)
    assert isinstance(member, ViewerEntered) and member.name == "Joiner"
    assert isinstance(like, LikeGiven) and like.count == 5
    assert isinstance(social, UserFollowed)
    assert isinstance(stats, OnlineCounted) and stats.online == 1234


def test_the_captured_heartbeat(real_data: Path) -> None:
    truth = json.loads((real_data / "live" / "douyin_room_enter" / "heartbeat_expected.json").read_bytes())
    assert heartbeat().hex() == truth["heartbeat_push_frame_hex"]


def test_the_room_log(real_data: Path) -> None:
    recording = open_recording(real_data / "live" / "douyin_room_log" / "room_7min.jsonl.gz")
    steps = list(recording.steps())
    events = [event for step in steps for event in step.events]
    assert Counter(type(event).__name__ for event in events) == {
        "ViewerEntered": 285,
        "OnlineCounted": 63 + 61,
        "UnknownSeen": 45,
        "CommentPosted": 6,
        "UserFollowed": 4,
        "GiftSent": 2,
        "LikeGiven": 1,
    }
    assert len(events) == len({event.key for event in events}) == 467 and recording.bad_lines == 0
    assert {getattr(event, "user", "") for event in events} == {""}
    assert sum(event.coins for event in events if isinstance(event, GiftSent)) == 99 + 520
    views = [event.views for event in events if isinstance(event, OnlineCounted) and event.views >= 0]
    assert (views[0], views[-1]) == (5388, 5722) and views != sorted(views)
    assert [step.t for step in steps] == sorted(step.t for step in steps)
    assert round((steps[-1].t - steps[0].t) / 60_000, 1) == 7.4


def test_the_error_logs(real_data: Path) -> None:
    for number in range(1, 9):
        recording = open_recording(real_data / "live" / "douyin_room_log" / f"error_{number}.jsonl")
        (step,) = recording.steps()
        (event,) = step.events
        assert isinstance(event, SourceGone) and event.reason


def test_the_gift_logs(real_data: Path) -> None:
    for name, coins, naive, lines in (("39fc671", 27_708, 34_786, 826), ("c2cd853", 35, 313, 60)):
        path = real_data / "live" / "douyin_gift_log" / f"gifts_{name}.log.gz"
        recording = open_recording(path)
        steps = list(recording.steps())
        assert (len(steps), recording.bad_lines) == (lines, 0)
        assert sum(event.coins for step in steps for event in step.events if isinstance(event, GiftSent)) == coins
        text = gzip.decompress(path.read_bytes()).decode()
        assert sum(int(line.rpartition("钻石:")[2].partition(",")[0]) for line in text.splitlines()) == naive


def test_the_gift_catalogue_agrees_with_the_log_but_for_the_fan_club_badge(real_data: Path) -> None:
    with (real_data / "live" / "douyin_gift_catalogue" / "gift.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 732
    assert all(coins_of(row["id"]) == int(row["diamond_count"]) for row in rows)
    prices: dict[str, set[int]] = {}
    for row in rows:
        prices.setdefault(row["name"], set()).add(int(row["diamond_count"]))
    agree, differ = 0, Counter[str]()
    for name in ("39fc671", "c2cd853"):
        path = real_data / "live" / "douyin_gift_log" / f"gifts_{name}.log.gz"
        for line in gzip.decompress(path.read_bytes()).decode().splitlines():
            what, _, figures = line.split(" : ", 1)[1].rpartition(" x")
            count, _, coins = figures.partition(" (钻石:")
            if what in prices:
                fits = int(coins.partition(",")[0]) in {price * int(count) for price in prices[what]}
                agree, differ[what] = agree + fits, differ[what] + (not fits)
    assert agree == 413 and +differ == {"粉丝团灯牌": 192}


def test_the_room_enter_answer(real_data: Path) -> None:
    rooms = read_rooms((real_data / "live" / "douyin_room_enter" / "doRequest.example.json").read_bytes())
    assert len(rooms) == 13 and rooms[0].goods and rooms[0].cart == 0
    assert 564 in [room.counted.online for room in rooms]


def test_decoded_messages_and_products(real_data: Path) -> None:
    events: list[Event] = []
    for path in sorted((real_data / "live" / "douyin_api_samples").glob("live_messages_*.json")):
        events += read_decoded(path.read_bytes())
    assert len(events) == len({event.key for event in events}) == 21
    assert Counter(type(event).__name__ for event in events) == {
        "ViewerEntered": 10,
        "CommentPosted": 5,
        "LikeGiven": 3,
        "UserFollowed": 1,
        "UnknownSeen": 2,
    }
    texts = [event.text for event in events if isinstance(event, CommentPosted)]
    assert "23号大衣还有吗 可以回复一下吗" in texts and "我买了十多件，不想要不能退吗" in texts
    single = [
        event
        for p in sorted((real_data / "live" / "douyin_decoded").glob("*.json"))
        for event in read_decoded(p.read_bytes())
    ]
    assert Counter(type(event).__name__ for event in single) == {"GiftSent": 1, "CommentPosted": 1, "UnknownSeen": 1}
    shelves = [
        read_products((real_data / "live" / "douyin_api_samples" / f"mall_{name}.json").read_bytes())
        for name in ("flash_sale", "products")
    ]
    assert [(len(shelf.cards), shelf.others) for shelf in shelves] == [(10, 2), (10, 0)]
    assert all(card.name and card.price > 0 for shelf in shelves for card in shelf.cards)


def test_the_captured_kuaishou_frame(real_data: Path) -> None:
    folder = real_data / "live" / "kuaishou_frames"
    truth = json.loads((folder / "expected.json").read_bytes())["server_frame_1.bin"]
    data = (folder / "server_frame_1.bin").read_bytes()
    # 310: a feed push. The frame's first field (tag 0x08) is its payload type, a varint of two bytes.
    assert data[:3] == b"\x08" + bytes([310 & 0x7F | 0x80, 310 >> 7])
    (counted, comment, gift), _ = KuaishouSession().receive(data)
    assert isinstance(counted, OnlineCounted) and (counted.online, counted.likes) == (3143, 62_000)
    assert isinstance(comment, CommentPosted) and comment.text == "四川哪里的" and comment.at == truth["timestamp_ms"]
    assert comment.user == truth["field5_messages"][0]["user"]["eid"]
    assert isinstance(gift, GiftSent) and gift.count == truth["gift_messages_field9"] == 1


def test_the_recorded_bilibili_stream(real_data: Path) -> None:
    lines = (real_data / "live" / "bilibili_messages" / "message_stream.jsonl").read_bytes().splitlines()
    assert len(lines) == 102 and len({json.loads(line).get("cmd", "") for line in lines}) == 90
    session = BilibiliSession()
    told = [session.command(line) for line in lines]
    assert all(told)
    for line, events in zip(lines, told, strict=True):
        assert all(event.raw == line for event in events if isinstance(event, UnknownSeen))
    assert session.unknown_seen.total() == 93 and len(session.unknown_seen) == 82
    known = Counter(type(event).__name__ for events in told for event in events if not isinstance(event, UnknownSeen))
    assert known == {
        "StreamEnded": 2,
        "StreamStarted": 1,
        "ViewerEntered": 1,
        "GiftSent": 3,
        "CommentPosted": 1,
        "LikeGiven": 1,
        "OnlineCounted": 1,
    }


def test_the_tiktok_truth_in_the_tree_is_the_one_that_was_given(real_data: Path) -> None:
    assert (real_data / "live" / "tiktok_manifest" / "manifest_a.json").read_bytes() == MANIFEST.read_bytes()
