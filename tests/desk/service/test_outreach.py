"""What is written to buyers of our own accord: once an order, only while it is owed, and only with true stock."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from livecue.desk.service import Service, list_open, list_outreach, make_refusal_key, refusal_key, refusal_mark
from livecue.events import (
    ActionFailed,
    ActionUncertain,
    Event,
    FeedbackNoted,
    Hours,
    Line,
    OrderCancelled,
    OrderCreated,
    OrderPaid,
    OrderReminded,
    OutreachAsked,
    OutreachMoved,
    ParcelMoved,
    ParcelShipped,
    SendMessage,
    ServiceHoursSet,
    StockAdjusted,
    StockOpened,
)
from livecue.flow import action_id_of
from livecue.sales import Sales
from tests.desk.service.floor import Floor, refusals
from tests.folding import ROOM

LINES = (Line(sku="coat-m", product="coat", quantity=2, price=500),)
MINUTE = 60.0
CAME = (ParcelShipped(order="o", parcel="k", tracking="1"), ParcelMoved(order="o", parcel="k", status="delivered"))


class Shop(Floor):
    """The desk together with the ledger of orders, as the pump folds them: round by round."""

    def __init__(self, path: Path) -> None:
        self.sales = Sales(ROOM, None)
        super().__init__(path)

    def tell(self, *events: Event) -> list[Event]:
        """One batch; what it announced in all rounds."""
        start, told = len(self.unit.announced), list(events)
        for _ in range(3):
            before = len(self.unit.announced)
            self.sales.fold([event for event in told if type(event) in Sales.kinds], self.unit)
            if any(type(event) in Service.kinds for event in told):
                super().tell(*[event for event in told if type(event) in Service.kinds])
            told = [e for e in self.unit.announced[before:] if type(e) in Sales.kinds | Service.kinds]
            if not told:
                break
        assert not told, "a fourth round"
        return self.unit.announced[start:]

    def until(self, seconds: float) -> list[Event]:
        """Time passes in big steps."""
        return self.tell(self.unit.tick(int(seconds * 1000)))

    def order(self, number: str = "o") -> None:
        self.tell(StockOpened(sku="coat-m", product="coat", quantity=5))
        self.tell(OrderCreated(order=number, amount=1000, user="u1", lines=LINES, address=True))

    def ask(self, about: str = "remind", order: str = "o", **more: Any) -> list[Event]:
        self.count += 1
        return self.tell(OutreachAsked(order=order, about=about, by="an", command=f"o{self.count}", **more))

    def states(self, order: str = "o") -> list[tuple[str, str]]:
        return [(row.about, row.state) for row in list_outreach(self.unit, "r1", order)]

    def reminded(self, order: str = "o") -> str:
        return str(self.unit.rows("SELECT reminded FROM orders WHERE number = ?", (order,))[0][0])

    @property
    def sent(self) -> list[SendMessage]:
        return [action for action in self.performed if isinstance(action, SendMessage)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "t.db")


def test_a_reminder_is_prepared_and_goes_out_once_when_a_person_sends_it(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.until(4 * MINUTE)
    assert shop.states() == []
    shop.until(2 * MINUTE)
    assert shop.states() == [("remind", "prepared")]
    prepared = list_outreach(shop.unit, "r1", "o")[0]
    assert prepared.conversation == "k-u1" and "10.00 CNY" in prepared.text and "保留到" in prepared.text
    assert not shop.sent
    shop.ask(conversation="k-u1", text=prepared.text)
    assert refusals(shop.ask()) == ["already_sending"]
    assert [(one.conversation, one.automatic, one.by) for one in shop.sent] == [("k-u1", False, "an")]
    assert "5 件" in shop.sent[0].text
    assert shop.reminded() == "sending"
    assert refusals(shop.tell(OrderReminded(command="x", order="o"))) == ["not_to_remind"]
    shop.done(shop.sent[0])
    assert (shop.states(), shop.reminded()) == ([("remind", "sent")], "sent")
    assert refusals(shop.ask()) == ["not_owed"]
    # Nobody asked for it: the customer's own question still waits.
    assert list_open(shop.unit, ["r1"])[0].since > 0


def test_it_is_not_sent_once_the_order_is_paid_or_the_pieces_are_gone(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.until(6 * MINUTE)
    shop.until(20 * MINUTE)
    # The hold ran out, and others bought what was there.
    shop.tell(StockAdjusted(sku="coat-m", delta=-4, reason="sold elsewhere"))
    assert not refusals(shop.ask())
    assert (shop.states(), shop.reminded(), shop.sent) == ([("remind", "moot")], "moot", [])

    shop.tell(StockAdjusted(sku="coat-m", delta=9, reason="came in"))
    shop.tell(OrderCreated(order="p", amount=1000, user="u1", lines=LINES, address=True))
    shop.until(6 * MINUTE)
    shop.tell(OrderPaid(order="p", amount=1000, user="u1", lines=LINES, address=True))
    shop.ask(order="p")
    assert (shop.states("p"), shop.sent) == ([("remind", "moot")], [])


def test_without_a_conversation_a_person_does_it_elsewhere_and_says_so(shop: Shop) -> None:
    shop.order()
    shop.until(6 * MINUTE)
    assert refusals(shop.ask()) == ["no_conversation"]
    shop.tell(OrderReminded(command="x", order="o", by="an"))
    assert (shop.states(), shop.reminded()) == ([("remind", "by_hand")], "sent")


def test_where_the_level_allows_it_goes_by_itself_with_its_label_and_opens_no_wait(shop: Shop) -> None:
    shop.write("在吗")
    shop.answer("an")
    shop.confirm()
    shop.until(31 * MINUTE)
    assert not list_open(shop.unit, ["r1"])
    assert not refusals(shop.level("remind", "delayed", 20))
    shop.order()
    shop.until(6 * MINUTE)
    assert shop.states() == [("remind", "waiting")]
    shop.until(19)
    assert len(shop.sent) == 1
    shop.until(2)
    shop.until(60)
    assert [one.automatic for one in shop.sent] == [False, True]
    assert shop.sent[1].text.startswith("【自动回复】")
    shop.done(shop.sent[1])
    assert shop.reminded() == "sent"
    row = list_open(shop.unit, ["r1"])[0]
    assert (row.conversation, row.since, row.human_at, row.order) == ("k-u1", 0, 0, "o")


def test_a_person_in_the_conversation_is_left_to_send_it(shop: Shop) -> None:
    shop.level("remind", "send")
    shop.write("我要投诉")
    shop.order()
    shop.until(6 * MINUTE)
    assert (shop.states(), shop.sent) == ([("remind", "prepared")], [])


def test_setting_the_level_back_keeps_what_waits_for_a_person(shop: Shop) -> None:
    shop.tell()
    shop.unit.write(
        "INSERT INTO conversations (org, brand, room, conversation, channel, viewer, name, show, label, topic, product,"
        " order_number, agent, state, opened_at, human_at, first_reply_at, since, last_at, step, closed_at, outcome,"
        " score, newest, deadline) VALUES"
        " ('o','b','r1','k-u1','message','u1','','','','','','','','closed',1,0,0,0,1,0,1,'idle',0,'',0)"
    )
    shop.level("remind", "delayed", 60)
    shop.order()
    shop.until(6 * MINUTE)
    assert shop.states() == [("remind", "waiting")]
    shop.level("remind", "suggest")
    shop.until(5 * MINUTE)
    assert (shop.states(), shop.sent) == ([("remind", "prepared")], [])


def test_what_failed_may_go_again_and_what_is_uncertain_may_not(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.until(6 * MINUTE)
    shop.ask()
    shop.tell(ActionFailed(action=action_id_of("r1", shop.sent[0].ref), code="no"))
    assert (shop.states(), shop.reminded()) == ([("remind", "failed")], "due")
    shop.ask()
    assert len({one.ref for one in shop.sent}) == 2
    shop.tell(ActionUncertain(action=action_id_of("r1", shop.sent[1].ref)))
    assert (shop.states(), shop.reminded()) == ([("remind", "uncertain")], "sending")
    assert refusals(shop.ask()) == ["already_sending"]
    shop.done(shop.sent[1])
    assert (shop.states(), shop.reminded()) == ([("remind", "sent")], "sent")


def test_who_refuses_is_not_written_to_again(shop: Shop) -> None:
    shop.write("在吗")
    shop.level("remind", "send")
    shop.order()
    shop.until(6 * MINUTE)
    shop.ask()
    shop.done(shop.sent[0])
    shop.write("退订")
    shop.tell(OrderCreated(order="p", amount=1000, user="u1", lines=LINES, address=True))
    shop.until(6 * MINUTE)
    assert (shop.states("p"), shop.reminded("p")) == ([("remind", "declined")], "declined")
    assert refusals(shop.ask(order="p")) == ["not_owed"]
    assert len(shop.sent) == 1


def test_a_refusal_outlives_the_id_it_came_from_and_tells_nobody_of_it(shop: Shop) -> None:
    """After 180 days, or an erasure, no row knows the buyer; who comes back is left alone all the same."""
    key = bytes(range(32))
    shop.desk = Service(key=key)
    shop.write("在吗")
    shop.level("remind", "send")
    shop.order()
    shop.until(6 * MINUTE)
    shop.ask()
    shop.done(shop.sent[0])
    shop.write("退订")
    shop.unit.write("UPDATE order_outreach SET viewer = 'erased-1', text = ''")
    shop.unit.write("DELETE FROM conversations WHERE viewer = 'u1'")
    kept = shop.rows("message_refusals", "org, brand, mark")
    assert kept == [("o", "b", refusal_mark(key, "o", "b", "u1"))] and "u1" not in kept[0][2]
    assert refusal_mark(bytes(32), "o", "b", "u1") != kept[0][2], "without the key nobody finds who it was"
    shop.tell(OrderCreated(order="p", amount=1000, user="u1", lines=LINES, address=True))
    shop.until(6 * MINUTE)
    assert (shop.states("p"), shop.reminded("p")) == ([("remind", "declined")], "declined")
    shop.tell(OrderCreated(order="q", amount=1000, user="u2", lines=LINES, address=True))
    shop.until(6 * MINUTE)
    assert shop.states("q") == [("remind", "prepared")], "somebody else said nothing of the kind"


def test_the_key_is_made_once_and_marks_who_refused_before(shop: Shop) -> None:
    assert refusal_key(shop.unit) == b"", "none before the program has started"
    shop.write("在吗")
    shop.order()
    shop.until(6 * MINUTE)
    shop.ask()
    shop.done(shop.sent[0])
    shop.write("退订")
    assert shop.rows("message_refusals", "mark") == []
    make_refusal_key(shop.unit)
    key = refusal_key(shop.unit)
    make_refusal_key(shop.unit)
    assert len(key) == 32 and refusal_key(shop.unit) == key
    assert shop.rows("message_refusals", "mark") == [(refusal_mark(key, "o", "b", "u1"),)]


def test_who_refuses_is_written_to_by_nobody_about_an_order_prepared_before(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.tell(OrderCreated(order="p", amount=1000, user="u1", lines=LINES, address=True))
    shop.until(6 * MINUTE)
    assert (shop.states("o"), shop.states("p")) == ([("remind", "prepared")], [("remind", "prepared")])
    shop.ask()
    shop.done(shop.sent[0])
    shop.write("退订")
    assert refusals(shop.ask(order="p")) == ["refused_messages"]
    assert (shop.states("p"), shop.reminded("p")) == ([("remind", "declined")], "declined")
    assert refusals(shop.ask(order="p")) == ["not_owed"]
    assert len(shop.sent) == 1


def served(shop: Shop) -> None:
    """Somebody wrote, was answered and went: a conversation in which nobody waits, half an hour later."""
    shop.write("在吗")
    shop.answer("an")
    shop.confirm()
    shop.until(31 * MINUTE)


def test_nobody_is_written_to_at_night_without_hours_of_the_desk(shop: Shop) -> None:
    """The room's clock stands at 08:16; the preset says 08:00 to 21:00."""
    shop.level("remind", "send")
    served(shop)
    shop.until(12 * 60 * MINUTE + 30 * MINUTE)
    shop.order()
    shop.until(6 * MINUTE)
    assert (shop.states(), len(shop.sent)) == ([("remind", "waiting")], 1)
    shop.until(10 * 60 * MINUTE)
    assert len(shop.sent) == 1
    shop.until(60 * MINUTE)
    assert [one.automatic for one in shop.sent] == [False, True]


