"""What is put into a room's journal, and the answer its sender gets."""

import time
from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import chain

import msgspec

from livecue.events import ClockTicked, CommandApplied, CommandRefused, Event, encode_events
from livecue.kit import Promise
from livecue.store import Batch

SMALL = 256
"""So few events may be joined with those of other posts; they are packed when it is known with which."""

MOST = 2_000
"""So many events are joined at most."""


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a post. ``duplicates`` is None when the room could not fold it yet (backlog or stopped)."""

    number: int
    accepted: int
    duplicates: int | None
    applied: bool = False
    refused: CommandRefused | None = None
    announced: tuple[Event, ...] = ()
    """What the batch brought about; filled for posts that hold a command."""
    again: tuple[int, ...] = ()
    """The places of the duplicates in the post, where they are known."""


Answer = tuple[Future[Receipt], Receipt]


class Post:
    """A batch on its way. ``done`` answers once it is durable; ``wants`` asks what became of it."""

    __slots__ = ("batch", "came", "done", "events", "wants")

    def __init__(
        self,
        room: str,
        events: list[Event],
        source: str,
        connection: str,
        sequence: int,
        arrived: int,
        wants: bool,
        blob: bytes = b"",
    ) -> None:
        """``blob``: the events as the journal keeps them, where they are encoded already."""
        # Encoded by whoever posts: packing lets other threads run, and the pump has enough to do.
        self.batch = Batch(
            room=room,
            number=0,
            arrived=arrived,
            source=source,
            events=events,
            connection=connection,
            sequence=sequence,
            blob=blob or (encode_events(events) if len(events) > SMALL else b""),
        )
        self.done: Future[Receipt] = Promise()
        self.wants = wants
        self.came = time.monotonic()

    def kept(self) -> Receipt:
        """The answer while the room has not folded it: durable, and nothing more is known."""
        return Receipt(self.batch.number, len(self.batch.events), None)

    def answers(self, dropped: Sequence[int], announced: Sequence[Event]) -> list[Answer]:
        """Who hears what, once its batch is folded."""
        return [(self.done, receipt_of(self.batch, dropped, announced, self.wants))]

    @property
    def joins(self) -> bool:
        """Whether it may share a batch with others: nobody numbers it, and nobody asks what it brought about."""
        batch = self.batch
        return len(batch.events) <= SMALL and not (self.wants or batch.connection or batch.source == "livecue")


class Joined(Post):
    """Small posts of one sender that waited together, as one batch: many small ones cost what a large one does."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[Post]) -> None:
        first = parts[0].batch
        events = list(chain.from_iterable(post.batch.events for post in parts))
        super().__init__(first.room, events, first.source, "", -1, first.arrived, False)
        self.parts = parts
        self.came = parts[0].came
        self.done.add_done_callback(self._pass_on)

    def answers(self, dropped: Sequence[int], announced: Sequence[Event]) -> list[Answer]:
        """Each part hears of its own duplicates."""
        found: list[Answer] = []
        start = 0
        for post in self.parts:
            end = start + len(post.batch.events)
            again = dropped[bisect_left(dropped, start) : bisect_left(dropped, end)]
            mine = tuple(place - start for place in again)
            found.append((post.done, Receipt(self.batch.number, end - start - len(mine), len(mine), again=mine)))
            start = end
        return found

    def _pass_on(self, done: Future[Receipt]) -> None:
        """Nothing more is known than that all are durable, or that none is."""
        error = done.exception()
        for post in self.parts:
            if post.done.done():
                continue
            if error is not None:
                post.done.set_exception(error)
            else:
                post.done.set_result(Receipt(self.batch.number, len(post.batch.events), None))


def joined(posts: Sequence[Post]) -> list[Post]:
    """Posts to one room, in order; neighbours of one sender that may share a batch do."""
    groups: list[list[Post]] = []
    size = 0
    for post in posts:
        last = groups[-1][-1] if groups else None
        size += len(post.batch.events)
        if last is not None and last.joins and post.joins and size <= MOST and last.batch.source == post.batch.source:
            groups[-1].append(post)
        else:
            groups.append([post])
            size = len(post.batch.events)
    return [group[0] if len(group) == 1 else Joined(group) for group in groups]


def ticks(rooms: Sequence[str], now: int) -> list[Post]:
    """A tick for each of the rooms, packed once."""
    events: list[Event] = [ClockTicked(now=now)]
    blob = encode_events(events)
    return [Post(room, events, "livecue", "", -1, now, False, blob) for room in rooms]


def receipt_of(batch: Batch, dropped: Sequence[int], announced: Sequence[Event], wants: bool) -> Receipt:
    """The answer once the batch is folded."""
    applied, refused = False, None
    if wants:
        for event in announced:
            if isinstance(event, CommandApplied):
                applied = True
            elif isinstance(event, CommandRefused):
                refused = event
    return Receipt(
        number=batch.number,
        accepted=len(batch.events) - len(dropped),
        duplicates=len(dropped),
        applied=applied,
        refused=refused,
        announced=tuple(announced) if wants else (),
        again=tuple(dropped),
    )
