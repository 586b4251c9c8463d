"""How the newest state reaches those who watch: a slot per watcher, never a queue that grows."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from livecue.events import Event

_TAIL = 10_000


class Frame(NamedTuple):
    """A room's sections at one moment: JSON by section name."""

    number: int
    """Journal number."""
    now: int
    """Room time, ms."""
    rate: float
    sections: dict[str, bytes]


class Board:
    """The newest sections of one room, each with the version at which it last changed."""

    def __init__(self) -> None:
        self.version = 0
        self._head = b""
        self._sections: dict[str, tuple[int, bytes]] = {}
        self._cut: dict[int, bytes] = {}

    def put(self, frame: Frame) -> None:
        """Take over a newer frame."""
        self.version += 1
        self._cut.clear()
        self._head = b'{"number":%d,"now":%d,"rate":%g,"changed":{' % (frame.number, frame.now, frame.rate)
        for name, body in frame.sections.items():
            known = self._sections.get(name)
            if known is None or known[1] != body:
                self._sections[name] = (self.version, body)

    def since(self, version: int) -> bytes:
        """One JSON object with every section that changed after ``version``; 0 gives all.

        Most watchers are equally far, so that the bytes are made once for all of them.
        """
        cut = self._cut.get(version)
        if cut is None:
            parts = [b'"%b":%b' % (name.encode(), body) for name, (at, body) in self._sections.items() if at > version]
            cut = self._cut[version] = self._head + b",".join(parts) + b"}}"
        return cut


class Slot:
    """One watcher's place: a slow browser gets what changed since it last took, it never grows a queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop, board: Board) -> None:
        self.loop = loop
        self._board = board
        self._taken = 0
        self._fresh = asyncio.Event()
        self._nudged = False
        self.closed = False
        if board.version:
            self._fresh.set()

    def ring(self, gone: bool) -> None:
        """There is something newer, or the room is gone; called in the watcher's loop."""
        self.closed = self.closed or gone
        self._fresh.set()

    def nudge(self) -> None:
        """Let whoever waits look up without news; called in the watcher's loop.

        One timer that does so costs less than a time limit on every wait: screens wait many times a second.
        """
        self._nudged = True
        self._fresh.set()

    async def take(self) -> bytes | None:
        """Wait for news: everything that changed since the last take (all at first); None when the room is gone.

        Empty when it was nudged.
        """
        await self._fresh.wait()
        if self.closed:
            return None
        if self._nudged:
            self._nudged = False
            if self._board.version == self._taken:
                # News that came with it are taken next.
                self._fresh.clear()
            return b""
        self._fresh.clear()
        cut = self._board.since(self._taken)
        self._taken = self._board.version
        return cut


class Tap:
    """A subscriber to every committed event of a room, in order; it is cut off when it falls too far behind."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: deque[tuple[int, Sequence[Event]]] = deque()
        self._fresh = asyncio.Event()
        self._held = 0
        self.overrun = False

    def put(self, number: int, events: Sequence[Event]) -> None:
        """Called in the subscriber's loop."""
        if self.overrun:
            return
        self._held += len(events)
        if self._held > _TAIL:
            # The reader comes back with its last number and reads the journal instead.
            self.overrun = True
            self._waiting.clear()
        else:
            self._waiting.append((number, events))
        self._fresh.set()

    async def take(self) -> list[tuple[int, Sequence[Event]]]:
        """Wait for committed batches: (journal number, outside events and announcements)."""
        await self._fresh.wait()
        self._fresh.clear()
        taken = list(self._waiting)
        self._waiting.clear()
        self._held = 0
        return taken


class Far(Protocol):
    """Watchers in other programs."""

    def wanted(self, room: str) -> bool:
        """Whether one of them watches the room."""
        ...

    def carry(self, room: str, frame: Frame) -> None:
        """Bring them the newest frame, if it is ours to tell."""
        ...


