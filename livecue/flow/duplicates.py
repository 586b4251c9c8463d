"""Whether an event came before: exactly for rows, by windows and sequences for mass events (design: exactly once)."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from operator import itemgetter

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
from livecue.flow.keys import RowKeys
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

_MOST_GAPS = 100
"""Rows of lines that are remembered of a sender that numbers them, with what is still missing between."""
_GENERATION = 200_000
"""Mass keys a generation; two are kept, so that at least this many newest keys are known."""


class Duplicates:
    """The keys one room has seen. Owned by the room's owner; rows are backed by the table ``seen_keys``."""

    def __init__(self, room: RoomInfo, reader: Reader, since: int) -> None:
        self._room = room
        self._rows = RowKeys(reader, room.room, since)
        self._new: dict[type[Event], set[str]] = {}
        self._old: dict[type[Event], set[str]] = {}
        self._held = 0
        """Keys in ``_new``."""
        self._numbers: dict[tuple[str, str], list[tuple[int, int]]] = {}
        """By sender the numbers of its lines that came: (first, behind the last), in order, apart from each other."""
        self.now = 0
        self._ticked: int | None = None
        """When the tick that made it ``now`` arrived; None while nobody knows."""

    def recall(self, batch: Batch) -> None:
        """Take in a batch that was folded before this object was made: its mass keys, since no row keeps them.

        ``now`` is what it was when the newest was folded.
        """
        places = _places(batch.events)
        if self._ticked is None and any(
            batch.events[place].now == self.now  # type: ignore[attr-defined]  # its kind is known
            for place in places.get(ClockTicked, ())
        ):
            self._ticked = batch.arrived
        if batch.connection != "" and batch.sequence >= 0:
            # What lies before the oldest that is recalled came long ago, or never will.
            self._numbers.setdefault((batch.source, batch.connection), [(0, batch.sequence)])
            self._count(batch)
        else:
            self._by_key(batch.events, places, [])

    def sift(self, batch: Batch, writer: Writer | None) -> tuple[Sequence[Event], list[int]]:
        """What of the batch is new, and the places of what is not. Without ``writer`` nothing is kept but in memory."""
        dropped: list[int] = []
        events = batch.events
        places = _places(events)
        numbered = batch.connection != "" and batch.sequence >= 0
        if numbered:
            self._by_number(batch, dropped)
        else:
            self._by_key(events, places, dropped)
        for place in places.pop(ClockTicked, ()):
            now: int = events[place].now  # type: ignore[attr-defined]  # its kind is known
            if now <= self.now:
                dropped.append(place)
            else:
                self.now, self._ticked = now, batch.arrived
        rows = sorted(
            (place, kind.__name__, events[place].key)
            for kind, mine in places.items()
            if kind not in MASS
            for place in mine
            if events[place].key
        )
        known, fresh = self._rows.sift(batch.number, rows)
        dropped += known
        dropped.sort()
        if numbered:
            self._count(batch)
        if writer is not None and fresh:
            room = self._room
            # One row a batch: a row a key costs more than everything else that is done for the event.
            writer.put(
                "INSERT INTO seen_keys (org, brand, room, number, at, keys) VALUES (?,?,?,?,?,?)",
                (room.org, room.brand, room.room, batch.number, self._at(batch), json.dumps(fresh)),
            )
            self._rows.settle()
        if not dropped:
            return events, dropped
        kept = list(events)
        for place in reversed(dropped):
            del kept[place]
        return kept, dropped

    def _at(self, batch: Batch) -> int:
        """Room time at which the batch arrived: the first after a long rest come before the tick that tells of it.

        Never the wall clock where a tick is known: a rehearsal may play at any time, and forgets by its own.
        """
        if self._ticked is None:
            return max(self.now, batch.arrived)
        return self.now + max(0, batch.arrived - self._ticked)

    def _count(self, batch: Batch) -> None:
        came = self._numbers.setdefault((batch.source, batch.connection), [])
        first, end = batch.sequence, batch.sequence + len(batch.events)
        begin = bisect_left(came, first, key=itemgetter(1))
        behind = bisect_right(came, end, key=itemgetter(0))
        if begin < behind:
            first, end = min(first, came[begin][0]), max(end, came[behind - 1][1])
        came[begin:behind] = [(first, end)]
        if len(came) > _MOST_GAPS:
            # What is still missing of the oldest counts as come: nobody sends again so late.
            came[:2] = [(came[0][0], came[1][1])]

    def _by_number(self, batch: Batch, dropped: list[int]) -> None:
        """Mass events of a sender that numbers its lines: what lies among the numbers that came, came before."""
        for first, end in self._numbers.get((batch.source, batch.connection), ()):
            for place in range(max(0, first - batch.sequence), min(len(batch.events), end - batch.sequence)):
                if type(batch.events[place]) in MASS:
                    dropped.append(place)

    def _by_key(self, events: Sequence[Event], places: Mapping[type[Event], list[int]], dropped: list[int]) -> None:
        """Mass events by kind and key. Most are new: tables decide in bulk, only the few others are looked at."""
        for kind in MASS.intersection(places):
            mine = places[kind]
            keys = [events[place].key for place in mine]
            # Key to the last place it stands at: both who is new and who comes twice follow from it.
            last = dict(zip(keys, range(len(keys)), strict=True))
            twice = set(range(len(keys))).difference(last.values()) if len(last) < len(keys) else set()
            last.pop("", None)
            new = self._new.setdefault(kind, set())
            met = last.keys() & new if new else set()
            old = self._old.get(kind)
            if old:
                met |= last.keys() & old
            dropped += [mine[place] for place in map(last.__getitem__, met)]
            first = met.copy()
            for place in sorted(twice):
                key = keys[place]
                if key in first:
                    dropped.append(mine[place])
                elif key:
                    # The second of two in one batch came before as well.
                    first.add(key)
                    dropped.append(mine[last[key]])
            self._held += len(last) - len(met)
            new.update(last)
        if self._held >= _GENERATION:
            self._old, self._new, self._held = self._new, {}, 0


def _places(events: Sequence[Event]) -> dict[type[Event], list[int]]:
    """Where each kind stands."""
    kinds = list(map(type, events))
    places: dict[type[Event], list[int]] = {kind: [] for kind in set(kinds)}
    for place, kind in enumerate(kinds):
        places[kind].append(place)
    return places


def forget(writer: Writer, room: str, before: int) -> None:
    """Drop keys older than ``before`` (room time, ms): the room's last show ended more than a day ago."""
    writer.write("DELETE FROM seen_keys WHERE room = ? AND at < ?", (room, before))
