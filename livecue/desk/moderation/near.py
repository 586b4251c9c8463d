"""Texts that are nearly equal: which of many different ones gather around which. Pure.

Two texts are near when they share so large a part of their pairs of neighbouring signs (Jaccard). Texts are taken in
the order given; one that is near none of the leaders before it leads itself, up to a number that is enough for any
crowd.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from math import ceil

import numpy as np
from numpy.typing import NDArray

MOST_LEADERS = 400
_DIGITS = re.compile(r"\d{4,}")
_AT_ONCE = 500
"""So many texts are held against the leaders at once: what that needs stays in the cache."""
_ROUNDING = 1e-9
_SIGN_BITS = np.uint64(21)
"""No code point takes more."""
_SPREAD, _TO_BUCKET = np.uint64(0x9E3779B97F4A7C15), np.uint64(48)
"""Pairs are counted in 65,536 buckets; which is which decides only in what order they are compared."""

_Ints = NDArray[np.int64]


def gather(texts: Sequence[str], near: float, most: int = MOST_LEADERS) -> dict[str, str]:
    """Of different texts those that are near a leader, and that leader: the one they share most pairs with, of equals
    the first."""
    pairs = _Pairs(texts)
    leaders = _Leaders(near)
    found: dict[str, str] = {}
    place = 0
    while place < len(texts) and len(leaders.texts) < most:
        mine = pairs.of(place)
        leader = leaders.nearest(mine, leaders.rarely_shared(mine))
        if leader is not None:
            found[texts[place]] = leader
        elif mine:
            leaders.add(mine, texts[place])
        place += 1
    # From here on the leaders stay the same: the rest is held against all of them in array operations.
    fixed = _Fixed(leaders.pairs, near)
    for begin in range(place, len(texts), _AT_ONCE):
        for at, places in fixed.likely(*pairs.between(begin, begin + _AT_ONCE)).items():
            leader = leaders.nearest(pairs.of(at), places)
            if leader is not None:
                found[texts[at]] = leader
    return found


class _Pairs:
    """The pairs of neighbouring signs of many texts, made in one array operation.

    A pair is a number: how often it (or one that shares its bucket) stands in all the texts, then its two signs.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        # Numbers are what variants of one text differ in.
        plain = [_DIGITS.sub("0", text) for text in texts]
        signs = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
        pair = signs[:-1] << _SIGN_BITS | signs[1:]
        bucket = (pair * _SPREAD >> _TO_BUCKET).astype(np.intp)
        often = np.bincount(bucket)[bucket].astype(np.uint64)
        self._all: _Ints = (often << _SIGN_BITS + _SIGN_BITS | pair).astype(np.int64)
        self._lengths = list(map(len, plain))
        self._begins = list(accumulate(self._lengths, initial=0))

    def of(self, place: int) -> list[int]:
        """Those of one text, each once, the rarest of all texts first."""
        begin, end = self._begins[place], self._begins[place + 1]
        return sorted(set(self._all[begin : max(begin, end - 1)].tolist()))

    def between(self, place: int, end: int) -> tuple[_Ints, _Ints]:
        """Those of the texts from ``place`` on, and which text each is of; some may come twice."""
        lengths = self._lengths[place:end]
        text = np.repeat(np.arange(place, place + len(lengths)), lengths)
        inside = text[:-1] == text[1:]
        begin = self._begins[place]
        return self._all[begin : begin + len(inside)][inside], text[:-1][inside]


class _Leaders:
    """Texts that others may be near to.

    Two texts that share so large a part of their pairs share one of the rarest of each: only who has such a pair is
    compared, so that a flood of different texts costs little.
    """

    def __init__(self, near: float) -> None:
        self.texts: list[str] = []
        self.pairs: list[frozenset[int]] = []
        self._near = near
        self._by_pair: dict[int, list[int]] = defaultdict(list)

    def add(self, pairs: Sequence[int], text: str) -> None:
        """One more, its rarest pairs first."""
        place = len(self.texts)
        for pair in self._rare(pairs):
            self._by_pair[pair].append(place)
        self.pairs.append(frozenset(pairs))
        self.texts.append(text)

    def rarely_shared(self, pairs: Sequence[int]) -> set[int]:
        """The places of those that have one of the rarest: nobody else can be near."""
        known = self._by_pair
        return {place for pair in self._rare(pairs) if pair in known for place in known[pair]}

    def nearest(self, pairs: Sequence[int], places: Iterable[int]) -> str | None:
        """The one at one of ``places`` that shares most with these pairs among those near enough, else None."""
        # Who shares fewer is not near, whatever else it says.
        best, most = None, ceil(self._near * len(pairs) - _ROUNDING) - 1
        for place in sorted(places):
            theirs = self.pairs[place]
            shared = len(theirs.intersection(pairs))
            if shared > most and shared / (len(pairs) + len(theirs) - shared) >= self._near:
                best, most = self.texts[place], shared
        return best

    def _rare(self, pairs: Sequence[int]) -> Sequence[int]:
        """Of which at least one must be among the rarest of whoever is near."""
        return pairs[: len(pairs) - ceil(self._near * len(pairs) - _ROUNDING) + 1]


class _Fixed:
    """Leaders that stay the same, as arrays: every pair that one of them has, and who has it."""

    def __init__(self, pairs: Sequence[frozenset[int]], near: float) -> None:
        sizes = [len(mine) for mine in pairs]
        # Who is near shares at least so many of a leader's pairs.
        self._least: _Ints = np.array([ceil(near * size - _ROUNDING) for size in sizes], dtype=np.int64)
        every = np.fromiter(chain.from_iterable(pairs), np.int64, sum(sizes))
        order = np.argsort(every, kind="stable")
        self._leader: _Ints = np.repeat(np.arange(len(pairs)), sizes)[order]
        self._known, self._begins, self._counts = np.unique(every[order], return_index=True, return_counts=True)

    def likely(self, pairs: _Ints, text: _Ints) -> dict[int, list[int]]:
        """By text the leaders with which it shares enough pairs, or seems to, where one came twice."""
        found: dict[int, list[int]] = {}
        if not len(pairs) or not len(self._known):
            return found
        at = np.minimum(np.searchsorted(self._known, pairs), len(self._known) - 1)
        shared = self._known[at] == pairs
        first = int(text[0])
        at, row = at[shared], text[shared] - first
        counts = self._counts[at]
        # One cell for each pair of a text and each leader that has it.
        cells = np.arange(int(counts.sum())) + np.repeat(self._begins[at] - (np.cumsum(counts) - counts), counts)
        width = len(self._least)
        cells = np.repeat(row, counts) * width + self._leader[cells]
        sums = np.bincount(cells, minlength=(int(text[-1]) - first + 1) * width).reshape(-1, width)
        for cell in np.flatnonzero((sums >= self._least).ravel()).tolist():
            found.setdefault(first + cell // width, []).append(cell % width)
        return found
