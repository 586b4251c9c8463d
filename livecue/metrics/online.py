"""Who is in the room at this moment: the platform's counter as it is told, or entries less leaves; the peaks."""

from bisect import bisect_left

import msgspec

from livecue.metrics.tally import LONGEST

UNTOLD = -1
ONLINE_STALE_MS = 60_000
"""The platform's counter holds for this long; then the number of people online is unknown."""


class Online(msgspec.Struct):
    """Counters that run backwards are kept as they are."""

    count: int = UNTOLD
    at: int = UNTOLD
    """Room time of the platform's newest ``count``."""
    views: int = UNTOLD
    viewers: int = UNTOLD
    views_base: int = 0
    viewers_base: int = 0
    """The platform's totals when the show began; 0 when it had told none of this broadcast."""
    anew: bool = False
    """A broadcast began since."""
    peak: int = UNTOLD
    stretch_peak: int = UNTOLD
    bucket_peak: int = UNTOLD
    buckets: list[int] = []
    peaks: list[int] = []
    """Highest number in each closed bucket, the one it began with included."""

    def now(self, now: int, own: int) -> int:
        """People online at ``now``, UNTOLD when unknown; ``own`` is the count to use where no platform counts."""
        if self.at == UNTOLD:
            return own
        return self.count if now - self.at <= ONLINE_STALE_MS else UNTOLD

    @property
    def lasts_until(self) -> int:
        """Until when the platform's newest count holds."""
        return self.at + ONLINE_STALE_MS

    def see(self, count: int) -> None:
        """Let the peaks know of ``count`` people."""
        self.bucket_peak = max(self.bucket_peak, count)
        self.stretch_peak = max(self.stretch_peak, count)
        self.peak = max(self.peak, count)

    def close(self, bucket: int, carried: int) -> None:
        """``bucket`` is over with ``carried`` people in the room."""
        if self.bucket_peak != UNTOLD:
            self.buckets.append(bucket)
            self.peaks.append(self.bucket_peak)
            if len(self.peaks) > 2 * LONGEST:
                del self.buckets[:LONGEST], self.peaks[:LONGEST]
        self.bucket_peak = UNTOLD
        if carried != UNTOLD:
            self.see(carried)

    def peak_between(self, first: int, end: int) -> int:
        """The highest of the buckets ``first`` to ``end - 1``; UNTOLD when nothing was told in them."""
        low, high = bisect_left(self.buckets, first), bisect_left(self.buckets, end)
        return max(self.peaks[low:high], default=UNTOLD)

    def take(self, count: int, views: int, viewers: int, now: int) -> None:
        """What the platform counts at ``now``; UNTOLD leaves the one before."""
        if count != UNTOLD:
            self.count, self.at = count, now
        if views != UNTOLD:
            self.views = views
        if viewers != UNTOLD:
            self.viewers = viewers

    def new_broadcast(self) -> None:
        """The platform begins to count anew."""
        self.views = self.viewers = UNTOLD
        self.views_base = self.viewers_base = 0
        self.anew = True


def for_next_show(last: Online, later: Online | None) -> Online:
    """The counters a show begins with: those at the end of the one before, and what came after it."""
    fresh = Online()
    for told in (last, later):
        if told is not None:
            fresh.take(told.count, told.views, told.viewers, told.at)
    if later is not None and later.anew:
        fresh.views, fresh.viewers = later.views, later.viewers
    fresh.views_base, fresh.viewers_base = max(fresh.views, 0), max(fresh.viewers, 0)
    return fresh
