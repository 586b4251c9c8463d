"""What customers and platforms say, and what became of our answers."""

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.answers import holds
from livecue.desk.service.naming import COMMENT, case_name
from livecue.desk.service.presets import auto, team_clock
from livecue.desk.service.state import MOST_COMMENTS, Conversation, Sending, mark_of
from livecue.desk.service.turn.alone import AUTO, ECHO_MS
from livecue.desk.service.turn.line import Line
from livecue.desk.service.turn.outreach import OWN, Outreach
from livecue.desk.triage import Judgement, judge
from livecue.events import AfterSaleChanged, QuestionAnswered
from livecue.flow import GAVE_UP, action_id_of, fate_of
from livecue.kit import stable_id
from livecue.sales import CASE, SalesPicture

_TEXT = 200
_LEARN = 0.2


class Customers(Line, Outreach):
    """Conversations opened and gone on with; answers confirmed, failed or uncertain."""

    def received(self, conversation: str, key: str, text: str, *, robot: bool, **known: str) -> None:
        """A message of a customer: opened or gone on with, judged, and answered by itself where that is allowed."""
        now = self.unit.now
        told = judge([text], self._lineup, self.pinned)[0]
        item = self.open.get(conversation)
        new = item is None
        if item is None:
            item = Conversation(conversation, "message", now, show=self.show, user=known["user"], name=known["name"])
        human = bool(holds(text, auto().human_words))
        human_at = item.human_at or (now if human or not robot else 0)
        item = msgspec.structs.replace(
            item,
            user=known["user"] or item.user,
            name=known["name"] or item.name,
            order=known["order"] or item.order,
            product=known["product"] or told.product or item.product,
            # Who complained has complained, whatever they write after it (M80).
            label=told.label if item.label != "complaint" and (told.label != "chat" or not item.label) else item.label,
            topic=told.topic or item.topic,
            human_at=human_at,
            since=item.since or (now if human_at else 0),
            waits=item.waits + 1,
            newest=text[:_TEXT],
            text=text[:_TEXT],
            key=key,
            last_at=now,
            by_hand=item.by_hand or human or told.label in auto().never_labels,
        )
        self._message(conversation, key, "customer", "", text, "sent", counted=now if human_at else 0)
        self._heed(item, text)
        self._drop(item, "wrote_again")
        item = msgspec.structs.replace(item, pending=None)
        self._put(item)
        if new:
            self._opened(item)
            self._make_place()
        if human_at or not robot:
            self._answer(conversation, told, text)

    def judged(self, comment: str, told: Judgement, text: str, user: str) -> None:
        """A question or complaint in the room comes into the inbox too; no clock of the platform's runs on it.

        Each of them: beyond what is held in memory it stands in line.
        """
        now = self.unit.now
        name = COMMENT + comment
        if name in self.open or name in self._late:
            return
        item = Conversation(
            name, "comment", now, user=user, show=self.show, label=told.label, topic=told.topic, product=told.product,
            human_at=now, since=now, waits=1, newest=text[:_TEXT], text=text[:_TEXT], key=comment, last_at=now,
            by_hand=told.label in auto().never_labels,
        )  # fmt: skip
        self._opened(item)
        # Whoever comes while others stand in line joins it, or the newest would be answered before them.
        if self.queue or self._comments >= MOST_COMMENTS:
            self._stand(item)
            return
        self._message(name, comment, "customer", "", text, "sent", counted=now)
        self._put(item)
        self._answer(name, told, text)

    def case_changed(self, event: AfterSaleChanged) -> None:
        """An after-sale case wants somebody, or does not any more; it has no message of its own to be answered."""
        now, name = self.unit.now, case_name(event.order, event.case)
        item, ours = self.open.get(name), event.state in team_clock().case_acts
        new = item is None
        if item is None:
            if not ours:
                return
            sales: SalesPicture | None = self._pictures.get("sales")
            product = next((view.product for view in sales.stock if view.sku == event.sku), "") if sales else ""
            item = Conversation(
                name, "case", now, user=event.user, show=self.show, label="complaint", topic="after_sale",
                product=product, order=event.order, human_at=now, by_hand=True, key=event.case,
            )  # fmt: skip
            key = stable_id("case", self.room.room, name, now)
            self._message(name, key, "case", "", event.reason or event.type, "sent")
        self._system(name, f"case_{event.state}", "")
        item = msgspec.structs.replace(
            item,
            user=event.user or item.user,
            text=(event.reason or event.type)[:_TEXT],
            newest=(event.reason or event.type)[:_TEXT],
            deadline=event.deadline,
            since=(item.since or now) if ours else 0,
            step=item.step if ours and item.since else 0,
            waits=1 if ours else 0,
            last_at=now,
        )
        self._put(item)
        if new:
            self._opened(item)
            self._make_place()
        if CASE.states[event.state].ends:
            self._close(item, "solved", quiet=True)

    def answered_comment(self, comment: str, how: str, by: str) -> None:
        """Somebody dealt with a comment, at the desk or on the air. Announces nothing: it may be the last round."""
        item = self.open.get(COMMENT + comment)
        if item is None:
            self._answered_in_line(COMMENT + comment, how, by)
            return
        if how == "auto":
            self._itself(item)
        elif how != "ignored":
            self._human(item.conversation, by)
        self._close(self.open[item.conversation], "solved" if how != "ignored" else "no_answer", quiet=True)

    def answered_at_console(self, comment: str) -> None:
        """A person at the console answers it in public: nothing goes by itself, and if theirs fails it is a person's.

        Announces no answer: it stands there when the platform shows it.
        """
        item = self._find(COMMENT + comment)
        if item is None:
            return
        self._drop(item, "person_answered")
        self._put(msgspec.structs.replace(item, pending=None, by_hand=True, last_at=self.unit.now))

    def sent(self, conversation: str, text: str, by: str, reply: str, product: str = "") -> None:
        """An answer stands on the platform: ours by its id or its text, else typed there."""
        if reply and reply in self.sending:
            self._confirmed(reply)
            return
        item = self.open.get(conversation)
        if item is None or by == "welcome":
            return
        if self._echo(item, mark_of(text, product)):
            return
        key = reply or stable_id("sent", self.room.room, self.unit.number, conversation, text, self.unit.now)
        who = "robot" if by == "robot" else "agent"
        self._message(conversation, key, who, "", text, "sent", product=product)
        if by == "robot":
            self._itself(item)
        else:
            self._drop(item, "person_answered")
            self._human(conversation, "")

    def _echo(self, item: Conversation, mark: str) -> bool:
        """Whether this is what we sent, told again without our id. Each answer has one echo: a second is a person."""
        way = next(
            (name for name, one in self.sending.items() if (one.conversation, one.mark) == (item.conversation, mark)),
            "",
        )
        place = next((n for n, one in enumerate(item.ours) if one[0] == mark and self.unit.now - one[1] < ECHO_MS), -1)
        if not way and place < 0:
            return False
        if place >= 0:
            self._put(msgspec.structs.replace(item, ours=(*item.ours[:place], *item.ours[place + 1 :])), row=False)
        if way:
            # It stands there before the runner heard so.
            self._confirmed(way)
        return True

    def handed_over(self, conversation: str) -> None:
        """The platform's robot gave it to people: their clock starts."""
        item = self.open.get(conversation)
        if item is None or item.human_at:
            return
        now = self.unit.now
        self.unit.write(tables.START_CLOCKS, (now, self.room.room, conversation, now))
        self._put(msgspec.structs.replace(item, human_at=now, since=now if item.waits else 0, last_at=now))

    def rated(self, conversation: str, score: int) -> None:
        """The customer rated the service (M82)."""
        room = self.room.room
        self.unit.write(tables.RATE, (score, room, conversation, room, conversation))

    def ended(self, conversation: str) -> None:
        """The platform closed it."""
        item = self.open.get(conversation)
        if item is not None:
            self._close(item, "ended" if not item.since else "no_answer")

    # What became of our answers.

    def settled(self, action: str, state: str, code: str = "") -> None:
        """The runner says what became of an action of ours: sent, failed or uncertain."""
        reply = self.actions.get(action)
        if reply is None:
            return
        if state == "sent":
            self._confirmed(reply)
        elif state == "failed" and code != GAVE_UP:
            self._failed(action, reply)
        elif state == "failed" and not self._public(reply):
            # Tried often enough: a person decides whether it goes again.
            self._wait_for(reply, "dead", "failed")
        else:
            # Uncertain. So is a public answer that was given up: it may still be sent, and nobody answers beside it.
            self._wait_for(reply, "uncertain", "uncertain")

    def released(self, action: str) -> None:
        """A person decided about an action of ours; the outbox, which may have refused it, says what holds now."""
        reply = self.actions.get(action)
        if reply is None:
            return
        fate = fate_of(self.unit, self.room.room, action)
        if fate == "done":
            self._confirmed(reply)
        elif fate == "failed":
            self._failed(action, reply)
        elif fate in ("pending", "waiting"):
            self._wait_for(reply, "", "sending")

    def _public(self, reply: str) -> bool:
        """Whether everybody in the room reads it: an answer to a comment."""
        return reply in self.sending and self.sending[reply].conversation.startswith(COMMENT)

    def _wait_for(self, reply: str, state: str, shown: str) -> None:
        self.unit.write(tables.SETTLE_MESSAGE, (shown, self.room.room, reply))
        if reply in self.sending:
            self.sending[reply] = msgspec.structs.replace(self.sending[reply], state=state)
            if reply.startswith(OWN):
                self.outreach_fate(reply, "uncertain" if state else "sending")
            self._theirs(self.sending[reply].conversation, state)

    def _failed(self, action: str, reply: str) -> None:
        """It did not leave and will not."""
        self.unit.write(tables.SETTLE_MESSAGE, ("failed", self.room.room, reply))
        self.actions.pop(action, None)
        sending = self.sending.pop(reply, None)
        if sending is None:
            return
        if reply.startswith(OWN):
            self.outreach_fate(reply, "failed")
        item = self.open.get(sending.conversation)
        if item is not None:
            # What never left has no echo.
            place = next((n for n, one in enumerate(item.ours) if one == (sending.mark, sending.at)), len(item.ours))
            self._put(msgspec.structs.replace(item, ours=(*item.ours[:place], *item.ours[place + 1 :])), row=False)
            self._theirs(sending.conversation, "failed")

    def _theirs(self, conversation: str, state: str) -> None:
        """A person must know: it is theirs now, and the clock never stopped."""
        item = self.open.get(conversation)
        if item is not None and (state in ("failed", "dead") or (state and item.channel == "comment")):
            self._put(msgspec.structs.replace(item, by_hand=True, last_at=self.unit.now))

    def _confirmed(self, reply: str) -> None:
        sending = self.sending.pop(reply, None)
        self.actions.pop(action_id_of(self.room.room, reply), None)
        if sending is None:
            return
        self.unit.write(tables.SETTLE_MESSAGE, ("sent", self.room.room, reply))
        if reply.startswith(OWN):
            # Nobody asked for it: it answers nothing, and a wait goes on.
            self.outreach_fate(reply, "sent")
            return
        item = self.open.get(sending.conversation)
        if sending.person == AUTO:
            if item is not None:
                self._itself(item)
        else:
            self._human(sending.conversation, sending.person)
        if sending.conversation.startswith(COMMENT):
            self._comment_shown(sending)

    def _comment_shown(self, sending: Sending) -> None:
        """It is answered once the platform shows the answer, not when somebody pressed the button."""
        alone, item = sending.person == AUTO, self.open.get(sending.conversation)
        if item is None and not self._given_up(sending):
            return
        comment = sending.key or sending.conversation.removeprefix(COMMENT)
        self._said.append(
            QuestionAnswered(comment=comment, how="auto" if alone else "reply", by="" if alone else sending.person)
        )
        if item is not None:
            self._close(item, "solved")

    def _given_up(self, sending: Sending) -> bool:
        """Whether the comment was closed as not answered while its answer was on the way; then it is answered now."""
        room, now, alone = self.room.room, self.unit.now, sending.person == AUTO
        # Asked apart from the writing: a rebuild repeats the question, and writes nothing.
        closed = self.unit.ask(tables.GIVEN_UP, (room, sending.conversation))
        if closed:
            self.unit.write(tables.SOLVE_GIVEN_UP, (0 if alone else now, room, sending.conversation))
        if closed and alone:
            self.unit.write(tables.ANSWERED_BY_ITSELF, (now, room, sending.conversation, now))
        elif closed:
            self.unit.write(tables.ANSWERED_BY_PERSON, (now, sending.person, room, sending.conversation, now))
        return bool(closed)

    def _human(self, conversation: str, person: str) -> None:
        """A person answered everything that waits."""
        item = self.open.get(conversation)
        if item is None:
            return
        now = self.unit.now
        self.unit.write(tables.ANSWERED_BY_PERSON, (now, person, self.room.room, conversation, now))
        if person and item.since:
            took = now - max(item.since, min(item.replied_at, now))
            before = self.handled.get(person, took)
            self.handled[person] = int(before + _LEARN * (took - before))
        item = msgspec.structs.replace(
            item, since=0, waits=0, step=0, replied_at=now, replied_by=person or "platform", last_at=now, by_hand=True,
            pending=None, human_at=item.human_at or now,
        )  # fmt: skip
        self._put(item, first=now)

    def _itself(self, item: Conversation) -> None:
        now = self.unit.now
        self.unit.write(tables.ANSWERED_BY_ITSELF, (now, self.room.room, item.conversation, now))
        self._put(msgspec.structs.replace(item, since=0, waits=0, step=0, replied_at=now, replied_by=AUTO, last_at=now))
