"""One decision of the service desk: a working copy of what is kept, changed by the events of a run, then frozen."""

from collections.abc import Mapping
from typing import Any

import msgspec

from livecue.compliance import engine_of, verdict
from livecue.desk.products import Lineup
from livecue.desk.service import tables
from livecue.desk.service.answers import STOCK, Known, holds, propose, stock_answer
from livecue.desk.service.assign import choose, taken_by
from livecue.desk.service.presets import auto, team_clock
from livecue.desk.service.state import (
    MOST_COMMENTS,
    MOST_OPEN,
    VIEWED_MS,
    Agent,
    Conversation,
    Kept,
    Pending,
    Sending,
    ServiceState,
)
from livecue.desk.triage import Judgement, judge
from livecue.desk.turn import running_show, same_lineup
from livecue.events import (
    Action,
    AnswerLate,
    CommandApplied,
    CommandAsked,
    CommandRefused,
    ConversationOpened,
    Event,
    QuestionAnswered,
    ReplyDropped,
    ReplySuggested,
    ReplyToComment,
    SendMessage,
)
from livecue.flow import Unit, action_id_of
from livecue.kit import stable_id
from livecue.sales import SalesPicture
from livecue.shows import ShowsPicture
from livecue.team import TeamPicture

AUTO = "auto"
COMMENT = "c:"
"""Opens the id of a conversation that is one comment in the room."""
_TEXT = 200
_SETTLED_MS = 120_000
"""So long after an answer its echo from the platform is still known as ours."""
_LEARN = 0.2


