"""How the newest state reaches those who watch: a slot per watcher, never a queue that grows."""

import asyncio
import threading
from collections import deque
from collections.abc import Sequence

from livecue.events import Event

Message = tuple[int, bytes]
"""(journal number, encoded snapshot)"""

_TAIL = 10_000


class Slot:
    """One watcher's place for the newest message: a slow browser skips, it does not queue."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._newest: Message | None = None
        self._fresh = asyncio.Event()
        self.closed = False

    def put(self, message: Message | None) -> None:
        """Called in the watcher's loop; None says that the room is gone."""
        if message is None:
            self.closed = True
        else:
            self._newest = message
        self._fresh.set()

    async def take(self) -> Message | None:
        """Wait for a message newer than the last one taken; None when the room is gone."""
        await self._fresh.wait()
        self._fresh.clear()
        return None if self.closed else self._newest


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


class Bus:
    """Carries what the pump committed into the loops of those who watch. Safe to call from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._slots: dict[str, list[Slot]] = {}
        self._taps: dict[str, list[Tap]] = {}

    def watch(self, room: str) -> Slot:
        """A slot for the room's snapshots; call in a running loop."""
        slot = Slot(asyncio.get_running_loop())
        with self._guard:
            self._slots.setdefault(room, []).append(slot)
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
        """How many watch the room."""
        return len(self._slots.get(room, ()))

    def tapped(self, room: str) -> bool:
        """Whether somebody reads the room's events."""
        return bool(self._taps.get(room))

    def publish(self, room: str, message: Message | None) -> None:
        """Give the newest snapshot to all who watch; None says the room is gone."""
        with self._guard:
            slots = list(self._slots.get(room, ()))
        for loop in {slot.loop for slot in slots}:
            mine = [slot for slot in slots if slot.loop is loop]
            _call(loop, _put_all, mine, message)

    def committed(self, room: str, number: int, events: Sequence[Event]) -> None:
        """Give committed events to the taps."""
        with self._guard:
            taps = list(self._taps.get(room, ()))
        for tap in taps:
            _call(tap.loop, tap.put, number, events)


def _put_all(slots: list[Slot], message: Message | None) -> None:
    for slot in slots:
        slot.put(message)


def _call(loop: asyncio.AbstractEventLoop, function: object, *values: object) -> None:
    try:
        loop.call_soon_threadsafe(function, *values)  # type: ignore[arg-type]
    except RuntimeError:
        # The loop closed between two publications: its watchers are gone with it.
        return
