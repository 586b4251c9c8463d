"""After-sale cases in the one inbox, and cards of products: what is given to whom, when it is late, what is refused."""

from pathlib import Path

import pytest

from livecue.desk.service import find_conversation, list_messages, list_open
from livecue.events import AfterSaleChanged, AnswerLate, ConversationClosed, ConversationOpened, SendMessage
from tests.desk.service.floor import Floor, refusals

HOUR = 3_600_000


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    return Floor(tmp_path / "t.db")


def case(floor: Floor, state: str, before: str = "", **more: object) -> None:
    floor.tell(
        AfterSaleChanged(
            order="o1", case="k1", type="refund_only", state=state, before=before, amount=900, sku="coat-m",
            reason="衣服破了", user="u1", **more,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def test_a_case_stands_in_the_inbox_and_is_given_to_somebody(floor: Floor) -> None:
    floor.serve("an")
    case(floor, "applied")
    (row,) = list_open(floor.unit, ["r1"])
    assert (row.channel, row.agent, row.order, row.product, row.topic) == ("case", "an", "o1", "coat", "after_sale")
    assert row.since > 0 and row.newest == "衣服破了"
    assert [event.channel for event in floor.unit.said(ConversationOpened)] == ["case"]
    said = [(message.who, message.text) for message in list_messages(floor.unit, "r1", "a:o1/k1")]
    assert ("case", "衣服破了") in said and ("system", "case_applied") in said
    asked = floor.rows("conversation_messages", "message", "who = 'customer'")
    assert asked == [], "a case is no message: no reply rate counts it"


def test_it_is_late_after_two_hours_or_at_the_platforms_deadline(floor: Floor) -> None:
    floor.serve("an")
    case(floor, "applied", deadline=floor.unit.now + 60_000)
    floor.wait(59)
    assert floor.unit.said(AnswerLate) == []
    floor.wait(2)
    assert [event.step for event in floor.unit.said(AnswerLate)] == [1]
    floor.wait(30)
    assert len(floor.unit.said(AnswerLate)) == 1, "a case goes up once, not by the ladder of messages"


def test_our_move_then_theirs_then_the_end(floor: Floor) -> None:
    floor.serve("an")
    case(floor, "applied")
    case(floor, "wait_buyer_return", "applied")
    row = find_conversation(floor.unit, "r1", "a:o1/k1")
    assert row is not None and row.since == 0 and row.state == "open", "the buyer's move: nobody is late"
    floor.wait(2000)
    row = find_conversation(floor.unit, "r1", "a:o1/k1")
    assert row is not None and row.state == "open", "it does not close because nobody writes"
    case(floor, "wait_receipt", "wait_buyer_return")
    row = find_conversation(floor.unit, "r1", "a:o1/k1")
    assert row is not None and row.since == floor.unit.now
    case(floor, "returned_refunded", "wait_receipt")
    row = find_conversation(floor.unit, "r1", "a:o1/k1")
    assert row is not None and (row.state, row.outcome) == ("closed", "solved")


def test_a_case_that_ended_before_anybody_saw_it_opens_nothing(floor: Floor) -> None:
    case(floor, "buyer_cancelled", "applied")
    assert list_open(floor.unit, ["r1"]) == []


def test_nothing_is_sent_into_a_case(floor: Floor) -> None:
    floor.serve("an")
    case(floor, "applied")
    from livecue.events import ReplyAsked

    asked = ReplyAsked(conversation="a:o1/k1", reply="r9", text="好的", by="an", command="c9")
    assert refusals(floor.tell(asked)) == ["case_no_reply"]
    assert floor.performed == []
    assert refusals(floor.tell(ConversationClosed(conversation="a:o1/k1", command="x", by="an"))) == []


def test_a_card_is_sent_once_and_stands_in_the_conversation(floor: Floor) -> None:
    floor.serve("an")
    key = floor.write("这件怎么买")
    assert refusals(floor.answer("an", text="", last=key, product="coat")) == []
    (action,) = floor.performed
    assert isinstance(action, SendMessage) and (action.product, action.text) == ("coat", "")
    floor.confirm()
    sent = [(message.who, message.product) for message in list_messages(floor.unit, "r1", "k-u1")]
    assert sent.count(("agent", "coat")) == 1
    row = find_conversation(floor.unit, "r1", "k-u1")
    assert row is not None and row.since == 0


def test_a_card_of_what_cannot_be_bought_is_refused(floor: Floor) -> None:
    floor.serve("an")
    floor.write("这件怎么买")
    assert refusals(floor.answer("an", text="", product="nothing")) == ["card_not_listed"]
    floor.stock["coat"] = 0
    assert refusals(floor.answer("an", text="", product="coat")) == ["card_sold_out"]
    assert refusals(floor.answer("an", text=" ")) == ["empty"]
    assert floor.performed == []
