"""The official push: signature, time window, items, the companion's spelling."""

import base64
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import AuthFailed, BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    FanClubJoined,
    GiftSent,
    LikeGiven,
    UnknownSeen,
    UserFollowed,
    UserUnfollowed,
)
from livecue.integrations import Received
from livecue.integrations.douyin.open_push import receive, signature, translate

NOW = 1_700_000_000_123
SECRET = "data-secret-1"
KINDS = ("live_comment", "live_like", "live_gift", "live_fansclub", "live_novel")
SETTINGS = {f"secret_{kind}": SECRET for kind in KINDS}


def pushed(items: Any, kind: str = "live_comment", *, nonce: str = "n-1", at: int = NOW) -> Received:
    """What the platform sends: our own half of the signature, written a second time on purpose."""
    body = json.dumps(items, ensure_ascii=False).encode()
    signed = f"x-msg-type={kind}&x-nonce-str={nonce}&x-roomid=730&x-timestamp={at}".encode()
    mark = base64.b64encode(hashlib.md5(signed + body + SECRET.encode()).digest()).decode()
    headers = {"X-Msg-Type": kind, "x-nonce-str": nonce, "x-roomid": "730", "x-timestamp": str(at), "x-signature": mark}
    return receive({**headers, "content-type": "application/json"}, body, settings=SETTINGS, now_ms=NOW)


def test_the_vendors_own_sample() -> None:
    headers = {"x-nonce-str": "123456", "x-timestamp": "456789", "x-roomid": "268", "x-msg-type": "live_gift"}
    assert signature(headers, "abc123你好".encode(), "123abc") == "PDcKhdlsrKEJif6uMKD2dw=="


def test_a_whole_push() -> None:
    body = (
        '[{"msg_id":"7301234567890000001","sec_openid":"sec-openid-1","content":"3号链接还有货吗",'
        '"avatar_url":"https://example.test/a.png","nickname":"观众甲","timestamp":1700000000100}]'
    ).encode()
    headers = {
        "x-nonce-str": "a8f5f167f44f4964",
        "x-timestamp": "1700000000123",
        "x-roomid": "7301234567890123456",
        "x-msg-type": "live_comment",
        "x-signature": "DlfT2yW64XmjQ3elMkmFqg==",
    }
    got = receive(headers, body, settings=SETTINGS, now_ms=NOW)
    comment = CommentPosted(
        key="7301234567890000001", at=1700000000100, text="3号链接还有货吗", user="sec-openid-1", name="观众甲"
    )
    assert got == Received("7301234567890123456", [comment], "a8f5f167f44f4964", nonce_ms=600_000)
    for field, value in (("x-roomid", "1"), ("x-signature", "x"), ("x-signature", "é\udcff")):
        with pytest.raises(AuthFailed):
            receive({**headers, field: value}, body, settings=SETTINGS, now_ms=NOW)
    with pytest.raises(AuthFailed):
        receive(headers, body + b" ", settings=SETTINGS, now_ms=NOW)
    with pytest.raises(AuthFailed, match="without x-roomid"):
        receive({k: v for k, v in headers.items() if k != "x-roomid"}, body, settings=SETTINGS, now_ms=NOW)


def test_without_a_secret_nothing_is_accepted() -> None:
    body = b"[]"
    headers = {"x-nonce-str": "n", "x-timestamp": str(NOW), "x-roomid": "1", "x-msg-type": "live_like"}
    headers["x-signature"] = signature(headers, body, "")
    for settings_ in ({}, {"secret_live_like": ""}, {"secret_live_gift": SECRET}):
        with pytest.raises(AuthFailed, match="no secret"):
            receive(headers, body, settings=settings_, now_ms=NOW)


@pytest.mark.parametrize("away_ms", [-301_000, 301_000])
def test_an_old_or_early_push_is_refused(away_ms: int) -> None:
    with pytest.raises(AuthFailed, match="clock"):
        pushed([], at=NOW + away_ms)


