"""What becomes of an answer that did not simply leave: decided by a person, cancelled, echoed, pressed twice."""

from pathlib import Path

import pytest

from livecue.desk.service import list_messages
from livecue.events import ActionFailed, ActionReleased, ActionUncertain, MessageSent, SendMessage
from livecue.flow import GAVE_UP, Outbox, action_id_of
from tests.desk.service.floor import Floor, refusals

LOGISTICS = "拍下后 48 小时内发货，一般 3 天左右到。"


@pytest.fixture
def floor(tmp_path: Path) -> Floor:
    made = Floor(tmp_path / "t.db")
    made.know("f1", "什么时候发货", LOGISTICS, "logistics")
    made.serve("an", "bo")
    return made


def states(floor: Floor) -> list[str]:
    return [one.state for one in list_messages(floor.unit, "r1", "k-u1") if one.who in ("agent", "auto")]


def asked(floor: Floor) -> str:
    """An answer of An on its way, kept in the outbox as the pump keeps it; gives the action."""
    key = floor.write("什么时候发货")
    assert refusals(floor.answer("an", last=key)) == []
    action = floor.performed[-1]
    assert isinstance(action, SendMessage)
    floor.outbox = Outbox(floor.room, None)  # type: ignore[attr-defined]
    floor.outbox.put(action, "an", "k", floor.unit)  # type: ignore[attr-defined]
    return action_id_of(floor.room.room, action.ref)


def decide(floor: Floor, action: str, decision: str) -> None:
    """A person decides: the outbox folds it first, then the desk hears it."""
    event = ActionReleased(action=action, decision=decision, by="an", command=decision)
    floor.outbox.fold([event], floor.unit)  # type: ignore[attr-defined]
    floor.tell(event)


def uncertain(floor: Floor, action: str) -> None:
    event = ActionUncertain(action=action)
    floor.outbox.fold([event], floor.unit)  # type: ignore[attr-defined]
    floor.tell(event)


@pytest.mark.parametrize(("decision", "shown"), [("drop", "failed"), ("happened", "sent")])
def test_a_person_decides_about_an_uncertain_answer(floor: Floor, decision: str, shown: str) -> None:
    action = asked(floor)
    uncertain(floor, action)
    assert states(floor) == ["uncertain"]
    assert refusals(floor.answer("bo", "我来")) == ["answered_meanwhile"], "it may have arrived"
    decide(floor, action, decision)
    assert states(floor) == [shown]
    kept = floor.state.kept
    assert kept.sending == {} and kept.actions == {}
    assert bool(kept.open["k-u1"].since) == (decision == "drop"), "what never left is no answer"
    assert refusals(floor.answer("bo", "我来")) == []


def test_what_the_outbox_refused_changes_nothing(floor: Floor) -> None:
    action = asked(floor)
    decide(floor, action, "drop")
    assert states(floor) == ["sending"] and len(floor.state.kept.sending) == 1
    decide(floor, action, "cancel")
    assert states(floor) == ["failed"] and floor.state.kept.sending == {}


def test_sent_again_it_is_on_its_way_again(floor: Floor) -> None:
    action = asked(floor)
    for event in (ActionFailed(action=action, code=GAVE_UP),):
        floor.outbox.fold([event], floor.unit)  # type: ignore[attr-defined]
        floor.tell(event)
    assert states(floor) == ["failed"]
    assert refusals(floor.answer("bo", "我来")) == [], "a dead one is in nobody's way"
    decide(floor, action, "retry")
    assert states(floor)[0] == "sending"
    floor.done(floor.performed[0])
    assert states(floor)[0] == "sent"


def test_one_press_told_twice_is_one_answer(floor: Floor) -> None:
    key = floor.write("什么时候发货")
    assert refusals(floor.answer("an", "您好", last=key)) == []
    floor.count -= 1
    assert refusals(floor.answer("an", "您好", last=key)) == [], "the same id: its answer was lost"
    assert len(floor.performed) == 1
    assert refusals(floor.answer("an", "您好", last=key)) == ["already_sending"], "another id, the same words"
    assert refusals(floor.answer("an", "48 小时内发货", last=key)) == [], "a second sentence is meant"
    floor.confirm()
    floor.count -= 1
    assert refusals(floor.answer("an", "48 小时内发货", last=key)) == [], "told again after it stood there"
    assert len(floor.performed) == 2 and floor.state.kept.sending == {}
    floor.count -= 1
    assert refusals(floor.answer("an", "别的话", last=key)) == ["already_sending"]


@pytest.mark.parametrize("first", ["echo", "done"])
@pytest.mark.parametrize("by", ["person", "robot"])
def test_the_echo_of_an_automatic_answer_is_no_person(floor: Floor, first: str, by: str) -> None:
    """M76 to M79 count people: what went out by itself and comes back from the platform without our id is none."""
    floor.level("logistics", "send")
    floor.write("什么时候发货")
    floor.wait(1)
    (action,) = (one for one in floor.performed if isinstance(one, SendMessage))
    echo = MessageSent(conversation="k-u1", text=f"{action.text} ", by=by, key="e")
    for step in ("echo", "done") if first == "echo" else ("done", "echo"):
        if step == "echo":
            floor.tell(echo)
        else:
            floor.done(action)
    assert floor.rows("conversation_messages", "auto_at > 0, human_at", "who = 'customer'") == [(1, 0)]
    assert states(floor) == ["sent"]
    assert not floor.state.kept.open["k-u1"].by_hand
    floor.write("那发什么快递")
    floor.tell(MessageSent(conversation="k-u1", text=action.text, key="f"))
    assert floor.state.kept.open["k-u1"].by_hand, "each answer has one echo: the second is somebody on the platform"


def test_the_echo_of_a_persons_answer_is_that_answer(floor: Floor) -> None:
    key = floor.write("什么时候发货")
    floor.answer("an", "您好，稍等", last=key)
    floor.wait(3)
    floor.tell(MessageSent(conversation="k-u1", text="您好，稍等", key="e"))
    assert states(floor) == ["sent"] and floor.state.kept.sending == {}
    assert floor.rows("conversation_messages", "human_by", "who = 'customer'") == [("an",)]
    floor.done(floor.performed[0])
    assert states(floor) == ["sent"]
