"""The web frame, on frames of our own encoder."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.errors import BadPayload
from livecue.events import CommentPosted, Event, GiftSent, LikeGiven, OnlineCounted, UnknownSeen
from livecue.integrations.kuaishou import Session
from livecue.integrations.protowire import Writer

AT = 1616480978085


def user(number: str, name: str) -> Writer:
    return Writer().text(1, number).text(2, name)


def comment(text: str, number: str = "e1") -> Writer:
    return Writer().sub(2, user(number, "甲")).text(3, text)


def gift(combo: str, count: int, batch: int = 1) -> Writer:
    return Writer().sub(2, user("e2", "乙")).number(4, 10042).text(6, combo).number(7, batch).number(8, count)


def told(session: Session, data: bytes) -> list[Event]:
    events, answer = session.receive(data)
    assert answer is None
    return events


def frame(feed: Writer, *, kind: int = 310, packing: int = 1, at: int = AT) -> bytes:
    body = gzip.compress(feed.done(), mtime=0) if packing == 2 else feed.done()
    return Writer().number(1, kind).number(2, packing).raw(3, body).number(4, at).done()


WHOLE = Writer().text(1, "3143").text(2, "6.2万").sub(5, comment("四川哪里的")).sub(9, gift("c-1", 1))


@pytest.mark.parametrize("packing", [1, 2])
def test_a_whole_frame(packing: int) -> None:
    online, said, given_ = told(Session(), frame(WHOLE, packing=packing))
    assert (online, said) == (
        OnlineCounted(key=online.key, at=AT, online=3143, likes=62_000),
        CommentPosted(key=said.key, at=AT, text="四川哪里的", user="e1", name="甲"),
    )
    assert given_ == GiftSent(key=given_.key, at=AT, gift="10042", count=1, user="e2")


def test_equal_comments_of_one_frame_stay_apart_and_a_frame_seen_twice_counts_once() -> None:
    session, data = (
        Session(),
        frame(Writer().sub(5, comment("扣1")).sub(5, comment("扣1")).sub(8, Writer().text(1, "l1"))),
    )
    events = told(session, data)
    assert len({event.key for event in events}) == 3 and isinstance(events[2], LikeGiven)
    assert told(session, data) == []
    assert len(told(session, frame(Writer().sub(5, comment("扣1")), at=AT + 200))) == 1


def test_a_combo_counts_its_rise() -> None:
    session = Session()
    steps = [(1, 1), (3, 1), (3, 1), (2, 1), (5, 1)]
    gifts = [
        event
        for n, (count, batch) in enumerate(steps)
        for event in told(session, frame(Writer().sub(9, gift("c-1", count, batch)), at=AT + n))
    ]
    assert [event.count for event in gifts if isinstance(event, GiftSent)] == [1, 2, 2]


def test_what_is_not_a_feed_or_not_readable_is_kept() -> None:
    session = Session()
    for kind, packing in ((101, 1), (310, 3)):
        (event,) = told(session, frame(WHOLE, kind=kind, packing=packing))
        assert isinstance(event, UnknownSeen) and event.name == f"frame/{kind}/{packing}" and event.raw == WHOLE.done()
    odd = told(session, frame(Writer().text(1, "1000+").text(77, "novel").raw(5, b"\xff")))
    assert [(event.name, event.raw) for event in odd if isinstance(event, UnknownSeen)] == [
        ("feed/77", b"novel"),
        ("feed/5", b"\xff"),
    ]


def test_a_frame_cut_at_any_byte_is_refused_or_tells_less() -> None:
    whole = frame(WHOLE)
    for cut in range(len(whole)):
        try:
            events = told(Session(), whole[:cut])
        except BadPayload:
            continue
        assert len(events) <= 3 and all(event.at in (0, AT) for event in events)


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for attempt in (data, frame(Writer().raw(5, data)), Writer().number(1, 310).raw(3, data).done()):
        try:
            events = told(Session(), attempt)
        except BadPayload:
            continue
        assert all(isinstance(event, Event) for event in events)
