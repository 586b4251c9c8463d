"""Whether an event came before: exactly for rows, by windows and sequences for mass events (design: exactly once)."""

from collections.abc import Sequence

from livecue.events import (
    CartAdded,
    ClockTicked,
    Event,
    ImpressionsCounted,
    LikeGiven,
    OnlineCounted,
    ProductClicked,
    ProductExposed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.flow.ledger import RoomInfo
from livecue.store import Batch, Reader, Writer

MASS: frozenset[type[Event]] = frozenset(
    {LikeGiven, ViewerEntered, ViewerLeft, ProductExposed, ProductClicked, CartAdded, OnlineCounted, ImpressionsCounted}
)
"""Folded into windows, never one row each: their keys are remembered for a while only."""

KEPT_MS = 24 * 3600 * 1000
"""Keys of rows are remembered for the show and this long after it."""

_GENERATION = 100_000
"""Mass keys a generation; two are kept, so at least this many newest keys are known."""


class Duplicates:
    """The keys one room has seen. Owned by the room's owner; rows are backed by the table ``seen``."""

    def __init__(self, room: RoomInfo, reader: Reader, since: int) -> None:
        self._room = room
        self._rows: dict[str, set[str]] = {}
        for kind, key in reader.rows("SELECT kind, key FROM seen WHERE room = ? AND at >= ?", (room.room, since)):
            self._rows.setdefault(kind, set()).add(key)
        self._new: dict[type[Event], set[str]] = {kind: set() for kind in MASS}
        self._old: dict[type[Event], set[str]] = {kind: set() for kind in MASS}
        self._marks: dict[tuple[str, str], int] = {}
        self.now = 0

    def sift(self, batch: Batch, writer: Writer | None) -> tuple[Sequence[Event], list[int]]:
        """What of the batch is new, and the places of what is not. Without ``writer`` only memory is filled."""
        dropped: list[int] = []
        fresh: list[tuple[str, str]] = []
        numbered = batch.connection != "" and batch.sequence >= 0
        mark = self._marks.get((batch.source, batch.connection), -1)
        rows, new, old = self._rows, self._new, self._old
        for place, event in enumerate(batch.events):
            kind = type(event)
            key = event.key
            if kind in MASS:
                if numbered:
                    if batch.sequence + place <= mark:
                        dropped.append(place)
                        continue
                elif key:
                    seen = new[kind]
                    if key in seen or key in old[kind]:
                        dropped.append(place)
                        continue
                    seen.add(key)
                    if len(seen) >= _GENERATION:
                        old[kind], new[kind] = seen, set()
            elif kind is ClockTicked:
                if event.now <= self.now:  # type: ignore[attr-defined]
                    dropped.append(place)
                else:
                    self.now = event.now  # type: ignore[attr-defined]
            elif key:
                name = kind.__name__
                known = rows.get(name)
                if known is None:
                    known = rows[name] = set()
                if key in known:
                    dropped.append(place)
                    continue
                known.add(key)
                fresh.append((name, key))
        if numbered:
            self._marks[batch.source, batch.connection] = max(mark, batch.sequence + len(batch.events) - 1)
        if writer is not None and fresh:
            room = self._room
            writer.write_many(
                "INSERT INTO seen (org, brand, room, kind, key, at) VALUES (?,?,?,?,?,?)",
                [(room.org, room.brand, room.room, kind, key, self.now) for kind, key in fresh],
            )
        if not dropped:
            return batch.events, dropped
        gone = frozenset(dropped)
        return [event for place, event in enumerate(batch.events) if place not in gone], dropped


def forget(writer: Writer, room: str, before: int) -> None:
    """Drop keys older than ``before`` (room time, ms): the room's last show ended more than a day ago."""
    writer.write("DELETE FROM seen WHERE room = ? AND at < ?", (room, before))
