"""A service desk over an in-memory database, moved as the pump moves it, with a platform that does what it is told."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from livecue.desk.service import Service
from livecue.events import (
    Action,
    ActionDone,
    ActionFailed,
    AgentSet,
    AutoReplySet,
    CommandRefused,
    Event,
    FactSaved,
    MessageReceived,
    MessageSent,
    ProductCard,
    ReplyAsked,
    SendMessage,
    decode_events,
    encode_events,
)
from livecue.flow import RoomInfo, action_id_of
from livecue.sales.ledger import SalesPicture, StockView
from livecue.shows import Shows
from livecue.team import Duty, TeamPicture
from tests.folding import ROOM, TestUnit

COAT = ProductCard(product="coat", name="羊毛双面呢大衣", number=1, category="clothing")


class Floor:
    """``at`` is room time in seconds since the beginning."""

    def __init__(self, path: Path, room: RoomInfo = ROOM) -> None:
        self.unit = TestUnit(path)
        self.desk = Service()
        self.room = room
        self.began = self.unit.now
        self.stock = {"coat": 20}
        self.duty: list[str] = []
        shows = Shows(room, None).picture(self.unit.now)
        self.shows = msgspec.structs.replace(shows, products=[COAT], listed={"coat": 1})
        self.state: Any = self.desk.open(room, None)
        self.count = 0
        self.performed: list[Action] = []
        """Everything the platform was asked to do, repeats included."""

    @property
    def pictures(self) -> dict[str, Any]:
        stock = [StockView(f"{name}-m", name, free, 0, True) for name, free in self.stock.items()]
        return {
            "shows": self.shows,
            "sales": SalesPicture(stock, 0, 0, 0, 0),
            "team": TeamPicture([Duty(person, person, "cs", 0) for person in self.duty]),
        }

    def tell(self, *events: Event) -> list[Event]:
        """One batch; what it announced."""
        events = tuple(decode_events(encode_events(events)))
        before = len(self.unit.announced)
        acted = len(self.unit.acted)
        self.unit.number += 1
        self.state = self.desk.decide(self.state, events, self.pictures, self.unit)
        # What is kept is what a snapshot keeps.
        self.state = self.desk.open(self.room, self.desk.dump(self.state))
        self.performed += self.unit.acted[acted:]
        return self.unit.announced[before:]

    def wait(self, seconds: float) -> list[Event]:
        """Let time pass, tick by tick."""
        said: list[Event] = []
        for _ in range(int(seconds * 4)):
            said += self.tell(self.unit.tick())
        return said

    def write(self, text: str, who: str = "u1", **more: Any) -> str:
        """A customer writes; gives the message's key."""
        self.count += 1
        key = f"m{self.count}"
        self.tell(MessageReceived(conversation=f"k-{who}", text=text, user=who, name="张三丰", key=key, **more))
        return key

    def answer(
        self, by: str, text: str = "您好，我看一下", who: str = "u1", last: str = "", **more: Any
    ) -> list[Event]:
        """A person answers."""
        self.count += 1
        asked = ReplyAsked(
            conversation=f"k-{who}",
            reply=f"r{self.count}",
            text=text,
            last=last,
            by=by,
            command=f"c{self.count}",
            **more,
        )
        return self.tell(asked)

    def confirm(self) -> None:
        """The platform shows everything that was sent and not confirmed."""
        for action in self.performed:
            if isinstance(action, SendMessage) and action.reply in self.state.kept.sending:
                self.tell(MessageSent(conversation=action.conversation, text=action.text, reply=action.reply))

    def done(self, action: Action) -> None:
        self.tell(ActionDone(action=action_id_of(self.room.room, action.ref)))

    def refused(self, action: Action) -> None:
        self.tell(ActionFailed(action=action_id_of(self.room.room, action.ref), code="no"))

    def serve(self, *people: str, **more: Any) -> None:
        """These come on duty and are ready."""
        self.duty += people
        self.wait(0.25)
        for person in people:
            self.tell(AgentSet(person=person, command=f"set-{person}", **more))

    def level(self, topic: str, level: str, delay_s: int = 10) -> list[Event]:
        return self.tell(AutoReplySet(topic=topic, level=level, delay_s=delay_s, command="level", by="lead"))

    def know(self, fact: str, question: str, answer: str, topic: str, product: str = "") -> None:
        from livecue.desk.service import Knowledge

        event = FactSaved(
            fact=fact, org="o", brand="b", question=question, answer=answer, topic=topic, product=product,
            source="手册第 3 页", command=fact, by="lead",
        )  # fmt: skip
        assert Knowledge().apply(event, self.unit) is None

    def rows(self, table: str, columns: str, where: str = "1=1") -> list[tuple[Any, ...]]:
        return self.unit.rows(f"SELECT {columns} FROM {table} WHERE {where} ORDER BY 1")


def refusals(said: Sequence[Event]) -> list[str]:
    return [event.code for event in said if isinstance(event, CommandRefused)]
