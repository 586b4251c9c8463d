"""The working copy of what is kept of a room, and the rows that are written from it."""

from collections.abc import Mapping
from typing import Any

from livecue.desk.service import tables
from livecue.desk.service.foresight import due_of
from livecue.desk.service.hours import ALWAYS, after, open_ms
from livecue.desk.service.presets import team_clock
from livecue.desk.service.state import MOST_COMMENTS, MOST_OPEN, Conversation, Kept, ServiceState, comments_of
from livecue.events import Action, ConversationOpened, Event, ReplyDropped
from livecue.flow import Unit
from livecue.kit import stable_id

_FAR = 1 << 62


class Rows:
    """Mutable while it lasts. Nothing of the old state is changed."""

    def __init__(
        self, old: ServiceState, pictures: Mapping[str, Any], unit: Unit, asks: bool = False, key: bytes = b""
    ) -> None:
        """``asks``: there is a language model to be asked. ``key``: under which refusals of messages are kept."""
        kept = old.kept
        self.room, self.unit, self._lineup = old.room, unit, old.lineup
        self._pictures, self._asks, self._key = pictures, asks, key
        self.open, self.agents, self.levels = dict(kept.open), dict(kept.agents), dict(kept.levels)
        self.sending, self.actions, self.handled = dict(kept.sending), dict(kept.actions), dict(kept.handled)
        self.hours, self.thinking = dict(kept.hours), dict(kept.thinking)
        self.outreach = dict(kept.outreach)
        self.show, self.pinned, self.products, self.listed = kept.show, kept.pinned, kept.products, kept.listed
        self._comments = comments_of(self.open)
        """Conversations in memory that are a comment each."""
        self.queue = dict(kept.queue)
        self._late: dict[str, Conversation] = {}
        """Comments that joined the line in this turn; their rows are not written yet."""
        self._dealt: dict[tuple[str, str], list[str]] = {}
        """(how, by whom) to the comments in line that were dealt with in this turn."""
        self._changed: dict[str, tuple[str, str, int]] = {}
        """Conversation to (state, outcome, first answer) of its row."""
        self._gone: dict[str, Conversation] = {}
        self._said: list[Event] = []
        self._acts: list[Action] = []

    def _written(self) -> ServiceState:
        """Write and announce what was decided; the next state."""
        unit = self.unit
        rows = []
        for name, (state, outcome, first) in self._changed.items():
            item = self.open.get(name) or self._gone[name]
            rows.append(self._row_of(item, state, outcome, first))
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
            queue=self.queue,
            hours=self.hours,
            thinking=self.thinking,
            next_at=self._next(),
            outreach=self.outreach,
        )
        return ServiceState(self.room, kept, self._lineup)

    def _row_of(self, item: Conversation, state: str, outcome: str, first: int) -> tuple[object, ...]:
        room = self.room
        return (
            room.org, room.brand, room.room, item.conversation, item.channel, item.user, item.name, item.show,
            item.label, item.topic, item.product, item.order, item.agent, state, item.opened_at, item.human_at, first,
            item.since, item.last_at, item.step, self.unit.now if state == "closed" else 0, outcome, 0, item.text,
            item.deadline,
        )  # fmt: skip

    def _next(self) -> int:
        """The earliest moment at which a tick has something to do."""
        clock, hours, zone = team_clock(), self.hours.get("", ALWAYS), self.room.time_zone
        soonest, steps = min(self.outreach.values(), default=_FAR), clock.steps_ms
        # The oldest wait of each step is the next to go up: open time is reckoned once for each, not for all.
        oldest = [_FAR] * (len(steps) + 1)
        for item in self.open.values():
            if item.pending is not None:
                soonest = min(soonest, item.pending.due_at)
            if item.channel == "case":
                if item.since and not item.step:
                    oldest[-1] = min(oldest[-1], item.since)
                    soonest = min(soonest, item.deadline or _FAR)
                continue
            if not item.since:
                soonest = min(soonest, item.last_at + clock.idle_ms)
            elif item.human_at and item.step < len(steps):
                oldest[item.step] = min(oldest[item.step], item.since)
            if item.channel == "comment":
                soonest = min(soonest, item.opened_at + clock.comment_idle_ms)
        if self.queue:
            soonest = min(soonest, (min(self.queue) + 1) * 1000 + clock.comment_idle_ms)
            if self._comments < MOST_COMMENTS:
                soonest = min(soonest, self.unit.now)
        for since, limit in zip(oldest, (*steps, clock.case_ms), strict=True):
            if since < _FAR:
                soonest = min(soonest, after(hours, zone, since, limit))
        return soonest

    def _step_of(self, item: Conversation) -> int:
        """How far this wait is up the ladder: only time in business hours counts."""
        if not item.since or not item.human_at:
            return 0
        hours, zone, now = self.hours.get("", ALWAYS), self.room.time_zone, self.unit.now
        if item.channel == "case":
            return int(now >= due_of(item.channel, item.since, item.deadline, hours, zone))
        waited = open_ms(hours, zone, item.since, now)
        return sum(1 for limit in team_clock().steps_ms if waited >= limit)

    def _put(self, item: Conversation, first: int = 0, row: bool = True) -> None:
        self._comments += item.channel == "comment" and item.conversation not in self.open
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
        self._comments -= item.channel == "comment" and item.conversation in self.open
        self.open.pop(item.conversation, None)
        self._gone[item.conversation] = item
        self._changed[item.conversation] = ("closed", outcome, before[2] if before else 0)

    def _drop(self, item: Conversation, why: str) -> None:
        """What would have gone out by itself does not."""
        pending = item.pending
        if pending is None:
            return
        self.unit.write(tables.SETTLE_SUGGESTION, ("dropped", why, self.room.room, pending.reply))
        self._said.append(
            ReplyDropped(conversation=item.conversation, reply=pending.reply, why=why, when=self.unit.now)
        )

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
        suggestion: str = "", template: str = "", edited: bool = False, product: str = "",
    ) -> None:  # fmt: skip
        room = self.room
        self.unit.write(
            tables.SAVE_MESSAGE,
            (
                room.org, room.brand, room.room, conversation, key, self.unit.now, who, person, text, state,
                suggestion, template, int(edited), counted, product,
            ),
        )  # fmt: skip
