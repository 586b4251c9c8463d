"""What people do at the desk: take, hand over, note, look, answer, stop, close, and say how they serve."""

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.hours import Spans
from livecue.desk.service.presets import auto
from livecue.desk.service.state import VIEWED_MS, Agent, Conversation, mark_of
from livecue.desk.service.turn.alone import AUTO
from livecue.desk.service.turn.line import Line, told_of
from livecue.desk.service.turn.outreach import Outreach
from livecue.desk.service.turn.spread import Spread
from livecue.events import CommandApplied, CommandAsked, CommandRefused, QuestionAnswered

OUTCOMES = ("solved", "passed_on", "no_answer", "spam")
LEVELS = ("off", "suggest", "delayed", "send")
_NO_AGENT = ("no_agent", "this person does not serve here; let them take the duty of customer service first")
_GONE = ("not_open", "this conversation is closed already, or was never there")


class People(Line, Outreach, Spread):
    """Commands; each gives (code, why) when it is refused."""

    def command(self, event: CommandAsked, problem: tuple[str, str] | None) -> None:
        """Say what became of a command."""
        if problem is None:
            self._said.append(CommandApplied(command=event.command))
        else:
            self._said.append(CommandRefused(command=event.command, code=problem[0], why=problem[1]))

    def assign(self, conversation: str, person: str, note: str, by: str) -> tuple[str, str] | None:
        """Taken, handed over or put back."""
        item = self._find(conversation)
        if item is None:
            return _GONE
        if person and person not in self.agents:
            return _NO_AGENT
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
        item = self._find(conversation)
        if item is None:
            return _GONE
        self._note(conversation, by, text)
        self._put(msgspec.structs.replace(item, last_at=self.unit.now))
        return None

    def viewed(self, conversation: str, typing: bool, left: bool, by: str) -> tuple[str, str] | None:
        """Somebody looks, types, or leaves. A comment in line that somebody looks at is answered from what we know."""
        was_open = conversation in self.open
        item = self.open.get(conversation) if left else self._find(conversation)
        if item is None:
            return None
        if not was_open:
            self._answer(conversation, told_of(item), item.text)
            item = self.open[conversation]
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
        self,
        conversation: str,
        reply: str,
        text: str,
        last: str,
        suggestion: str,
        template: str,
        by: str,
        product: str = "",
    ) -> tuple[str, str] | None:
        """A person answers; refused when a colleague answered what they meant to answer."""
        if told := self._told_again(reply, text, product, by):
            return told if told[0] else None
        item = self._find(conversation)
        if item is None:
            return _GONE
        if item.channel == "case":
            return "case_no_reply", "a case is settled in the shop; write to the customer in their own conversation"
        if not text.strip() and not product:
            return "empty", "an answer needs a text or a product"
        refused = self._card_refused(item, product)
        if refused:
            return refused
        missing = _open_place(text)
        if missing:
            return "open_place", f"fill in {missing} first: this variable had no value"
        mark = mark_of(text, product)
        for other in self.sending.values():
            if other.state != "dead" and (other.conversation, other.person, other.mark) == (conversation, by, mark):
                return "already_sending", "this very answer is on its way, or nobody knows yet whether it left"
            if (
                other.state != "dead"
                and other.conversation == conversation
                and other.person not in (by, AUTO)
                and other.key == item.key
            ):
                return "answered_meanwhile", "a colleague is just answering this; look at it before you write"
        if item.channel == "comment" and self._answered_beside(item):
            return "reply_under_way", "this comment has a public answer already, or one is on its way; look at it first"
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
        self._send(
            item, reply, text, by, item.key, suggestion=suggestion, template=template, edited=edited, product=product
        )
        return None

    def _answered_beside(self, item: Conversation) -> bool:
        """Whether an answer of ours, or of the console, may stand there already or may yet be sent: one is enough."""
        if any(other.conversation == item.conversation for other in self.sending.values()):
            return True
        return bool(self.unit.ask(tables.ANSWERED_AT_CONSOLE, (self.room.room, item.key, self.unit.now)))

    def _told_again(self, reply: str, text: str, product: str, by: str) -> tuple[str, str] | None:
        """The same press once more, because its answer was lost: taken, and done once (code "": no refusal)."""
        rows = self.unit.ask(tables.KNOWN_REPLY, (self.room.room, reply))
        if not rows and reply not in self.sending:
            return None
        way = self.sending.get(reply)
        known = (
            (way.person, way.mark) if way is not None else (str(rows[0][0]), mark_of(str(rows[0][1]), str(rows[0][2])))
        )
        if known == (by, mark_of(text, product)):
            return "", ""
        return "already_sending", "another answer has this id; send it with one of its own"

    def _card_refused(self, item: Conversation, product: str) -> tuple[str, str] | None:
        """A card is of something that can be bought now; "" is no card."""
        if not product:
            return None
        if item.channel == "comment":
            return "no_card", "a comment is answered with words; send cards in private"
        card = next((card for card in self.products if card.product == product), None)
        if card is None or product not in self.listed:
            return "card_not_listed", "this product is not in the cart now"
        if (free := self._stock(product)) is not None and free <= 0:
            return "card_sold_out", "this product is sold out; send one that can be bought"
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
        item = self._find(conversation)
        if item is None:
            return _GONE
        if outcome not in OUTCOMES:
            return "bad_outcome", f"outcome is one of {', '.join(OUTCOMES)}"
        if item.since and outcome == "solved" and item.channel == "message":
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

    def set_hours(self, person: str, spans: Spans, by: str) -> tuple[str, str] | None:
        """When the desk serves, or a person does: from now on, what was before stays as it was counted."""
        if any(span.end <= span.start or span.end - span.start > 24 * 60 for span in spans):
            return (
                "bad_spans",
                "each span ends after it begins and is at most a day long; several spans make a split shift",
            )
        room = self.room
        self.unit.write(
            tables.SAVE_HOURS,
            (room.org, room.brand, room.room, person, self.unit.now, msgspec.json.encode(spans).decode(), by),
        )
        if spans:
            self.hours[person] = spans
        else:
            self.hours.pop(person, None)
        return None

    def set_level(self, topic: str, level: str, delay_s: int) -> tuple[str, str] | None:
        """How far answers to a topic go by themselves."""
        rules = auto()
        if topic not in (known := (*rules.topics, *rules.never, *rules.own)):
            return "bad_topic", f"topic is one of {', '.join(known)}"
        if level not in LEVELS:
            return "bad_level", f"level is one of {', '.join(LEVELS)}"
        if topic in rules.never and level not in ("off", "suggest"):
            return "never_alone", "answers about prices and offers never go out without a person"
        self.levels[topic] = (level, delay_s * 1000)
        if topic in rules.own and level in ("off", "suggest"):
            self.outreach_waits(topic)
        if level in ("off", "suggest"):
            for item in [item for item in self.open.values() if item.pending and item.topic == topic]:
                self._drop(item, "level")
                self._put(msgspec.structs.replace(item, pending=None))
        return None


def _open_place(text: str) -> str:
    """A variable that nothing filled, like {stock}; "" when there is none."""
    start = text.find("{")
    end = text.find("}", start + 1)
    inside = text[start + 1 : end] if 0 <= start < end else ""
    return text[start : end + 1] if inside.isidentifier() else ""
