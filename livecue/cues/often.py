"""How often would a rule have fired? The same detectors, run over the minutes of past shows."""

from collections.abc import Iterable, Sequence
from itertools import groupby

import msgspec

from livecue.cues.detect import DETECTORS
from livecue.cues.presets import Preset
from livecue.cues.scene import Heard, Scene, Signal, Suspended
from livecue.metrics import Reading
from livecue.reference import METRICS
from livecue.sales import SalesPicture
from livecue.shows import ShowsPicture
from livecue.store import Reader

_MINUTE = 60_000
_MINUTES_IN = {"1m": 1, "5m": 5, "15m": 15}
_FROM_MINUTES = frozenset({"R001", "R004", "R005", "R007", "R011", "R012", "R013", "R014", "R018", "R019"})
"""Rules that need nothing but minutes; the others need a rundown, stock or words, which are not kept by the minute."""


class MinutePast(msgspec.Struct, frozen=True):
    """A row of ``minute_readings``; ``minute`` is its start in room ms."""

    show: str
    minute: int
    metric: str
    scope: str
    value: float | None
    sample: int


def history_of(
    db: Reader, org: str, brand: str, room: str, metrics: Sequence[str], shows: int = 30
) -> list[MinutePast]:
    """Minutes of the room's last ``shows`` shows, in order, of the given metrics and what they need."""
    places = ", ".join("?" * len(metrics))
    rows = db.rows(
        f"SELECT show, minute, metric, scope, value, sample FROM minute_readings"
        f" WHERE org = ? AND brand = ? AND room = ? AND metric IN ({places}) AND show IN"
        " (SELECT show FROM minute_readings WHERE org = ? AND brand = ? AND room = ? AND show <> ''"
        " GROUP BY show ORDER BY MAX(minute) DESC LIMIT ?) ORDER BY show, minute",
        (org, brand, room, *metrics, org, brand, room, shows),
    )
    return [MinutePast(*row) for row in rows]


def how_often(preset: Preset, history: Iterable[MinutePast]) -> dict[str, int | None]:
    """How many cues the preset would have given in each show of ``history`` (ordered by show and minute).

    None where nobody can tell: the figure was unknown in every minute, or the rule looks at more than figures.
    Gaps between cues of different rules are left out: this is the rule alone.
    """
    counts: dict[str, int | None] = {}
    for show, rows in groupby(history, key=lambda row: row.show):
        wanted = [row for row in rows if row.metric in preset.metrics]
        counts[show] = _fired(preset, wanted) if wanted and preset.rule in _FROM_MINUTES else None
    return counts


class _Past:
    """``Readings`` as they were at the end of one minute of a past show."""

    def __init__(self, rows: Sequence[MinutePast]) -> None:
        self.minutes = sorted({row.minute for row in rows})
        self._rows = {(row.metric, row.scope, row.minute): row for row in rows}
        self._products = {
            row.minute: row.scope.removeprefix("product:") for row in rows if row.scope.startswith("product:")
        }
        self.at = 0
        """Place of the newest full minute."""

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """The window's figure, put together from its minutes: counts add up, ratios are weighed by their samples."""
        span = self.minutes[: self.at + 1] if window == "show" else self._latest(_MINUTES_IN.get(window, 5))
        found = [row for minute in span if (row := self._rows.get((metric, scope, minute))) is not None]
        known = [(row.value, row.sample) for row in found if row.value is not None]
        sample = sum(weight for _, weight in known)
        if not known:
            return Reading(metric=metric, window=window, scope=scope, why="no_source")
        table = METRICS[metric.partition(".")[0]]
        if table.kind in ("count", "people") or table.unit == "money":
            value = sum(figure for figure, _ in known)
        elif not sample:
            return Reading(metric=metric, window=window, scope=scope, why="zero_denominator")
        else:
            value = sum(figure * weight for figure, weight in known) / sample
        return Reading(metric=metric, window=window, scope=scope, value=value, sample=sample)

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """The room's figure of the last minutes."""
        rows = [self._rows.get((metric, "room", minute)) for minute in self._latest(count)]
        series = [None if row is None else row.value for row in rows]
        return series if any(value is not None for value in series) else []

    def product(self) -> str:
        """The product that was being talked about: the only one whose minutes are kept."""
        return self._products.get(self.minutes[self.at], "")

    def _latest(self, count: int) -> list[int]:
        newest = self.minutes[self.at]
        return [
            minute
            for minute in self.minutes[max(0, self.at + 1 - count) : self.at + 1]
            if minute > newest - count * _MINUTE
        ]


def _fired(preset: Preset, rows: list[MinutePast]) -> int | None:
    detect = next(detector.detect for detector in DETECTORS if detector.rule == preset.rule)
    past = _Past(rows)
    fired, told = 0, False
    last: dict[str, int] = {}
    waiting: set[str] = set()
    """Subjects that have not recovered since they fired."""
    product, pitched_at = "", 0
    for place, minute in enumerate(past.minutes):
        past.at = place
        now = minute + _MINUTE
        if past.product() != product:
            product, pitched_at = past.product(), minute
        findings = detect(_scene(past, now, past.minutes[0], product, pitched_at), preset)
        told = told or any(not isinstance(item, Suspended) for item in findings)
        subjects = {item.subject for item in findings}
        waiting &= subjects
        for item in findings:
            if isinstance(item, Signal):
                cool = now - last.get(item.subject, -(1 << 62)) >= preset.value("cooldown_s") * 1000
                if item.subject not in waiting and cool:
                    fired += 1
                    last[item.subject] = now
                    waiting.add(item.subject)
            elif not isinstance(item, Suspended) and item.recovered:
                waiting.discard(item.subject)
    return fired if told else None


def _scene(past: _Past, now: int, began_at: int, product: str, pitched_at: int) -> Scene:
    shows = ShowsPicture(
        show="",
        title="",
        status="on_air",
        starts_at=began_at,
        started_at=began_at,
        ended_at=0,
        segment="",
        segment_started_at=0,
        version=1,
        segments=[],
        pinned=product,
        pinned_at=pitched_at,
        listed={},
        products=[],
        offers=[],
        draws=[],
        last_draw_at=0,
        goals={},
        stream="live",
        feeds={},
        carried=[],
    )
    return Scene(
        now=now,
        readings=past,
        shows=shows,
        sales=SalesPicture(stock=[], unpaid=0, paid=0, refunds=0, mismatches=0),
        heard=Heard(),
    )
