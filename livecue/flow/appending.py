"""Appends to the journal without owning any room: the intake of programs that share them.

One thread gathers what waits, takes the next numbers of the rooms and commits; then it is durable, whoever folds it.
A journal outside of the database gives the numbers itself.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Generic, TypeVar

import msgspec

from livecue.errors import Defect, LiveCueError, NotFound, NotOwner, StoreFailed
from livecue.flow.ledger import RoomInfo
from livecue.flow.post import Post, joined
from livecue.flow.pulse import Pulse
from livecue.kit import Promise, backoff_s, failpoint, span
from livecue.store import TransactionWriter, Writer, append_batches, take_numbers

_log = logging.getLogger("livecue.flow")
T = TypeVar("T")
COMMIT_TRIES = 4
LEAVING_S = 30.0
"""How long a program that stops waits for posts on their way."""


class Job(Generic[T]):
    """Something to run inside a transaction."""

    __slots__ = ("done", "work")

    def __init__(self, work: Callable[[Writer], T]) -> None:
        self.work = work
        self.done: Future[T] = Promise()


class Appender:
    """``rooms`` finds a room by its id; ``on_appended`` hears of posts that are durable, with their numbers."""

    def __init__(
        self,
        writer: TransactionWriter,
        rooms: Callable[[Writer, str], RoomInfo | None],
        on_appended: Callable[[Sequence[Post]], None],
    ) -> None:
        self._writer = writer
        self._rooms = rooms
        self._on_appended = on_appended
        self._wake = threading.Condition()
        self._queue: deque[Post | Job[Any]] = deque()
        self._queued_events = 0
        self._leaving: dict[int, Post] = {}
        """Posts on their way into a journal outside of the database."""
        self._stopping = False
        self._thread = threading.Thread(target=self._loop, name="appender", daemon=True)
        self.pulse = Pulse()
        self.committed_at = 0.0
        """When it last committed, by the monotonic clock; 0 before."""
        self.last_error = ""

    def put(self, *items: "Post | Job[Any]") -> None:
        """Append or run each with the next transaction. Raises ``StoreFailed`` while the program stops."""
        with self._wake:
            if self._stopping:
                raise StoreFailed("the program is stopping")
            self._queue.extend(items)
            self._queued_events += sum(len(item.batch.events) for item in items if isinstance(item, Post))
            self._wake.notify()

    @property
    def waiting_events(self) -> int:
        """Events that are not durable yet."""
        with self._wake:
            return self._queued_events + sum(len(post.batch.events) for post in self._leaving.values())

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Append what waits, end the thread."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join()
        with self._wake:
            self._wake.wait_for(lambda: not self._leaving, LEAVING_S)
        self._writer.close()

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def _loop(self) -> None:
        while True:
            with self._wake:
                while not self._queue and not self._stopping:
                    self._wake.wait()
                items = list(self._queue)
                self._queue.clear()
                self._queued_events = 0
                if self._stopping and not items:
                    return
            try:
                with span("append", items=len(items)):
                    self._cycle(items)
            except Exception as error:
                _log.exception("nothing was appended")
                self.last_error = str(error)
                for item in items:
                    if not item.done.done():
                        item.done.set_exception(error if isinstance(error, LiveCueError) else Defect(str(error)))
                time.sleep(0.05)

    def _cycle(self, items: list["Post | Job[Any]"]) -> None:
        began = time.monotonic()
        if self._writer.log is not None:
            self._publish([item for item in items if isinstance(item, Post)])
            items = [item for item in items if isinstance(item, Job)]
            if not items:
                return
        for attempt in range(1, COMMIT_TRIES + 1):
            try:
                posts, answers = self._transact(items)
                break
            except StoreFailed as error:
                self._writer.rollback()
                self.pulse.failed_cycles += 1
                self.last_error = str(error)
                _log.error("appending failed (%s of %s): %s", attempt, COMMIT_TRIES, error)
                if attempt == COMMIT_TRIES:
                    raise
                time.sleep(backoff_s(attempt, 0.02, 1.0))
            except BaseException:
                self._writer.rollback()
                raise
        self.committed_at = time.monotonic()
        self.pulse.cycle.add(self.committed_at - began)
        for future, value in answers:
            if isinstance(value, BaseException):
                future.set_exception(value)
            else:
                future.set_result(value)
        if posts:
            self._on_appended(posts)

    def _publish(self, posts: list[Post]) -> None:
        """Hand posts to the journal outside of the database: each is answered by itself, in the order of its room."""
        log = self._writer.log
        assert log is not None
        failpoint("before_append")
        for post in posts:
            name = post.batch.room
            if self._rooms(self._writer, name) is None:
                post.done.set_exception(NotFound(f"there is no room {name!r}"))
                continue
            with self._wake:
                self._leaving[id(post)] = post
            try:
                log.append(post.batch).add_done_callback(partial(self._published, post))
            except LiveCueError as error:
                self._left(post)
                post.done.set_exception(error)

    def _published(self, post: Post, kept: "Future[int]") -> None:
        self._left(post)
        error = kept.exception()
        if error is not None:
            self.last_error = str(error)
            post.done.set_exception(error if isinstance(error, LiveCueError) else Defect(str(error)))
            return
        failpoint("after_append")
        self.committed_at = time.monotonic()
        self.pulse.commit.add(self.committed_at - post.came)
        post.batch = msgspec.structs.replace(post.batch, number=kept.result())
        self._on_appended([post])

    def _left(self, post: Post) -> None:
        with self._wake:
            del self._leaving[id(post)]
            self._wake.notify_all()

    def _transact(self, items: list["Post | Job[Any]"]) -> tuple[list[Post], list[tuple[Future[Any], Any]]]:
        writer = self._writer
        answers: list[tuple[Future[Any], Any]] = []
        writer.begin()
        posts = self._append([item for item in items if isinstance(item, Post)], answers)
        for item in items:
            if isinstance(item, Job):
                answers.append((item.done, self._run(item)))
        failpoint("before_commit")
        began = time.monotonic()
        writer.commit()
        self.pulse.commit.add(time.monotonic() - began)
        failpoint("after_commit")
        return posts, answers

    def _append(self, asked: list[Post], answers: list[tuple[Future[Any], Any]]) -> list[Post]:
        by_room: dict[str, list[Post]] = {}
        for post in asked:
            by_room.setdefault(post.batch.room, []).append(post)
        infos: dict[str, RoomInfo] = {}
        for name in list(by_room):
            info = self._rooms(self._writer, name)
            if info is None:
                missing = NotFound(f"there is no room {name!r}")
                answers.extend((post.done, missing) for post in by_room.pop(name))
            else:
                infos[name] = info
        if not by_room:
            return []
        failpoint("before_append")
        last = take_numbers(self._writer, list(by_room))
        kept: list[Post] = []
        for name, posts in by_room.items():
            mine = joined(posts)
            for place, post in enumerate(mine, last[name] + 1):
                post.batch = msgspec.structs.replace(post.batch, number=place)
            append_batches(self._writer, infos[name].org, infos[name].brand, [post.batch for post in mine])
            kept += mine
        failpoint("after_append")
        return kept

    def _run(self, job: Job[Any]) -> Any:
        self._writer.savepoint("job")
        try:
            value = job.work(self._writer)
            self._writer.release("job")
        except (StoreFailed, NotOwner):
            raise
        except Exception as error:
            self._writer.back_to("job")
            return error
        return value
