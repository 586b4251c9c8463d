"""The web-frame decoder on frames of our own encoder: duplicates, order, damage, combos, large ids."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import BadPayload
from livecue.events import (
    CommentPosted,
    Event,
    FanClubJoined,
    GiftSent,
    LikeGiven,
    OnlineCounted,
    RoomShared,
    SourceGone,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    UnknownSeen,
    UserFollowed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.integrations.douyin.webcast import Session, heartbeat
from livecue.integrations.douyin.webcast.messages import SHOPPING, promotion_of
from livecue.integrations.protowire import Writer, read_record
from livecue.integrations.pushframe import read_frame, read_response
from tests.integrations.douyin import encoder as enc

LARGE = 9007199254741001
SIX = [
    enc.chat(1, "hello", enc.user(name="Tester", sec_uid="SEC-CHAT")),
    enc.gift(2, 7, "Rose", repeat=3, combo=False, who=enc.user(name="Sender", sec_uid="SEC-SEND")),
    enc.member(3, enc.user(name="Joiner", sec_uid="SEC-JOIN")),
    enc.like(4, 5, 100, enc.user(name="Liker", sec_uid="SEC-LIKE")),
    enc.social(5, 1, enc.user(name="Follower", sec_uid="SEC-FOLLOW")),
    enc.room_stats(6, "1234", 1234),
]
DOCUMENTED_CHAT = bytes.fromhex(
    "102a2a150a0d636f6d70726573735f7479706512046e6f6e65320270623a036d736742a5010a85010a125765626361737443686174"
    "4d65737361676512650a2f0a1257656263617374436861744d657373616765108180e8e2aaeab3a765188080e8e2aaeab3a76520"
    "80d095ffbc31121a08e9071a09e8a782e4bc97e794b2f202094d5334772d64656d6f1a1633e58fb7e993bee68ea5e8bf98e69c89"
    "e8b4a7e59097188180e8e2aaeab3a76512056375722d3118e8072080d095ffbc312a056578742d3140904e4801"
)


def received(*messages: Writer, session: Session | None = None) -> list[Event]:
    return (session or Session()).receive(enc.frame(enc.response(messages)))[0]


def test_the_documented_frame() -> None:
    events, ack = Session().receive(DOCUMENTED_CHAT)
    assert events == [
        CommentPosted(key="7300000000000000001", at=1700000000000, text="3号链接还有货吗", user="1001", name="观众甲")
    ]
    assert ack == bytes.fromhex("102a3a0361636b42056578742d31")
    assert heartbeat() == bytes.fromhex("3a026862")


def test_plain_then_gzip_then_gzip_again_gives_six_events_once_and_three_answers() -> None:
    body = enc.response(SIX, internal_ext="opaque-ack")
    plain, zipped = enc.frame(body, log_id=LARGE), enc.frame(body, log_id=LARGE, zipped=True)
    assert read_frame(zipped).payload == read_frame(plain).payload
    session = Session()
    answers = []
    told = []
    for data in (plain, zipped, zipped):
        events, ack = session.receive(data)
        told.append(events)
        answers.append(ack)
    assert [type(event) for event in told[0]] == [
        CommentPosted,
        GiftSent,
        ViewerEntered,
        LikeGiven,
        UserFollowed,
        OnlineCounted,
    ]
    assert [event.key for event in told[0]] == ["1", "2", "3", "4", "5", "6"]
    assert told[1:] == [[], []]
    for ack in answers:
        assert ack is not None
        back = read_frame(ack)
        assert (back.log_id, back.payload_type, back.payload) == (LARGE, "ack", b"opaque-ack")


def test_what_each_message_becomes() -> None:
    who = enc.user(1001, "观众甲")
    assert received(
        enc.member(1, who, count=13825),
        enc.member(2, who, action=2),
        enc.member(3, who, action=9),
        enc.like(4, 12, 500, who),
        enc.social(5, 1, who),
        enc.social(6, 3, who, share_type=1),
        enc.social(7, 5, who),
        enc.room_users(8, 13719, 197318, ranks=9),
        enc.fan_club(9, 2, who),
        enc.fan_club(10, 1, who),
        enc.control(11, 1),
        enc.control(12, 2),
        enc.control(13, 3),
        enc.control(14, 8),
    ) == [
        ViewerEntered(key="1", user="1001", name="观众甲"),
        ViewerLeft(key="2", user="1001"),
        UnknownSeen(key="3", name="WebcastMemberMessage/action=9", raw=read_raw(enc.member(3, who, action=9))),
        LikeGiven(key="4", user="1001", count=12),
        UserFollowed(key="5", user="1001"),
        RoomShared(key="6", user="1001"),
        UnknownSeen(key="7", name="WebcastSocialMessage/action=5", raw=read_raw(enc.social(7, 5, who))),
        OnlineCounted(key="8", online=13719, views=197318),
        FanClubJoined(key="9", user="1001"),
        UnknownSeen(key="10", name="WebcastFansclubMessage/action=1", raw=read_raw(enc.fan_club(10, 1, who))),
        StreamPaused(key="11"),
        StreamResumed(key="12"),
        StreamEnded(key="13"),
        UnknownSeen(key="14", name="WebcastControlMessage/action=8", raw=read_raw(enc.control(14, 8))),
    ]


def read_raw(message: Writer) -> bytes:
    return read_response(enc.response([message])).messages[0].payload


def test_display_counts() -> None:
    assert received(enc.room_stats(1, "6.8万"), enc.room_stats(2, "500+")) == [
        OnlineCounted(key="1", online=68_000),
        OnlineCounted(key="2", online=-1),
    ]


def test_a_combo_counts_once_when_it_ends() -> None:
    session = Session()
    combo = [enc.gift(n, 463, "小心心", coins=1, repeat=n, group=77) for n in range(1, 8)]
    assert received(*combo, session=session) == []
    assert list(session.open_combos.values()) == [7]
    end = enc.gift(8, 463, "小心心", coins=1, repeat=7, end=True, group=77)
    assert received(end, session=session) == [
        GiftSent(key="8", gift="463", name="小心心", count=7, coins=7, user="1001")
    ]
    again = enc.gift(9, 463, "小心心", coins=1, repeat=7, end=True, group=77)
    assert received(again, session=session) == [] and session.open_combos == {}


def test_combos_of_two_people_and_two_groups_stay_apart() -> None:
    other = enc.user(2002, "观众乙")
    events = received(
        enc.gift(1, 463, coins=1, repeat=1, group=77),
        enc.gift(2, 463, coins=1, repeat=5, end=True, group=77, who=other),
        enc.gift(3, 463, coins=1, repeat=2, end=True, group=77),
        enc.gift(4, 463, coins=1, repeat=4, end=True, group=78),
        enc.gift(5, 463, coins=1, repeat=3, end=True, trace="t-1"),
    )
    assert [(event.key, event.coins) for event in events if isinstance(event, GiftSent)] == [
        ("2", 5),
        ("3", 2),
        ("4", 4),
        ("5", 3),
    ]


def test_combos_in_any_order_give_the_same_sum() -> None:
    parts = [enc.gift(n, 463, coins=1, repeat=n, end=n == 9, group=77) for n in range(1, 10)]
    for seed in range(10):
        random.Random(seed).shuffle(parts)
        gifts = [event for event in received(*parts) if isinstance(event, GiftSent)]
        assert sum(gift.coins for gift in gifts) == 9


def test_a_gift_without_its_price_takes_it_from_the_catalogue() -> None:
    gifts = received(enc.gift(1, 463, "小心心", combo=False, repeat=2), enc.gift(2, 99999999, "没有的", combo=False))
    assert [gift.coins for gift in gifts if isinstance(gift, GiftSent)] == [2, 0]


def test_masked_people_are_nobody() -> None:
    assert received(
        enc.member(1, enc.user(111111, "行***")), enc.chat(2, "扣1", enc.user(111111, "阿***", "SAME-FOR-ALL"))
    ) == [ViewerEntered(key="1", name="行***"), CommentPosted(key="2", text="扣1", name="阿***")]


def test_equal_comments_without_ids_are_all_kept() -> None:
    same = [enc.message("WebcastChatMessage", Writer().sub(2, enc.user(111111)).text(3, "扣1")) for _ in range(5)]
    events = received(*same)
    assert len(events) == 5 and len({event.key for event in events}) == 5


def test_keys_are_the_same_in_every_run() -> None:
    data = enc.frame(enc.response([enc.message("WebcastNovelMessage", b"\x08\x01")]))
    assert Session("a").receive(data) == Session("a").receive(data)
    assert Session("a").receive(data)[0] != Session("b").receive(data)[0]


def test_unknown_messages_are_kept_whole() -> None:
    odd = enc.message("WebcastNovelMessage", b"\xff\x00not protobuf", 31)
    assert received(odd, enc.chat(32, "hi")) == [
        UnknownSeen(key="31", name="WebcastNovelMessage", raw=b"\xff\x00not protobuf"),
        CommentPosted(key="32", text="hi"),
    ]


def test_an_unreadable_message_costs_only_itself() -> None:
    events = received(enc.message("WebcastChatMessage", b"\xff\xff", 1), enc.chat(2, "hi"))
    assert events == [
        UnknownSeen(key="1", name="WebcastChatMessage/unreadable", raw=b"\xff\xff"),
        CommentPosted(key="2", text="hi"),
    ]
    broken = Writer().raw(1, b"\xff\xff").sub(1, enc.chat(3, "ho")).done()
    told = Session().receive(enc.frame(broken))[0]
    assert [type(event) for event in told] == [CommentPosted, UnknownSeen]


def test_figures_outside_the_vocabulary_are_kept_as_they_came() -> None:
    long = "长" * 20_000
    events = received(enc.like(1, -5, 0), enc.chat(2, long), enc.room_users(3, -9, 5))
    assert [type(event) for event in events] == [UnknownSeen] * 3
    assert all(isinstance(event, UnknownSeen) and event.raw for event in events)


def test_frames_of_other_types() -> None:
    session = Session()
    assert session.receive(heartbeat()) == ([], None)
    closed = session.receive(enc.frame(b"", kind="close"))
    assert [type(event) for event in closed[0]] == [SourceGone] and session.receive(enc.frame(b"", kind="close"))[
        0
    ] == []
    odd = session.receive(enc.frame(b"?", kind="novel"))[0]
    assert [(event.name, event.raw) for event in odd if isinstance(event, UnknownSeen)] == [("frame/novel", b"?")]


def test_the_resume_point_comes_from_the_headers_when_they_carry_it() -> None:
    session = Session()
    body = enc.response([enc.chat(1, "hi")])
    _, ack = session.receive(enc.frame(body, headers={"im-cursor": "head-cur", "im-internal_ext": "head-ext"}))
    assert (session.cursor, session.internal_ext, session.heartbeat_ms) == ("head-cur", "head-ext", 10_000)
    assert ack is not None and read_frame(ack).payload == b"head-ext"
    assert session.receive(enc.frame(enc.response([], need_ack=False)))[1] is None


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(BadPayload, match="more than"):
        Session().receive(enc.frame(b"\0" * (33 << 20), zipped=True))


@pytest.mark.parametrize("zipped", [False, True])
def test_a_frame_cut_at_any_byte_is_refused_or_tells_less(zipped: bool) -> None:
    whole = enc.frame(enc.response(SIX), zipped=zipped)
    full = {event.key for event in Session().receive(whole)[0]}
    for cut in range(len(whole)):
        try:
            events, _ = Session().receive(whole[:cut])
        except BadPayload:
            continue
        assert {event.key for event in events} < full


def test_a_response_cut_at_any_byte_is_refused_or_tells_less() -> None:
    body = enc.response(SIX)
    full = [event.key for event in Session().response(body)]
    for cut in range(len(body)):
        try:
            events = Session().response(body[:cut])
        except BadPayload:
            continue
        assert [event.key for event in events] == full[: len(events)]


def test_a_refused_frame_leaves_the_session_as_it_was() -> None:
    session, whole = Session(), enc.frame(enc.response(SIX))
    with pytest.raises(BadPayload):
        session.receive(whole[:-1])
    assert len(session.receive(whole)[0]) == 6


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_flipped_bytes_never_crash(data: st.DataObject) -> None:
    body = bytearray(enc.frame(enc.response([*SIX, enc.gift(7, 463, coins=1, repeat=2, group=5, end=True)])))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        events, _ = Session().receive(bytes(body))
    except BadPayload:
        return
    assert all(isinstance(event, Event) for event in events)


def test_the_two_schemas_of_a_shopping_message() -> None:
    newer = Writer().number(2, 1).number(3, 7301234567890123456).raw(4, b"\x01\x02").done()
    older = Writer().number(2, 1).number(4, 7301234567890123457).done()
    neither = Writer().number(2, 1).raw(4, b"\x01\x02").done()
    assert [promotion_of(read_record(SHOPPING, data)) for data in (newer, older, neither)] == [
        "7301234567890123456",
        "7301234567890123457",
        "",
    ]
    (event,) = received(enc.message("WebcastLiveShoppingMessage", newer, 1))
    assert event == UnknownSeen(key="1", name="WebcastLiveShoppingMessage/msg_type=1", raw=newer)
