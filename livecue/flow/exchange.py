"""The doors of a program that shares its rooms with others: a post goes into the journal here, and is folded by the
room's owner, wherever that is.

Signals, one a line: ``j ROOM`` its journal has grown, ``c ROOM NUMBER`` it is folded and committed so far, ``w ROOM``
somebody watches it, ``s ROOM`` show it now, ``f ROOM`` its newest frame lies ready, ``x ROOM`` try it again after a
stop, ``a`` an action waits, ``l`` rooms are free. Each may be lost; the poll finds what it told.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import TypeVar

import msgspec
import zstandard

from livecue.errors import LiveCueError, NotApplied, NotOwner, Overloaded, Unavailable
from livecue.events import Event
from livecue.flow.appending import Appender, Job
from livecue.flow.bus import Bus, Frame
from livecue.flow.ledger import RoomInfo
from livecue.flow.post import Post, Receipt, receipt_of, ticks
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.flow.pump import Pump
from livecue.flow.room import outcome_of
from livecue.flow.screen import whole_of
from livecue.kit import Clock, Promise
from livecue.store import (
    HOUSE,
    Record,
    SharedReader,
    Sharer,
    Signaller,
    TransactionWriter,
    Writer,
    forget_folded,
    read_committed,
    read_cursor,
    read_records,
    relay,
    unread,
    unread_events,
)

_log = logging.getLogger("livecue.flow")
T = TypeVar("T")

WAITING_EVENTS = 400_000
"""Events that may wait here to be appended; above it senders are asked to come back."""
LAG_EVENTS = 1_000_000
"""Events of one room that may stand in its journal without being folded; above it senders are asked to come back."""
ANSWER_S = 15.0
"""How long a command waits for the owner of its room."""
FRAME_S = 10.0
WATCH_S = 2.0
WATCHED_S = 7.0
"""So long after the last word of its watchers a room is painted for other programs."""
FRESH_MS = 5_000
TIDY_S = 3600.0
"""So long at least a journal outside of the database keeps what is folded, and at most twice as long."""
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[int, float, dict[str, bytes]]).decode
_LAGS = (
    "SELECT c.room, COALESCE((SELECT MAX(j.number) FROM journal j WHERE j.room = c.room), c.number) - c.number,"
    " COALESCE((SELECT j.arrived FROM journal j WHERE j.room = c.room AND j.number = c.number), 0) FROM cursors c"
)


class Exchange:
    """What the rest of the program uses in place of a ``Pump``; ``pump`` is the part that owns rooms here, if any."""

    def __init__(
        self,
        writer: TransactionWriter,
        reader: SharedReader,
        bus: Bus,
        program: Sharer,
        signals: Signaller,
        rooms: Callable[[Writer, str], RoomInfo | None],
        clock: Clock,
        *,
        on_actions: Callable[[], None],
        on_house: Callable[[], None],
    ) -> None:
        self._reader = reader
        self._bus = bus
        self._program = program
        self._signals = signals
        self._clock = clock
        self._on_actions = on_actions
        self._on_house = on_house
        self.owner: Pump | None = None
        self._appender = Appender(writer, rooms, self._appended)
        self._guard = threading.Lock()
        self._commands: dict[str, list[Post]] = {}
        self._frames: dict[str, list[tuple[float, Future[Frame]]]] = {}
        self._told: dict[str, int] = {}
        """How far the taps of rooms that others own have been told."""
        self._interest: dict[str, float] = {}
        """Rooms that other programs watch, and until when."""
        self._said = 0.0
        self._posted: set[str] = set()
        self._lag: dict[str, int] = {}
        self._house = 0
        self._tidied = time.monotonic()
        self._folded_then: dict[str, int] = {}
        """How far rooms of ours were folded when it was last tidied."""
        self.rates: dict[str, float] = {}
        self.on_post: Callable[[str], None] = lambda room: None
        self._pressure = Pressure()
        bus.far = self

    # What the program is made of.

    def own(self, pump: Pump) -> None:
        """``pump`` folds the rooms that become ours."""
        self.owner = pump
        self._program.on_taken = self._taken
        self._program.on_asked = lambda rooms: pump.give(rooms, self._program.give)

    def _taken(self, rooms: Mapping[str, int]) -> None:
        assert self.owner is not None
        self.owner.take(rooms)

    def start(self) -> None:
        """Start moving."""
        self._house = read_cursor(self._reader, HOUSE)
        self._appender.start()
        if self.owner is not None:
            self.owner.start()
        self._signals.on_signals = self._heard
        self._signals.on_poll = self._poll
        self._signals.start()
        self._program.on_freed = lambda: self._signals.tell("l")
        self._program.start()

    def stop(self) -> None:
        """Append and fold what waits; every room of ours has a snapshot. The program leaves afterwards."""
        self._appender.stop()
        if self.owner is not None:
            self.owner.stop()

    def leave(self) -> None:
        """Tell what is left to tell; after the program has left."""
        self._signals.stop()

    def mine(self, room: str) -> bool:
        """Whether this program owns the room."""
        return self.owner is not None and room in self._program.owned

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
        """Append ``events`` to the room's journal; the future answers when they are durable.

        The receipt knows the duplicates where the room is ours. ``wants`` waits for what became of a command, wherever
        its room is; ``NotApplied`` says that nobody has applied it in time. Raises ``Overloaded`` when too much waits.
        """
        self._admit()
        lag = self._lag.get(room, 0)
        if lag > LAG_EVENTS and not wants and source != "livecue":
            raise Overloaded(
                f"{lag} events of this room are stored and not yet counted; come back in some seconds", 5.0
            )
        self.on_post(room)
        moment = self._clock.now_ms() if arrived is None else arrived
        post = Post(room, events, source, connection, sequence, moment, wants)
        self._posted.add(room)
        self._appender.put(post)
        return post.done

    def tick(self, rooms: Sequence[str], now: int) -> None:
        """Tell all of these rooms the time, in one transaction. Raises ``Overloaded`` when too much waits."""
        self._admit()
        self._posted.update(rooms)
        self._appender.put(*ticks(rooms, now))

    def _admit(self) -> None:
        if self._appender.waiting_events > WAITING_EVENTS:
            raise Overloaded(f"{self._appender.waiting_events} events wait to be stored; come back in a second", 1.0)

    def run(self, work: Callable[[Writer], T]) -> Future[T]:
        """Run ``work`` inside the next transaction (sign-ins, claims); the future answers after the commit."""
        job: Job[T] = Job(work)
        self._appender.put(job)
        return job.done

    def frame(self, name: str) -> Future[Frame]:
        """The room's sections as they are now, from whoever owns it."""
        if self.mine(name):
            assert self.owner is not None
            asked = self.owner.frame(name)
            answer: Future[Frame] = Promise()
            asked.add_done_callback(lambda done: self._pass_on(name, done, answer))
            return answer
        return self._ask_frame(name, Promise())

    def _pass_on(self, name: str, done: Future[Frame], answer: Future[Frame]) -> None:
        error = done.exception()
        if isinstance(error, NotOwner):
            # Given away just now.
            self._ask_frame(name, answer)
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(done.result())

    def _ask_frame(self, name: str, answer: Future[Frame]) -> Future[Frame]:
        with self._guard:
            self._frames.setdefault(name, []).append((time.monotonic() + FRAME_S, answer))
        self._signals.tell(f"s {name}")
        return answer

    def screen(self, name: str) -> Future[bytes]:
        """The room's whole picture as JSON, as it is now."""
        answer: Future[bytes] = Promise()

        def done(frame: Future[Frame]) -> None:
            error = frame.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(whole_of(frame.result()))

        self.frame(name).add_done_callback(done)
        return answer

    def room_now(self, name: str) -> Future[int]:
        """Room time of the newest tick, 0 before the first."""
        answer: Future[int] = Promise()

        def done(frame: Future[Frame]) -> None:
            error = frame.exception()
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(frame.result().now)

        self.frame(name).add_done_callback(done)
        return answer

    def resume(self, name: str) -> Future[None]:
        """Try a stopped room again: after a fix, or because a person asks."""
        if self.mine(name):
            assert self.owner is not None
            return self.owner.resume(name)
        answer = self.run(lambda writer: _unstop(writer, name))
        answer.add_done_callback(lambda _: self._signals.tell(f"x {name}"))
        return answer

    def drop(self, name: str) -> Future[None]:
        """Forget a room's memory (it was removed, or its parts changed)."""
        if self.owner is not None:
            return self.owner.drop(name)
        done: Future[None] = Promise()
        done.set_result(None)
        return done

    # How it is doing.

    @property
    def alive(self) -> bool:
        """Whether every thread runs that should."""
        return self._appender.alive and (self.owner is None or self.owner.alive)

    @property
    def waiting_events(self) -> int:
        """Events not yet appended."""
        return self._appender.waiting_events

    def backlog(self) -> int:
        """Batches of our rooms that are in the journal and not yet folded."""
        return self.owner.backlog() if self.owner is not None else 0

    def lags(self) -> dict[str, tuple[int, int]]:
        """Per room: batches that wait to be folded, and its room time (ms, 0 before the first tick).

        Of rooms of other programs from the database: their time is the arrival of what was folded last.
        """
        found = {str(room): (int(waiting), int(now)) for room, waiting, now in self._reader.rows(_LAGS)}
        if self._reader.log is not None:
            waiting = unread(self._reader, found)
            found = {room: (waiting.get(room, 0), now) for room, (_, now) in found.items()}
        return found | (self.owner.lags() if self.owner is not None else {})

    def feeds(self) -> dict[str, dict[str, int]]:
        """Of our own rooms: who owns a room hears its feeds."""
        return self.owner.feeds() if self.owner is not None else {}

    def parts(self) -> dict[str, dict[str, str]]:
        """Of our own rooms."""
        return self.owner.parts() if self.owner is not None else {}

    @property
    def pressure(self) -> Pressure:
        """How far our own rooms are behind; rooms of others hold back their senders by the lag in the database."""
        return self.owner.pressure if self.owner is not None else self._pressure

    def differing(self) -> dict[str, list[str]]:
        """What rebuilds here said otherwise than the record, by room of ours."""
        return self.owner.differing() if self.owner is not None else {}

    @property
    def folded_events(self) -> int:
        """Events folded here since the start."""
        return self.owner.folded_events if self.owner is not None else 0

    @property
    def duplicate_events(self) -> int:
        """Events folded here since the start that were there already."""
        return self.owner.duplicate_events if self.owner is not None else 0

    @property
    def committed_at(self) -> int:
        """When this program last committed something (ms); 0 before."""
        ago = time.monotonic() - self._appender.committed_at
        appended = int(self._clock.now_ms() - ago * 1000) if self._appender.committed_at else 0
        return max(appended, self.owner.committed_at if self.owner is not None else 0)

    @property
    def last_error(self) -> str:
        """What went wrong last."""
        return (self.owner.last_error if self.owner is not None else "") or self._appender.last_error

    @property
    def failing(self) -> tuple[str, int]:
        """Of what the newest transaction over our own rooms failed, by its code, and when (ms); "" once one went."""
        return self.owner.failing if self.owner is not None else ("", 0)

    @property
    def tick_s(self) -> float:
        """What it costs to tell a room of ours the time, lately (s); 0 where none can be ours."""
        return self.owner.tick_s if self.owner is not None else 0.0

    @property
    def pulse(self) -> Pulse:
        """How long things take: the appender's, whose ``answer`` is what senders feel."""
        return self._appender.pulse

    # Posts that are durable.

    def _appended(self, posts: Sequence[Post]) -> None:
        now = time.monotonic()
        ours = [post for post in posts if self.mine(post.batch.room)]
        if ours:
            assert self.owner is not None
            self.owner.arrived(ours)
        for post in posts:
            self.pulse.answer.add(now - post.came)
            if self.mine(post.batch.room):
                continue
            if post.wants:
                self.later(post)
            else:
                post.done.set_result(post.kept())
        for room in {post.batch.room for post in posts}:
            # Also of our own: it may be given away at this very moment.
            self._signals.tell(f"j {room}")

    def later(self, post: Post) -> None:
        """Answer this command when the owner of its room has folded it."""
        with self._guard:
            self._commands.setdefault(post.batch.room, []).append(post)

    def _answer(self, room: str, cursor: int) -> None:
        with self._guard:
            waiting = self._commands.pop(room, [])
            if left := [post for post in waiting if post.batch.number > cursor]:
                self._commands[room] = left
        for post in waiting:
            number = post.batch.number
            if number <= cursor:
                try:
                    record = read_records(self._reader, room, number - 1, number).get(number, Record())
                except LiveCueError as error:
                    post.done.set_exception(error)
                    continue
                dropped, announced = outcome_of(record)
                post.done.set_result(receipt_of(post.batch, dropped, announced, post.wants))

    # Signals.

    def folded(self, room: str, number: int) -> None:
        """A room of ours is committed so far."""
        self._signals.tell(f"c {room} {number}", f"c {room}")
        if self._commands.get(room):
            self._answer(room, number)
        if room == HOUSE:
            self._house = number

    def acted(self) -> None:
        """An action waits, for a runner wherever it is."""
        self._on_actions()
        self._signals.tell("a")

    def _heard(self, lines: Sequence[str]) -> None:
        for line in lines:
            kind, _, rest = line.partition(" ")
            if kind == "j":
                if self.mine(rest) and self.owner is not None:
                    self.owner.news(rest)
            elif kind == "c":
                room, _, number = rest.rpartition(" ")
                self._committed(room, int(number))
            elif kind in ("w", "s"):
                fresh = self._interest.get(rest, 0.0) < time.monotonic()
                self._interest[rest] = time.monotonic() + WATCHED_S
                if self.mine(rest) and self.owner is not None and (fresh or kind == "s"):
                    self.owner.show(rest)
            elif kind == "f":
                self._painted(rest, 1 << 62)
            elif kind == "x":
                if self.mine(rest) and self.owner is not None:
                    self.owner.resume(rest)
            elif kind == "a":
                self._on_actions()
            elif kind == "l":
                self._program.look()

    def _committed(self, room: str, number: int) -> None:
        if room == HOUSE and number > self._house:
            # Before anybody hears that his edit stands: he may look at once.
            self._house = number
            self._on_house()
        if self._commands.get(room):
            self._answer(room, number)
        if self._bus.tapped(room) and not self.mine(room):
            self._tell(room, number)

    def _tell(self, room: str, upto: int) -> None:
        known = self._told.get(room)
        if known is None:
            # Who taps reads what lies before from the journal himself, and again where he sees a gap.
            known = upto - 1
        for number, events in read_committed(self._reader, room, known, upto):
            self._bus.committed(room, number, events)
        self._told[room] = max(known, upto)

    def _painted(self, room: str, oldest_ms: int) -> None:
        if self.mine(room) or not (self._bus.watched(room) or self._frames.get(room)):
            return
        found = self._signals.frame(room)
        if found is None or found[2] > oldest_ms:
            return
        number, blob, _ = found
        now, rate, sections = _unpack(zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 28))
        frame = Frame(number, now, rate, sections)
        self._bus.publish(room, frame)
        with self._guard:
            asked = self._frames.pop(room, [])
        for _, answer in asked:
            answer.set_result(frame)

    def _poll(self) -> None:
        now = time.monotonic()
        if self.owner is not None:
            for room in unread(self._reader, self._program.owned):
                self.owner.news(room)
            self._tidy(self.owner, now)
        for room in {HOUSE, *self._commands, *self._bus.tapped_rooms()}:
            if not self.mine(room):
                self._committed(room, read_cursor(self._reader, room))
        self._overdue(now)
        for room in list(self._frames):
            if self.mine(room):
                self._own_frame(room)
            else:
                self._painted(room, FRESH_MS)
        if now - self._said >= WATCH_S:
            self._said = now
            for room in self._bus.watched_rooms():
                if not self.mine(room):
                    self._signals.tell(f"w {room}")
        self._told = {room: number for room, number in self._told.items() if self._bus.tapped(room)}
        posted, self._posted = self._posted, set()
        self._lag = {room: unread_events(self._reader, room) for room in posted | self._lag.keys()}
        self._lag = {room: lag for room, lag in self._lag.items() if lag > LAG_EVENTS // 2}

    def _tidy(self, owner: Pump, now: float) -> None:
        """What only the owner does: publish what its transactions left to be, and drop what was folded long ago."""
        mine = dict(self._program.owned)
        if relay(self._reader, mine, lambda work: owner.run(work).result(ANSWER_S)):
            self._signals.tell("a")
        if now - self._tidied >= TIDY_S:
            self._tidied = now
            for room, number in forget_folded(self._reader, mine, self._folded_then).items():
                self._folded_then[room] = number

    def _own_frame(self, room: str) -> None:
        """The room became ours while somebody waited for its frame from another program."""
        assert self.owner is not None
        with self._guard:
            asked = self._frames.pop(room, [])
        for _, answer in asked:
            self.owner.frame(room).add_done_callback(lambda done, a=answer: self._pass_on(room, done, a))  # type: ignore[misc]

    def _overdue(self, now: float) -> None:
        with self._guard:
            late = [post for posts in self._commands.values() for post in posts if now - post.came > ANSWER_S]
            for post in late:
                self._commands[post.batch.room].remove(post)
            unpainted = [(room, one) for room, asked in self._frames.items() for one in asked if one[0] < now]
            for room, one in unpainted:
                self._frames[room].remove(one)
        for post in late:
            batch = post.batch
            post.done.set_exception(
                NotApplied(
                    f"your command is kept (room {batch.room}, number {batch.number}) and will be applied, but nobody"
                    f" has done so within {ANSWER_S:.0f} s: look again before you repeat it; if this stays so, see on"
                    " the health page whether a program with the role pump runs"
                )
            )
        for room, (_, answer) in unpainted:
            answer.set_exception(
                Unavailable(
                    f"nobody shows room {room} just now: its owner is being replaced, or no program with the role pump"
                    " runs; try again",
                    2.0,
                )
            )

    # Watchers in other programs (``Far``).

    def wanted(self, room: str) -> bool:
        """Whether another program watches the room."""
        return self._interest.get(room, 0.0) > time.monotonic()

    def carry(self, room: str, frame: Frame) -> None:
        """Bring others the newest frame of a room of ours."""
        epoch = self._program.owned.get(room)
        if epoch is None or self.owner is None or not self.wanted(room):
            return
        packed = _pack((frame.now, frame.rate, frame.sections))
        self._signals.show(room, epoch, frame.number, zstandard.ZstdCompressor(level=1).compress(packed))


def _unstop(writer: Writer, room: str) -> None:
    writer.write("DELETE FROM stopped WHERE room = ?", (room,))
