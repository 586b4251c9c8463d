"""The web frames: likes are sums, history is no news, streaks count once."""

import json
from pathlib import Path
from typing import Any

import pytest

from livecue.errors import BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    RoomShared,
    StreamEnded,
    UnknownSeen,
    UserFollowed,
    ViewerEntered,
)
from livecue.integrations.protowire import Writer
from livecue.integrations.pushframe import read_frame
from livecue.integrations.tiktok import Session

MANIFEST = Path(__file__).parents[2] / "recordings" / "tiktok_manifest.json"
WHO = Writer().number(1, 7001).text(3, "Ann").text(38, "ann")


def message(method: str, body: Writer, msg_id: int, history: bool = False) -> Writer:
    writer = Writer().text(1, f"Webcast{method}Message").raw(2, body.done()).number(3, msg_id)
    return writer.number(6, 1) if history else writer


def frame(*messages: Writer, internal_ext: str = "ext") -> bytes:
    body = Writer()
    for item in messages:
        body.sub(1, item)
    payload = body.text(2, "cur").text(5, internal_ext).number(9, 1).done()
    return Writer().number(2, 9007199254741001).text(7, "msg").raw(8, payload).done()


def like(msg_id: int, count: int, total: int) -> Writer:
    return message("Like", Writer().number(2, count).number(3, total).sub(5, WHO), msg_id)


def social(key: str, msg_id: int) -> Writer:
    return message("Social", Writer().sub(1, Writer().sub(8, Writer().text(1, key))).sub(2, WHO), msg_id)


def gift(msg_id: int, repeat: int, end: bool, kind: int = 1) -> Writer:
    info = Writer().number(5, 5655).number(11, kind).number(12, 5).text(16, "Rose")
    body = Writer().number(2, 5655).number(5, repeat).sub(7, WHO)
    if end:
        body.number(9, 1)
    return message("Gift", body.number(11, 77).sub(15, info), msg_id)


def told(*messages: Writer) -> list[Event]:
    return Session().receive(frame(*messages))[0]


def test_likes_are_the_sum_of_the_counts_though_the_total_jumps_backwards() -> None:
    truth: dict[str, Any] = json.loads(MANIFEST.read_bytes())["captures"]["A_news_station"]["like_accumulator"]
    session, likes, totals = Session(), 0, []
    for n, item in enumerate(truth["events"], 1):
        events, _ = session.receive(frame(like(n, item["wire_count"], item["wire_total"])))
        likes += sum(event.count for event in events if isinstance(event, LikeGiven))
        totals.append(item["wire_total"])
        assert likes == item["accumulated"]
    highest = [max(totals[:n], default=0) for n in range(len(totals))]
    assert sum(total < before for total, before in zip(totals, highest, strict=True)) == truth["backwards_jumps"] == 43
    assert len(totals) == truth["event_count"] == 55
    assert likes == truth["final_accumulated"] == 329


def test_what_each_message_becomes() -> None:
    assert told(
        message("Chat", Writer().sub(2, WHO).text(3, "how much"), 1),
        message("Member", Writer().sub(2, WHO).number(10, 1), 2),
        social("pm_main_follow_message_viewer_2", 3),
        social("pm_mt_guidance_viewer_5_share", 4),
        message("RoomUserSeq", Writer().number(3, 303), 5),
        message("Control", Writer().number(2, 4), 6),
    ) == [
        CommentPosted(key="1", text="how much", user="7001", name="Ann"),
        ViewerEntered(key="2", user="7001", name="Ann"),
        UserFollowed(key="3", user="7001"),
        RoomShared(key="4", user="7001"),
        OnlineCounted(key="5", online=303),
        StreamEnded(key="6", reason="suspended by the platform"),
    ]


def test_a_streak_counts_once_and_other_gifts_at_once() -> None:
    gifts = told(gift(1, 1, False), gift(2, 4, False), gift(3, 4, True), gift(4, 4, True), gift(5, 2, False, kind=2))
    assert [(e.key, e.count, e.coins) for e in gifts if isinstance(e, GiftSent)] == [("3", 4, 20), ("5", 2, 10)]


def test_history_is_no_news_and_a_message_seen_twice_counts_once() -> None:
    session = Session()
    old = message("Chat", Writer().text(3, "old"), 1, history=True)
    events, ack = session.receive(frame(old, like(2, 3, 10), like(2, 3, 10), internal_ext=""))
    assert events == [LikeGiven(key="2", user="7001", count=3)] and session.history == 1
    assert ack is not None
    back = read_frame(ack)
    assert (back.payload_type, back.payload, back.log_id) == ("ack", b"-", 9007199254741001)


def test_unknown_messages_and_damage() -> None:
    events = told(message("Novel", Writer().number(1, 1), 1), message("Social", Writer(), 2), like(3, -1, 0))
    assert [event.name for event in events if isinstance(event, UnknownSeen)] == [
        "WebcastNovelMessage",
        "WebcastSocialMessage/display=",
        "WebcastLikeMessage/out of range",
    ]
    assert Session().receive(Writer().text(7, "hb").done()) == ([], None)
    whole = frame(like(1, 3, 10), social("x_follow", 2))
    for cut in range(len(whole)):
        try:
            events, _ = Session().receive(whole[:cut])
        except BadPayload:
            continue
        assert len(events) < 2
    with pytest.raises(BadPayload):
        Session().receive(b"")
