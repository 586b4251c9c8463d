"""What waits for the pump's thread: posts to append, jobs to run, rooms that others added to."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from livecue.errors import Overloaded, StoreFailed
from livecue.flow.appending import Job
from livecue.flow.post import Post, ticks

QUEUE_EVENTS = 400_000
"""Events that may wait to be appended; above it senders are asked to come back."""
GATHER_S = 0.004
"""So long at most it is waited for senders that were answered a moment ago: one transaction then serves all of them."""
GATHER_POSTS = 16
"""Of fewer senders nobody is waited for."""

Items = list[Post | Job[Any]]


class Taken(NamedTuple):
    """What the thread has to deal with next."""

    items: Items
    news: set[str]
    """Rooms whose journal others may have added to."""
    leases: Mapping[str, int] | None
    """The rooms that are ours from now on, with their epochs; None: as before."""
    stopping: bool


class Queue:
    """Any thread puts, the pump's thread takes."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._items: deque[Post | Job[Any]] = deque()
        self.events = 0
        """Events not yet taken."""
        self._ticking: set[str] = set()
        """Rooms with a tick in the queue: a second one behind it would tell them nothing."""
        self._news: set[str] = set()
        self._leases: Mapping[str, int] | None = None
        self._stopping = False

    def put(self, posts: Sequence[Post]) -> None:
        """Posts to append. Raises ``Overloaded`` when too much waits."""
        with self._wake:
            self._put(posts)

    def tick(self, rooms: Sequence[str], now: int) -> None:
        """A tick for each of these rooms, but those that an earlier one still waits for."""
        with self._wake:
            rooms = [room for room in rooms if room not in self._ticking]
            self._put(ticks(rooms, now))
            self._ticking.update(rooms)

    def _put(self, posts: Sequence[Post]) -> None:
        self._check()
        if self.events > QUEUE_EVENTS:
            raise Overloaded(f"{self.events} events wait to be stored; come back in a second", 1.0)
        self._add(posts)

    def _check(self) -> None:
        if self._stopping:
            raise StoreFailed("the program is stopping")

    def _add(self, posts: Sequence[Post]) -> None:
        self.events += sum(len(post.batch.events) for post in posts)
        self._items.extend(posts)
        self._wake.notify()

    def job(self, job: Job[Any]) -> None:
        """Something to run inside the next transaction."""
        with self._wake:
            self._check()
            self._items.append(job)
            self._wake.notify()

    def arrived(self, posts: Sequence[Post]) -> None:
        """Posts that stand in the journal already: they are taken, whatever waits."""
        with self._wake:
            self._add(posts)

    def news(self, room: str) -> None:
        """Somebody else added to the room's journal."""
        with self._wake:
            self._news.add(room)
            self._wake.notify()

    def lease(self, rooms: Mapping[str, int]) -> None:
        """These rooms are ours, with their epochs. No job of a transaction: one over an epoch of before would fail, and
        take the news of the right one with it."""
        with self._wake:
            self._leases = rooms
            self._wake.notify()

    def stop(self) -> None:
        """Nothing more is let in."""
        with self._wake:
            self._stopping = True
            self._wake.notify()

    def take(self, busy: bool, rest_s: Callable[[], float], answered: int) -> Taken:
        """All that waits.

        Sleeps up to ``rest_s`` while nothing waits, unless the thread is ``busy`` with what it has. ``answered``: how
        many senders have just had their answer and may come again at once.
        """
        with self._wake:
            if not (self._items or busy or self._news or self._leases is not None or self._stopping):
                self._wake.wait(timeout=rest_s())
            if self._items and answered >= GATHER_POSTS:
                self._gather(answered)
            items = list(self._items)
            self._items.clear()
            self._ticking.clear()
            self.events = 0
            news, self._news = self._news, set()
            leases, self._leases = self._leases, None
            return Taken(items, news, leases, self._stopping)

    def _gather(self, answered: int) -> None:
        """Wait for the senders that were just answered: without it every second transaction serves the first few only.

        Ends when nearly all are there, or when nobody came for a quarter of the time.
        """
        wanted, until = answered * 7 // 8, time.monotonic() + GATHER_S
        while not self._stopping and len(self._items) < wanted and time.monotonic() < until:
            before = len(self._items)
            self._wake.release()
            try:
                time.sleep(GATHER_S / 4)
            finally:
                self._wake.acquire()
            if len(self._items) == before:
                return
