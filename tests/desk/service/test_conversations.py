"""The life of a conversation: opened, given, answered once, handed over, closed; two clocks; who may not be doubled."""

from pathlib import Path

import pytest

from livecue.desk.service import find_conversation, list_messages, list_open, mask_name, mask_text
from livecue.events import (
    AgentSet,
    AnswerLate,
    CommentJudged,
    ConversationAssigned,
    ConversationClosed,
    ConversationHandedOver,
    ConversationNoted,
    ConversationOpened,
    ConversationRated,
    ConversationViewed,
    MessageSent,
    QuestionAnswered,
    ReplyToComment,
    SendMessage,
)
from tests.desk.service.floor import Floor, refusals


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path / "t.db")


def test_a_message_opens_a_conversation_that_is_given_to_the_least_loaded(floor: Floor) -> None:
    floor.serve("an", "bo")
    floor.write("什么时候发货", who="u1")
    floor.write("衣服破了", who="u2")
    floor.write("在吗", who="u3")
    agents = {row.viewer: row.agent for row in list_open(floor.unit, ["r1"])}
    assert agents["u1"] != agents["u2"]
    assert set(agents.values()) == {"an", "bo"}
    assert len(floor.unit.said(ConversationOpened)) == 3


def test_skills_come_first_and_a_full_agent_gets_nothing(floor: Floor) -> None:
    floor.serve("an", "bo")
    floor.tell(AgentSet(person="bo", skills=("logistics",), most=1, command="x"))
    floor.tell(AgentSet(person="an", skills=("after_sale",), most=2, command="y"))
    floor.write("什么时候发货", who="u1")
    floor.write("快递到哪了", who="u2")
    agents = {row.viewer: row.agent for row in list_open(floor.unit, ["r1"])}
    assert agents == {"u1": "bo", "u2": "an"}
    floor.write("什么时候发货呀", who="u3")
    floor.write("还没发货吗", who="u4")
    assert {row.viewer: row.agent for row in list_open(floor.unit, ["r1"])}["u4"] == ""


