"""One transaction of the pump: append what waits, run the jobs, fold what the journal holds, commit."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

import msgspec

from livecue.errors import Elsewhere, LiveCueError, NotOwner, StoreFailed
from livecue.events import ClockTicked, Event
from livecue.flow.appending import Job
from livecue.flow.bus import Bus
from livecue.flow.folding import DeciderFailed, PartFailed
from livecue.flow.owing import retry_owed
from livecue.flow.post import Post, joined
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.flow.pump.queue import Items
from livecue.flow.pump.rooms import OpenRooms, RoomBroken
from livecue.kit import Clock, failpoint, span
from livecue.store import LateFailure, TransactionWriter, append_batches

_log = logging.getLogger("livecue.flow")

CYCLE_EVENTS = 60_000
"""Events folded in one transaction: bounds how long an answer waits."""
CYCLE_S = 1.0
"""After so long no further room is begun in a transaction of shared rooms: opening many takes its time."""

Numbered = dict[str, dict[int, Post]]
"""Posts of this cycle by room and number."""
Answers = list[tuple[Future[Any], Any]]
After = list[Callable[[], None]]
"""What is done once the commit stands."""


class Cycle:
    """Makes transactions, one after another, in the pump's thread; what failed of one is the pump's to deal with."""

    def __init__(
        self,
        writer: TransactionWriter,
        rooms: OpenRooms,
        bus: Bus,
        clock: Clock,
        *,
        on_actions: Callable[[], None] | None,
        on_house: Callable[[], None] | None,
        on_folded: Callable[[str, int], None] | None,
        later: Callable[[Post], None],
        news: Callable[[str], None],
    ) -> None:
        """``later`` answers a post that is durable and not folded by us; ``news`` hears of rooms that have changed."""
        self._writer = writer
        self._rooms = rooms
        self._bus = bus
        self._clock = clock
        self._on_actions = on_actions
        self._on_house = on_house
        self._on_folded = on_folded
        self._later = later
        self._news = news
        self._served = ""
        """The room folded last: the next cycle begins behind it."""
        self.folded_events = 0
        self.duplicate_events = 0
        self.pulse = Pulse()
        self.pressure = Pressure()

    def transact(self, items: Items) -> tuple[Answers, After]:
        """The transaction: what to answer once it stands, which it does on return, and what to do behind that."""
        answers: Answers = []
        after: After = []
        writer = self._writer
        posts = [item for item in items if isinstance(item, Post)]
        if self._rooms.shared:
            numbered = self._take_in(posts, after)
            writer.holding = self._rooms.held()
            writer.begin()
        else:
            writer.begin()
            numbered = self._append(posts, answers)
        for item in items:
            if isinstance(item, Job):
                answers.append((item.done, self._job(item)))
        self._fold(numbered, answers, after)
        failpoint("before_commit")
        began = time.monotonic()
        with span("commit"):
            writer.commit()
        self.pulse.commit.add(time.monotonic() - began)
        failpoint("after_commit")
        return answers, after

    def _job(self, job: Job[Any]) -> Any:
        self._writer.savepoint("job")
        try:
            value = job.work(self._writer)
            self._writer.release("job")
        except Elsewhere as error:
            self._writer.back_to("job")
            return error
        except (StoreFailed, NotOwner):
            raise
        except Exception as error:
            self._writer.back_to("job")
            return error
        return value

    # Appending.

    def _take_in(self, posts: list[Post], after: After) -> Numbered:
        """Sort posts that stand in the journal by room; what is not ours (any more) is answered by its owner."""
        numbered: Numbered = {}
        for post in posts:
            if self._rooms.is_mine(post.batch.room):
                numbered.setdefault(post.batch.room, {})[post.batch.number] = post
                self._rooms.backlog.add(post.batch.room)
            else:
                after.append(lambda p=post: self._later(p))  # type: ignore[misc]
        return numbered

    def _append(self, posts: list[Post], answers: Answers) -> Numbered:
        numbered: Numbered = {}
        by_room: dict[str, list[Post]] = {}
        for post in posts:
            by_room.setdefault(post.batch.room, []).append(post)
        failpoint("before_append")
        for name, mine in by_room.items():
            try:
                room = self._rooms.room(name)
            except LiveCueError as error:
                if isinstance(error, RoomBroken):
                    self._rooms.shut(name, error)
                answers.extend((post.done, error) for post in mine)
                continue
            batches = []
            for post in joined(mine):
                room.appended += 1
                post.batch = msgspec.structs.replace(post.batch, number=room.appended)
                batches.append(post.batch)
                numbered.setdefault(name, {})[room.appended] = post
            append_batches(self._writer, room.info.org, room.info.brand, batches)
            if not room.stopped:
                room.waiting.extend(batches)
                self._rooms.backlog.add(name)
        failpoint("after_append")
        return numbered

    # Folding.

    def _fold(self, numbered: Numbered, answers: Answers, after: After) -> None:
        rooms = self._rooms
        left, began = CYCLE_EVENTS, time.monotonic()
        names = sorted(rooms.backlog)
        # Where one cycle cannot take all, the next begins behind the last.
        names = [n for n in names if n > self._served] + [n for n in names if n <= self._served]
        for name in names:
            with span("fold", room=name):
                folded = self._fold_room(name, left, numbered, answers, after)
            left -= folded
            self.folded_events += folded
            self._served = name
            room = rooms.open.get(name)
            if room is None or room.stopped or not (room.waiting or room.behind):
                rooms.backlog.discard(name)
            if left <= 0 or (rooms.shared and time.monotonic() - began > CYCLE_S):
                break
        waiting = (rooms.open[name].waiting for name in rooms.backlog if name in rooms.open)
        behind = sum(len(batch.events) for batches in waiting for batch in batches)
        self.pressure.note(CYCLE_EVENTS - left, time.monotonic() - began, behind)
        for posts in numbered.values():
            for post in posts.values():
                if rooms.shared:
                    after.append(lambda p=post: self._later(p))  # type: ignore[misc]
                else:
                    # Durable, but not folded in this cycle: the sender need not wait for it.
                    answers.append((post.done, post.kept()))

    def _fold_room(self, name: str, left: int, numbered: Numbered, answers: Answers, after: After) -> int:
        try:
            return self._fold_waiting(name, left, numbered, answers, after)
        except LateFailure as error:
            _log.warning("room %s is folded again, statement by statement: %s", name, error)
            self._writer.back_to("room")
            self._rooms.open.pop(name, None)
            self._writer.one_by_one = True
            return self._fold_waiting(name, left, numbered, answers, after)

    def _fold_waiting(self, name: str, left: int, numbered: Numbered, answers: Answers, after: After) -> int:
        writer, rooms = self._writer, self._rooms
        try:
            room = rooms.room(name)
        except RoomBroken as error:
            rooms.shut(name, error)
            return 0
        if room.stopped:
            return 0
        posts = numbered.get(name, {})
        if rooms.shared:
            for number in room.fetch(writer, {number: post.batch for number, post in posts.items()}, CYCLE_EVENTS):
                post = posts.pop(number)
                dropped, announced = room.recorded(writer, number)
                answers += post.answers(dropped, announced)
        wall = self._clock.now_ms()
        retry_owed(room, writer, wall, rooms.probe)
        count = again = 0
        held: Answers = []
        told: list[tuple[int, Sequence[Event]]] = []
        actions = room.parts.outbox.changes
        writer.savepoint("room")
        while room.waiting and count < left:
            batch = room.waiting.popleft()
            began = time.monotonic()
            try:
                dropped, events, announced = room.fold(batch, writer)
            except DeciderFailed as error:
                writer.back_to("room")
                rooms.owe(name, error)
                return self._fold_room(name, left, numbered, answers, after)
            except PartFailed as error:
                _log.critical("room %s stops at batch %s: %s", name, batch.number, error)
                writer.back_to("room")
                rooms.stop(name, error, batch.number)
                return 0
            if len(batch.events) == 1 and type(batch.events[0]) is ClockTicked:
                self.pulse.ticked(time.monotonic() - began)
            count += len(batch.events)
            again += len(dropped)
            post = posts.get(batch.number)  # type: ignore[assignment]  # None for what others posted
            if post is not None:
                held += post.answers(dropped, announced)
            if self._bus.tapped(name):
                told.append((batch.number, [*events, *announced]))
        room.finish(writer, wall)
        writer.release("room")
        answers.extend(held)
        for number in [number for number in posts if number <= room.folded]:
            del posts[number]
        self._news(name)
        if self._on_folded is not None:
            after.append(lambda n=room.folded: self._on_folded(name, n))  # type: ignore[misc]
        for number, those in told:
            after.append(lambda n=number, e=those: self._bus.committed(name, n, e))  # type: ignore[misc]
        if room.parts.outbox.changes != actions and self._on_actions is not None:
            after.append(self._on_actions)
        if name == "house" and self._on_house is not None:
            after.append(self._on_house)
        self.duplicate_events += again
        return count
