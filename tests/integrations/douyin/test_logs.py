"""Room logs and gift logs, on lines of our own making."""

import gzip
import json
from collections import Counter
from pathlib import Path

from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    SourceBack,
    SourceGone,
    UnknownSeen,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.recording import Recording, open_recording

MASKED = {"user_id": 111111, "user_id_str": "111111", "nickname": "行***"}


def log(path: Path, *lines: tuple[str, dict[str, object]], start: float = 1761623569.675) -> Recording:
    text = [
        json.dumps({"type": kind, "payload": payload, "timestamp": start + n}, ensure_ascii=False)
        for n, (kind, payload) in enumerate(lines)
    ]
    path.write_bytes(gzip.compress("\n".join(text).encode()))
    return open_recording(path)


def bare(recording: Recording) -> list[Event]:
    return [
        type(e)(**{f: getattr(e, f) for f in e.__struct_fields__ if f not in ("key", "at")}) for e in told(recording)
    ]


def told(recording: Recording) -> list[Event]:
    return [event for step in recording.steps() for event in step.events]


def test_every_kind_of_line(tmp_path: Path) -> None:
    recording = log(
        tmp_path / "room.jsonl.gz",
        (
            "room_stats",
            {"display_long": "6.8万在线观众", "display_short": "6.8万", "like_count": None, "total_user": None},
        ),
        ("stream_adaptation", {"adaptation_type": 1}),
        ("room_user_stats", {"current": 23, "total": "5388", "display_short": None}),
        ("member", {**MASKED, "action": "enter"}),
        ("member", {**MASKED, "user_id": 42, "user_id_str": "42", "action": "enter"}),
        ("chat", {**MASKED, "content": "扣1"}),
        ("gift", {**MASKED, "gift_name": "亲吻", "count": 2, "diamond_count": 99, "gift_value": 198}),
        ("follow", {**MASKED, "user_id_str": "", "action": "follow"}),
        ("like", {**MASKED, "count": 3, "total": 4439}),
    )
    assert recording.kind == "douyin-room-log" and recording.header.started_at == 1761623569675
    events = bare(recording)
    raw = events[1]
    assert isinstance(raw, UnknownSeen) and raw.name == "stream_adaptation" and b"adaptation_type" in raw.raw
    assert events[:1] + events[2:] == [
        OnlineCounted(online=68_000),
        OnlineCounted(online=23, views=5388),
        ViewerEntered(name="行***"),
        ViewerEntered(name="行***", user="42"),
        CommentPosted(text="扣1", name="行***"),
        GiftSent(name="亲吻", count=2, coins=198),
        UserFollowed(),
        LikeGiven(count=3),
    ]
    assert recording.bad_lines == 0


def test_every_line_gives_one_event_with_its_own_key_the_same_in_every_pass(tmp_path: Path) -> None:
    recording = log(tmp_path / "room.jsonl.gz", *[("chat", {**MASKED, "content": "扣1"})] * 50)
    first = told(recording)
    assert len({event.key for event in first}) == 50 and told(recording) == first
    path = tmp_path / "same-second.jsonl"
    line = json.dumps({"type": "chat", "payload": {"content": "扣1"}, "timestamp": 1761623569.5})
    path.write_text("\n".join([line] * 20), encoding="utf-8")
    assert len({event.key for event in told(open_recording(path))}) == 20


def test_totals_of_a_long_log(tmp_path: Path) -> None:
    made: list[tuple[int, str, dict[str, object]]] = [
        (285, "member", {**MASKED, "action": "enter"}),
        (124, "room_stats", {"display_short": "20"}),
        (45, "stream_adaptation", {}),
        (6, "chat", {"content": "来了"}),
        (1, "like", {"count": 1}),
        (4, "follow", {"action": "follow"}),
        (2, "gift", {"gift_name": "热气球", "gift_value": 520}),
    ]
    lines = [(kind, payload) for count, kind, payload in made for _ in range(count)]
    kinds = Counter(type(event).__name__ for event in told(log(tmp_path / "long.jsonl.gz", *lines)))
    assert kinds == {
        "ViewerEntered": 285,
        "OnlineCounted": 124,
        "UnknownSeen": 45,
        "CommentPosted": 6,
        "UserFollowed": 4,
        "GiftSent": 2,
        "LikeGiven": 1,
    }


def test_a_recorder_that_breaks_is_gone_once_and_back_once(tmp_path: Path) -> None:
    failed: tuple[str, dict[str, object]] = ("error", {"message": "Expecting value"})
    alive: tuple[str, dict[str, object]] = ("like", {"count": 1})
    events = bare(log(tmp_path / "room.jsonl", failed, failed, alive, alive))
    assert [type(event) for event in events] == [SourceGone, UnknownSeen, SourceBack, LikeGiven, LikeGiven]
    assert events[0] == SourceGone(feed="room-log", reason="Expecting value")
    assert events[2] == SourceBack(feed="room-log", gap_ms=2000)


def test_odd_lines_are_kept_or_named(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    good = json.dumps({"type": "like", "payload": {"count": 1}, "timestamp": 1761623569.5})
    odd = [
        '{"type":"like","payload":{"count":-3},"timestamp":1761623570}',
        '{"type":"member","payload":{"action":"leave"},"timestamp":1761623571}',
        '{"type":"chat","payload":"text","timestamp":1761623572}',
        '{"type":"like","payload":{}}',
        '{"type":"like","payl',
        "{}",
        "7",
        '{"type":"gift","payload":{"gift_name":{"a":1},"count":"1e999999"},"timestamp":1761623573}',
    ]
    path.write_text("\n".join([good, *odd]), encoding="utf-8")
    recording = open_recording(path)
    events = told(recording)
    assert [type(event).__name__ for event in events] == [
        "LikeGiven",
        "UnknownSeen",
        "UnknownSeen",
        "UnknownSeen",
        "GiftSent",
    ]
    assert [error.line for error in recording.errors] == [5, 6, 7, 8]


def test_only_the_line_that_ends_a_combo_is_a_gift(tmp_path: Path) -> None:
    path = tmp_path / "gifts.log"
    path.write_text(
        "[礼物] u_1 : 小心心 x1 (钻石:1, repeatEnd=false)\n"
        "[礼物] u_1 : 小心心 x9 (钻石:9, repeatEnd=false)\n"
        "[礼物] u_1 : 小心心 x10 (钻石:10, repeatEnd=true)\n"
        "[礼物]  : 礼物 x1 (钻石:99, repeatEnd=true)\n"
        "[礼物] u_2 : u_2 刚刚升级至【a : b】粉丝团 Lv7 x1 (钻石:0, repeatEnd=true)\n"
        "something else\n",
        encoding="utf-8",
    )
    recording = open_recording(path)
    gifts = [event for event in told(recording) if isinstance(event, GiftSent)]
    assert recording.kind == "douyin-gift-log" and sum(gift.coins for gift in gifts) == 109
    assert [(gift.name, gift.count) for gift in gifts[:2]] == [("小心心", 10), ("礼物", 1)]
    assert [error.line for error in recording.errors] == [6]
