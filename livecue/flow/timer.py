"""Room time of real rooms: a ``ClockTicked`` every 250 ms while somebody may need it."""

import logging
import threading
from collections.abc import Callable

from livecue.errors import LiveCueError
from livecue.flow.inbox import Inbox
from livecue.kit import Clock, SystemClock

TICK_MS = 250
_log = logging.getLogger("livecue.flow")


class Timer:
    """Posts ticks into the journal of every awake room. Simulated rooms bring their own."""

    def __init__(
        self,
        pump: Inbox,
        awake: Callable[[], list[str]],
        clock: Clock | None = None,
        ahead: Callable[[str], int] = lambda room: 0,
    ) -> None:
        """``ahead``: how far (ms) the clock of a room is ahead of the wall's."""
        self._pump = pump
        self._ahead = ahead
        self._awake = awake
        self._clock = clock or SystemClock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="timer", daemon=True)

    def start(self) -> None:
        """Start ticking."""
        self._thread.start()

    def stop(self) -> None:
        """Stop ticking."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        while not self._stop.wait(TICK_MS / 1000):
            self.tick()

    def tick(self) -> None:
        """One tick for every awake room; rooms that cannot take it now get the next one."""
        wall = self._clock.now_ms()
        try:
            by_time: dict[int, list[str]] = {}
            for room in self._awake():
                by_time.setdefault((wall + self._ahead(room)) // TICK_MS * TICK_MS, []).append(room)
            for now, rooms in by_time.items():
                self._pump.tick(rooms, now)
        except (LiveCueError, KeyError, TimeoutError) as error:
            # A room may be removed while we look; one that opens slowly is asked again at the next tick.
            _log.warning("rooms miss a tick: %s", error)
