"""The keys of one room's rows: the newest as they are, older ones as numbers that point into the table ``seen_keys``.

A busy show of eight hours has tens of millions of rows. As texts their keys would fill the memory; as eight bytes
each, and two or so for the first look, they do not. A hash that is met again is looked up in the table, so that
nothing is dropped by chance.
"""

import json
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from livecue.store import Reader

NEWEST = 50_000
"""So many keys are held as texts before they become numbers."""
_MERGED = 8
"""So many small segments become a large one; large ones stay, for merging them would keep the room waiting."""
_SLOTS = 8
"""Slots of the first look per key: at most one key in so many is looked for further in vain."""

_Hashes = npt.NDArray[np.uint32]
_Numbers = npt.NDArray[np.int64]
_Segment = tuple[_Hashes, npt.NDArray[np.uint32], int]
"""Hashes in order, the number of the batch each came with, and what those numbers are counted from.

A hash of 32 bits is another key's once in four thousand questions to ten million keys: then a row is read in vain.
"""


class RowKeys:
    """What came before, exactly. ``table`` must see what the running transaction wrote."""

    def __init__(self, table: Reader, room: str, since: int, newest: int = NEWEST) -> None:
        self._table, self._room, self._limit = table, room, newest
        self._newest: dict[tuple[str, str], int] = {}
        self._small: list[_Segment] = []
        self._large: list[_Segment] = []
        self._slots = np.zeros(1, np.uint8)
        """A bit a slot."""
        self._held = 0
        """Keys that became numbers."""
        hashes: list[int] = []
        numbers: list[int] = []
        rows = table.rows("SELECT number, keys FROM seen_keys WHERE room = ? AND at >= ?", (room, since))
        for number, text in rows:
            for kind, keys in _read(text).items():
                hashes += [hash((kind, key)) for key in keys]
                numbers += [number] * len(keys)
        if hashes:
            self._large.append(_segment(_hashes(hashes), np.array(numbers, np.int64)))
            self._mark(self._large[0][0])

    def sift(self, number: int, rows: Iterable[tuple[int, str, str]]) -> tuple[list[int], dict[str, list[str]]]:
        """Of ``rows`` (place, kind, key) of batch ``number``: the places of those known, and the new keys by kind."""
        newest, known = self._newest, []
        new: list[tuple[int, tuple[str, str]]] = []
        for place, kind, key in rows:
            pair = (kind, key)
            if pair in newest:
                known.append(place)
            else:
                newest[pair] = number
                new.append((place, pair))
        old = self._old([pair for _, pair in new]) if self._held and new else frozenset[int]()
        fresh: dict[str, list[str]] = {}
        for at, (place, (kind, key)) in enumerate(new):
            if at in old:
                known.append(place)
            else:
                fresh.setdefault(kind, []).append(key)
        return known, fresh

    def settle(self) -> None:
        """Make numbers of the texts when they are many; call once what they came with is written."""
        if len(self._newest) < self._limit:
            return
        pairs = self._newest
        hashes = _hashes(map(hash, pairs), len(pairs))
        self._small.append(_segment(hashes, np.fromiter(pairs.values(), np.int64, len(pairs))))
        self._newest = {}
        self._mark(hashes)
        if len(self._small) == _MERGED:
            hashes = np.concatenate([known for known, _, _ in self._small])
            self._large.append(
                _segment(hashes, np.concatenate([some.astype(np.int64) + base for _, some, base in self._small]))
            )
            self._small.clear()

    def _mark(self, hashes: _Hashes) -> None:
        """Set the slots of these, and of all when there are too few slots."""
        self._held += len(hashes)
        if self._held * _SLOTS > 8 * len(self._slots):
            self._slots = np.zeros(1 << (2 * self._held * _SLOTS // 8).bit_length(), np.uint8)
            for known, _, _ in (*self._small, *self._large):
                self._set(known)
        self._set(hashes)

    def _places(self, hashes: _Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
        """The byte of each hash's slot, and its bit there."""
        slots = hashes & (8 * len(self._slots) - 1)
        return (slots >> 3).astype(np.intp), np.left_shift(1, slots & 7).astype(np.uint8)

    def _set(self, hashes: _Hashes) -> None:
        np.bitwise_or.at(self._slots, *self._places(hashes))

    def _old(self, pairs: Sequence[tuple[str, str]]) -> frozenset[int]:
        """Places in ``pairs`` of those that became numbers before."""
        asked = _hashes(map(hash, pairs), len(pairs))
        at, bits = self._places(asked)
        places = np.flatnonzero(self._slots[at] & bits)
        if not len(places):
            return frozenset()
        asked = asked[places]
        met: set[int] = set()
        for hashes, numbers, first in (*self._small, *self._large):
            found = np.searchsorted(hashes, asked)
            found[found == len(hashes)] = 0
            for hit in np.flatnonzero(hashes[found] == asked).tolist():
                place = int(places[hit])
                if place not in met and self._stands(pairs[place], hashes, numbers, first, int(found[hit])):
                    met.add(place)
        return frozenset(met)

    def _stands(self, pair: tuple[str, str], hashes: _Hashes, numbers: _Hashes, begin: int, at: int) -> bool:
        """Whether one of the batches that the hash points to really holds the key."""
        kind, key = pair
        first = hashes[at]
        while at < len(hashes) and hashes[at] == first:
            for (text,) in self._table.rows(
                "SELECT keys FROM seen_keys WHERE room = ? AND number = ?", (self._room, begin + int(numbers[at]))
            ):
                if key in _read(text).get(kind, ()):
                    return True
            at += 1
        return False


def _hashes(hashes: Iterable[int], count: int = -1) -> _Hashes:
    return np.fromiter(hashes, np.int64, count).astype(np.uint32)


def _segment(hashes: _Hashes, numbers: _Numbers) -> _Segment:
    order, first = np.argsort(hashes, kind="stable"), int(numbers.min())
    return hashes[order], (numbers[order] - first).astype(np.uint32), first


def _read(text: str) -> dict[str, list[str]]:
    # Not strict: a platform's own id may hold a control character.
    found: dict[str, list[str]] = json.loads(text, strict=False)
    return found
