"""The pump: one thread that appends what arrived, folds it and commits both, over and over.

A cycle is one transaction: append every waiting post to the journal, fold what the journal holds (within a
budget of events), run small jobs, commit, and only then answer. A post is therefore durable when its sender
hears of it, and the answer knows the duplicates and, for commands, what became of them.

Where several programs share the rooms, posts reach the journal by an ``Exchange``; the pump then only folds, and only
the rooms that were given to it.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import msgspec

from livecue.errors import Defect, LiveCueError, NotFound, NotOwner, Overloaded, StoreFailed
from livecue.events import ClockTicked, Event
from livecue.flow.appending import COMMIT_TRIES, Job
from livecue.flow.bus import Bus, Frame
from livecue.flow.folding import DeciderFailed, PartFailed
from livecue.flow.ledger import RoomInfo
from livecue.flow.owing import retry_owed, stop_room
from livecue.flow.post import Post, Receipt, joined, ticks
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.flow.room import Makers, Room
from livecue.flow.screen import Painter, encode_whole
from livecue.kit import Clock, SystemClock, backoff_s, failpoint, span
from livecue.store import LateFailure, TransactionWriter, Writer, append_batches, read_cursor

_log = logging.getLogger("livecue.flow")
T = TypeVar("T")

QUEUE_EVENTS = 400_000
"""Events that may wait to be appended; above it senders are asked to come back."""
CYCLE_EVENTS = 60_000
"""Events folded in one transaction: bounds how long an answer waits."""
SHOW_MS = 50
"""At most this often a room's screens are sent news."""


GATHER_S = 0.004
"""So long at most it is waited for senders that were answered a moment ago: one transaction then serves all of them."""
GATHER_POSTS = 16
"""Of fewer senders nobody is waited for."""


CYCLE_S = 1.0
"""After so long no further room is begun in a transaction of shared rooms: opening many takes its time."""


Numbered = dict[str, dict[int, Post]]
"""Posts of this cycle by room and number."""
Answers = list[tuple[Future[Any], Any]]
After = list[Callable[[], None]]


class RoomBroken(Defect):
    """The room's record cannot be read by this program."""


Rooms = Callable[[Writer, str], tuple[RoomInfo, Makers] | None]
"""Finds a room and the parts it is made of; None when there is no such room."""


