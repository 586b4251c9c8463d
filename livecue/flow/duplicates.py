"""Whether an event came before: exactly for rows, by windows and sequences for mass events (design: exactly once)."""

import json
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
    """The keys one room has seen. Owned by the room's owner; rows are backed by the table ``seen_keys``."""

    def __init__(self, room: RoomInfo, reader: Reader, since: int) -> None:
        self._room = room
        self._rows: dict[str, set[str]] = {}
        for (text,) in reader.rows("SELECT keys FROM seen_keys WHERE room = ? AND at >= ?", (room.room, since)):
            # Not strict: a platform's own id may hold a control character.
            for kind, keys in json.loads(text, strict=False).items():
                self._rows.setdefault(kind, set()).update(keys)
        self._new: dict[type[Event], set[str]] = {}
        self._old: dict[type[Event], set[str]] = {}
        self._held = 0
        """Keys in ``_new``."""
        self._marks: dict[tuple[str, str], int] = {}
        self.now = 0

    def sift(self, batch: Batch, writer: Writer | None) -> tuple[Sequence[Event], list[int]]:
        """What of the batch is new, and the places of what is not. Without ``writer`` only memory is filled."""
        dropped: list[int] = []
        fresh: dict[str, list[str]] = {}
        events = batch.events
        kinds = list(map(type, events))
        numbered = batch.connection != "" and batch.sequence >= 0
        mark = self._marks.get((batch.source, batch.connection), -1)
        if numbered:
            self._by_number(batch, mark, dropped)
        else:
            self._by_key(events, kinds, dropped)
        rows = self._rows
        for place in [place for place, kind in enumerate(kinds) if kind not in MASS]:
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
                fresh.setdefault(name, []).append(key)
        dropped.sort()
        if numbered:
            self._marks[batch.source, batch.connection] = max(mark, batch.sequence + len(batch.events) - 1)
        if writer is not None and fresh:
            room = self._room
            # One row a batch: a row a key costs more than everything else that is done for the event.
            writer.put(
                "INSERT INTO seen_keys (org, brand, room, number, at, keys) VALUES (?,?,?,?,?,?)",
                (room.org, room.brand, room.room, batch.number, self.now, json.dumps(fresh)),
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

    def _by_key(self, events: Sequence[Event], kinds: list[type[Event]], dropped: list[int]) -> None:
        """Mass events by kind and key. Most are new: sets decide in bulk, the few others are looked for."""
        for kind in MASS.intersection(kinds):
            places = [place for place, other in enumerate(kinds) if other is kind]
            keys = [events[place].key for place in places]
            fresh = set(keys)
            new = self._new.setdefault(kind, set())
            met = fresh & new
            met |= fresh & self._old.get(kind, met)
            if met or len(fresh) < len(keys):
                # The second of two in one batch came before as well.
                known = met.copy()
                for place, key in zip(places, keys, strict=True):
                    if key in known:
                        dropped.append(place)
                    elif key:
                        known.add(key)
            fresh.discard("")
            self._held += len(fresh) - len(met)
            new |= fresh
        if self._held >= _GENERATION:
            self._old, self._new, self._held = self._new, {}, 0


def forget(writer: Writer, room: str, before: int) -> None:
    """Drop keys older than ``before`` (room time, ms): the room's last show ended more than a day ago."""
    writer.write("DELETE FROM seen_keys WHERE room = ? AND at < ?", (room, before))