class Bus:
    """Carries what the pump committed into the loops of those who watch.

    Boards are changed in the loop of their watchers only; ``publish`` and ``committed`` may be called from any thread.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._boards: dict[tuple[str, asyncio.AbstractEventLoop], Board] = {}
        self._slots: dict[str, list[Slot]] = {}
        self._taps: dict[str, list[Tap]] = {}
        self.far: Far | None = None
        """Where several programs share the rooms: those who watch from the others."""

    def watch(self, room: str, first: Frame) -> Slot:
        """A slot for the room, which starts at ``first`` when nothing newer is known; call in a running loop."""
        loop = asyncio.get_running_loop()
        with self._guard:
            slots = self._slots.setdefault(room, [])
            board = self._boards.get((room, loop))
            if board is None or not any(slot.loop is loop for slot in slots):
                board = self._boards[room, loop] = Board()
                board.put(first)
            slot = Slot(loop, board)
            slots.append(slot)
        return slot

    def follow(self, room: str) -> Slot | None:
        """A slot beside others that watch the room in this loop, which starts at the newest they were sent, so that
        many who come at once cost no picture each; None when nobody watches. Call in a running loop."""
        loop = asyncio.get_running_loop()
        with self._guard:
            slots, board = self._slots.get(room, []), self._boards.get((room, loop))
            if board is None or not any(slot.loop is loop for slot in slots):
                return None
            slot = Slot(loop, board)
            slots.append(slot)
        return slot

    def unwatch(self, room: str, slot: Slot) -> None:
        """Give the slot back."""
        with self._guard:
            if slot in self._slots.get(room, []):
                self._slots[room].remove(slot)

    def tap(self, room: str) -> Tap:
        """A tap on the room's committed events; call in a running loop."""
        tap = Tap(asyncio.get_running_loop())
        with self._guard:
            self._taps.setdefault(room, []).append(tap)
        return tap

    def untap(self, room: str, tap: Tap) -> None:
        """Give the tap back."""
        with self._guard:
            if tap in self._taps.get(room, []):
                self._taps[room].remove(tap)

    def watched(self, room: str) -> int:
        """How many watch the room in this program."""
        return len(self._slots.get(room, ()))

    def wanted(self, room: str) -> bool:
        """Whether anybody watches the room, here or elsewhere."""
        return bool(self._slots.get(room)) or (self.far is not None and self.far.wanted(room))

    def watched_rooms(self) -> list[str]:
        """Rooms that somebody watches in this program."""
        return [room for room, slots in list(self._slots.items()) if slots]

    def tapped_rooms(self) -> list[str]:
        """Rooms whose events somebody reads in this program."""
        return [room for room, taps in list(self._taps.items()) if taps]

    def tapped(self, room: str) -> bool:
        """Whether somebody reads the room's events."""
        return bool(self._taps.get(room))

    def publish(self, room: str, frame: Frame | None) -> None:
        """Give the newest frame to all who watch; None says the room is gone."""
        if self.far is not None and frame is not None:
            self.far.carry(room, frame)
        with self._guard:
            slots = list(self._slots.get(room, ()))
        for loop in {slot.loop for slot in slots}:
            mine = [slot for slot in slots if slot.loop is loop]
            _call(loop, _ring_all, self._boards.get((room, loop)), mine, frame)

    def committed(self, room: str, number: int, events: Sequence[Event]) -> None:
        """Give committed events to the taps."""
        with self._guard:
            taps = list(self._taps.get(room, ()))
        for tap in taps:
            _call(tap.loop, tap.put, number, events)


def _ring_all(board: Board | None, slots: list[Slot], frame: Frame | None) -> None:
    if board is not None and frame is not None:
        board.put(frame)
    for slot in slots:
        slot.ring(frame is None)


def _call(loop: asyncio.AbstractEventLoop, function: object, *values: object) -> None:
    try:
        loop.call_soon_threadsafe(function, *values)  # type: ignore[arg-type]
    except RuntimeError:
        # The loop closed between two publications: its watchers are gone with it.
        return