class Pump:
    """Owns the writer and every room. ``post`` and ``run`` may be called from any thread."""

    def __init__(
        self,
        writer: TransactionWriter,
        rooms: Rooms,
        bus: Bus,
        *,
        clock: Clock | None = None,
        on_actions: Callable[[], None] | None = None,
        on_house: Callable[[], None] | None = None,
        probe: Callable[[str], None] | None = None,
        shared: bool = False,
        on_folded: Callable[[str, int], None] | None = None,
        on_later: Callable[[Post], None] | None = None,
    ) -> None:
        """``shared``: rooms are ours only from ``take`` to ``give``. ``on_folded`` hears how far a room is committed,
        ``on_later`` of a command that somebody else will answer."""
        self._writer = writer
        self._find = rooms
        self._bus = bus
        self._clock = clock or SystemClock()
        self._on_actions = on_actions
        self._on_house = on_house
        self._on_folded = on_folded
        self._on_later = on_later
        self._probe = probe
        self._mine: dict[str, int] | None = {} if shared else None
        """Rooms that are ours, with the epochs under which we write them; None: every room, for good."""
        self._news: set[str] = set()
        """Rooms whose journal others may have added to."""
        self._served = ""
        """The room folded last: the next cycle begins behind it."""
        self._wake = threading.Condition()
        self._queue: deque[Post | Job[Any]] = deque()
        self._queued_events = 0
        self._rooms: dict[str, Room] = {}
        self._broken: dict[str, RoomBroken] = {}
        """Rooms that could not be opened, and why: tried again when a person asks."""
        self._backlog: set[str] = set()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._shown: dict[str, int] = {}
        self._unshown: set[str] = set()
        """Rooms with news that no screen has seen yet."""
        self._painters: dict[str, Painter] = {}
        self.folded_events = 0
        self.duplicate_events = 0
        self.committed_at = 0
        self.pulse = Pulse()
        self.pressure = Pressure()
        self.last_error = ""
        self.failing = ("", 0)
        """Code of what the newest transaction failed of, and when (ms); "" once one went through."""
        self.rates: dict[str, float] = {}
        """Room to the rate of its clock: 1 for real rooms, set by whoever drives a simulation."""
        self.on_post: Callable[[str], None] = lambda room: None
        self._answered = 0
        """Posts answered by the newest transaction: so many senders may come again at once."""
        self._ticking: set[str] = set()
        """Rooms with a tick in the queue: a second one behind it would tell them nothing."""

    # Doors, for any thread.

    def post(
        self,
        room: str,
        events: list[Event],
        *,
        source: str,
        connection: str = "",
        sequence: int = -1,
        arrived: int | None = None,
        wants: bool = False,
    ) -> Future[Receipt]:
        """Append ``events`` to the room's journal; the future answers after the commit.

        ``wants`` asks for the announcements in the receipt. Raises ``Overloaded`` when too much waits.
        """
        self.on_post(room)
        moment = self._clock.now_ms() if arrived is None else arrived
        post = Post(room, events, source, connection, sequence, moment, wants)
        self._put((post,))
        return post.done

    def tick(self, rooms: Sequence[str], now: int) -> None:
        """Tell all of these rooms the time, in one transaction, but those that an earlier tick still waits for.

        Raises ``Overloaded`` when too much waits.
        """
        with self._wake:
            rooms = [room for room in rooms if room not in self._ticking]
            self._put(ticks(rooms, now))
            self._ticking.update(rooms)

    def _put(self, posts: Sequence[Post]) -> None:
        with self._wake:
            if self._stopping:
                raise StoreFailed("the program is stopping")
            if self._queued_events > QUEUE_EVENTS:
                raise Overloaded(f"{self._queued_events} events wait to be stored; come back in a second", 1.0)
            self._queued_events += sum(len(post.batch.events) for post in posts)
            self._queue.extend(posts)
            self._wake.notify()

    def run(self, work: Callable[[Writer], T]) -> Future[T]:
        """Run ``work`` inside the next transaction (sign-ins, claims); the future answers after the commit."""
        job: Job[T] = Job(work)
        with self._wake:
            if self._stopping:
                raise StoreFailed("the program is stopping")
            self._queue.append(job)
            self._wake.notify()
        return job.done

    def arrived(self, posts: Sequence[Post]) -> None:
        """These have their numbers and stand in the journal: fold them, if their rooms are ours."""
        with self._wake:
            self._queue.extend(posts)
            self._queued_events += sum(len(post.batch.events) for post in posts)
            self._wake.notify()

    def news(self, room: str) -> None:
        """Somebody else added to the room's journal."""
        with self._wake:
            self._news.add(room)
            self._wake.notify()

    def take(self, rooms: Mapping[str, int]) -> None:
        """These rooms are ours, with their epochs, and no others."""
        if rooms == self._mine:
            return

        def work(_: Writer) -> None:
            before = self._mine or {}
            self._mine = dict(rooms)
            for name in before.keys() | rooms.keys():
                if before.get(name) != rooms.get(name):
                    # Whoever had it meanwhile has written to it: what we remember is old.
                    self._forget(name)
            self._backlog |= rooms.keys() - before.keys()

        self.run(work)

    def give(self, rooms: Sequence[str], sign: Callable[[Writer, Sequence[str]], None]) -> Future[None]:
        """Part with rooms: snapshot, ``sign`` them away, forget them, in one transaction."""

        def work(writer: Writer) -> None:
            for name in rooms:
                room = self._rooms.get(name)
                if room is not None and not room.stopped:
                    room.snapshot(writer, self._clock.now_ms())
                self._forget(name)
                if self._mine is not None:
                    self._mine.pop(name, None)
            sign(writer, rooms)

        return self.run(work)

    def show(self, room: str) -> None:
        """Somebody wants to see the room: paint it even if nothing happened."""

        def work(_: Writer) -> None:
            self._room(room)
            self._unshown.add(room)

        self.run(work)

    def start(self) -> None:
        """Start the thread; rooms that have a backlog in the journal are folded first."""
        for (room,) in (
            ()
            if self._mine is not None
            else self._writer.rows(
                "SELECT j.room FROM (SELECT room, MAX(number) AS last FROM journal GROUP BY room) j"
                " LEFT JOIN cursors c ON c.room = j.room WHERE c.number IS NULL OR c.number < j.last"
            )
        ):
            self._backlog.add(room)
        self._thread = threading.Thread(target=self._loop, name="pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, snapshot every room, end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    @property
    def waiting_events(self) -> int:
        """Events not yet appended."""
        return self._queued_events

    def backlog(self) -> int:
        """Batches that are in the journal and not yet folded."""
        return sum(len(room.waiting) for room in list(self._rooms.values()))

    def lags(self) -> dict[str, tuple[int, int]]:
        """Per open room: batches that wait to be folded, and its room time (ms, 0 before the first tick)."""
        return {name: (len(room.waiting), room.parts.now) for name, room in list(self._rooms.items())}

    def feeds(self) -> dict[str, dict[str, int]]:
        """Per open room: its feeds, and when each told something last (ms) since it was opened here."""
        return {name: dict(room.heard) for name, room in list(self._rooms.items())}

    def parts(self) -> dict[str, dict[str, str]]:
        """Per open room: every part that folds or decides in it, with the version of its rules; "" has none."""
        return {name: room.parts.running() for name, room in list(self._rooms.items())}

    def differing(self) -> dict[str, list[str]]:
        """Per open room: what its last rebuild said otherwise than the record, a sign of a defect."""
        return {name: room.differing for name, room in list(self._rooms.items()) if room.differing}

    @property
    def tick_s(self) -> float:
        """What it costs to tell a room the time, lately (s)."""
        return self.pulse.tick_s

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    # The thread.

    def _loop(self) -> None:
        while True:
            with self._wake:
                if not (self._queue or self._backlog or self._news or self._stopping):
                    self._wake.wait(timeout=self._show_in())
                if self._queue and self._answered >= GATHER_POSTS:
                    self._gather()
                items = list(self._queue)
                self._queue.clear()
                self._ticking.clear()
                self._queued_events = 0
                news, self._news = self._news, set()
                stopping = self._stopping
            self._backlog |= self._unread(news)
            if stopping and not items:
                self._close()
                return
            if not items and not self._backlog:
                self._show()
                continue
            try:
                with span("cycle", items=len(items), rooms=len(self._backlog)):
                    self._cycle(items)
            except Exception as error:
                _log.exception("a cycle failed")
                self.last_error = str(error)
                self._answer_failed(items, error)
                time.sleep(0.05)

    def _gather(self) -> None:
        """Wait for the senders that were just answered: without it every second transaction serves the first few only.

        Ends when nearly all are there, or when nobody came for a quarter of the time.
        """
        wanted, until = self._answered * 7 // 8, time.monotonic() + GATHER_S
        while not self._stopping and len(self._queue) < wanted and time.monotonic() < until:
            before = len(self._queue)
            self._wake.release()
            try:
                time.sleep(GATHER_S / 4)
            finally:
                self._wake.acquire()
            if len(self._queue) == before:
                return

    def _unread(self, news: set[str]) -> set[str]:
        """Those of ``news`` that are ours; their journals are read on from where we know them."""
        mine = {name for name in news if self._is_mine(name)}
        for name in mine & self._rooms.keys():
            self._rooms[name].behind = True
        return mine

    def _answer_failed(self, items: list[Post | Job[Any]], error: Exception) -> None:
        for item in items:
            if item.done.done():
                continue
            if isinstance(item, Post) and item.batch.number and self._mine is not None:
                # It stands in the journal, whatever failed here.
                self._answer_later(item)
            else:
                item.done.set_exception(error if isinstance(error, LiveCueError) else Defect(str(error)))

    def _answer_later(self, post: Post) -> None:
        if post.wants and self._on_later is not None:
            self._on_later(post)
        else:
            post.done.set_result(post.kept())

    def _is_mine(self, name: str) -> bool:
        return self._mine is None or name in self._mine

    def _forget(self, name: str) -> None:
        self._broken.pop(name, None)
        self._rooms.pop(name, None)
        self._backlog.discard(name)
        self._unshown.discard(name)

    def _close(self) -> None:
        try:
            self._writer.begin()
            for room in self._rooms.values():
                if not room.stopped:
                    room.snapshot(self._writer, self._clock.now_ms())
            self._writer.commit()
        except LiveCueError as error:
            self._writer.rollback()
            _log.error("no snapshot at the end: %s; the next start reads the journal instead", error)
        self._writer.close()

    def _cycle(self, items: list[Post | Job[Any]]) -> None:
        """One transaction; tried again as a whole when the commit fails, since nothing of it was kept."""
        began = time.monotonic()
        for attempt in range(1, COMMIT_TRIES + 1):
            try:
                answers, after = self._transact(items)
                break
            except StoreFailed as error:
                self._writer.rollback()
                self._rooms.clear()
                self.pulse.failed_cycles += 1
                self.last_error, self.failing = str(error), (error.code, self._clock.now_ms())
                _log.error("transaction failed (%s of %s): %s", attempt, COMMIT_TRIES, error)
                if attempt == COMMIT_TRIES:
                    raise
                time.sleep(backoff_s(attempt, 0.02, 1.0))
            except BaseException:
                self._writer.rollback()
                self._rooms.clear()
                raise
        failpoint("before_answer")
        self.failing = ("", 0)
        self.committed_at = self._clock.now_ms()
        for future, value in answers:
            if isinstance(value, BaseException):
                future.set_exception(value)
            else:
                future.set_result(value)
        done = time.monotonic()
        self.pulse.cycle.add(done - began)
        self._answered = 0
        for item in items:
            if isinstance(item, Post):
                self._answered += item.batch.source != "livecue"
                self.pulse.answer.add(done - item.came)
        failpoint("after_answer")
        for call in after:
            call()
        self._show()

    def _transact(self, items: list[Post | Job[Any]]) -> tuple[Answers, After]:
        answers: Answers = []
        after: After = []
        writer = self._writer
        posts = [item for item in items if isinstance(item, Post)]
        if self._mine is not None:
            numbered = self._take_in(posts, after)
            writer.holding = {name: self._mine[name] for name in self._backlog if name in self._mine}
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
        except (StoreFailed, NotOwner):
            raise
        except Exception as error:
            self._writer.back_to("job")
            return error
        return value

    def _take_in(self, posts: list[Post], after: After) -> Numbered:
        """Sort posts that stand in the journal by room; what is not ours (any more) is answered by its owner."""
        numbered: Numbered = {}
        for post in posts:
            if self._is_mine(post.batch.room):
                numbered.setdefault(post.batch.room, {})[post.batch.number] = post
                self._backlog.add(post.batch.room)
            else:
                after.append(lambda p=post: self._answer_later(p))  # type: ignore[misc]
        return numbered

    def _append(self, posts: list[Post], answers: Answers) -> Numbered:
        numbered: Numbered = {}
        by_room: dict[str, list[Post]] = {}
        for post in posts:
            by_room.setdefault(post.batch.room, []).append(post)
        failpoint("before_append")
        for name, mine in by_room.items():
            try:
                room = self._room(name)
            except LiveCueError as error:
                if isinstance(error, RoomBroken):
                    self._shut(name, error)
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
                self._backlog.add(name)
        failpoint("after_append")
        return numbered

    def _room(self, name: str) -> Room:
        room = self._rooms.get(name)
        if name in self._broken:
            raise self._broken[name]
        if room is None:
            if not self._is_mine(name):
                raise NotOwner(f"room {name} belongs to another program just now; try again")
            found = self._find(self._writer, name)
            if found is None:
                raise NotFound(f"there is no room {name!r}")
            try:
                room = Room(found[0], found[1], self._writer)
            except (StoreFailed, NotOwner, LateFailure):
                # Not the room's fault: the transaction is tried again, or its statements one by one.
                raise
            except Exception as error:
                # A record that this program cannot read (an upgrade, a defect) must not end the others' rooms.
                broken = RoomBroken(f"room {name} cannot be opened: {type(error).__name__}: {error}")
                self._broken[name] = broken
                raise broken from error
            room.parts.probe = self._probe
            self._rooms[name] = room
        return room

    def _fold(self, numbered: Numbered, answers: Answers, after: After) -> None:
        left, began = CYCLE_EVENTS, time.monotonic()
        names = sorted(self._backlog)
        # Where one cycle cannot take all, the next begins behind the last.
        names = [n for n in names if n > self._served] + [n for n in names if n <= self._served]
        for name in names:
            with span("fold", room=name):
                folded = self._fold_room(name, left, numbered, answers, after)
            left -= folded
            self.folded_events += folded
            self._served = name
            room = self._rooms.get(name)
            if room is None or room.stopped or not (room.waiting or room.behind):
                self._backlog.discard(name)
            if left <= 0 or (self._mine is not None and time.monotonic() - began > CYCLE_S):
                break
        waiting = (self._rooms[name].waiting for name in self._backlog if name in self._rooms)
        behind = sum(len(batch.events) for batches in waiting for batch in batches)
        self.pressure.note(CYCLE_EVENTS - left, time.monotonic() - began, behind)
        for posts in numbered.values():
            for post in posts.values():
                if self._mine is not None:
                    after.append(lambda p=post: self._answer_later(p))  # type: ignore[misc]
                else:
                    # Durable, but not folded in this cycle: the sender need not wait for it.
                    answers.append((post.done, post.kept()))

    def _fold_room(
        self,
        name: str,
        left: int,
        numbered: Numbered,
        answers: Answers,
        after: After,
    ) -> int:
        try:
            return self._fold_waiting(name, left, numbered, answers, after)
        except LateFailure as error:
            _log.warning("room %s is folded again, statement by statement: %s", name, error)
            self._writer.back_to("room")
            self._rooms.pop(name, None)
            self._writer.one_by_one = True
            return self._fold_waiting(name, left, numbered, answers, after)

    def _fold_waiting(
        self,
        name: str,
        left: int,
        numbered: Numbered,
        answers: Answers,
        after: After,
    ) -> int:
        writer, wall = self._writer, self._clock.now_ms()
        try:
            room = self._room(name)
        except RoomBroken as error:
            self._shut(name, error)
            return 0
        if room.stopped:
            return 0
        posts = numbered.get(name, {})
        if self._mine is not None:
            for number in room.fetch(writer, {number: post.batch for number, post in posts.items()}, CYCLE_EVENTS):
                post = posts.pop(number)
                dropped, announced = room.recorded(writer, number)
                answers += post.answers(dropped, announced)
        retry_owed(room, writer, wall, self._probe)
        count = again = 0
        held: Answers = []
        told: list[tuple[int, list[Event]]] = []
        actions = room.parts.outbox.changes
        writer.savepoint("room")
        while room.waiting and count < left:
            batch = room.waiting.popleft()
            began = time.monotonic()
            try:
                dropped, events, announced = room.fold(batch, writer)
            except DeciderFailed as error:
                writer.back_to("room")
                self._owe(name, error)
                return self._fold_room(name, left, numbered, answers, after)
            except PartFailed as error:
                _log.critical("room %s stops at batch %s: %s", name, batch.number, error)
                writer.back_to("room")
                self._stop_room(name, error, batch.number, wall)
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
        self._unshown.add(name)
        if self._on_folded is not None:
            after.append(lambda n=room.folded: self._on_folded(name, n))  # type: ignore[misc]
        for number, events in told:
            after.append(lambda n=number, e=events: self._bus.committed(name, n, e))  # type: ignore[misc]
        if room.parts.outbox.changes != actions and self._on_actions is not None:
            after.append(self._on_actions)
        if name == "house" and self._on_house is not None:
            after.append(self._on_house)
        self.duplicate_events += again
        return count

    def _show(self) -> None:
        """Send the news to those who watch, not more often than a screen can use, and never while it may be undone."""
        wall = time.monotonic_ns() // 1_000_000
        spacing = self._spacing()
        for name in list(self._unshown):
            room = self._rooms.get(name)
            if room is None or not self._bus.wanted(name):
                self._unshown.discard(name)
            elif wall - self._shown.get(name, 0) >= spacing:
                self._unshown.discard(name)
                self._shown[name] = wall
                self._bus.publish(name, self._frame(room))

    def _show_in(self) -> float:
        """Seconds until the next room may be sent its news; half a second when none waits."""
        if not self._unshown:
            return 0.5
        soonest = min(self._shown.get(name, 0) for name in self._unshown) + self._spacing()
        return max(0.0, soonest - time.monotonic_ns() / 1e6) / 1000

    def _spacing(self) -> int:
        """Milliseconds between two frames of a room: more when many rooms have news at once."""
        return max(SHOW_MS, SHOW_MS * len(self._unshown) // 10)

    def _frame(self, room: Room) -> Frame:
        name = room.info.room
        return self._painters.setdefault(name, Painter()).frame_of(
            room, self.rates.get(name, 1.0), self.pressure.busy_s
        )

    def screen(self, name: str) -> Future[bytes]:
        """The room's whole picture as JSON, as it is now."""
        return self.run(lambda _: encode_whole(self._room(name), self.rates.get(name, 1.0), self.pressure.busy_s))

    def frame(self, name: str) -> Future[Frame]:
        """The room's sections as they are now."""
        return self.run(lambda _: self._frame(self._room(name)))

    def room_now(self, name: str) -> Future[int]:
        """Room time of the newest tick, 0 before the first."""
        return self.run(lambda _: self._room(name).parts.now)

    # Failures.

    def _owe(self, name: str, error: DeciderFailed) -> None:
        # The failed fold has left ledgers half changed: open the room anew, as of the cursor.
        self._rooms.pop(name, None)
        room = self._room(name)
        room.owe(error.part, self._writer, str(error), self._clock.now_ms())

    def _shut(self, name: str, error: RoomBroken) -> None:
        """Leave the room shut, and say so: what stands in its journal waits until a person has it opened again."""
        found = self._find(self._writer, name)
        known = self._writer.rows("SELECT 1 FROM stopped WHERE room = ? AND part = 'opening'", (name,))
        if found is not None and not known:
            _log.critical("%s", error, exc_info=error)
            number = read_cursor(self._writer, name) + 1
            stop_room(self._writer, found[0], PartFailed("opening", error), number, self._clock.now_ms())

    def _stop_room(self, name: str, error: PartFailed, number: int, wall: int) -> None:
        stop_room(self._writer, self._rooms[name].info, error, number, wall)
        self._rooms.pop(name, None)
        self._rooms[name] = self._room(name)

    def resume(self, name: str) -> Future[None]:
        """Try a stopped room again: after a fix, or because a person asks."""

        def work(writer: Writer) -> None:
            writer.write("DELETE FROM stopped WHERE room = ?", (name,))
            self._broken.pop(name, None)
            self._rooms.pop(name, None)
            self._room(name)
            self._backlog.add(name)

        return self.run(work)

    def drop(self, name: str) -> Future[None]:
        """Forget a room's memory (it was removed, or its parts changed)."""

        return self.run(lambda _: self._forget(name))
