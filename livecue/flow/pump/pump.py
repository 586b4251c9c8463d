"""The pump's doors, and its thread."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeVar

from livecue.errors import Defect, LiveCueError, NotOwner, StoreFailed
from livecue.events import Event
from livecue.flow.appending import COMMIT_TRIES, Job
from livecue.flow.bus import Bus, Frame
from livecue.flow.post import Post, Receipt
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.flow.pump.cycle import Cycle
from livecue.flow.pump.queue import Items, Queue
from livecue.flow.pump.rooms import OpenRooms, Rooms
from livecue.flow.pump.showing import Showing
from livecue.flow.questions import answer_to, with_answer
from livecue.kit import Clock, SystemClock, backoff_s, failpoint, span
from livecue.store import TransactionWriter, Writer

_log = logging.getLogger("livecue.flow")
T = TypeVar("T")


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
        self._clock = clock or SystemClock()
        self._on_later = on_later
        self._queue = Queue()
        self._rooms = OpenRooms(writer, rooms, self._clock, probe, shared)
        self.rates: dict[str, float] = {}
        """Room to the rate of its clock: 1 for real rooms, set by whoever drives a simulation."""
        self._cycles = Cycle(
            writer,
            self._rooms,
            bus,
            self._clock,
            on_actions=on_actions,
            on_house=on_house,
            on_folded=on_folded,
            later=self._answer_later,
            news=lambda name: self._showing.news.add(name),
        )
        self._showing = Showing(bus, self._rooms, self._cycles.pressure, self.rates)
        self._thread: threading.Thread | None = None
        self.committed_at = 0
        self.last_error = ""
        self.failing = ("", 0)
        """Code of what the newest transaction failed of, and when (ms); "" once one went through."""
        self.on_post: Callable[[str], None] = lambda room: None
        self._answered = 0
        """Posts answered by the newest transaction: so many senders may come again at once."""

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
        self._queue.put((post,))
        return post.done

    def tick(self, rooms: Sequence[str], now: int) -> None:
        """Tell all of these rooms the time, in one transaction, but those that an earlier tick still waits for.

        Raises ``Overloaded`` when too much waits.
        """
        self._queue.tick(rooms, now)

    def run(self, work: Callable[[Writer], T]) -> Future[T]:
        """Run ``work`` inside the next transaction (sign-ins, claims); the future answers after the commit."""
        job: Job[T] = Job(work)
        self._queue.job(job)
        return job.done

    def show(self, room: str) -> None:
        """Somebody wants to see the room: paint it even if nothing happened."""

        def work(_: Writer) -> None:
            self._rooms.room(room)
            self._showing.news.add(room)

        self.run(work)

    def screen(self, name: str) -> Future[bytes]:
        """The room's whole picture as JSON, as it is now."""
        return self.run(lambda _: self._showing.whole(self._rooms.room(name)))

    def frame(self, name: str, question: str = "") -> Future[Frame]:
        """The room's sections as they are now, and the answer to a question (``questions``)."""

        def work(_: Writer) -> Frame:
            room = self._rooms.room(name)
            frame = self._showing.frame(room)
            return with_answer(frame, question, answer_to(room, question)) if question else frame

        return self.run(work)

    def answer(self, name: str, question: str) -> bytes:
        """What the room says to a question; on the pump's own thread."""
        return answer_to(self._rooms.room(name), question)

    def asked(self, name: str, question: str) -> Future[bytes]:
        """The room's answer to a question, as JSON."""
        return self.run(lambda _: self.answer(name, question))

    def room_now(self, name: str) -> Future[int]:
        """Room time of the newest tick, 0 before the first."""
        return self.run(lambda _: self._rooms.room(name).parts.now)

    def resume(self, name: str) -> Future[None]:
        """Try a stopped room again: after a fix, or because a person asks."""
        return self.run(lambda _: self._rooms.resume(name))

    def drop(self, name: str) -> Future[None]:
        """Forget a room's memory (it was removed, or its parts changed)."""
        return self.run(lambda _: self._rooms.forget(name))

    def reopen(self, name: str) -> Future[None]:
        """Nothing is written any more of what the room remembers: its rows were changed behind its back."""
        return self.drop(name)

    # Doors for the ``Exchange``, where rooms are shared.

    def arrived(self, posts: Sequence[Post]) -> None:
        """These have their numbers and stand in the journal: fold them, if their rooms are ours."""
        self._queue.arrived(posts)

    def news(self, room: str) -> None:
        """Somebody else added to the room's journal."""
        self._queue.news(room)

    def take(self, rooms: Mapping[str, int]) -> None:
        """These rooms are ours, with their epochs, and no others."""
        if rooms != self._rooms.mine:
            self._queue.lease(dict(rooms))

    def give(self, rooms: Sequence[str], sign: Callable[[Writer, Sequence[str]], None]) -> Future[None]:
        """Part with rooms: snapshot, ``sign`` them away, forget them, in one transaction."""

        def work(writer: Writer) -> None:
            for name in rooms:
                self._rooms.part_with(name)
            sign(writer, rooms)

        return self.run(work)

    # How it is doing.

    @property
    def waiting_events(self) -> int:
        """Events not yet appended."""
        return self._queue.events

    def backlog(self) -> int:
        """Batches that are in the journal and not yet folded."""
        return sum(len(room.waiting) for room in list(self._rooms.open.values()))

    def lags(self) -> dict[str, tuple[int, int]]:
        """Per open room: batches that wait to be folded, and its room time (ms, 0 before the first tick)."""
        return {name: (len(room.waiting), room.parts.now) for name, room in list(self._rooms.open.items())}

    def feeds(self) -> dict[str, dict[str, int]]:
        """Per open room: its feeds, and when each told something last (ms) since it was opened here."""
        return {name: dict(room.heard) for name, room in list(self._rooms.open.items())}

    def parts(self) -> dict[str, dict[str, str]]:
        """Per open room: every part that folds or decides in it, with the version of its rules; "" has none."""
        return {name: room.parts.running() for name, room in list(self._rooms.open.items())}

    def differing(self) -> dict[str, list[str]]:
        """Per open room: what its last rebuild said otherwise than the record, a sign of a defect."""
        return {name: room.differing for name, room in list(self._rooms.open.items()) if room.differing}

    @property
    def pressure(self) -> Pressure:
        """How far it is behind, and when senders are asked to come later."""
        return self._cycles.pressure

    @property
    def pulse(self) -> Pulse:
        """How long its steps take."""
        return self._cycles.pulse

    @property
    def tick_s(self) -> float:
        """What it costs to tell a room the time, lately (s)."""
        return self.pulse.tick_s

    @property
    def folded_events(self) -> int:
        """Events folded since the start."""
        return self._cycles.folded_events

    @property
    def duplicate_events(self) -> int:
        """Events folded since the start that were there already."""
        return self._cycles.duplicate_events

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    # The thread.

    def start(self) -> None:
        """Start the thread; rooms that have a backlog in the journal are folded first."""
        if not self._rooms.shared:
            self._rooms.backlog |= {
                str(room)
                for (room,) in self._writer.rows(
                    "SELECT j.room FROM (SELECT room, MAX(number) AS last FROM journal GROUP BY room) j"
                    " LEFT JOIN cursors c ON c.room = j.room WHERE c.number IS NULL OR c.number < j.last"
                )
            }
        self._thread = threading.Thread(target=self._loop, name="pump", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, snapshot every room, end the thread."""
        self._queue.stop()
        if self._thread is not None:
            self._thread.join()

    def _loop(self) -> None:
        rooms, showing = self._rooms, self._showing
        while True:
            items, news, leases, stopping = self._queue.take(bool(rooms.backlog), showing.rest_s, self._answered)
            if leases is not None:
                rooms.take(leases)
            rooms.unread(news)
            if stopping and not items:
                self._close()
                return
            if not items and not rooms.backlog:
                try:
                    showing.show()
                except Exception:
                    # What is shown is no reason to stop: the next frame shows it.
                    _log.exception("a frame could not be shown")
                continue
            try:
                with span("cycle", items=len(items), rooms=len(rooms.backlog)):
                    self._cycle(items)
            except Exception as error:
                if isinstance(error, NotOwner):
                    _log.warning("a room of ours has changed hands: %s", error)
                    rooms.replaced()
                else:
                    _log.exception("a cycle failed")
                self.last_error = str(error)
                self._answer_failed(items, error)
                time.sleep(0.05)

    def _cycle(self, items: Items) -> None:
        """One transaction; tried again as a whole when the commit fails, since nothing of it was kept."""
        began = time.monotonic()
        for attempt in range(1, COMMIT_TRIES + 1):
            try:
                answers, after = self._cycles.transact(items)
                break
            except StoreFailed as error:
                self._writer.rollback()
                self._rooms.forget_all()
                self.pulse.failed_cycles += 1
                self.last_error, self.failing = str(error), (error.code, self._clock.now_ms())
                _log.error("transaction failed (%s of %s): %s", attempt, COMMIT_TRIES, error)
                if attempt == COMMIT_TRIES:
                    raise
                time.sleep(backoff_s(attempt, 0.02, 1.0))
            except BaseException:
                self._writer.rollback()
                self._rooms.forget_all()
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
        self._showing.show()

    def _answer_failed(self, items: Items, error: Exception) -> None:
        for item in items:
            if item.done.done():
                continue
            if isinstance(item, Post) and item.batch.number and self._rooms.shared:
                # It stands in the journal, whatever failed here.
                self._answer_later(item)
            else:
                item.done.set_exception(error if isinstance(error, LiveCueError) else Defect(str(error)))

    def _answer_later(self, post: Post) -> None:
        if post.wants and self._on_later is not None:
            self._on_later(post)
        else:
            post.done.set_result(post.kept())

    def _close(self) -> None:
        try:
            self._writer.begin()
            self._rooms.close()
            self._writer.commit()
        except LiveCueError as error:
            self._writer.rollback()
            _log.error("no snapshot at the end: %s; the next start reads the journal instead", error)
        self._writer.close()
