"""Commands that stand in the journal and wait for the owner of their room, who is another program."""

import threading

from livecue.errors import LiveCueError, NotApplied
from livecue.flow.post import Post, receipt_of
from livecue.flow.room import outcome_of
from livecue.store import Reader, Record, read_records

ANSWER_S = 15.0
"""How long a command waits for the owner of its room."""


class Commands:
    """Any thread may ask."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._guard = threading.Lock()
        self._waiting: dict[str, list[Post]] = {}

    def put(self, post: Post) -> None:
        """Answer this command when the owner of its room has folded it."""
        with self._guard:
            self._waiting.setdefault(post.batch.room, []).append(post)

    def rooms(self) -> set[str]:
        """Rooms whose owner is waited for."""
        return set(self._waiting)

    def folded(self, room: str, cursor: int) -> None:
        """The room is committed so far: answer what became of those."""
        if not self._waiting.get(room):
            return
        with self._guard:
            waiting = self._waiting.pop(room, [])
            if left := [post for post in waiting if post.batch.number > cursor]:
                self._waiting[room] = left
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

    def overdue(self, now: float) -> None:
        """Tell those that wait too long (``now`` by the monotonic clock)."""
        with self._guard:
            late = [post for posts in self._waiting.values() for post in posts if now - post.came > ANSWER_S]
            for post in late:
                self._waiting[post.batch.room].remove(post)
        for post in late:
            batch = post.batch
            post.done.set_exception(
                NotApplied(
                    f"your command is kept (room {batch.room}, number {batch.number}) and will be applied, but nobody"
                    f" has done so within {ANSWER_S:.0f} s: look again before you repeat it; if this stays so, see on"
                    " the health page whether a program with the role pump runs"
                )
            )
