"""Drives rooms whose clock is not the wall's: simulated shows and replayed recordings."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from livecue.app.house import App
from livecue.errors import LiveCueError, Overloaded, StoreFailed
from livecue.events import OUTSIDE, ClockTicked, Event
from livecue.flow import TICK_MS, Receipt
from livecue.kit import backoff_s
from livecue.store import read_committed, read_cursor

_log = logging.getLogger("livecue.app")

STORE_TRIES = 8
HISTORY_STEP_MS = 1000
"""Room time per post while history is pumped; commits are then fewer than at the real pace."""


class Source(Protocol):
    """A stream in room time."""

    def step(self, until: int) -> list[Event]:
        """Outside events before room time ``until``, each once."""
        ...

    def commands(self, until: int) -> list[Event]:
        """What the scripted team does before ``until``; may be empty."""
        ...

    def hear(self, events: Sequence[Event]) -> None:
        """Commands and announcements of the room as they were applied, in order."""
        ...

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        ...


class Driver:
    """One thread that steps a source and puts its events and the room's ticks into the journal."""

    def __init__(
        self,
        app: App,
        room: str,
        source: Source,
        start: int,
        *,
        name: str,
        rate: float = 1.0,
        after_ms: int = 0,
        on_heard: Callable[[Sequence[Event]], None] | None = None,
    ) -> None:
        self._app = app
        self._room = room
        self._source = source
        self._name = name
        self._rate = rate
        self._after_ms = after_ms
        self._over_at = 0
        self._on_heard = on_heard
        self.now = start // TICK_MS * TICK_MS
        self._heard = read_cursor(app.reader, room)
        self._stop = threading.Event()
        self._changed = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.error: LiveCueError | None = None
        """Why its thread ended before the source was over."""

    def set_rate(self, rate: float) -> None:
        """How many times faster than the wall clock."""
        self._rate = rate
        self._app.pump.rates[self._room] = rate
        self._changed.set()

    def catch_up(self, until: int, progress: Callable[[int], None] | None = None) -> None:
        """Pump up to room time ``until`` as fast as it goes; ``progress`` hears room time."""
        while self.now < until and not self._stop.is_set():
            self.advance(min(HISTORY_STEP_MS, until - self.now))
            if progress is not None:
                progress(self.now)

    def run_out(self) -> None:
        """In a thread: go on as fast as the machine can, until the source is over."""

        def work() -> None:
            try:
                while not self._stop.is_set() and not self._is_over():
                    self.advance(HISTORY_STEP_MS)
            except LiveCueError as error:
                self._broke(error)

        self._thread = threading.Thread(target=work, name=f"drive-{self._room}", daemon=True)
        self._thread.start()

    def _broke(self, error: LiveCueError) -> None:
        self.error = error
        _log.error("room %s is not driven on: %s", self._room, error)

    def advance(self, ms: int) -> None:
        """Move room time by ``ms`` in one post of whole ticks."""
        events: list[Event] = []
        end = self.now + ms
        with self._lock:
            while self.now < end:
                self.now += TICK_MS
                events += self._source.step(self.now)
                events += self._source.commands(self.now)
                events.append(ClockTicked(now=self.now))
            self._listen(self._post(events).number)

    def _is_over(self) -> bool:
        """The source has nothing more, and what follows a show has had its time."""
        if not self._source.over:
            return False
        self._over_at = self._over_at or self.now
        return self.now >= self._over_at + self._after_ms

    def _listen(self, upto: int) -> None:
        """Let the source hear what was applied since it last listened: the room's own screens command it too."""
        for _, events in read_committed(self._app.reader, self._room, self._heard, upto):
            told = [event for event in events if type(event) not in OUTSIDE and type(event) is not ClockTicked]
            self._source.hear(told)
            if told and self._on_heard is not None:
                self._on_heard(told)
        self._heard = upto

    def _post(self, events: list[Event]) -> Receipt:
        """Until they are kept: the source gives each only once. Of a store that fails nothing was kept."""
        tries = 0
        while True:
            try:
                future = self._app.pump.post(self._room, events, source=self._name, arrived=self.now)
                return future.result()
            except Overloaded as error:
                time.sleep(error.retry_after_s)
            except StoreFailed:
                tries += 1
                if tries > STORE_TRIES or self._stop.wait(backoff_s(tries, 0.1, 5.0)):
                    raise

    def guarded(self, work: Callable[[], object]) -> object:
        """Run ``work`` while the source stands still: doors perform on the same simulation."""
        with self._lock:
            return work()

    def start(self) -> None:
        """Go on at the set rate in a thread."""
        self._app.pump.rates[self._room] = self._rate
        self._thread = threading.Thread(target=self._loop, name=f"drive-{self._room}", daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the source is over, at most ``seconds``; whether it is."""
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Stop stepping."""
        self._stop.set()
        self._changed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _loop(self) -> None:
        wall, room = time.monotonic(), self.now
        while not self._stop.is_set():
            due = room + (time.monotonic() - wall) * 1000 * self._rate
            ahead = self.now + TICK_MS - due
            if ahead > 0:
                if self._changed.wait(ahead / 1000 / self._rate):
                    self._changed.clear()
                    wall, room = time.monotonic(), self.now
                continue
            # Behind by more than a tick (a fast rate, a slow machine): several ticks in one post.
            ticks = min(int((due - self.now) // TICK_MS), 4 * max(1, int(self._rate)))
            try:
                self.advance(max(1, ticks) * TICK_MS)
            except LiveCueError as error:
                self._broke(error)
                return
            if due - self.now > 5_000 * self._rate:
                wall, room = time.monotonic(), self.now
            if self._is_over():
                return


class Steps:
    """A recording as a source: its events at their own room times."""

    def __init__(self, steps: Iterator[tuple[int, list[Event]]]) -> None:
        self._steps = steps
        self._next = next(self._steps, None)

    def step(self, until: int) -> list[Event]:
        events: list[Event] = []
        while self._next is not None and self._next[0] < until:
            events += self._next[1]
            self._next = next(self._steps, None)
        return events

    def commands(self, until: int) -> list[Event]:
        return []

    def hear(self, events: Sequence[Event]) -> None:
        return

    @property
    def over(self) -> bool:
        return self._next is None

    @property
    def next_at(self) -> int | None:
        """Room time of the next step; None at the end."""
        return None if self._next is None else self._next[0]
