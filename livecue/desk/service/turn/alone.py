"""Answers that need no person: made of facts, checked again when they leave, and how any answer leaves."""

from typing import Any

import msgspec

from livecue.compliance import engine_of, verdict
from livecue.desk.service import tables
from livecue.desk.service.answers import STOCK, Known, likeness, may_answer, propose, stock_answer
from livecue.desk.service.grounding import ungrounded, word_for_word
from livecue.desk.service.masking import mask_text
from livecue.desk.service.presets import auto
from livecue.desk.service.state import VIEWED_MS, Conversation, Pending, Sending, Thinking, mark_of
from livecue.desk.service.turn.rows import Rows
from livecue.desk.triage import Judgement
from livecue.events import AskModel, ModelAnswered, ReplySuggested, ReplyToComment, SendMessage
from livecue.flow import action_id_of
from livecue.kit import stable_id
from livecue.sales import SalesPicture

AUTO = "auto"
_LEVEL = ("suggest", 10_000)
_UNSURE = ("not_sure", "two_answers")
"""Why retrieval alone does not answer, where wording the facts anew may help."""
ECHO_MS = 600_000
"""So long after an answer left its echo from the platform is still known as ours."""
_MOST_OURS = 20
_THINKS_MS = 60_000
_MOST_THINKING = 50