def test_who_leaves_leaves_nothing_lying(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    floor.serve("bo")
    floor.duty.remove("an")
    floor.wait(0.25)
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "bo"
    notes = [(m.who, m.text, m.person) for m in list_messages(floor.unit, "r1", "k-u1")]
    assert ("system", "agent_left", "an") in notes


def test_an_answer_leaves_once_and_stops_the_clock_when_the_platform_shows_it(floor: Floor) -> None:
    floor.serve("an")
    key = floor.write("什么时候发货")
    floor.wait(20)
    assert refusals(floor.answer("an", last=key)) == []
    assert [type(action) for action in floor.performed] == [SendMessage]
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.since > 0, "sent is not answered"
    floor.confirm()
    floor.done(floor.performed[0])
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.since == 0 and row.first_reply_at == floor.unit.now
    told = floor.rows("conversation_messages", "message, human_at, human_by", "who = 'customer'")
    assert told == [(key, floor.unit.now, "an")]
    assert len(floor.performed) == 1


def test_two_agents_answering_at_once_only_one_goes_out(floor: Floor) -> None:
    floor.serve("an", "bo")
    key = floor.write("什么时候发货")
    assert refusals(floor.answer("an", last=key)) == []
    assert refusals(floor.answer("bo", last=key)) == ["answered_meanwhile"]
    floor.confirm()
    assert refusals(floor.answer("bo", last=key)) == ["answered_meanwhile"]
    assert len(floor.performed) == 1
    newer = floor.write("好的，那尺码呢")
    assert refusals(floor.answer("bo", last=newer)) == []


def test_a_refused_answer_stays_with_a_person_and_the_clock_runs_on(floor: Floor) -> None:
    floor.serve("an")
    key = floor.write("什么时候发货")
    floor.answer("an", last=key)
    floor.refused(floor.performed[0])
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.since > 0
    assert [m.state for m in list_messages(floor.unit, "r1", "k-u1") if m.who == "agent"] == ["failed"]
    assert refusals(floor.answer("an", last=key)) == []


def test_an_answer_typed_on_the_platform_counts_and_our_own_echo_does_not_count_twice(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    floor.wait(5)
    floor.tell(MessageSent(conversation="k-u1", text="48 小时内发", key="p1"))
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.since == 0
    floor.tell(MessageSent(conversation="k-u1", text="欢迎光临", by="welcome", key="p2"))
    assert len([m for m in list_messages(floor.unit, "r1", "k-u1") if m.who == "agent"]) == 1


def test_the_ladder_of_waiting(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    said = floor.wait(200)
    assert [(event.step, event.waited_ms) for event in said if isinstance(event, AnswerLate)] == [
        (1, 15_000),
        (2, 60_000),
        (3, 180_000),
    ]


def test_the_robots_time_is_not_ours(floor: Floor) -> None:
    floor.serve("an")
    floor.write("在吗", to_robot=True)
    said = floor.wait(30)
    assert not [event for event in said if isinstance(event, AnswerLate)]
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "" and row.human_at == 0
    floor.tell(ConversationHandedOver(conversation="k-u1"))
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == "an" and row.human_at == floor.unit.now == row.since


def test_hand_over_with_a_note_and_back_into_the_queue(floor: Floor) -> None:
    floor.serve("an", "bo")
    floor.write("什么时候发货")
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None
    other = "bo" if row.agent == "an" else "an"
    floor.tell(ConversationAssigned(conversation="k-u1", person=other, note="他要改地址", by=row.agent, command="c"))
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.agent == other
    assert "他要改地址" in [m.text for m in list_messages(floor.unit, "r1", "k-u1") if m.who == "note"]
    wrong = ConversationAssigned(conversation="k-u1", person="nobody", by=other, command="c2")
    assert refusals(floor.tell(wrong)) == ["no_agent"]


def test_colleagues_are_seen_and_forgotten(floor: Floor) -> None:
    floor.write("什么时候发货")
    floor.tell(ConversationViewed(conversation="k-u1", typing=True, by="an", command="v"))
    assert floor.state.kept.open["k-u1"].typing.keys() == {"an"}
    floor.tell(ConversationViewed(conversation="k-u1", left=True, by="an", command="v2"))
    assert not floor.state.kept.open["k-u1"].viewers


def test_closing_wants_an_answer_and_a_new_message_opens_anew(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    close = ConversationClosed(conversation="k-u1", by="an", command="c")
    assert refusals(floor.tell(close)) == ["still_waiting"]
    floor.answer("an")
    floor.confirm()
    assert refusals(floor.tell(close)) == []
    assert refusals(floor.tell(ConversationNoted(conversation="k-u1", text="x", by="an", command="n"))) == ["not_open"]
    floor.wait(1)
    floor.write("还有一个问题")
    assert len(floor.rows("conversations", "opened_at, state", "conversation = 'k-u1'")) == 2
    floor.tell(ConversationRated(conversation="k-u1", score=5))
    assert [row[1] for row in floor.rows("conversations", "opened_at, score")] == [0, 5]


def test_an_idle_conversation_closes_by_itself(floor: Floor) -> None:
    floor.serve("an")
    floor.write("什么时候发货")
    floor.answer("an")
    floor.confirm()
    floor.tell(floor.unit.tick(1_801_000))
    assert not floor.state.kept.open
    assert floor.rows("conversations", "outcome") == [("idle",)]


def test_a_question_in_the_room_stands_in_the_same_inbox(floor: Floor) -> None:
    judged = CommentJudged(comment="c9", label="question", topic="logistics", text="几天到", user="u7", confidence=0.9)
    floor.tell(judged, CommentJudged(comment="c8", label="chat", text="哈哈", user="u8"))
    assert [row.conversation for row in list_open(floor.unit, ["r1"])] == ["c:c9"]
    from livecue.events import ReplyAsked

    said = floor.tell(ReplyAsked(conversation="c:c9", reply="r1", text="3 天左右", by="an", command="a"))
    assert [type(action) for action in floor.performed] == [ReplyToComment]
    assert not [event for event in said if isinstance(event, QuestionAnswered)], "nobody has read it yet"
    assert list(floor.state.kept.open) == ["c:c9"]
    before = len(floor.unit.announced)
    floor.done(floor.performed[0])
    said = floor.unit.announced[before:]
    assert [(event.comment, event.how, event.by) for event in said if isinstance(event, QuestionAnswered)] == [
        ("c9", "reply", "an")
    ]
    assert not floor.state.kept.open


def test_an_answer_in_the_room_that_did_not_leave_answers_nothing(floor: Floor) -> None:
    floor.tell(
        CommentJudged(comment="c9", label="question", topic="logistics", text="几天到", user="u7", confidence=0.9)
    )
    from livecue.events import ReplyAsked

    floor.tell(ReplyAsked(conversation="c:c9", reply="r1", text="3 天左右", by="an", command="a"))
    floor.refused(floor.performed[0])
    assert not floor.unit.said(QuestionAnswered)
    assert list_open(floor.unit, ["r1"])[0].since > 0
    floor.tell(ReplyAsked(conversation="c:c9", reply="r2", text="3 天左右", by="an", command="b"))
    floor.done(floor.performed[1])
    assert len(floor.unit.said(QuestionAnswered)) == 1


def test_answered_on_the_air_closes_it_without_a_word(floor: Floor) -> None:
    floor.tell(
        CommentJudged(comment="c9", label="question", topic="logistics", text="几天到", user="u7", confidence=0.9)
    )
    before = len(floor.unit.announced)
    floor.tell(QuestionAnswered(comment="c9", how="host", by="su"))
    assert not floor.state.kept.open
    assert len(floor.unit.announced) == before, "the desk may say this in the last round"


def test_a_template_with_an_open_place_does_not_go_out(floor: Floor) -> None:
    floor.write("还有吗")
    assert refusals(floor.answer("an", text="还有 {stock} 件")) == ["open_place"]
    assert refusals(floor.answer("an", text="  ")) == ["empty"]
    assert floor.performed == []


def test_people_are_masked(floor: Floor) -> None:
    floor.write("我的电话 13812345678 订单 6921234567890123")
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.name == "张*"
    assert "13812345678" not in row.newest and "138****5678" in row.newest and "6921234567890123" in row.newest
    assert mask_name("") == "" and mask_text("买3件") == "买3件"


def test_a_comment_that_nobody_answered_leaves_the_inbox(floor: Floor) -> None:
    floor.tell(
        CommentJudged(comment="c9", label="question", topic="logistics", text="几天到", user="u7", confidence=0.9)
    )
    floor.tell(floor.unit.tick(599_000))
    assert floor.state.kept.open
    floor.tell(floor.unit.tick(1_000))
    assert not floor.state.kept.open
    assert floor.rows("conversations", "outcome") == [("no_answer",)]
