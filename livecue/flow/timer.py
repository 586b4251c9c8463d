"""Room time of real rooms: a ``ClockTicked`` every 250 ms while somebody may need it."""

import logging
import threading
from collections.abc import Callable, Container

from livecue.errors import LiveCueError
from livecue.flow.inbox import Inbox
from livecue.kit import Clock, SystemClock

TICK_MS = 250
AWAKE_MS = 10 * 60_000
"""So long after the last word told to it a room off the air keeps its full pace."""
REST_MS = 10_000
"""A room at rest is told the time so often: it has a night of 3,000 ticks, not of 115,000."""
SHARE = 0.25
"""The most of the loop's time that ticks may take: what rooms are told comes first."""
_log = logging.getLogger("livecue.flow")


class Timer:
    """Posts ticks into the journal of every awake room. Simulated rooms bring their own.

    A room rests when it is off the air, nobody watches it and nothing was told to it for ``AWAKE_MS``. The first word
    to it then comes behind a tick of its own, so that it finds the right time. Where all rooms together cost more than
    ``SHARE`` of the loop's time, whoever has waited longest is told first and each hears more rarely.
    """

    def __init__(
        self,
        pump: Inbox,
        rooms: Callable[[], list[str]],
        clock: Clock | None = None,
        ahead: Callable[[str], int] = lambda room: 0,
        busy: Callable[[], Container[str]] | None = None,
        rest_ms: int = REST_MS,
    ) -> None:
        """``rooms``: whose time is ours to tell; ``busy``: those of them that do not rest, all if it is None.

        ``ahead``: how far (ms) the clock of a room is ahead of the wall's.
        """
        self._pump = pump
        self._ahead = ahead
        self._rooms = rooms
        self._clock = clock or SystemClock()
        self._busy = busy
        self._rest_ms = rest_ms
        self._began = self._clock.now_ms()
        self._heard: dict[str, int] = {}
        """When something was told to a room last (wall, ms)."""
        self._ticked: dict[str, int] = {}
        """When a room was told the time last (wall, ms)."""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="timer", daemon=True)

    def start(self) -> None:
        """Start ticking."""
        self._pump.on_post = self.heard
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._stop.wait(TICK_MS / 1000):
            self.tick()

    def heard(self, room: str) -> None:
        """Something is about to be told to the room: it wakes, and knows the time first."""
        wall = self._clock.now_ms()
        rested = wall - self._heard.get(room, self._began) >= AWAKE_MS
        ticked = self._ticked.get(room)
        # Whoever is awake and waits for its turn gets no other one by being spoken to.
        if rested and ticked is not None and wall - ticked > 4 * TICK_MS:
            try:
                if room in self._rooms():
                    self._tell([room], wall)
            except (LiveCueError, KeyError, TimeoutError) as error:
                _log.warning("room %s wakes without a tick: %s", room, error)
        # Only now: who posts beside us must not overtake the tick.
        self._heard[room] = wall

    def tick(self) -> None:
        """One tick for every room that is due; rooms that cannot take it now get the next one."""
        wall = self._clock.now_ms()
        try:
            busy = self._busy() if self._busy is not None else None
            due = [room for room in self._rooms() if self._due(room, wall, busy)]
            most = self._most()
            if len(due) > most:
                due = sorted(due, key=lambda room: self._ticked.get(room, 0))[:most]
            self._tell(due, wall)
        except (LiveCueError, KeyError, TimeoutError) as error:
            # The database may be away, a room may be removed while we look; one that opens slowly is asked again.
            _log.warning("rooms miss a tick: %s", error)

    def _due(self, room: str, wall: int, busy: Container[str] | None) -> bool:
        if busy is None or room in busy or wall - self._heard.get(room, self._began) < AWAKE_MS:
            return True
        return wall - self._ticked.get(room, 0) >= self._rest_ms

    def _most(self) -> int:
        """How many rooms one round can serve."""
        cost = self._pump.tick_s
        return max(1, int(SHARE * TICK_MS / 1000 / cost)) if cost > 0 else 1 << 30

    def _tell(self, rooms: list[str], wall: int) -> None:
        by_time: dict[int, list[str]] = {}
        for room in rooms:
            by_time.setdefault((wall + self._ahead(room)) // TICK_MS * TICK_MS, []).append(room)
        for now, those in by_time.items():
            self._pump.tick(those, now)
            self._ticked.update(dict.fromkeys(those, wall))
