"""Answers that need no person: made of facts, checked again when they leave, and how any answer leaves."""

from typing import Any

import msgspec

from livecue.compliance import engine_of, verdict
from livecue.desk.service import tables
from livecue.desk.service.answers import STOCK, Known, propose, stock_answer
from livecue.desk.service.presets import auto
from livecue.desk.service.state import VIEWED_MS, Conversation, Pending, Sending
from livecue.desk.service.turn.rows import Rows
from livecue.desk.triage import Judgement
from livecue.events import ReplySuggested, ReplyToComment, SendMessage
from livecue.flow import action_id_of
from livecue.kit import stable_id
from livecue.sales import SalesPicture

AUTO = "auto"


class Alone(Rows):
    """What may go out without a person, and what stops it."""

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