class Turn:
    """Mutable while it lasts; ``state`` freezes it. Nothing of the old state is changed."""

    def __init__(self, old: ServiceState, pictures: Mapping[str, Any], unit: Unit) -> None:
        kept = old.kept
        self.room, self.unit, self._lineup = old.room, unit, old.lineup
        self._pictures = pictures
        self.open, self.agents, self.levels = dict(kept.open), dict(kept.agents), dict(kept.levels)
        self.sending, self.actions, self.handled = dict(kept.sending), dict(kept.actions), dict(kept.handled)
        self.show, self.pinned, self.products, self.listed = kept.show, kept.pinned, kept.products, kept.listed
        self._changed: dict[str, tuple[str, str, int]] = {}
        """Conversation to (state, outcome, first answer) of its row."""
        self._gone: dict[str, Conversation] = {}
        self._said: list[Event] = []
        self._acts: list[Action] = []

    # How it ends.

    def state(self) -> ServiceState:
        """Write and announce what was decided; the next state."""
        unit, room = self.unit, self.room
        self._spread()
        rows = []
        for name, (state, outcome, first) in self._changed.items():
            item = self.open.get(name) or self._gone[name]
            closed = 0 if state == "open" else unit.now
            rows.append(
                (
                    room.org, room.brand, room.room, name, item.channel, item.user, item.name, item.show, item.label,
                    item.topic, item.product, item.order, item.agent, state, item.opened_at, item.human_at, first,
                    item.since, item.last_at, item.step, closed, outcome, 0, item.text,
                )
            )  # fmt: skip
        if rows:
            unit.write_many(tables.SAVE_CONVERSATION, rows)
        if self._said:
            unit.announce(*self._said)
        if self._acts:
            unit.act(*self._acts)
        kept = Kept(
            open=self.open,
            agents=self.agents,
            levels=self.levels,
            sending=self.sending,
            actions=self.actions,
            show=self.show,
            pinned=self.pinned,
            products=self.products,
            listed=self.listed,
            handled=self.handled,
            next_at=self._next(),
        )
        return ServiceState(room, kept, self._lineup)

    def _next(self) -> int:
        """The earliest moment at which a tick has something to do."""
        clock = team_clock()
        soonest = 1 << 62
        for item in self.open.values():
            if item.pending is not None:
                soonest = min(soonest, item.pending.due_at)
            if item.since and item.human_at and item.step < len(clock.steps_ms):
                soonest = min(soonest, item.since + clock.steps_ms[item.step])
            if not item.since:
                soonest = min(soonest, item.last_at + clock.idle_ms)
            if item.channel == "comment":
                soonest = min(soonest, item.opened_at + clock.comment_idle_ms)
        return soonest

    # What customers and platforms say.

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
            label=told.label if told.label != "chat" or not item.label else item.label,
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
        self._drop(item, "wrote_again")
        item = msgspec.structs.replace(item, pending=None)
        self._put(item)
        if new:
            self._opened(item)
            self._make_place()
        if human_at or not robot:
            self._answer(conversation, told, text)

    def judged(self, comment: str, told: Judgement, text: str, user: str) -> None:
        """A question or complaint in the room comes into the inbox too; no clock of the platform's runs on it."""
        now = self.unit.now
        name = COMMENT + comment
        if name in self.open or sum(1 for item in self.open.values() if item.channel == "comment") >= MOST_COMMENTS:
            return
        item = Conversation(
            name, "comment", now, user=user, show=self.show, label=told.label, topic=told.topic, product=told.product,
            human_at=now, since=now, waits=1, newest=text[:_TEXT], text=text[:_TEXT], key=comment, last_at=now,
            by_hand=told.label in auto().never_labels,
        )  # fmt: skip
        self._message(name, comment, "customer", "", text, "sent", counted=now)
        self._put(item)
        self._opened(item)
        self._answer(name, told, text)

    def answered_comment(self, comment: str, how: str, by: str) -> None:
        """Somebody dealt with a comment, at the desk or on the air. Announces nothing: it may be the last round."""
        item = self.open.get(COMMENT + comment)
        if item is None:
            return
        if how != "ignored":
            self._human(item.conversation, by)
        self._close(item, "solved" if how != "ignored" else "no_answer", quiet=True)

    def sent(self, conversation: str, text: str, by: str, reply: str) -> None:
        """An answer stands on the platform: ours by its id or its text, else typed there."""
        if reply and reply in self.sending:
            self._confirmed(reply)
            return
        item = self.open.get(conversation)
        if item is None or by == "welcome":
            return
        if by == "person" and item.said and item.said[-1] == text and self.unit.now - item.replied_at < _SETTLED_MS:
            return
        key = reply or stable_id("sent", self.room.room, self.unit.number, conversation, text, self.unit.now)
        who = "robot" if by == "robot" else "agent"
        self._message(conversation, key, who, "", text, "sent")
        if by == "robot":
            self._itself(item)
        else:
            self._drop(item, "person_answered")
            self._human(conversation, "")

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

    def settled(self, action: str, state: str) -> None:
        """The runner says what became of an action of ours: sent, failed or uncertain."""
        reply = self.actions.get(action)
        if reply is None:
            return
        if state == "sent":
            self._confirmed(reply)
            return
        self.unit.write(tables.SETTLE_MESSAGE, (state, self.room.room, reply))
        if state == "failed":
            self.actions.pop(action)
            sending = self.sending.pop(reply, None)
            item = self.open.get(sending.conversation) if sending else None
            if item is not None:
                # A person must know: it is theirs now, and the clock never stopped.
                self._put(msgspec.structs.replace(item, by_hand=True, last_at=self.unit.now))

    def _confirmed(self, reply: str) -> None:
        sending = self.sending.pop(reply, None)
        self.actions.pop(action_id_of(self.room.room, reply), None)
        if sending is None:
            return
        self.unit.write(tables.SETTLE_MESSAGE, ("sent", self.room.room, reply))
        item = self.open.get(sending.conversation)
        if sending.person == AUTO:
            if item is not None:
                self._itself(item)
        else:
            self._human(sending.conversation, sending.person)
        item = self.open.get(sending.conversation)
        if item is not None and item.channel == "comment":
            self._close(item, "solved")

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

    # Answers that need no person.

    def _answer(self, conversation: str, told: Judgement, text: str) -> None:
        item = self.open[conversation]
        level, delay = self.levels.get(told.topic, ("suggest", 10_000))
        if level == "off" or not told.topic or told.label not in ("question", "intent"):
            return
        rows = self.unit.ask(tables.KNOWN, (self.room.org, self.room.brand, self.unit.now, told.topic, told.product))
        known = [Known(*row) for row in rows]
        found = propose(
            text, told, known, self._stock(told.product), self.room.language, auto(), self._allowed(told.product)
        )
        if found is None:
            return
        alone = (
            found.alone
            and level in ("delayed", "send")
            and not item.by_hand
            and len(item.said) < auto().most
            and found.text not in item.said
        )
        now = self.unit.now
        reply = stable_id("suggested", self.room.room, conversation, item.key)
        due = now + (delay if level == "delayed" else 0) if alone else 0
        room = self.room
        self.unit.write(
            tables.SAVE_SUGGESTION,
            (
                room.org, room.brand, room.room, conversation, reply, item.key, now, found.text,
                msgspec.json.encode(found.facts).decode(), told.topic, due,
            ),
        )  # fmt: skip
        if alone:
            pending = Pending(reply, found.text, due, found.facts, found.basis, item.key)
            self._put(msgspec.structs.replace(item, pending=pending))
        self._said.append(
            ReplySuggested(
                conversation=conversation, reply=reply, text=found.text, facts=found.facts, topic=told.topic,
                due_at=due, when=now,
            )
        )  # fmt: skip

    def _stock(self, product: str) -> int | None:
        sales: SalesPicture | None = self._pictures.get("sales")
        views = [view for view in sales.stock if view.product == product and view.known] if sales and product else []
        return sum(view.on_hand - view.reserved for view in views) if views else None

    def _allowed(self, product: str) -> Any:
        engine = engine_of(self.room)
        card = next((card for card in self.products if card.product == product), None)
        category = (card.category if card else "") or self.room.category
        return lambda text: verdict(engine.check([text], category, door="comment")[0]) == "silent"

    def _holds_still(self, item: Conversation, pending: Pending) -> str:
        """ "" when the answer is as true as when it was made, else why it is not."""
        fact = pending.facts[0]
        if fact.startswith(STOCK):
            product = fact.removeprefix(STOCK)
            stock = self._stock(product)
            if stock is None:
                return "stock_unknown"
            return "" if stock_answer(product, stock, self.room.language)[1] == pending.basis else "stock_changed"
        rows = self.unit.ask(tables.KNOWN_STILL, (self.room.org, self.room.brand, fact, self.unit.now))
        if not rows:
            return "fact_gone"
        return "" if f"{rows[0][0]}@{rows[0][1]}" == pending.basis else "fact_changed"

    def _drop(self, item: Conversation, why: str) -> None:
        """What would have gone out by itself does not."""
        pending = item.pending
        if pending is None:
            return
        self.unit.write(tables.SETTLE_SUGGESTION, ("dropped", why, self.room.room, pending.reply))
        self._said.append(
            ReplyDropped(conversation=item.conversation, reply=pending.reply, why=why, when=self.unit.now)
        )

    def _send_alone(self, item: Conversation) -> None:
        pending = item.pending
        assert pending is not None
        now = self.unit.now
        busy = [who for who, at in item.typing.items() if now - at <= VIEWED_MS]
        why = "person_types" if busy else self._holds_still(item, pending)
        item = msgspec.structs.replace(item, pending=None)
        if why:
            self._drop(msgspec.structs.replace(item, pending=pending), why)
            self._put(item)
            return
        text = auto().label.get(self.room.language, auto().label["en"]) + pending.text
        self.unit.write(tables.SETTLE_SUGGESTION, ("sent", "", self.room.room, pending.reply))
        self._put(msgspec.structs.replace(item, said=(*item.said, pending.text), last_at=now))
        self._send(item, pending.reply, text, AUTO, pending.key, suggestion=pending.reply)

    def _send(
        self, item: Conversation, reply: str, text: str, person: str, key: str, *, suggestion: str = "",
        template: str = "", edited: bool = False,
    ) -> None:  # fmt: skip
        self._message(
            item.conversation, reply, "auto" if person == AUTO else "agent", "" if person == AUTO else person, text,
            "sending", suggestion=suggestion, template=template, edited=edited,
        )  # fmt: skip
        self.sending[reply] = Sending(item.conversation, person, self.unit.now, key)
        self.actions[action_id_of(self.room.room, reply)] = reply
        by = "" if person == AUTO else person
        if item.channel == "comment":
            self._acts.append(ReplyToComment(comment=item.key, text=text, by=by, ref=reply))
        else:
            self._acts.append(
                SendMessage(
                    conversation=item.conversation, text=text, reply=reply, by=by, ref=reply, automatic=person == AUTO
                )
            )

    # What people do.

    def command(self, event: CommandAsked, problem: tuple[str, str] | None) -> None:
        """Say what became of a command."""
        if problem is None:
            self._said.append(CommandApplied(command=event.command))
        else:
            self._said.append(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def assign(self, conversation: str, person: str, note: str, by: str) -> tuple[str, str] | None:
        """Taken, handed over or put back."""
        item = self.open.get(conversation)
        if item is None:
            return _GONE
        if person and person not in self.agents:
            return (
                "no_agent",
                "this person does not serve here; let them take the duty of customer service first",
            )
        self._drop(item, "person_took")
        if note:
            self._note(conversation, by, note)
        if person != item.agent:
            self._system(conversation, "given" if person else "put_back", person)
        self._put(
            msgspec.structs.replace(
                item, agent=person, taken=bool(person), pending=None, by_hand=item.by_hand or bool(person),
                human_at=item.human_at or self.unit.now, last_at=self.unit.now,
            )
        )  # fmt: skip
        return None

    def note(self, conversation: str, text: str, by: str) -> tuple[str, str] | None:
        """An internal note."""
        item = self.open.get(conversation)
        if item is None:
            return _GONE
        self._note(conversation, by, text)
        self._put(msgspec.structs.replace(item, last_at=self.unit.now))
        return None

    def viewed(self, conversation: str, typing: bool, left: bool, by: str) -> tuple[str, str] | None:
        """Somebody looks, types, or leaves."""
        item = self.open.get(conversation)
        if item is None:
            return None
        now = self.unit.now
        viewers = {who: at for who, at in item.viewers.items() if who != by and now - at <= VIEWED_MS}
        types = {who: at for who, at in item.typing.items() if who != by and now - at <= VIEWED_MS}
        if not left:
            viewers[by] = now
            if typing:
                types[by] = now
        room = self.room
        if left:
            self.unit.write(tables.END_VIEW, (room.room, conversation, by))
        else:
            self.unit.write(tables.SAVE_VIEW, (room.org, room.brand, room.room, conversation, by, now, int(typing)))
        if typing and item.pending is not None:
            self._drop(item, "person_types")
            item = msgspec.structs.replace(item, pending=None)
        self._put(msgspec.structs.replace(item, viewers=viewers, typing=types), row=False)
        return None

    def reply(
        self, conversation: str, reply: str, text: str, last: str, suggestion: str, template: str, by: str
    ) -> tuple[str, str] | None:
        """A person answers; refused when a colleague answered what they meant to answer."""
        item = self.open.get(conversation)
        if item is None:
            return _GONE
        if not text.strip():
            return "empty", "an answer needs a text"
        if reply in self.sending:
            return "already_sending", "this answer is on its way already"
        missing = _open_place(text)
        if missing:
            return "open_place", f"fill in {missing} first: this variable had no value"
        for other in self.sending.values():
            if other.conversation == conversation and other.person not in (by, AUTO) and other.key == item.key:
                return "answered_meanwhile", "a colleague is just answering this; look at it before you write"
        if last and item.replied_by not in ("", by, AUTO) and not item.waits:
            return "answered_meanwhile", "a colleague has answered this meanwhile; look at it before you write"
        self._drop(item, "person_answered")
        edited = False
        if suggestion:
            rows = self.unit.ask(
                "SELECT text FROM reply_suggestions WHERE room = ? AND reply = ?", (self.room.room, suggestion)
            )
            edited = bool(rows) and str(rows[0][0]).strip() != text.strip()
            self.unit.write(tables.SETTLE_SUGGESTION, ("edited" if edited else "used", "", self.room.room, suggestion))
        if by in item.typing:
            room = self.room
            self.unit.write(tables.SAVE_VIEW, (room.org, room.brand, room.room, conversation, by, self.unit.now, 0))
        item = msgspec.structs.replace(
            item, pending=None, by_hand=True, agent=item.agent or by, taken=True, said=item.said,
            human_at=item.human_at or self.unit.now,
            typing={who: at for who, at in item.typing.items() if who != by},
        )  # fmt: skip
        self._put(item)
        self._send(item, reply, text, by, item.key, suggestion=suggestion, template=template, edited=edited)
        if item.channel == "comment":
            self._said.append(QuestionAnswered(comment=item.key, how="reply", by=by))
        return None

    def stop(self, conversation: str, reply: str) -> tuple[str, str] | None:
        """A person stops an answer that would go out by itself."""
        item = self.open.get(conversation)
        if item is None or item.pending is None or item.pending.reply != reply:
            return "not_waiting", "this answer has gone out already, or was stopped before"
        self._drop(item, "stopped")
        self._put(msgspec.structs.replace(item, pending=None, by_hand=True))
        return None

    def close(self, conversation: str, outcome: str, note: str, by: str) -> tuple[str, str] | None:
        """A person is done with it."""
        item = self.open.get(conversation)
        if item is None:
            return _GONE
        if outcome not in OUTCOMES:
            return "bad_outcome", f"outcome is one of {', '.join(OUTCOMES)}"
        if item.since and outcome == "solved" and item.channel != "comment":
            return "still_waiting", "the customer's last message has no answer; answer it, or close it as no_answer"
        if note:
            self._note(conversation, by, note)
        if item.channel == "comment":
            how = "private" if outcome == "solved" else "ignored"
            self._said.append(QuestionAnswered(comment=item.key, how=how, by=by))
        self._close(item, outcome)
        return None

    def set_agent(self, person: str, state: str, most: int, skills: tuple[str, ...]) -> tuple[str, str] | None:
        """How somebody serves here."""
        if state not in ("ready", "busy", "off"):
            return "bad_state", "state is ready, busy or off"
        old = self.agents.get(person, Agent())
        self.agents[person] = Agent(state, most, skills, old.on_duty, self.unit.now)
        if state == "off":
            self._give_back(person)
        return None

    def set_level(self, topic: str, level: str, delay_s: int) -> tuple[str, str] | None:
        """How far answers to a topic go by themselves."""
        rules = auto()
        if topic not in (*rules.topics, *rules.never):
            return "bad_topic", f"topic is one of {', '.join((*rules.topics, *rules.never))}"
        if level not in LEVELS:
            return "bad_level", f"level is one of {', '.join(LEVELS)}"
        if topic in rules.never and level not in ("off", "suggest"):
            return "never_alone", "answers about prices and offers never go out without a person"
        self.levels[topic] = (level, delay_s * 1000)
        if level in ("off", "suggest"):
            for item in [item for item in self.open.values() if item.pending and item.topic == topic]:
                self._drop(item, "level")
                self._put(msgspec.structs.replace(item, pending=None))
        return None

    # Time.

    def ticked(self) -> None:
        """Follow show and duty; send what is due; go up the ladder; close what nobody writes in any more."""
        self._follow()
        clock, now = team_clock(), self.unit.now
        for item in list(self.open.values()):
            if item.pending is not None and item.pending.due_at <= now:
                self._send_alone(item)
                item = self.open[item.conversation]
            step = sum(1 for after in clock.steps_ms if item.since and item.human_at and now - item.since >= after)
            if step > item.step:
                item = msgspec.structs.replace(item, step=step)
                self._put(item)
                if item.channel != "comment":
                    self._said.append(
                        AnswerLate(
                            conversation=item.conversation, step=step, waited_ms=now - item.since, agent=item.agent,
                            when=now,
                        )
                    )  # fmt: skip
            if not item.since and now - item.last_at >= clock.idle_ms:
                self._close(item, "idle")
            elif item.channel == "comment" and now - item.opened_at >= clock.comment_idle_ms:
                self._close(item, "no_answer")

    def _follow(self) -> None:
        shows: ShowsPicture | None = self._pictures.get("shows")
        if shows is not None:
            self.show, self.pinned = running_show(shows), shows.pinned
            if not same_lineup(self.products, self.listed, shows):
                self.products, self.listed = tuple(shows.products), dict(shows.listed)
                self._lineup = Lineup(self.products, self.listed)
        on_duty = on_service(self._pictures)
        for person in on_duty | self.agents.keys():
            known = self.agents.get(person, Agent())
            here = person in on_duty
            if known.on_duty != here:
                self.agents[person] = msgspec.structs.replace(known, on_duty=here, since=self.unit.now)
                if not here:
                    self._give_back(person)

    def _give_back(self, person: str) -> None:
        """Whoever leaves leaves nothing lying: what they had goes to others, with a note."""
        for item in [item for item in self.open.values() if item.agent == person]:
            self._system(item.conversation, "agent_left", person)
            self._put(msgspec.structs.replace(item, agent="", taken=False))

    def _spread(self) -> None:
        """Give what nobody has to whoever can take it, the longest waiting first."""
        free = [
            item
            for item in self.open.values()
            if not item.agent and not item.taken and item.channel != "comment" and item.human_at
        ]
        if not free:
            return
        load = taken_by(self.open.values())
        for item in sorted(free, key=lambda item: (item.since or 1 << 62, item.opened_at, item.conversation)):
            person = choose(item, self._category(item.product), self.agents, load)
            if person:
                load[person] = load.get(person, 0) + 1
                self._put(msgspec.structs.replace(item, agent=person))

    def _category(self, product: str) -> str:
        return next((card.category for card in self.products if card.product == product), "")

    # Rows.

    def _put(self, item: Conversation, first: int = 0, row: bool = True) -> None:
        self.open[item.conversation] = item
        if row:
            before = self._changed.get(item.conversation)
            self._changed[item.conversation] = ("open", "", first or (before[2] if before else 0))

    def _opened(self, item: Conversation) -> None:
        self._said.append(
            ConversationOpened(
                conversation=item.conversation, channel=item.channel, user=item.user, label=item.label,
                topic=item.topic, product=item.product, when=self.unit.now,
            )
        )  # fmt: skip

    def _close(self, item: Conversation, outcome: str, quiet: bool = False) -> None:
        if item.pending is not None and not quiet:
            self._drop(item, "closed")
        if item.viewers:
            self.unit.write(tables.END_VIEWS, (self.room.room, item.conversation))
        before = self._changed.get(item.conversation)
        self.open.pop(item.conversation, None)
        self._gone[item.conversation] = item
        self._changed[item.conversation] = ("closed", outcome, before[2] if before else 0)

    def _make_place(self) -> None:
        if len(self.open) <= MOST_OPEN:
            return
        idle = min((item for item in self.open.values() if not item.since), key=lambda item: item.last_at, default=None)
        if idle is not None:
            self._close(idle, "idle")

    def _note(self, conversation: str, by: str, text: str) -> None:
        key = stable_id("note", self.room.room, self.unit.number, self.unit.now, conversation, by, text)
        self._message(conversation, key, "note", by, text, "sent")

    def _system(self, conversation: str, what: str, person: str) -> None:
        """What happened to the conversation itself: given, put_back or agent_left."""
        key = stable_id("system", self.room.room, self.unit.number, self.unit.now, conversation, what, person)
        self._message(conversation, key, "system", person, what, "sent")

    def _message(
        self, conversation: str, key: str, who: str, person: str, text: str, state: str, *, counted: int = 0,
        suggestion: str = "", template: str = "", edited: bool = False,
    ) -> None:  # fmt: skip
        room = self.room
        self.unit.write(
            tables.SAVE_MESSAGE,
            (
                room.org, room.brand, room.room, conversation, key, self.unit.now, who, person, text, state,
                suggestion, template, int(edited), counted,
            ),
        )  # fmt: skip


OUTCOMES = ("solved", "passed_on", "no_answer", "spam")
LEVELS = ("off", "suggest", "delayed", "send")
_GONE = ("not_open", "this conversation is closed already, or was never there")


def on_service(pictures: Mapping[str, Any]) -> set[str]:
    """Who holds the duty of customer service in the room now."""
    team: TeamPicture | None = pictures.get("team")
    return {duty.person for duty in team.duty if duty.role == "cs"} if team is not None else set()


def _open_place(text: str) -> str:
    """A variable that nothing filled, like {stock}; "" when there is none."""
    start = text.find("{")
    end = text.find("}", start + 1)
    inside = text[start + 1 : end] if 0 <= start < end else ""
    return text[start : end + 1] if inside.isidentifier() else ""
