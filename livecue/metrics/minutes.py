"""The figure of every metric in each of the last 120 full minutes."""

import math
from array import array
from collections.abc import Sequence

import msgspec

MINUTE_MS = 60_000
KEPT = 120
_UNKNOWN = math.nan


class Minutes(msgspec.Struct):
    """One packed row of doubles per minute, in the order of ``metrics``; NaN is unknown."""

    metrics: list[str] = []
    last: int = 0
    """Number of the newest minute (room time // 60 s)."""
    rows: list[bytes] = []

    def add(self, minute: int, metrics: Sequence[str], values: Sequence[float | None] | None) -> None:
        """The figures of a full minute; None when nothing was heard in it."""
        if self.metrics != list(metrics):
            self.metrics, self.rows = list(metrics), []
        missed = minute - self.last - 1 if self.rows else 0
        if missed:
            unknown = array("d", [_UNKNOWN] * len(metrics)).tobytes()
            self.rows.extend([unknown] * min(missed, KEPT))
        kept = [_UNKNOWN] * len(metrics) if values is None else [_UNKNOWN if v is None else v for v in values]
        self.rows.append(array("d", kept).tobytes())
        del self.rows[:-KEPT]
        self.last = minute

    def of(self, metric: str, count: int) -> list[float | None]:
        """The last ``count`` figures of a metric, oldest first."""
        if metric not in self.metrics or count <= 0:
            return []
        place = self.metrics.index(metric) * 8
        series = []
        for row in self.rows[-count:]:
            value = array("d", row[place : place + 8])[0]
            series.append(None if math.isnan(value) else value)
        return series

    def starts(self, count: int) -> list[int]:
        """Room ms at which each of the last ``count`` minutes began."""
        number = min(count, len(self.rows))
        return [(self.last - number + 1 + place) * MINUTE_MS for place in range(number)]