@pytest.mark.parametrize("body", ["text", {"a": 1}, 7, None])
def test_a_signed_body_that_is_no_list_is_refused(body: Any) -> None:
    with pytest.raises(BadPayload):
        pushed(body)


def test_items_of_every_type() -> None:
    who = {"sec_openid": "u1", "nickname": "甲", "timestamp": 1_700_000_000_000}
    at = 1_700_000_000_000
    assert pushed([{**who, "msg_id": "1", "like_num": 12}], "live_like").events == [
        LikeGiven(key="1", at=at, user="u1", count=12)
    ]
    gift = {**who, "msg_id": "2", "sec_gift_id": "g", "gift_num": 3, "gift_value": 30}
    trial = {**gift, "msg_id": "3", "test": True}
    real, kept = pushed([gift, trial], "live_gift").events
    assert real == GiftSent(key="2", at=at, gift="g", count=3, coins=3, user="u1")
    assert isinstance(kept, UnknownSeen) and (kept.key, kept.name) == ("3", "live_gift/test")
    club = [{**who, "msg_id": str(n), "fansclub_reason_type": n, "fansclub_level": 4} for n in (1, 2, 16)]
    assert [type(event) for event in pushed(club, "live_fansclub").events] == [UnknownSeen, FanClubJoined, UnknownSeen]


def test_twice_the_same_push_gives_the_same_keys() -> None:
    items = [{"msg_id": str(n), "content": "扣1"} for n in range(20)]
    first, again = pushed(items).events, pushed(list(reversed(items)), nonce="n-2").events
    assert {event.key for event in first} == {event.key for event in again} and len(first) == 20


def test_items_without_an_id_stay_apart() -> None:
    events = pushed([{"content": "扣1"}] * 5).events
    assert len({event.key for event in events}) == 5


def test_odd_items_are_kept() -> None:
    items: list[Any] = [
        7,
        None,
        "x",
        [],
        {},
        {"content": 5},
        {"content": ""},
        {"content": "长" * 20_000, "msg_id": "long"},
    ]
    kinds = [type(event) for event in pushed(items).events]
    assert kinds == [UnknownSeen] * 5 + [CommentPosted] + [UnknownSeen] * 2
    assert [type(event) for event in pushed([{"msg_id": "1"}], "live_novel").events] == [UnknownSeen]


def test_the_companions_spelling() -> None:
    who = {"sec_open_id": "u1", "timestamp": 1_700_000_000_000}
    told = [
        event
        for item in (
            {**who, "msg_id": "1", "msg_type": 1, "like_num": 2},
            {**who, "msg_id": "2", "msg_type": 2, "msg_type_str": "live_comment", "content": "好"},
            {**who, "msg_id": "3", "msg_type": 3, "gift_num": 2, "gift_name": "小心心"},
            {**who, "msg_id": "4", "msg_type": 5, "user_follow_action": 1},
            {**who, "msg_id": "5", "msg_type": 5, "use_follow_action": 2},
        )
        for event in translate(item)
    ]
    at = 1_700_000_000_000
    assert told == [
        LikeGiven(key="1", at=at, user="u1", count=2),
        CommentPosted(key="2", at=at, user="u1", text="好"),
        GiftSent(key="3", at=at, user="u1", name="小心心", count=2, coins=2),
        UserFollowed(key="4", at=at, user="u1"),
        UserUnfollowed(key="5", at=at, user="u1"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("msg_id", "sec_openid", "content", "like_num", "gift_num", "gift_value", "timestamp", "nickname", "msg_type")


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from(["live_comment", "live_like", "live_gift", ""]))
@settings(max_examples=150, deadline=None)
def test_any_item_becomes_an_event(item: dict[str, Any], kind: str) -> None:
    assert all(isinstance(event, Event) for event in translate(item, kind, "x"))
