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
"""Keys of rows are remembered at least for the show and this long after it."""
FORGET_MS = 7 * KEPT_MS
"""Older keys are forgotten: no show lasts so long, and nobody sends again so late."""

_GENERATION = 200_000
"""Mass keys a generation; two are kept, so that at least this many newest keys are known."""


class Duplicates:
    """The keys one room has seen. Owned by the room's owner; rows are backed by the table ``seen``."""

    def __init__(self, room: RoomInfo, reader: Reader, since: int) -> None:
        self._room = room
        self._rows: dict[str, set[str]] = {}
        for kind, key in reader.rows("SELECT kind, key FROM seen WHERE room = ? AND at >= ?", (room.room, since)):
            self._rows.setdefault(kind, set()).add(key)
        self._new: dict[str, type[Event]] = {}
        self._old: dict[str, type[Event]] = {}
        self._marks: dict[tuple[str, str], int] = {}
        self.now = 0

    def sift(self, batch: Batch, writer: Writer | None) -> tuple[Sequence[Event], list[int]]:
        """What of the batch is new, and the places of what is not. Without ``writer`` only memory is filled."""
        dropped: list[int] = []
        fresh: list[tuple[str, str]] = []
        events = batch.events
        numbered = batch.connection != "" and batch.sequence >= 0
        mark = self._marks.get((batch.source, batch.connection), -1)
        if numbered:
            self._by_number(batch, mark, dropped)
        else:
            self._by_key(events, dropped)
        rows = self._rows
        for place in [place for place, event in enumerate(events) if type(event) not in MASS]:
            event = events[place]
            key = event.key
            if type(event) is ClockTicked:
                if event.now <= self.now:
                    dropped.append(place)
                else:
                    self.now = event.now
            elif key:
                name = type(event).__name__
                known = rows.get(name)
                if known is None:
                    known = rows[name] = set()
                if key in known:
                    dropped.append(place)
                    continue
                known.add(key)
                fresh.append((name, key))
        dropped.sort()
        if numbered:
            self._marks[batch.source, batch.connection] = max(mark, batch.sequence + len(batch.events) - 1)
        if writer is not None and fresh:
            room = self._room
            writer.write_many(
                "INSERT INTO seen (org, brand, room, kind, key, at) VALUES (?,?,?,?,?,?)"
                " ON CONFLICT (room, kind, key) DO UPDATE SET at = excluded.at",
                [(room.org, room.brand, room.room, kind, key, self.now) for kind, key in fresh],
            )
        if not dropped:
            return events, dropped
        kept = list(events)
        for place in reversed(dropped):
            del kept[place]
        return kept, dropped

    def _by_number(self, batch: Batch, mark: int, dropped: list[int]) -> None:
        """Mass events of a sender that numbers its lines: what lies at or below the high-water mark came before."""
        for place in range(min(len(batch.events), mark + 1 - batch.sequence)):
            if type(batch.events[place]) in MASS:
                dropped.append(place)

    def _by_key(self, events: Sequence[Event], dropped: list[int]) -> None:
        """Mass events by their keys, which most are new: sets decide in bulk, kinds are told apart where keys meet."""
        kinds = list(map(type, events))
        keys = [event.key if kind in MASS else "" for event, kind in zip(events, kinds, strict=True)]
        new, old = self._new, self._old
        batch: set[str] = set()
        add = batch.add
        met = [place for place, key in enumerate(keys) if key and (key in batch or add(key))]
        for known in (new, old):
            if not known.keys().isdisjoint(batch):
                met += [place for place, key in enumerate(keys) if key and key in known]
        for place in sorted(set(met)):
            key, kind = keys[place], kinds[place]
            first = new.get(key) or old.get(key) or kinds[keys.index(key)]
            if first is not kind:
                # One key for two kinds of event: the later kind goes by both.
                key = f"{kind.__name__} {key}"
                if key not in new and key not in old:
                    new[key] = kind
                    continue
            dropped.append(place)
        for place in met:
            keys[place] = ""
        new.update(zip(keys, kinds, strict=True))
        new.pop("", None)
        if len(new) >= _GENERATION:
            self._old, self._new = new, {}


def forget(writer: Writer, room: str, before: int) -> None:
    """Drop keys older than ``before`` (room time, ms): the room's last show ended more than a day ago."""
    writer.write("DELETE FROM seen WHERE room = ? AND at < ?", (room, before))
