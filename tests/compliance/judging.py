"""How often the engine is right on lines that people judged: shares with their intervals (Wilson, 95 %)."""

import math
from collections.abc import Iterable
from typing import NamedTuple


class Share(NamedTuple):
    """``of`` judged lines, ``found`` of them as asked; ``low`` and ``high`` bound the share."""

    found: int
    of: int
    low: float
    high: float

    def __str__(self) -> str:
        share = self.found / self.of if self.of else float("nan")
        return f"{self.found} of {self.of}: {share:.1%} ({self.low:.1%} to {self.high:.1%})"


def share(found: int, of: int) -> Share:
    """A share with its Wilson interval; nothing judged bounds nothing."""
    if of == 0:
        return Share(0, 0, 0.0, 1.0)
    z, p = 1.959964, found / of
    centre = (p + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return Share(found, of, max(0.0, centre - reach), min(1.0, centre + reach))


class Judged(NamedTuple):
    """A line: whether the engine flagged it, and what a person says of it: ok, proof (needs one) or breach."""

    flagged: bool
    verdict: str


def false_alarms(lines: Iterable[Judged]) -> Share:
    """Of the flagged lines those with nothing to be said against them."""
    flagged = [line for line in lines if line.flagged]
    return share(sum(line.verdict == "ok" for line in flagged), len(flagged))


def missed(lines: Iterable[Judged]) -> Share:
    """Of the silent lines those that a person would have stopped at."""
    silent = [line for line in lines if not line.flagged]
    return share(sum(line.verdict != "ok" for line in silent), len(silent))
