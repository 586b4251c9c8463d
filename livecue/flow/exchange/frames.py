"""Frames between programs: those of rooms that others own, for our screens; those of ours, for screens of others."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import NamedTuple

import msgspec
import zstandard

from livecue.errors import BadInput, NotOwner, Unavailable
from livecue.flow.bus import Bus, Frame
from livecue.flow.pump import Pump
from livecue.flow.questions import AGAIN_S, Questions, said_to, without_answers
from livecue.kit import Promise
from livecue.store import Sharer, Signaller

FRAME_S = 10.0
WATCH_S = 2.0
WATCHED_S = 7.0
"""So long after the last word of its watchers a room is painted for other programs."""
FRESH_MS = 5_000
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[int, float, dict[str, bytes]]).decode


class _Waits(NamedTuple):
    """Somebody who waits for the frame of a room that another program owns."""

    until: float
    question: str
    """What the frame must answer; "" where any does."""
    answer: Future[Frame]


class Frames:
    """``owner`` gives the part that owns rooms here, None where none does. The bus asks it about watchers elsewhere
    (``Far``)."""

    def __init__(self, bus: Bus, program: Sharer, signals: Signaller, owner: Callable[[], Pump | None]) -> None:
        self._bus = bus
        self._program = program
        self._signals = signals
        self._owner = owner
        self._guard = threading.Lock()
        self._asked: dict[str, list[_Waits]] = {}
        self._questions = Questions()
        self._interest: dict[str, float] = {}
        """Rooms that other programs watch, and until when."""
        self._said = self._asked_again = 0.0

    def _pump_of(self, room: str) -> Pump | None:
        """Our pump, when the room is ours."""
        return self._owner() if room in self._program.owned else None

    # For screens of ours.

    def ask(self, room: str, question: str = "") -> Future[Frame]:
        """The room's sections as they are now, from whoever owns it, and the answer to a question."""
        answer: Future[Frame] = Promise()
        pump = self._pump_of(room)
        if pump is None:
            return self._ask_others(room, question, answer)
        pump.frame(room, question).add_done_callback(lambda done: self._pass_on(room, question, done, answer))
        return answer

    def _pass_on(self, room: str, question: str, done: Future[Frame], answer: Future[Frame]) -> None:
        error = done.exception()
        if isinstance(error, NotOwner):
            # Given away just now.
            self._ask_others(room, question, answer)
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(done.result())

    def _ask_others(self, room: str, question: str, answer: Future[Frame]) -> Future[Frame]:
        with self._guard:
            self._asked.setdefault(room, []).append(_Waits(time.monotonic() + FRAME_S, question, answer))
        self._signals.tell(f"q {room} {question}" if question else f"s {room}")
        return answer

    def painted(self, room: str, oldest_ms: int = 1 << 62) -> None:
        """A frame of the room may lie ready that is not older: show it to those who watch here."""
        if self._pump_of(room) is not None or not (self._bus.watched(room) or self._asked.get(room)):
            return
        found = self._signals.frame(room)
        if found is None or found[2] > oldest_ms:
            return
        number, blob, _ = found
        now, rate, sections = _unpack(zstandard.ZstdDecompressor().decompress(blob, max_output_size=1 << 28))
        frame = Frame(number, now, rate, sections)
        self._bus.publish(room, without_answers(frame))
        with self._guard:
            waiting = [
                (one, said_to(frame, one.question) if one.question else b"") for one in self._asked.pop(room, [])
            ]
            # A frame that was painted before the question came does not answer it yet.
            if left := [one for one, said in waiting if said is None]:
                self._asked[room] = left
        for one, said in waiting:
            if isinstance(said, BadInput):
                one.answer.set_exception(said)
            elif said is not None:
                one.answer.set_result(frame)

    def look(self, now: float) -> None:
        """Find what no signal told (``now`` by the monotonic clock)."""
        self._overdue(now)
        for room in list(self._asked):
            pump = self._pump_of(room)
            if pump is not None:
                self._became_ours(room, pump)
            else:
                self.painted(room, FRESH_MS)
        if now - self._asked_again >= AGAIN_S:
            self._asked_again = now
            self._ask_again()
        if now - self._said >= WATCH_S:
            self._said = now
            for room in self._bus.watched_rooms():
                if self._pump_of(room) is None:
                    self._signals.tell(f"w {room}")
            self._interest = {room: until for room, until in self._interest.items() if until > now}

    def _ask_again(self) -> None:
        """The frame with an answer may have been replaced before it was read here, or its owner have changed."""
        with self._guard:
            lacking = {(room, one.question) for room, asked in self._asked.items() for one in asked if one.question}
        for room, question in lacking:
            self._signals.tell(f"q {room} {question}")

    def _became_ours(self, room: str, pump: Pump) -> None:
        """The room became ours while somebody waited for its frame from another program."""
        with self._guard:
            asked = self._asked.pop(room, [])
        for one in asked:
            done = pump.frame(room, one.question)
            done.add_done_callback(lambda done, w=one: self._pass_on(room, w.question, done, w.answer))  # type: ignore[misc]

    def _overdue(self, now: float) -> None:
        with self._guard:
            late = [(room, one) for room, asked in self._asked.items() for one in asked if one.until < now]
            for room, one in late:
                self._asked[room].remove(one)
        for room, one in late:
            one.answer.set_exception(
                Unavailable(
                    f"nobody shows room {room} just now: its owner is being replaced, or no program with the role pump"
                    " runs; try again",
                    2.0,
                )
            )

    # For screens of others.

    def watched(self, room: str, now: bool) -> None:
        """Another program watches the room; ``now``: it waits for a frame."""
        fresh = not self.wanted(room)
        self._interest[room] = time.monotonic() + WATCHED_S
        pump = self._pump_of(room)
        if pump is not None and (fresh or now):
            pump.show(room)

    def questioned(self, room: str, question: str) -> None:
        """Another program waits for a frame with the answer to this."""
        if self._pump_of(room) is not None:
            self._questions.put(room, question)
        self.watched(room, True)

    def wanted(self, room: str) -> bool:
        """Whether another program watches the room."""
        return self._interest.get(room, 0.0) > time.monotonic()

    def carry(self, room: str, frame: Frame) -> None:
        """Bring others the newest frame of a room of ours."""
        epoch = self._program.owned.get(room)
        pump = self._owner()
        if epoch is None or pump is None or not self.wanted(room):
            return
        frame = self._questions.answered(room, frame, lambda question: pump.answer(room, question))
        packed = _pack((frame.now, frame.rate, frame.sections))
        self._signals.show(room, epoch, frame.number, zstandard.ZstdCompressor(level=1).compress(packed))
