"""The doors, the signals and the poll."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from itertools import compress
from typing import TypeVar

from livecue.errors import Overloaded
from livecue.events import Event
from livecue.flow.appending import Appender, Job
from livecue.flow.bus import Bus, Frame
from livecue.flow.exchange.commands import ANSWER_S, Commands
from livecue.flow.exchange.doing import Doing
from livecue.flow.exchange.frames import Frames
from livecue.flow.ledger import RoomInfo
from livecue.flow.post import Post, Receipt, ticks
from livecue.flow.pump import Pump
from livecue.flow.questions import SECTION
from livecue.flow.screen import whole_of
from livecue.kit import Clock, Promise
from livecue.store import (
    HOUSE,
    SharedReader,
    Sharer,
    Signaller,
    TransactionWriter,
    Writer,
    forget_folded,
    read_committed,
    read_cursor,
    relay,
    unread,
    unread_events,
)

T = TypeVar("T")

WAITING_EVENTS = 400_000
"""Events that may wait here to be appended; above it senders are asked to come back."""
LAG_EVENTS = 1_000_000
"""Events of one room that may stand in its journal without being folded; above it senders are asked to come back."""
TIDY_S = 3600.0
"""So long at least a journal outside of the database keeps what is folded, and at most twice as long."""


class Exchange(Doing):
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
        super().__init__(Appender(writer, rooms, self._appended), reader, clock)
        self._bus = bus
        self._program = program
        self._signals = signals
        self._on_actions = on_actions
        self._on_house = on_house
        self._commands = Commands(reader)
        self._frames = Frames(bus, program, signals, lambda: self.owner)
        self._told: dict[str, int] = {}
        """How far the taps of rooms that others own have been told."""
        self._posted: set[str] = set()
        self._lag: dict[str, int] = {}
        self._house = 0
        self._tidied = time.monotonic()
        self._folded_then: dict[str, int] = {}
        """How far rooms of ours were folded when it was last tidied."""
        self.rates: dict[str, float] = {}
        self.on_post: Callable[[str], None] = lambda room: None
        bus.far = self._frames

    # What the program is made of.

    def own(self, pump: Pump) -> None:
        """``pump`` folds the rooms that become ours."""
        self.owner = pump
        self.rates = pump.rates
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
        return self._frames.ask(name)

    def asked(self, name: str, question: str) -> Future[bytes]:
        """The room's answer to a question, from whoever owns it."""
        return _read(self._frames.ask(name, question), lambda frame: frame.sections[SECTION + question])

    def screen(self, name: str) -> Future[bytes]:
        """The room's whole picture as JSON, as it is now."""
        return _read(self.frame(name), whole_of)

    def room_now(self, name: str) -> Future[int]:
        """Room time of the newest tick, 0 before the first."""
        return _read(self.frame(name), lambda frame: frame.now)

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

    def reopen(self, name: str) -> Future[None]:
        """Whoever owns the room writes nothing more of what it remembers now: it has another epoch, as if the room had
        changed hands, and opens it anew."""
        answer = self.run(lambda writer: _renew(writer, name))
        answer.add_done_callback(lambda _: self._look())
        return answer

    def _look(self) -> None:
        self._signals.tell("l")
        self._program.look()

    # Posts that are durable.

    def _appended(self, posts: Sequence[Post]) -> None:
        now = time.monotonic()
        # Asked once of each: between two looks a room may become ours or be no longer, and nobody would answer it.
        owned = [self.mine(post.batch.room) for post in posts]
        ours = list(compress(posts, owned))
        if ours:
            assert self.owner is not None
            self.owner.arrived(ours)
        for post, is_ours in zip(posts, owned, strict=True):
            self.pulse.answer.add(now - post.came)
            if is_ours:
                continue
            if post.wants:
                self._commands.put(post)
            else:
                post.done.set_result(post.kept())
        for room in {post.batch.room for post in posts}:
            # Also of our own: it may be given away at this very moment.
            self._signals.tell(f"j {room}")

    def later(self, post: Post) -> None:
        """Answer this command when the owner of its room has folded it."""
        self._commands.put(post)

    # Signals.

    def folded(self, room: str, number: int) -> None:
        """A room of ours is committed so far."""
        self._signals.tell(f"c {room} {number}", f"c {room}")
        self._commands.folded(room, number)
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
                self._frames.watched(rest, kind == "s")
            elif kind == "q":
                room, _, question = rest.partition(" ")
                self._frames.questioned(room, question)
            elif kind == "f":
                self._frames.painted(rest)
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
        self._commands.folded(room, number)
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

    def _poll(self) -> None:
        now = time.monotonic()
        if self.owner is not None:
            for room in unread(self._reader, self._program.owned):
                self.owner.news(room)
            self._tidy(self.owner, now)
        for room in {HOUSE, *self._commands.rooms(), *self._bus.tapped_rooms()}:
            if not self.mine(room):
                self._committed(room, read_cursor(self._reader, room))
        self._commands.overdue(now)
        self._frames.look(now)
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


def _renew(writer: Writer, room: str) -> None:
    writer.write("UPDATE leases SET epoch = epoch + 1 WHERE room = ?", (room,))


def _unstop(writer: Writer, room: str) -> None:
    writer.write("DELETE FROM stopped WHERE room = ?", (room,))


def _read(frame: Future[Frame], what: Callable[[Frame], T]) -> Future[T]:
    """What ``what`` reads out of a frame that is on its way."""
    answer: Future[T] = Promise()

    def done(told: Future[Frame]) -> None:
        error = told.exception()
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(what(told.result()))

    frame.add_done_callback(done)
    return answer
