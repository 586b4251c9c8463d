"""What a journal tells of shop and service desk, told again by code that shares nothing with their ledgers.

Written from docs/en/service.md and docs/en/orders.md alone. Every event counts at the room time of the newest tick
before it. Only the vocabulary, the journal's reader and the outbox's rows (who asked for what) are used.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from livecue import events as ev
from livecue.store import SqliteReader, read_batches

IDLE_MS = 1_800_000
"""A conversation nobody writes in any more closes by itself."""
QUICK_MS = 15_000


@dataclass
class Wait:
    """One message of a customer. 0 is not yet."""

    conversation: str
    at: int
    counted: int = 0
    answered: int = 0
    by: str = ""


@dataclass
class Talk:
    """A conversation from its first message until it closes."""

    opened: int
    people_from: int = 0
    first: int = 0
    last: int = 0
    score: int = 0
    waiting: list[Wait] = field(default_factory=list)


@dataclass(frozen=True)
class Clocks:
    """The figures of the board; None is nothing to divide."""

    messages: int
    conversations: int
    unanswered: int
    first_ms: float | None
    """M76."""
    mean_ms: float | None
    """M77."""
    p95_ms: float | None
    platform: tuple[int, int]
    """M78, good of all."""
    fast: tuple[int, int]
    """M79."""
    satisfied: tuple[int, int]
    """M82."""


class Retold:
    """One room from its first event to its last."""

    def __init__(self, database: Path, room: str) -> None:
        self.counts: Counter[str] = Counter()
        self.opened: dict[str, int] = {}
        self.left: dict[str, int] = {}
        """Pieces not sold, by SKU."""
        self.held: dict[str, dict[str, int]] = {}
        """Unpaid orders and what they hold of which SKU."""
        self.least: dict[str, int] = {}
        """The fewest pieces of a SKU that were ever neither sold nor held."""
        self.paid: dict[str, int] = {}
        self.refunded: dict[str, int] = {}
        self.waits: list[Wait] = []
        self.talks: list[Talk] = []
        self.answers: list[tuple[str, str]] = []
        """(conversation, reply) as the platform showed them, in order."""
        self.twice: list[str] = []
        """Conversations in which an answer was let out after an answer though nobody had written in between."""
        self.now = 0
        self._open: dict[str, Talk] = {}
        self._newest: dict[str, Talk] = {}
        self._wrote: set[str] = set()
        self._asked = asked_replies(database, room)
        self._reply_of = {action: reply for action, (_, reply, _) in self._asked.items()}
        self._sent_by = {reply: (talk, by) for talk, reply, by in self._asked.values()}
        self._settled: set[str] = set()
        seen: set[tuple[str, str]] = set()
        reader = SqliteReader(database)
        try:
            for batch in read_batches(reader, room, 0):
                for event in batch.events:
                    if isinstance(event, ev.ClockTicked):
                        self.now = max(self.now, event.now)
                        continue
                    kind = type(event).__name__
                    if event.key and (kind, event.key) in seen:
                        continue
                    seen.add((kind, event.key))
                    self.counts[kind] += 1
                    told = getattr(self, "_" + kind, None)
                    if told is not None:
                        told(event)
        finally:
            reader.close()

    # The shop.

    def _StockOpened(self, event: ev.StockOpened) -> None:
        self.opened[event.sku] = self.left[event.sku] = event.quantity
        self._look(event.sku)

    def _OrderCreated(self, event: ev.OrderCreated) -> None:
        if event.order not in self.held and event.order not in self.paid:
            self.held[event.order] = {line.sku: line.quantity for line in event.lines}
            self._look(*self.held[event.order])

    def _OrderPaid(self, event: ev.OrderPaid) -> None:
        if event.order in self.paid:
            return
        self.paid[event.order] = event.amount
        self.held.pop(event.order, None)
        for line in event.lines:
            self.left[line.sku] -= line.quantity
            self._look(line.sku)

    def _OrderCancelled(self, event: ev.OrderCancelled) -> None:
        self.held.pop(event.order, None)

    def _OrderRefunded(self, event: ev.OrderRefunded) -> None:
        if event.refund in self.refunded:
            return
        self.refunded[event.refund] = event.amount
        if event.restock:
            self.left[event.sku] += event.quantity

    def _look(self, *skus: str) -> None:
        for sku in skus:
            free = self.left[sku] - sum(order.get(sku, 0) for order in self.held.values())
            self.least[sku] = min(free, self.least.get(sku, free))

    # The service desk.

    def _MessageReceived(self, event: ev.MessageReceived) -> None:
        name = event.conversation
        talk = self._open.get(name)
        if talk is None or (not talk.waiting and self.now - talk.last >= IDLE_MS):
            talk = self._open[name] = self._newest[name] = Talk(self.now)
            self.talks.append(talk)
        if not event.to_robot:
            talk.people_from = talk.people_from or self.now
        wait = Wait(name, self.now, self.now if talk.people_from else 0)
        self.waits.append(wait)
        talk.waiting.append(wait)
        talk.last = self.now
        self._wrote.add(name)

    def _ConversationHandedOver(self, event: ev.ConversationHandedOver) -> None:
        talk = self._open.get(event.conversation)
        if talk is not None and not talk.people_from:
            talk.people_from = talk.last = self.now
            for wait in talk.waiting:
                wait.counted = self.now

    def _ActionDone(self, event: ev.ActionDone) -> None:
        if event.action in self._reply_of:
            self._answered(self._reply_of[event.action])

    def _ReplyAsked(self, event: ev.ReplyAsked) -> None:
        # What was refused made no action.
        if event.reply in self._sent_by:
            if event.conversation not in self._wrote:
                self.twice.append(event.conversation)
            self._wrote.discard(event.conversation)

    def _MessageSent(self, event: ev.MessageSent) -> None:
        self.answers.append((event.conversation, event.reply))
        self._answered(event.reply)

    def _answered(self, reply: str) -> None:
        """Ours stands on the platform: the first word of it stops the clock."""
        if reply in self._settled or reply not in self._sent_by:
            return
        self._settled.add(reply)
        name, by = self._sent_by[reply]
        talk = self._open[name]
        for wait in talk.waiting:
            wait.answered, wait.by = self.now, by
        talk.waiting = []
        talk.first = talk.first or self.now
        talk.people_from = talk.people_from or self.now
        talk.last = self.now

    def _ConversationRated(self, event: ev.ConversationRated) -> None:
        if event.conversation in self._newest:
            self._newest[event.conversation].score = event.score

    def clocks(self, until: int, rule: dict[str, object], zone: str, by: str | None = None) -> Clocks:
        """The board up to ``until`` under the platform's ``rule``; of one agent's messages where ``by`` is given."""
        waits = [wait for wait in self.waits if wait.at < until and by in (None, wait.by)]
        counted = [wait for wait in waits if wait.counted]
        took = sorted(wait.answered - wait.counted for wait in counted if wait.answered)
        due = [wait for wait in counted if wait.answered or until - wait.counted >= QUICK_MS]
        firsts = [talk.first - talk.people_from for talk in self.talks if talk.people_from and talk.first]
        scores = [talk.score for talk in self.talks if talk.score]
        return Clocks(
            messages=len(waits),
            conversations=len({wait.conversation for wait in waits}),
            unanswered=sum(not wait.answered for wait in counted),
            first_ms=sum(firsts) / len(firsts) if firsts else None,
            mean_ms=sum(took) / len(took) if took else None,
            p95_ms=float(took[-(-95 * len(took) // 100) - 1]) if took else None,
            platform=platform_rate(counted, until, rule, ZoneInfo(zone)),
            fast=(sum(bool(w.answered) and w.answered - w.counted <= QUICK_MS for w in due), len(due)),
            satisfied=(sum(score >= 4 for score in scores), len(scores)),
        )


def platform_rate(waits: Sequence[Wait], until: int, rule: dict[str, object], zone: ZoneInfo) -> tuple[int, int]:
    """Turns answered in time, and all whose time has run out or that were answered; only those begun in its hours."""
    assert rule["unit"] == "turn" and not rule["robot_counts"], "the rule of the simulated platform"
    within = int(str(rule["within_ms"]))
    good = of = 0
    for _, mine in groupby(sorted(waits, key=lambda one: (one.conversation, one.at)), key=lambda one: one.conversation):
        for answered, turn in groupby(mine, key=lambda one: one.answered):
            begun = next(iter(turn)).counted
            clock = datetime.fromtimestamp(begun / 1000, zone).strftime("%H:%M")
            if not str(rule["from"]) <= clock < str(rule["until"]) or (not answered and until - begun < within):
                continue
            of += 1
            good += bool(answered) and answered - begun <= within
    return good, of


def asked_replies(database: Path, room: str) -> dict[str, tuple[str, str, str]]:
    """Action to (conversation, reply, who asked for it), of private messages."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as base:
        rows = base.execute(
            "SELECT id, blob, asked_by FROM outbox WHERE room = ? AND kind = 'SendMessage'", (room,)
        ).fetchall()
    found = {}
    for action, blob, by in rows:
        what = ev.decode_action(blob)
        assert isinstance(what, ev.SendMessage)
        found[str(action)] = (what.conversation, what.reply, str(by))
    return found


def repeated(names: Iterable[str]) -> list[str]:
    """What occurs more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)
