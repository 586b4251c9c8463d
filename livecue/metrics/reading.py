"""One figure with everything a person needs to trust or doubt it, and who can be asked for figures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, Protocol, TypeAlias

import msgspec

Window: TypeAlias = Literal["1m", "5m", "15m", "segment", "show"]

WINDOWS_MS: dict[str, int] = {"1m": 60_000, "5m": 300_000, "15m": 900_000}
"""The rolling windows: exactly this long, ending at the last full 5 s of room time."""

MASKED = "masked_users"
"""The people cannot be told apart, so people cannot be counted."""
NO_SOURCE = "no_source"
"""Nothing that tells this ever spoke in this room."""
ZERO = "zero_denominator"
"""There was nothing to divide by."""
STALE = "stale"
"""What tells this is gone or silent, or was for a part of the window."""
EARLY = "too_early"
"""The window holds too little time yet."""
MIXED = "mixed_currency"
"""Orders in another currency than the room's are among them."""
NO_GOAL = "no_goal"
"""The plan of the show sets no target for it."""
UNDEFINED = "not_defined"
"""The metric has no meaning for this scope or window, or there is no such metric."""

REASONS = (MASKED, NO_SOURCE, ZERO, STALE, EARLY, MIXED, NO_GOAL, UNDEFINED)
"""Every code of ``Reading.why``."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One metric over one window of one scope. ``value`` None is unknown, ``why`` says by which code; never 0 instead.

    ``scope``: "room", "segment:<id>", "product:<id>" or "source:<via>". ``sample`` is the denominator or the
    count behind the figure (of the metric's own rule for small samples). ``at`` is the room time (ms) of the
    newest input, 0 when there is none; ``source`` is who told it. Money is in minor units of the room's currency.
    """

    metric: str
    window: str = "5m"
    scope: str = "room"
    value: float | None = None
    unit: str = ""
    sample: int = 0
    num: float | None = None
    den: float | None = None
    at: int = 0
    source: str = ""
    why: str = ""


class Readings(Protocol):
    """Whoever can be asked for figures: the live picture, or a table in a test."""

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """The figure, or an unknown one with its reason; never raises."""
        ...

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """The room's figure of each of the last full minutes, oldest first; at most ``count``."""
        ...


class StaticReadings:
    """Figures fixed beforehand, for tests of rules: what was not given is unknown (``no_source``)."""

    def __init__(
        self, readings: Iterable[Reading] = (), minutes: Mapping[str, Sequence[float | None]] | None = None
    ) -> None:
        self._readings = {(item.metric, item.window, item.scope): item for item in readings}
        self._minutes = {metric: list(series) for metric, series in (minutes or {}).items()}

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """The figure given for exactly this window and scope."""
        unknown = Reading(metric=metric, window=window, scope=scope, why=NO_SOURCE)
        return self._readings.get((metric, window, scope), unknown)

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """The last ``count`` of the given series."""
        return self._minutes.get(metric, [])[-count:] if count > 0 else []
