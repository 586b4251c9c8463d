"""What is put into a room's journal, and the answer its sender gets."""

import time
from collections.abc import Sequence
from concurrent.futures import Future

import msgspec

from livecue.events import CommandApplied, CommandRefused, Event, encode_events
from livecue.store import Batch


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a post. ``duplicates`` is None when the room could not fold it yet (backlog or stopped)."""

    number: int
    accepted: int
    duplicates: int | None
    applied: bool = False
    refused: CommandRefused | None = None
    announced: tuple[Event, ...] = ()
    """What the batch brought about; filled for posts that hold a command."""


class Post:
    """A batch on its way. ``done`` answers once it is durable; ``wants`` asks what became of it."""

    __slots__ = ("batch", "came", "done", "events", "wants")

    def __init__(
        self, room: str, events: list[Event], source: str, connection: str, sequence: int, arrived: int, wants: bool
    ) -> None:
        # Encoded by whoever posts: packing lets other threads run, and the pump has enough to do.
        self.batch = Batch(
            room=room,
            number=0,
            arrived=arrived,
            source=source,
            events=events,
            connection=connection,
            sequence=sequence,
            blob=encode_events(events),
        )
        self.done: Future[Receipt] = Future()
        self.wants = wants
        self.came = time.monotonic()

    def kept(self) -> Receipt:
        """The answer while the room has not folded it: durable, and nothing more is known."""
        return Receipt(self.batch.number, len(self.batch.events), None)


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
    )