def test_hours_that_were_set_since_put_it_off_and_take_nothing_away(shop: Shop) -> None:
    shop.level("remind", "delayed", 120)
    served(shop)
    shop.order()
    shop.until(5 * MINUTE + 1)
    assert shop.states() == [("remind", "waiting")]
    noon = Hours(days=(1, 2, 3, 4, 5, 6, 7), start=12 * 60, end=13 * 60)
    shop.tell(ServiceHoursSet(spans=(noon,), command="h", by="lead"))
    shop.until(10 * MINUTE)
    row = list_outreach(shop.unit, "r1", "o")[0]
    assert (row.state, len(shop.sent)) == ("waiting", 1)
    assert row.due_at == 4 * 3_600_000, "12:00 by the room's clock"
    shop.until(3 * 60 * MINUTE)
    assert [one.automatic for one in shop.sent] == [False, True]


def test_how_the_goods_are_is_asked_once_after_they_came(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.tell(OrderPaid(order="o", amount=1000, user="u1", lines=LINES, address=True))
    shop.tell(*CAME)
    shop.until(23 * 60 * MINUTE)
    assert shop.states() == []
    shop.until(2 * 60 * MINUTE)
    assert shop.states() == [("feedback", "prepared")]
    shop.ask("feedback")
    shop.done(shop.sent[0])
    assert shop.states() == [("feedback", "sent")]
    assert shop.unit.rows("SELECT feedback FROM orders") == [("asked",)]
    shop.tell(FeedbackNoted(command="y", order="o", score=5, text="好用"))
    assert shop.unit.rows("SELECT feedback FROM orders") == [("noted",)]


def test_noted_before_it_was_asked_nobody_is_asked(shop: Shop) -> None:
    shop.write("在吗")
    shop.order()
    shop.tell(OrderPaid(order="o", amount=1000, user="u1", lines=LINES, address=True))
    shop.tell(*CAME)
    shop.until(25 * 60 * MINUTE)
    shop.tell(FeedbackNoted(command="y", order="o", score=5, text="好用", by="an"))
    assert shop.states() == [("feedback", "by_hand")]
    assert refusals(shop.ask("feedback")) == ["not_owed"]
    assert not shop.sent


STEPS = st.lists(
    st.sampled_from(
        ["wait", "later", "pay", "cancel", "sold", "back", "ask", "hand", "decline", "done", "fail", "lost", "write",
         "refuse", "delayed", "send", "suggest"]
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_is_reminded_twice_or_of_what_is_gone(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    shop = Shop(tmp_path_factory.mktemp("outreach") / "t.db")
    shop.unit.db.execute("BEGIN")
    shop.write("在吗")
    shop.order()
    failed: set[str] = set()
    by_hand = 0
    for place, step in enumerate(steps):
        before, state = len(shop.sent), shop.unit.rows("SELECT state FROM orders")[0][0]
        last = shop.sent[-1] if shop.sent else None
        if step in ("wait", "later"):
            shop.until(6 * MINUTE if step == "wait" else 30)
        elif step == "pay":
            shop.tell(OrderPaid(order="o", amount=1000, user="u1", lines=LINES, address=True))
        elif step == "cancel":
            shop.tell(OrderCancelled(order="o"))
        elif step in ("sold", "back"):
            shop.tell(StockAdjusted(sku="coat-m", delta=-3 if step == "sold" else 3, reason="x"))
        elif step == "ask":
            shop.ask()
        elif step in ("hand", "decline"):
            said = shop.tell(OrderReminded(command=f"h{place}", order="o", sent=step == "hand", by="an"))
            by_hand += step == "hand" and not refusals(said)
        elif step == "done" and last is not None:
            shop.done(last)
        elif step == "fail" and last is not None and last.reply in shop.state.kept.sending:
            shop.tell(ActionFailed(action=action_id_of("r1", last.ref), code="no"))
            failed.add(last.ref)
        elif step == "lost" and last is not None and last.reply in shop.state.kept.sending:
            shop.tell(ActionUncertain(action=action_id_of("r1", last.ref)))
        elif step in ("write", "refuse"):
            shop.write("好的" if step == "write" else "退订")
        elif step in ("delayed", "send", "suggest"):
            shop.level("remind", step)
        if len(shop.sent) > before:
            on_hand, reserved = shop.unit.rows("SELECT SUM(on_hand), SUM(reserved) FROM stock WHERE sku = 'coat-m'")[0]
            held = shop.sales._state.orders["o"].allocs
            assert state == "unpaid", (step, state)
            assert on_hand - reserved + sum(count for _, _, count in held) >= 2
        assert len([one for one in shop.sent if one.ref not in failed]) + by_hand <= 1
    assert shop.sales.picture(shop.unit.now).to_remind == int(shop.reminded() == "due")
    moved = [event.state for event in shop.unit.said(OutreachMoved)]
    assert moved.count("sent") <= 1
