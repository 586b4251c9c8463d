"""How many different people: now in the windows, in the segment, in the show; O(1) an event.

Everyone's newest bucket is remembered, and per bucket how many people have it as their newest. The people
of a window are then the sum over its buckets. Since the windows end with the last full bucket, those sums
are kept at the moment the next bucket sees its first person.
"""

from collections.abc import Iterable

import msgspec

from livecue.metrics.tally import LONGEST

WINDOW_BUCKETS = (12, 60, LONGEST)
"""1, 5 and 15 minutes in buckets of 5 s."""
NEVER = -1
PAST = -2
"""Seen only in what was recovered later: counts for the show, for no window."""
_RING = 256
_MOST = _RING - 1


class Crowd(msgspec.Struct):
    """The people of the room who did one thing, by their number in ``People``."""

    last: list[int] = []
    """Newest bucket of each person; NEVER or PAST. As long as ``People`` has places."""
    newest: list[int] = msgspec.field(default_factory=lambda: [0] * _RING)
    bucket: int = -1
    """The newest bucket in which anybody came."""
    fresh: int = 0
    """How many people have ``bucket`` as their newest; it goes into ``newest`` when the next one begins."""
    total: int = 0
    closed_at: int = -1
    closed: tuple[int, int, int] = (0, 0, 0)
    """The windows that end where bucket ``closed_at`` begins."""
    settled: int = -1
    """Whoever came after this bucket is already in ``segment``."""
    segment: dict[int, bool] = {}
    """Who did it in the current stretch, in order of their first time (a set that dumps the same each time)."""

    def make_room(self, places: int) -> None:
        """Have a place for each of ``places`` people."""
        self.last.extend([NEVER] * (places - len(self.last)))

    def touch(self, person: int, bucket: int, stretch: int) -> None:
        """``person`` did it in ``bucket``. Needed once per person and bucket, and after a new stretch began."""
        last = self.last
        old = last[person]
        if old != bucket:
            if bucket != self.bucket:
                if bucket == PAST:
                    if old == NEVER:
                        last[person] = PAST
                        self.total += 1
                    return
                self._turn(bucket)
            last[person] = bucket
            self.fresh += 1
            if old < 0:
                if old == NEVER:
                    self.total += 1
            elif bucket - old < _RING:
                self.newest[old & _MOST] -= 1
        if stretch and old <= self.settled:
            self.segment[person] = True

    def begin_stretch(self, bucket: int) -> None:
        """A segment begins in ``bucket``."""
        self.segment = {}
        self.settled = bucket

    def _turn(self, bucket: int) -> None:
        self._store()
        self.closed = (self._sum(bucket, 12), self._sum(bucket, 60), self._sum(bucket, LONGEST))
        self.closed_at = bucket
        newest = self.newest
        if bucket - self.bucket >= _RING:
            newest[:] = [0] * _RING
        else:
            for place in range(self.bucket + 1, bucket + 1):
                newest[place & _MOST] = 0
        self.bucket = bucket

    def _store(self) -> None:
        self.newest[self.bucket & _MOST] += self.fresh
        self.fresh = 0

    def _sum(self, bucket: int, length: int) -> int:
        high = min(bucket - 1, self.bucket)
        low = bucket - length
        if high < low:
            return 0
        first, end = low & _MOST, (high & _MOST) + 1
        if first < end:
            return sum(self.newest[first:end])
        return sum(self.newest[first:]) + sum(self.newest[:end])

    def window(self, which: int, bucket: int) -> int:
        """People of window number ``which`` that ends where ``bucket`` begins."""
        if self.closed_at == bucket:
            return self.closed[which]
        length = WINDOW_BUCKETS[which]
        return self._sum(bucket, length) + (self.fresh if bucket - length <= self.bucket else 0)

    def in_stretch(self, stretch: int) -> int:
        """People of the current stretch."""
        return len(self.segment) if stretch else 0


class SparseCrowd(msgspec.Struct):
    """The same for one product or source, where few of the room's people ever come."""

    last: dict[int, int] = {}
    newest: dict[int, int] = {}
    bucket: int = -1
    fresh: int = 0
    closed_at: int = -1
    closed: tuple[int, int, int] = (0, 0, 0)
    stretch: int = 0
    settled: int = -1
    segment: dict[int, bool] = {}

    def touch(self, person: int, bucket: int, stretch: int) -> None:
        """As ``Crowd.touch``."""
        last = self.last
        old = last.get(person, NEVER)
        if old != bucket:
            if bucket != self.bucket:
                if bucket == PAST:
                    if old == NEVER:
                        last[person] = PAST
                    return
                self._turn(bucket)
            last[person] = bucket
            self.fresh += 1
            if old in self.newest:
                self.newest[old] -= 1
        if stretch:
            if stretch != self.stretch:
                self.stretch = stretch
                self.segment = {}
                # The stretch may have begun earlier in this bucket: who came in it is not settled yet.
                self.settled = bucket
            if old <= self.settled:
                self.segment[person] = True

    def _turn(self, bucket: int) -> None:
        if self.fresh:
            self.newest[self.bucket] = self.newest.get(self.bucket, 0) + self.fresh
            self.fresh = 0
        first, second, third = (self._sum(bucket, length) for length in WINDOW_BUCKETS)
        self.closed = (first, second, third)
        self.closed_at = bucket
        if len(self.newest) > _RING:
            for old in [old for old in self.newest if old < bucket - LONGEST]:
                del self.newest[old]
        self.bucket = bucket

    def _sum(self, bucket: int, length: int) -> int:
        low = bucket - length
        if self.bucket < low:
            return 0
        return sum(count for when, count in self.newest.items() if low <= when < bucket)

    def window(self, which: int, bucket: int) -> int:
        """As ``Crowd.window``."""
        if self.closed_at == bucket:
            return self.closed[which]
        length = WINDOW_BUCKETS[which]
        return self._sum(bucket, length) + (self.fresh if bucket - length <= self.bucket else 0)

    def in_stretch(self, stretch: int) -> int:
        """As ``Crowd.in_stretch``."""
        return len(self.segment) if stretch and stretch == self.stretch else 0

    @property
    def total(self) -> int:
        """People since the show began."""
        return len(self.last)


def together(*people: Iterable[int]) -> list[int]:
    """Everyone named in any of the lists, once, in order of first mention."""
    return list(dict.fromkeys(person for group in people for person in group))