class Alone(Rows):
    """What may go out without a person, and what stops it."""

    def _answer(self, conversation: str, told: Judgement, text: str) -> None:
        item = self.open[conversation]
        level, _ = self.levels.get(told.topic, _LEVEL)
        if level == "off" or not told.topic or told.label not in ("question", "intent"):
            return
        known = self._known(told.topic, told.product)
        found = propose(
            text, told, known, self._stock(told.product), self.room.language, auto(), self._allowed(told.product)
        )
        if self._asks and (found is None or found.why in _UNSURE) and may_answer(text, told, auto()):
            self._ask_model(item, told, text, known)
        if found is not None:
            reply = stable_id("suggested", self.room.room, conversation, item.key)
            self._suggest(item, reply, found.text, found.facts, found.basis, told.topic, alone=found.alone)

    def _known(self, topic: str, product: str) -> list[Known]:
        values = (self.room.org, self.room.brand, self.unit.now, topic, product)
        return [Known(*row) for row in self.unit.ask(tables.KNOWN, values)]

    def _suggest(
        self, item: Conversation, reply: str, text: str, facts: tuple[str, ...], basis: str, topic: str, *, alone: bool,
        made_by: str = "",
    ) -> None:  # fmt: skip
        """Propose an answer; it goes out by itself where it may, the level lets it, and no person is in it."""
        level, delay = self.levels.get(topic, _LEVEL)
        alone = (
            alone
            and level in ("delayed", "send")
            and not item.by_hand
            and item.pending is None
            and len(item.said) < auto().most
            and text not in item.said
        )
        now, room = self.unit.now, self.room
        due = now + (delay if level == "delayed" else 0) if alone else 0
        self.unit.write(
            tables.SAVE_SUGGESTION,
            (
                room.org, room.brand, room.room, item.conversation, reply, item.key, now, text,
                msgspec.json.encode(facts).decode(), topic, due, made_by,
            ),
        )  # fmt: skip
        if alone:
            pending = Pending(reply, text, due, facts, basis, item.key, made_by)
            self._put(msgspec.structs.replace(item, pending=pending))
        self._said.append(
            ReplySuggested(
                conversation=item.conversation, reply=reply, text=text, facts=facts, topic=topic, due_at=due, when=now,
                made_by=made_by,
            )
        )  # fmt: skip

    # The language model: asked by an action, answered by an event, and believed no further than the facts go.

    def _ask_model(self, item: Conversation, told: Judgement, text: str, known: list[Known]) -> None:
        now = self.unit.now
        self.thinking = {name: one for name, one in self.thinking.items() if now - one.at < _THINKS_MS}
        if len(self.thinking) >= _MOST_THINKING:
            return
        # The topic narrows them down; which of them answers is what the model is asked.
        given = sorted(known, key=lambda fact: (-likeness(text, fact.question), fact.fact))[: auto().model_facts]
        if not given:
            return
        versions = {fact.fact: fact.version for fact in given}
        self.thinking[item.conversation] = Thinking(item.key, text, told.topic, told.label, told.product, versions, now)
        self._acts.append(
            AskModel(
                conversation=item.conversation, message=item.key, text=mask_text(text), language=self.room.language,
                facts={fact.fact: fact.answer for fact in given}, ref=stable_id("asked", item.conversation, item.key),
            )
        )  # fmt: skip

    def model_answered(self, event: ModelAnswered) -> None:
        """What the model made of the facts: proposed when every check of ours holds, else as if it had not answered."""
        asked, item = self.thinking.get(event.conversation), self.open.get(event.conversation)
        if asked is None or asked.key != event.message:
            return
        del self.thinking[event.conversation]
        if item is None or item.key != event.message or not item.since or event.why:
            return
        now_known = {fact.fact: fact for fact in self._known(asked.topic, asked.product)}
        used = tuple(dict.fromkeys(event.facts))
        # Only facts it was given, and only as they stand now.
        if not used or any(
            fact not in asked.facts or fact not in now_known or now_known[fact].version != asked.facts[fact]
            for fact in used
        ):
            return
        told = [now_known[fact].answer for fact in used]
        text = event.text.strip()
        if ungrounded(text, told, auto()) or not self._allowed(asked.product)(text):
            return
        judged = Judgement(asked.label, asked.topic, asked.product, 1.0, False, "")
        alone = may_answer(asked.text, judged, auto()) and word_for_word(text, told, auto())
        basis = "\n".join(f"{fact}@{asked.facts[fact]}" for fact in used)
        reply = stable_id("model", self.room.room, event.conversation, event.message)
        self._suggest(item, reply, text, used, basis, asked.topic, alone=alone, made_by="model")

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
        if pending.facts[0].startswith(STOCK):
            product = pending.facts[0].removeprefix(STOCK)
            stock = self._stock(product)
            if stock is None:
                return "stock_unknown"
            return "" if stock_answer(product, stock, self.room.language)[1] == pending.basis else "stock_changed"
        for fact, basis in zip(pending.facts, pending.basis.split("\n"), strict=True):
            rows = self.unit.ask(tables.KNOWN_STILL, (self.room.org, self.room.brand, fact, self.unit.now))
            if not rows:
                return "fact_gone"
            if f"{rows[0][0]}@{rows[0][1]}" != basis:
                return "fact_changed"
        return ""

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
        label = auto().model_label if pending.made_by else auto().label
        text = label.get(self.room.language, label["en"]) + pending.text
        self.unit.write(tables.SETTLE_SUGGESTION, ("sent", "", self.room.room, pending.reply))
        self._put(msgspec.structs.replace(item, said=(*item.said, pending.text), last_at=now))
        self._send(item, pending.reply, text, AUTO, pending.key, suggestion=pending.reply)

    def _send(
        self, item: Conversation, reply: str, text: str, person: str, key: str, *, suggestion: str = "",
        template: str = "", edited: bool = False, product: str = "",
    ) -> None:  # fmt: skip
        self._message(
            item.conversation, reply, "auto" if person == AUTO else "agent", "" if person == AUTO else person, text,
            "sending", suggestion=suggestion, template=template, edited=edited, product=product,
        )  # fmt: skip
        mark, now = mark_of(text, product), self.unit.now
        self.sending[reply] = Sending(item.conversation, person, now, key, mark)
        held = self.open[item.conversation]
        lately = tuple(one for one in held.ours if now - one[1] < ECHO_MS)[1 - _MOST_OURS :]
        self._put(msgspec.structs.replace(held, ours=(*lately, (mark, now))))
        self.actions[action_id_of(self.room.room, reply)] = reply
        by = "" if person == AUTO else person
        if item.channel == "comment":
            self._acts.append(ReplyToComment(comment=item.key, text=text, by=by, ref=reply))
        else:
            self._acts.append(
                SendMessage(
                    conversation=item.conversation,
                    text=text,
                    reply=reply,
                    by=by,
                    ref=reply,
                    automatic=person == AUTO,
                    product=product,
                )
            )
