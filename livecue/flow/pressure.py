"""When more comes than is folded: how much waits, how long that takes, and when senders are asked to come later."""

from livecue.errors import Overloaded

MOST_BEHIND = 400_000
"""Events that may lie in the journal and wait to be folded; above it senders are asked to come back."""
BUSY_S = 2.0
"""From so far behind on the screens say so, and are sent mass figures less often."""
_LONGEST_S = 30.0
_WEIGHT = 0.2


class Pressure:
    """How far the pump is behind. Written by its thread, read by any."""

    def __init__(self) -> None:
        self.most: int | None = None
        """Another bound than ``MOST_BEHIND``, where one was set."""
        self.behind = 0
        """Events in the journal that are not folded yet."""
        self._rate = 0.0

    def note(self, folded: int, seconds: float, behind: int) -> None:
        """A cycle folded so many events in so many seconds and left ``behind``."""
        if folded and seconds > 0:
            rate = folded / seconds
            self._rate = rate if not self._rate else self._rate + _WEIGHT * (rate - self._rate)
        self.behind = behind

    @property
    def behind_s(self) -> float:
        """How long it takes to fold what waits, at the pace of the last cycles."""
        return self.behind / self._rate if self._rate else 0.0

    @property
    def busy_s(self) -> int:
        """Whole seconds that the screens are behind; 0 while it is not worth a word."""
        behind = self.behind_s
        return round(behind) if behind >= BUSY_S else 0

    def admit(self) -> None:
        """Raises ``Overloaded`` with the time to wait when too much waits. For senders; people are always let in."""
        if self.behind > (MOST_BEHIND if self.most is None else self.most):
            wait = min(max(self.behind_s / 2, 1.0), _LONGEST_S)
            raise Overloaded(f"{self.behind} events wait to be counted; come back in {wait:.0f} s", wait)
