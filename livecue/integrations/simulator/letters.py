"""What simulated customers write in private: they ask, wait, ask again, thank and rate; with draws of their own."""

from typing import Any

import msgspec

from livecue.events import ConversationHandedOver, ConversationRated, MessageReceived, MessageSent
from livecue.integrations.simulator.catalogue import texts
from livecue.integrations.simulator.engine import GRID_MS, Engine, seeded, spread
from livecue.integrations.simulator.scenario import Scenario
from livecue.integrations.simulator.talk import Talk
from livecue.kit import stable_id

_AGAIN_MS = 75_000
_MOST_AGAIN = 2


class _Letter(msgspec.Struct):
    """One customer's conversation as the platform knows it."""

    conversation: str
    user: str
    name: str
    order: str
    product: str
    waiting: bool = True
    turn: int = 0
    again: int = 0
    answered: int = 0


class Letters:
    """``letters`` of the scenario is how many customers write a minute; with 0 nothing else of the show changes."""

    def __init__(self, scenario: Scenario, engine: Engine, talk: Talk) -> None:
        self._scenario, self._engine, self._talk = scenario, engine, talk
        self._words: dict[str, list[str]] = texts("letter")
        self._source = seeded(scenario.seed, "letters")
        self._count = 0
        self._open: dict[str, _Letter] = {}
        self._buyers: list[tuple[str, str, str]] = []
        if scenario.letters > 0:
            engine.at(self._grid(scenario.starts_at + 20_000), self._arrive)

    def bought(self, user: str, order: str, product: str) -> None:
        """Somebody paid: they may write about it."""
        self._buyers = [*self._buyers[-59:], (user, order, product)]

    def sent(self, now: int, what: tuple[str, str, str, str]) -> None:
        """An answer of ours stands on the platform; the customer reads it."""
        conversation, text, reply, product = what
        self._engine.out.append(
            MessageSent(key=self._key(), at=now, conversation=conversation, text=text, reply=reply, product=product)
        )
        letter = self._open.get(conversation)
        if letter is None or not letter.waiting:
            return
        letter.waiting, letter.turn, letter.again = False, letter.turn + 1, 0
        letter.answered += 1
        luck = seeded(self._scenario.seed, "letter", conversation, letter.turn)
        fate, wait = luck.random(), 15_000 + int(luck.random() * 50_000)
        if fate < 0.32 and letter.turn < 4:
            self._engine.at(self._grid(now + wait), self._ask, (conversation, letter.turn))
        elif fate < 0.62:
            self._engine.at(self._grid(now + wait), self._thank, conversation)
        if letter.answered == 1 and luck.random() < 0.35:
            score = 5 if luck.random() < 0.7 else 4 if luck.random() < 0.6 else 1 + int(luck.random() * 3)
            self._engine.at(self._grid(now + wait + 60_000), self._rate, (conversation, score))

    def _arrive(self, now: int, _: Any) -> None:
        mean = 60_000 / self._scenario.letters
        if now < self._scenario.ends_at:
            self._engine.at(self._grid(now + int(spread(self._source, mean)) + GRID_MS), self._arrive)
        self._count += 1
        draw = self._source.random
        about = draw() < 0.55 and bool(self._buyers)
        if about:
            user, order, product = self._buyers[int(draw() * len(self._buyers))]
        else:
            cards = [item.card.product for item in self._scenario.products]
            user, order, product = f"w{self._count:05d}", "", cards[int(draw() * len(cards))]
        conversation = f"im-{user}"
        if conversation in self._open:
            return
        letter = _Letter(conversation, user, self._talk.name(draw), order, product)
        self._open[conversation] = letter
        robot = draw() < 0.25
        self._say(now, letter, "after" if about else "before", draw, robot=robot)
        if robot:
            self._engine.at(self._grid(now + 8_000), self._hand_over, conversation)

    def _ask(self, now: int, what: tuple[str, int]) -> None:
        letter = self._open.get(what[0])
        if letter is None:
            return
        letter.waiting = True
        self._say(now, letter, "after" if letter.order else "before", seeded(self._scenario.seed, "ask", *what).random)

    def _nudge(self, now: int, what: tuple[str, int, int]) -> None:
        conversation, turn, again = what
        letter = self._open.get(conversation)
        if letter is None or not letter.waiting or letter.turn != turn or letter.again != again or again >= _MOST_AGAIN:
            return
        letter.again += 1
        self._say(now, letter, "nudge", seeded(self._scenario.seed, "nudge", *what).random)

    def _thank(self, now: int, conversation: str) -> None:
        letter = self._open.get(conversation)
        if letter is None:
            return
        text = self._words["thanks"][letter.turn % len(self._words["thanks"])]
        self._engine.out.append(
            MessageReceived(
                key=self._key(), at=now, conversation=conversation, text=text, user=letter.user, name=letter.name
            )
        )
        del self._open[conversation]

    def _rate(self, now: int, what: tuple[str, int]) -> None:
        self._engine.out.append(ConversationRated(key=self._key(), at=now, conversation=what[0], score=what[1]))

    def _hand_over(self, now: int, conversation: str) -> None:
        self._engine.out.append(ConversationHandedOver(key=self._key(), at=now, conversation=conversation))

    def _say(self, now: int, letter: _Letter, kind: str, draw: Any, *, robot: bool = False) -> None:
        words = self._words[kind]
        text = words[int(draw() * len(words))]
        product = next((item for item in self._scenario.products if item.card.product == letter.product), None)
        self._engine.out.append(
            MessageReceived(
                key=self._key(),
                at=now,
                conversation=letter.conversation,
                text=self._talk.fill(text, draw, product),
                user=letter.user,
                name=letter.name,
                order=letter.order,
                product=letter.product if letter.order else "",
                to_robot=robot,
            )
        )
        self._engine.at(self._grid(now + _AGAIN_MS), self._nudge, (letter.conversation, letter.turn, letter.again))

    def _key(self) -> str:
        self._count += 1
        return f"l{stable_id('letter', self._scenario.show)[:5]}.{self._count}"

    @staticmethod
    def _grid(now: int) -> int:
        return -(-now // GRID_MS) * GRID_MS
