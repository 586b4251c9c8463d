"""Every comment once: what is beyond memory stands in line, is found, counted, given, answered or forgotten."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from livecue.desk.service import count_queued, find_conversation, list_closed, list_open, list_queued
from livecue.desk.service.state import Thinking
from livecue.events import (
    AnswerLate,
    CommentJudged,
    ConversationAssigned,
    ConversationClosed,
    ConversationOpened,
    ConversationViewed,
    ModerationNoted,
    QuestionAnswered,
    ReplyAsked,
    ReplyDropped,
    ReplyToComment,
)
from tests.desk.service.floor import Floor, refusals

MANY = 10_000


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    made = Floor(tmp_path / "floor.db")
    made.unit.db.execute("BEGIN")
    return made


def asks(n: int, topic: str = "logistics") -> CommentJudged:
    return CommentJudged(comment=f"c{n}", label="question", topic=topic, text=f"第{n}个问题", user=f"u{n}")


def states(floor: Floor) -> dict[str, int]:
    return dict(floor.rows("conversations", "state, COUNT(*)", "channel = 'comment' GROUP BY state"))


def whole(floor: Floor, total: int) -> None:
    """Every comment has one row, and what memory counts is what the rows say."""
    found = states(floor)
    assert sum(found.values()) == total
    kept = floor.state.kept
    held = sum(1 for item in kept.open.values() if item.channel == "comment")
    assert found.get("open", 0) == held
    assert found.get("queued", 0) == sum(kept.queue.values())
    picture = floor.desk.picture(floor.state, floor.unit.now)
    assert picture.open == len(kept.open) + found.get("queued", 0)
    assert picture.queued == found.get("queued", 0)


def test_ten_thousand_comments_in_one_second_are_all_kept_and_memory_stays_bounded(floor: Floor) -> None:
    floor.serve("an", "bo")
    said = floor.tell(*[asks(n) for n in range(MANY)])
    assert len({event.conversation for event in said if isinstance(event, ConversationOpened)}) == MANY
    assert len(floor.state.kept.open) == 300
    assert len(floor.desk.dump(floor.state)) < 300_000
    whole(floor, MANY)
    # Each has its message, and none is there twice.
    assert floor.rows("conversation_messages", "COUNT(DISTINCT message), COUNT(*)") == [(MANY, MANY)]
    # Everybody has as many as one may have, and private messages still have their own places.
    comments = {view.person: view.comments for view in floor.desk.picture(floor.state, floor.unit.now).agents}
    assert comments == {"an": 6, "bo": 6}
    key = floor.write("什么时候发货")
    assert floor.state.kept.open["k-u1"].agent in ("an", "bo")
    assert refusals(floor.answer("an", last=key)) == []
    # All of them are listed page by page, each once, and the inbox itself still shows the message.
    listed: set[str] = {row.conversation for row in list_open(floor.unit, ["r1"])}
    assert "k-u1" in listed
    listed.remove("k-u1")
    assert count_queued(floor.unit, ["r1"]) == {"r1": MANY - 300}
    after = (0, "", "")
    while page := list_queued(floor.unit, ["r1"], after, 1000):
        assert not listed & {row.conversation for row in page}
        listed |= {row.conversation for row in page}
        after = (page[-1].since, page[-1].conversation, "r1")
    assert listed == {f"c:c{n}" for n in range(MANY)}
    # Late ones are counted, those in line too.
    floor.tell(floor.unit.tick(17_000))
    assert floor.desk.picture(floor.state, floor.unit.now).late >= MANY
    told = [event.conversation for event in floor.unit.said(AnswerLate)]
    assert told == ["k-u1"], "nobody is told of each comment"


def test_who_answers_one_gets_the_next_and_the_line_moves_up(floor: Floor) -> None:
    floor.serve("an")
    floor.tell(*[asks(n) for n in range(310)])
    mine = {name for name, item in floor.state.kept.open.items() if item.agent == "an"}
    assert len(mine) == 6
    done = min(mine)
    floor.tell(QuestionAnswered(comment=done[2:], how="host", by="an"))
    whole(floor, 310)
    assert sum(1 for item in floor.state.kept.open.values() if item.agent == "an") == 6
    floor.wait(0.5)
    assert len(floor.state.kept.open) == 300 and sum(floor.state.kept.queue.values()) == 9
    whole(floor, 310)


def test_whoever_comes_while_others_stand_in_line_joins_it(floor: Floor) -> None:
    floor.tell(*[asks(n) for n in range(301)])
    floor.tell(QuestionAnswered(comment="c7", how="host", by="su"), asks(302))
    assert set(floor.state.kept.open) == {f"c:c{n}" for n in range(300) if n != 7}
    floor.wait(0.5)
    assert "c:c300" in floor.state.kept.open and "c:c302" not in floor.state.kept.open
    whole(floor, 302)


def test_a_skill_counts_for_comments_too_and_who_leaves_gives_them_back(floor: Floor) -> None:
    floor.serve("an", skills=("logistics",))
    floor.serve("bo", skills=("usage",))
    floor.tell(asks(1), asks(2, "usage"))
    assert {name: item.agent for name, item in floor.state.kept.open.items()} == {"c:c1": "an", "c:c2": "bo"}
    floor.duty.remove("bo")
    floor.wait(0.25)
    assert floor.state.kept.open["c:c2"].agent == "an"


def test_one_in_line_is_opened_answered_taken_and_closed_like_any_other(floor: Floor) -> None:
    floor.tell(*[asks(n) for n in range(310)])
    found = find_conversation(floor.unit, "r1", "c:c309")
    assert found is not None and found.newest == "第309个问题"
    floor.tell(ConversationViewed(conversation="c:c309", by="an", command="v"))
    assert "c:c309" in floor.state.kept.open and len(floor.state.kept.open) == 300
    whole(floor, 310)
    said = floor.tell(ReplyAsked(conversation="c:c308", reply="r1", text="三天左右", by="an", command="a"))
    assert refusals(said) == [] and [type(action) for action in floor.performed] == [ReplyToComment]
    floor.done(floor.performed[0])
    said = floor.tell(ConversationClosed(conversation="c:c307", outcome="spam", by="an", command="b"))
    assert refusals(said) == []
    floor.tell(ConversationAssigned(conversation="c:c306", person="", by="an", command="c"))
    whole(floor, 310)
    outcomes = {row.conversation: row.outcome for row in list_closed(floor.unit, ["r1"])}
    assert outcomes == {"c:c308": "solved", "c:c307": "spam"}
    assert refusals(floor.tell(ConversationClosed(conversation="c:nobody", outcome="spam", by="an", command="d"))) == [
        "not_open"
    ]


def test_a_public_answer_closes_all_who_stand_in_line_with_the_question(floor: Floor) -> None:
    floor.tell(*[asks(n) for n in range(2_000)])
    floor.tell(*[QuestionAnswered(comment=f"c{n}", how="host", by="su") for n in range(0, 2_000, 2)])
    whole(floor, 2_000)
    assert states(floor)["closed"] == 1_000
    answered = floor.rows("conversation_messages", "COUNT(*)", "human_by = 'su' AND human_at > 0")
    assert answered == [(1_000,)]


def test_an_answer_that_went_by_itself_is_no_persons_in_memory_and_in_line(floor: Floor) -> None:
    floor.know("f1", "什么时候发货", "48 小时内发货。", "logistics")
    floor.level("logistics", "send")
    floor.tell(CommentJudged(comment="a", label="question", topic="logistics", text="什么时候发货", user="u"))
    floor.wait(0.5)
    before = len(floor.unit.announced)
    floor.done(floor.performed[0])
    (said,) = [event for event in floor.unit.announced[before:] if isinstance(event, QuestionAnswered)]
    assert (said.comment, said.how, said.by) == ("a", "auto", "")
    shown = "auto_at > 0, human_at, human_by"
    assert floor.rows("conversation_messages", shown, "who = 'customer'") == [(1, 0, "")]
    assert floor.rows("conversations", "outcome, first_reply_at") == [("solved", 0)]
    # Those alike are closed by the same word: one in memory, one in line.
    floor.level("logistics", "off")
    floor.tell(*[asks(n) for n in range(310)])
    floor.tell(*[QuestionAnswered(comment=f"c{n}", how="auto") for n in (3, 305)])
    where = "who = 'customer' AND conversation IN ('c:c3', 'c:c305')"
    assert floor.rows("conversation_messages", shown, where) == [(1, 0, ""), (1, 0, "")]
    whole(floor, 311)


def test_an_answer_shown_after_the_comment_was_given_up_answers_it_after_all(floor: Floor) -> None:
    floor.tell(asks(1))
    floor.tell(ReplyAsked(conversation="c:c1", reply="r1", text="三天左右", by="an", command="a"))
    floor.tell(floor.unit.tick(602_000))
    assert not floor.state.kept.open
    assert floor.rows("conversations", "outcome") == [("no_answer",)]
    before = len(floor.unit.announced)
    floor.done(floor.performed[0])
    floor.done(floor.performed[0])
    told = [event for event in floor.unit.announced[before:] if isinstance(event, QuestionAnswered)]
    assert [(event.comment, event.how, event.by) for event in told] == [("c1", "reply", "an")]
    assert floor.rows("conversations", "outcome, first_reply_at > 0") == [("solved", 1)]
    assert floor.rows("conversation_messages", "human_by", "who = 'customer'") == [("an",)]


def test_one_the_model_thinks_about_keeps_its_place(floor: Floor) -> None:
    floor.tell(*[asks(n) for n in range(310)])
    thinks = Thinking("c99", "第99个问题", "logistics", "question", "", {}, floor.unit.now)
    kept = msgspec.structs.replace(floor.state.kept, thinking={"c:c99": thinks})
    floor.state = type(floor.state)(floor.state.room, kept, floor.state.lineup)
    floor.tell(ConversationAssigned(conversation="c:c309", person="", by="an", command="c"))
    assert "c:c99" in floor.state.kept.open and "c:c98" not in floor.state.kept.open
    assert "c:c99" in floor.state.kept.thinking
    whole(floor, 310)


def test_what_would_go_by_itself_does_not_once_the_console_answers(floor: Floor) -> None:
    floor.know("f1", "什么时候发货", "48 小时内发货。", "logistics")
    floor.level("logistics", "delayed", 10)
    floor.tell(*[asks(n) for n in range(300)])
    floor.tell(CommentJudged(comment="late", label="question", topic="logistics", text="什么时候发货", user="v"))
    floor.tell(QuestionAnswered(comment="c0", how="host", by="su"))
    floor.tell(CommentJudged(comment="z", label="question", topic="logistics", text="什么时候发货", user="u"))
    floor.wait(0.5)
    assert floor.state.kept.open["c:late"].pending is not None
    noted = ModerationNoted(act="m:1", kind_of="ReplyToComment", verdict="free", comment="late", by="ops")
    # What was refused answers nothing; neither does what is not an answer.
    floor.tell(msgspec.structs.replace(noted, code="empty_reply"), msgspec.structs.replace(noted, kind_of="PinComment"))
    assert floor.state.kept.open["c:late"].pending is not None
    said = floor.tell(noted, msgspec.structs.replace(noted, comment="z"))
    assert [event.why for event in said if isinstance(event, ReplyDropped)] == ["person_answered"]
    whole(floor, 302)
    floor.wait(30)
    assert not floor.performed
    # It waits for a person as before: if the console's answer fails, somebody sees it.
    assert floor.state.kept.open["c:late"].since and floor.state.kept.open["c:z"].since


def test_what_nobody_answered_in_line_is_kept_as_not_answered(floor: Floor) -> None:
    floor.tell(*[asks(n) for n in range(310)])
    floor.tell(floor.unit.tick(602_000))
    assert not floor.state.kept.open and not floor.state.kept.queue
    assert floor.rows("conversations", "outcome, COUNT(*)", "1=1 GROUP BY outcome") == [("no_answer", 310)]
    whole(floor, 310)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(1, 200)),
        st.tuples(st.just("answer"), st.integers(0, 900)),
        st.tuples(st.just("view"), st.integers(0, 900)),
        st.tuples(st.just("close"), st.integers(0, 900)),
        st.tuples(st.just("tick"), st.sampled_from([250, 1_000, 250_000])),
    ),
    min_size=4,
    max_size=14,
)


@given(STEPS)
@settings(max_examples=15, deadline=None)
def test_whatever_happens_every_comment_has_one_row_and_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    floor = Floor(tmp_path_factory.mktemp("line") / "floor.db")
    floor.unit.db.execute("BEGIN")
    floor.tell(*[asks(n) for n in range(290)])
    total = 290
    for place, (what, size) in enumerate(steps):
        if what == "ask":
            floor.tell(*[asks(total + n) for n in range(size)])
            total += size
        elif what == "answer":
            floor.tell(QuestionAnswered(comment=f"c{size}", how="host", by="su"))
        elif what == "view":
            floor.tell(ConversationViewed(conversation=f"c:c{size}", by="an", command=f"v{place}"))
        elif what == "close":
            floor.tell(ConversationClosed(conversation=f"c:c{size}", outcome="spam", by="an", command=f"k{place}"))
        else:
            floor.tell(floor.unit.tick(size))
        whole(floor, total)
        held = sum(1 for item in floor.state.kept.open.values() if item.channel == "comment")
        assert held <= 300 + sum(1 for item in floor.state.kept.open.values() if item.viewers)
