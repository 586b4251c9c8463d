"""What we write to a buyer of our own accord: the one reminder of an unpaid order (R059), the one question (R130)."""

from datetime import datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.answers import holds
from livecue.desk.service.drafts import fill
from livecue.desk.service.hours import NEVER_MS, after
from livecue.desk.service.presets import auto, outreach
from livecue.desk.service.refusals import refusal_mark
from livecue.desk.service.state import Conversation
from livecue.desk.service.turn.alone import _LEVEL, AUTO, Alone
from livecue.events import FeedbackDue, OutreachAsked, OutreachMoved, ReminderDue
from livecue.kit import Money, stable_id
from livecue.sales import Owed, still_owed

About = Literal["remind", "feedback"]
OWN = "o:"
"""Opens the id of an answer that nobody asked for: about an order, once."""
_MAY_SEND = ("prepared", "waiting", "failed")


class _Kept(msgspec.Struct, frozen=True):
    order: str
    about: About
    reply: str
    conversation: str
    viewer: str
    text: str
    state: str
    due_at: int


class Outreach(Alone):
    """Prepared once; sent by a person, or by itself where the level of its kind says so; checked again as it leaves."""

    def owed(self, event: ReminderDue | FeedbackDue) -> None:
        """An order is owed a message: word it, and find the conversation it could go into."""
        about: About = "remind" if isinstance(event, ReminderDue) else "feedback"
        level, delay = self.levels.get(about, _LEVEL)
        until = event.expires_at if isinstance(event, ReminderDue) else 0
        facts = still_owed(self.unit, self.room, event.order, about)
        if level == "off" or facts is None or self._of_order(event.order, about) is not None:
            return
        room, now = self.room, self.unit.now
        text = self._worded(event.order, about, facts, until)
        conversation = self._talk_of(event.user)
        state, due = "prepared", 0
        if self._refused_by(event.user):
            state = "declined"
        elif level in ("delayed", "send") and conversation and self._may_go_alone(conversation, facts.product, text):
            due = self._open_from(now + (delay if level == "delayed" else 0))
            state = "waiting" if due < NEVER_MS else "prepared"
        reply = OWN + stable_id("outreach", room.room, about, event.order)
        self.unit.write(
            tables.SAVE_OUTREACH,
            (
                room.org, room.brand, room.room, event.order, about, reply, conversation, event.user, text, state, "",
                now, due if state == "waiting" else 0, now, "",
            ),
        )  # fmt: skip
        if state == "waiting":
            self.outreach[reply] = due
        self._told(event.order, about, state, conversation, due=due if state == "waiting" else 0)

    def outreach_asked(self, event: OutreachAsked) -> tuple[str, str] | None:
        """A person sends it, as it was prepared or in their own words; (code, why) of a refusal."""
        about = cast("About", event.about)
        kept = self._of_order(event.order, about)
        if kept is None:
            return "not_owed", "nothing is owed to this buyer: the order is paid or closed, or was written about before"
        if kept.state in ("sending", "uncertain"):
            return "already_sending", "this message is on its way, or nobody knows yet whether it left"
        if kept.state not in _MAY_SEND:
            return "not_owed", "this buyer was written to already, or wants no such messages"
        facts = still_owed(self.unit, self.room, event.order, about)
        if facts is None:
            self._settle_outreach(kept, "moot", by=event.by)
            return None
        if self._refused_by(kept.viewer):
            self._settle_outreach(kept, "declined", by=event.by)
            return "refused_messages", "this buyer wants no such messages; write to nobody who has said so"
        conversation = kept.conversation or self._talk_of(kept.viewer)
        if not conversation:
            return "no_conversation", "this buyer never wrote to us here; remind them in the shop and note it here"
        if event.conversation and event.conversation != conversation:
            return "no_conversation", "this is not the conversation with the buyer; reload the page"
        text = event.text.strip()
        if not text or text == kept.text.strip():
            text = self._worded(event.order, about, facts, 0)
        if "{" in text and fill(text, {})[1]:
            return "open_place", "fill in what stands in curly brackets first"
        self._write_to(kept, conversation, text, event.by)
        return None

    def said_by_hand(self, order: str, about: About, by: str) -> None:
        """A person did it elsewhere, or decided against it: what was prepared is no longer offered."""
        kept = self._of_order(order, about)
        if kept is None or kept.state not in _MAY_SEND or still_owed(self.unit, self.room, order, about) is not None:
            return
        self._settle_outreach(kept, "by_hand", by=by)

    def go_by_themselves(self) -> None:
        """Send what is due without a person, each checked against the rows of now."""
        now = self.unit.now
        for reply in [reply for reply, due in self.outreach.items() if due <= now]:
            del self.outreach[reply]
            kept = self._of_reply(reply)
            if kept is None or kept.state != "waiting":
                continue
            facts = still_owed(self.unit, self.room, kept.order, kept.about)
            if facts is None:
                self._settle_outreach(kept, "moot")
                continue
            text = self._worded(kept.order, kept.about, facts, 0)
            if self._refused_by(kept.viewer):
                self._settle_outreach(kept, "declined")
            elif (due := self._open_from(now)) > now:
                # The hours were set otherwise since, or nothing ran when it was due.
                self._put_off(kept, due)
            elif self._may_go_alone(kept.conversation, facts.product, text):
                label = auto().label
                self._write_to(kept, kept.conversation, label.get(self.room.language, label["en"]) + text, AUTO)
            else:
                # A person is in the conversation now, or the words may not go alone: a person sends it.
                self._settle_outreach(kept, "prepared")

    def _open_from(self, at: int) -> int:
        """From when one may be written to: in the desk's own hours, else in the preset's. Nobody is at night."""
        return after(self.hours.get("") or outreach().hours, self.room.time_zone, at, 0)

    def _put_off(self, kept: _Kept, due: int) -> None:
        if due >= NEVER_MS:
            self._settle_outreach(kept, "prepared")
            return
        self.outreach[kept.reply] = due
        self.unit.write(tables.PUT_OFF_OUTREACH, (due, self.room.room, kept.order, kept.about))
        self._told(kept.order, kept.about, "waiting", kept.conversation, due=due)

    def outreach_waits(self, about: str) -> None:
        """From now on a person sends them: what would have gone by itself waits for one."""
        for reply in list(self.outreach):
            kept = self._of_reply(reply)
            if kept is not None and kept.about == about:
                self._settle_outreach(kept, "prepared")

    def outreach_fate(self, reply: str, state: str) -> None:
        """The runner says what became of one: sent, failed, uncertain, or on its way again."""
        kept = self._of_reply(reply)
        if kept is not None and kept.state != state:
            self._settle_outreach(kept, state)

    def _heed(self, item: Conversation, text: str) -> None:
        """Whoever says so gets no such messages any more."""
        if not item.user or not holds(text, outreach().refuse_words):
            return
        values = (self.room.room, item.conversation)
        if self.unit.ask(tables.WROTE_OUTREACH, values):
            self.unit.write(tables.REFUSE_OUTREACH, (self.unit.now, *values))
            if self._key:
                # Without the key of the installation a mark could be tried out.
                room, mark = self.room, self._marked(item.user)
                self.unit.write(tables.SAVE_REFUSAL, (room.org, room.brand, mark, self.unit.now))

    # Rows.

    def _of_order(self, order: str, about: About) -> _Kept | None:
        rows = self.unit.ask(tables.OUTREACH_OF, (self.room.room, order, about))
        return _Kept(*rows[0]) if rows else None

    def _of_reply(self, reply: str) -> _Kept | None:
        rows = self.unit.ask(tables.OUTREACH_BY, (self.room.room, reply))
        return _Kept(*rows[0]) if rows else None

    def _refused_by(self, viewer: str) -> bool:
        room = self.room
        values = (room.org, room.brand, self._marked(viewer), room.org, room.brand, viewer)
        return bool(viewer) and bool(self.unit.ask(tables.REFUSED, values))

    def _marked(self, viewer: str) -> str:
        return refusal_mark(self._key, self.room.org, self.room.brand, viewer)

    def _talk_of(self, viewer: str) -> str:
        """The conversation with somebody who wrote before; "" when they never did: platforms let nobody else write."""
        if not viewer:
            return ""
        mine = [one for one in self.open.values() if one.channel == "message" and one.user == viewer]
        if mine:
            return max(mine, key=lambda one: (one.last_at, one.conversation)).conversation
        rows = self.unit.ask(tables.TALK_OF, (self.room.room, viewer))
        return str(rows[0][0]) if rows else ""

    def _may_go_alone(self, conversation: str, product: str, text: str) -> bool:
        item = self.open.get(conversation)
        return (item is None or not (item.by_hand or item.since)) and self._allowed(product)(text)

    def _settle_outreach(self, kept: _Kept, state: str, by: str = "") -> None:
        self.outreach.pop(kept.reply, None)
        self.unit.write(tables.MOVE_OUTREACH, (state, self.unit.now, by, self.room.room, kept.order, kept.about))
        self._told(kept.order, kept.about, state, kept.conversation, by)

    def _told(self, order: str, about: About, state: str, conversation: str, by: str = "", due: int = 0) -> None:
        self._said.append(
            OutreachMoved(
                order=order, about=about, state=state, conversation=conversation, by=by, due_at=due, when=self.unit.now
            )
        )

    # Sending.

    def _write_to(self, kept: _Kept, conversation: str, text: str, person: str) -> None:
        now, tries = self.unit.now, kept.reply.count(".")
        # What failed goes again under an id of its own: the first one is spent.
        reply = kept.reply + "." if kept.state == "failed" and tries < 20 else kept.reply
        self.unit.write(
            tables.SEND_OUTREACH,
            (
                reply, conversation, text, now, "" if person == AUTO else person, self.room.room, kept.order,
                kept.about,
            ),
        )  # fmt: skip
        self.outreach.pop(kept.reply, None)
        item = self.open.get(conversation)
        if item is None:
            # Nobody waits in it: no clock runs, and it closes by itself when nobody answers.
            item = Conversation(
                conversation, "message", now, user=kept.viewer, show=self.show, order=kept.order, last_at=now
            )
        item = msgspec.structs.replace(item, order=item.order or kept.order, last_at=now)
        self._put(item)
        self._send(item, reply, text, person, reply)
        self._told(kept.order, kept.about, "sending", conversation, "" if person == AUTO else person)

    def _worded(self, order: str, about: About, facts: Owed, until: int) -> str:
        language = "zh" if self.room.language == "zh" else "en"
        name = next((card.name for card in self.products if card.product == facts.product), "")
        values = {
            "order": order,
            "product": name or facts.product or facts.sku,
            "stock": str(facts.free) if facts.free else "",
            "price": str(Money(facts.amount, facts.currency)),
            "until": datetime.fromtimestamp(until / 1000, ZoneInfo(self.room.time_zone)).strftime("%H:%M")
            if until > self.unit.now
            else "",
        }
        room = self.room
        for (own,) in self.unit.ask(tables.OWN_WORDS, (room.org, room.brand, about)):
            filled, missing = fill(str(own), values)
            if not missing:
                return filled
        texts = outreach()
        ours = texts.feedback if about == "feedback" else texts.remind_held if values["until"] else texts.remind
        return fill(ours[language], values)[0]
