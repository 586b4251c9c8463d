"""Counts over any span of time: totals that grow, and the rows they stood at when each 5 s ended."""

from bisect import bisect_left
from collections.abc import Sequence

import msgspec

BUCKET_MS = 5_000
LONGEST = 180
"""Buckets of the longest rolling window (15 minutes)."""
_PRUNE_AT = LONGEST + 76


class Tally(msgspec.Struct):
    """Columns of one scope. ``turn`` before the first change in a new bucket or stretch; then add to ``totals``."""

    totals: list[int]
    token: int = -1
    """The bucket and stretch this tally was last turned to."""
    bucket: int = -1
    """The bucket that the newest changes belong to."""
    stretch: int = 0
    base: list[int] = []
    """``totals`` at the start of ``stretch`` (a segment, or a pin where no segment runs)."""
    buckets: list[int] = []
    rows: list[Sequence[int]] = []
    """``totals`` at the end of each bucket in which they changed, for the longest window and one before."""
    extra: list[int] = []
    """What was recovered later or taken back: part of the show, of no window and no segment. Empty when nothing was."""

    def turn(self, token: int, bucket: int, stretch: int) -> None:
        """Close the bucket and the stretch that are over."""
        self.token = token
        if bucket > self.bucket:
            if self.bucket >= 0:
                self.buckets.append(self.bucket)
                self.rows.append(tuple(self.totals))
                if len(self.rows) > _PRUNE_AT:
                    old = bisect_left(self.buckets, bucket - LONGEST) - 1
                    if old > 0:
                        del self.buckets[:old], self.rows[:old]
            self.bucket = bucket
        if stretch != self.stretch:
            self.stretch = stretch
            self.base = self.totals.copy()

    def before(self, bucket: int) -> Sequence[int]:
        """The totals as they stood when ``bucket`` began; empty when nothing had been counted."""
        if self.bucket < bucket:
            return tuple(self.totals)
        place = bisect_left(self.buckets, bucket) - 1
        return self.rows[place] if place >= 0 else ()

    def correct(self, place: int, change: int) -> None:
        """Add a change of what was told before. What is taken back counts for the show alone: it was told in a window
        that may be over, and a window in which less than nothing happened would be no figure."""
        if change >= 0:
            self.totals[place] += change
        else:
            self._late(place, change)

    def move(self, source: int, target: int, change: int) -> None:
        """Tell otherwise what was told before: it stays in its window as it was told there, and moves for the show."""
        self._late(source, -change)
        self._late(target, change)

    def _late(self, place: int, change: int) -> None:
        if not self.extra:
            self.extra = [0] * len(self.totals)
        self.extra[place] += change

    def recover(self, before: Sequence[int]) -> None:
        """Move what was added since ``before`` out of the windows into ``extra``."""
        if not self.extra:
            self.extra = [0] * len(self.totals)
        for place, value in enumerate(before):
            self.extra[place] += self.totals[place] - value
            self.totals[place] = value


def tally_of(columns: int) -> Tally:
    """An empty tally."""
    return Tally(totals=[0] * columns)
