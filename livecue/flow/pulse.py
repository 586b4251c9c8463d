"""How the loop has been doing: how long its steps took, for those who watch the program rather than a show."""

from bisect import bisect_left

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Spread:
    """How often something took how long. ``counts`` has a place per bound of ``BOUNDS_S`` and one beyond the last.

    One thread adds; others may read at any moment and see it a step late at most.
    """

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds


class Pulse:
    """What the pump notes of itself. Since the start of the process."""

    def __init__(self) -> None:
        self.cycle = Spread()
        """A whole transaction: append, fold, commit."""
        self.commit = Spread()
        """The commit alone: the disk."""
        self.answer = Spread()
        """From a post's arrival to its durable answer."""
        self.failed_cycles = 0
        self.tick_s = 0.001
        """What telling a room the time costs, smoothed; a guess before the first."""

    def ticked(self, seconds: float) -> None:
        """A room was told the time. One that took long for once must not slow the clocks of all."""
        self.tick_s += (min(seconds, 4 * self.tick_s) - self.tick_s) / 64
