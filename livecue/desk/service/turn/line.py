"""Comments of the room beyond those in memory: they stand in line as rows, the oldest first, and none is lost."""

from collections.abc import Sequence
from typing import Any

import msgspec

from livecue.desk.service import tables
from livecue.desk.service.naming import COMMENT
from livecue.desk.service.presets import auto, team_clock
from livecue.desk.service.state import MOST_COMMENTS, Conversation
from livecue.desk.service.turn.alone import Alone
from livecue.desk.triage import Judgement

_AT_ONCE = 50
"""Taken out of line in one tick: each is looked up in what we know."""
_NAMES = 400
"""Places in one statement."""


def told_of(item: Conversation) -> Judgement:
    """What triage said of a comment, as far as its row keeps it."""
    return Judgement(item.label, item.topic, item.product, 1.0, False, "")


class Line(Alone):
    """Who stands in line, who is taken in, who is answered or forgotten there."""

    def _stand(self, item: Conversation) -> None:
        """Put a comment in line; its row is written with those of this turn."""
        self._late[item.conversation] = item
        self._count_in_line(item.since, 1)

    def _find(self, conversation: str) -> Conversation | None:
        """An open conversation; a comment in line is taken into memory, for somebody has it in hand."""
        item = self.open.get(conversation)
        if item is not None or not self.queue or not conversation.startswith(COMMENT):
            return item
        item = self._late.pop(conversation, None)
        if item is None:
            rows = self.unit.ask(tables.ONE_QUEUED, (self.room.room, conversation))
            if not rows:
                return None
            item = _from_row(rows[0])
        self._count_in_line(item.since, -1)
        self._put(item)
        self._let_go(conversation)
        return item

    def _let_go(self, kept: str) -> None:
        """For one that a person took out of turn the newest that nobody has touched goes back into line."""
        if self._comments <= MOST_COMMENTS:
            return
        untouched = [
            item
            for item in self.open.values()
            if item.channel == "comment"
            and item.conversation != kept
            and item.conversation not in self.thinking
            and _untouched(item)
        ]
        if untouched:
            item = max(untouched, key=lambda item: (item.since, item.conversation))
            self.open.pop(item.conversation)
            self._changed.pop(item.conversation, None)
            self._comments -= 1
            self._stand(item)

    def _from_line(self) -> None:
        """The oldest in line come into memory as far as there is room, and are answered like those that came at once.

        On a tick only: whatever a commit held, the same ones are taken.
        """
        free = min(_AT_ONCE, MOST_COMMENTS - self._comments)
        if not self.queue or free <= 0:
            return
        rows = self.unit.ask(tables.OLDEST_QUEUED, (self.room.room, free))
        if not rows:
            self.queue = {}
        for row in rows:
            item = _from_row(row)
            self._count_in_line(item.since, -1)
            self._put(item)
            self._answer(item.conversation, told_of(item), item.text)

    def _forget_in_line(self) -> None:
        """What nobody answered for so long is no use to anybody any more, in line as in memory; its row stays."""
        end = (self.unit.now - team_clock().comment_idle_ms) // 1000
        if any(second < end for second in self.queue):
            self.unit.write(tables.END_QUEUED, (self.unit.now, self.room.room, end * 1000))
            self.queue = {second: count for second, count in self.queue.items() if second >= end}

    def _answered_in_line(self, conversation: str, how: str, by: str) -> None:
        """Somebody dealt with a comment that stands in line: its row says so when this turn is written."""
        if conversation in self._late or self.queue:
            self._dealt.setdefault((how, by), []).append(conversation)

    def _settle_line(self) -> None:
        """Write who joined the line in this turn, then close those of it that were dealt with."""
        self._write_line(list(self._late.values()))
        for (how, by), names in self._dealt.items():
            for place in range(0, len(names), _NAMES):
                self._close_in_line(how, by, names[place : place + _NAMES])

    def _write_line(self, items: Sequence[Conversation]) -> None:
        if not items:
            return
        room = self.room
        self.unit.write_many(tables.SAVE_CONVERSATION, [self._row_of(item, "queued", "", 0) for item in items])
        self.unit.write_many(
            tables.SAVE_MESSAGE,
            [
                (
                    room.org, room.brand, room.room, item.conversation, item.key, item.opened_at, "customer", "",
                    item.text, "sent", "", "", 0, item.opened_at, "",
                )
                for item in items
            ],
        )  # fmt: skip

    def _close_in_line(self, how: str, by: str, names: Sequence[str]) -> None:
        now, room, solved, alone = self.unit.now, self.room.room, how != "ignored", how == "auto"
        statement = tables.CLOSE_QUEUED.format(names=",".join("?" * len(names)))
        values = ("solved" if solved else "no_answer", now, now, now if solved and not alone else 0, room, *names)
        closed = self.unit.ask(statement, values)
        for _, opened_at in closed:
            self._count_in_line(int(opened_at), -1)
        if alone and closed:
            self.unit.write_many(
                tables.ANSWERED_BY_ITSELF, [(now, room, name, now) for name in sorted(str(row[0]) for row in closed)]
            )
        elif solved and closed:
            self.unit.write_many(
                tables.ANSWERED_BY_PERSON,
                [(now, by, room, str(name), now) for name in sorted(row[0] for row in closed)],
            )

    def _count_in_line(self, since: int, by: int) -> None:
        second = since // 1000
        left = self.queue.get(second, 0) + by
        if left > 0:
            self.queue[second] = left
        else:
            self.queue.pop(second, None)


def _untouched(item: Conversation) -> bool:
    if item.by_hand and item.label not in auto().never_labels:
        # Somebody answers it elsewhere: a row does not keep that nothing may go by itself.
        return False
    return not (item.agent or item.viewers or item.typing or item.pending or item.said or item.ours or item.replied_at)


def _from_row(row: Sequence[Any]) -> Conversation:
    name, user, show, label, topic, product, opened_at, text = row[:8]
    return msgspec.convert(
        {
            "conversation": name, "channel": "comment", "opened_at": opened_at, "user": user, "show": show,
            "label": label, "topic": topic, "product": product, "human_at": opened_at, "since": opened_at, "waits": 1,
            "newest": text, "text": text, "key": str(name).removeprefix(COMMENT), "last_at": opened_at,
            "by_hand": label in auto().never_labels,
        },
        Conversation,
    )  # fmt: skip
