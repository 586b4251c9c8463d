"""What others see of the figures: readings made when asked for, and the part the screens draw."""

import msgspec

from livecue.metrics.board import Board
from livecue.metrics.counter import State
from livecue.metrics.definitions import DEFINITIONS, Definition
from livecue.metrics.evaluate import Accounts, evaluate
from livecue.metrics.figures import Figures, read_question
from livecue.metrics.minutes import KEPT
from livecue.metrics.reading import NO_SOURCE, UNDEFINED, WINDOWS_MS, Reading
from livecue.metrics.spans import Span, span_of
from livecue.metrics.talks import Showcase, showcase_of
from livecue.metrics.tellers import Teller

TILES: tuple[str, ...] = (
    "M01", "M02", "M03", "M04", "M05", "M06", "M07", "M08", "M09", "M10", "M10.view", "M13", "M14", "M19", "M20", "M21",
    "M23", "M25", "M25.likes", "M25.comments", "M25.shares", "M25.gifts", "M25.questions", "M25.complaints",
    "M26", "M27", "M27.people", "M28", "M28.clicks", "M28.exposures", "M30", "M31", "M32", "M33", "M34", "M35", "M38",
    "M40", "M40.orders", "M41", "M41.orders", "M41.units", "M41.buyers", "M42", "M44", "M45", "M46", "M48",
    "M50", "M51", "M52", "M59", "M77", "M79", "M86", "M93", "M94",
)  # fmt: skip
"""Figures of the room on the screens, over the show and the last 5 minutes."""
SEGMENT_ROWS = ("M03", "M04", "M07", "M08", "M19", "M25.comments", "M28", "M34", "M41", "M41.orders", "M44", "M45")
PRODUCT_ROWS = ("M28.clicks", "M28", "M33", "M34", "M38", "M41", "M41.orders", "M41.units", "M50", "M59")
SOURCE_ROWS = ("M03", "M04", "M12", "M35", "M41", "M41.orders", "M44", "M45")
_PRODUCTS_SHOWN = 60
_MINUTES_SHOWN = 60


class MinuteRow(msgspec.Struct, frozen=True):
    """One full minute of the chart; ``t`` is its start (room ms), None is unknown. Money in minor units."""

    t: int
    online: float | None
    views: float | None
    viewers: float | None
    comments: float | None
    likes: float | None
    follows: float | None
    clicks: float | None
    orders: float | None
    paid: float | None
    gmv: float | None


_CHART = (
    "M06", "M03", "M04", "M25.comments", "M25.likes", "M21.count", "M28.clicks", "M40.orders", "M41.orders", "M41",
)  # fmt: skip
"""The metrics of ``MinuteRow`` after ``t``, in order."""


class MetricsScreen(msgspec.Struct, frozen=True):
    """What the screens draw. ``tiles`` hold each metric over "show" and over "5m"; the rest is over the show."""

    now: int
    show: str
    began_at: int
    ended_at: int
    talking: str
    """The product whose talk goes on, "" when none does."""
    tiles: list[Reading]
    segments: dict[str, list[Reading]]
    products: dict[str, list[Reading]]
    sources: dict[str, list[Reading]]
    minutes: list[MinuteRow]


Key = tuple[str, str, str]


class ReadingMaker:
    """Makes readings, and keeps them for as long as they hold.

    Those of rolling windows hold for one bucket of 5 s, all others until the next fold (``version``). So what was
    asked before, or by whom, never changes an answer.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self.version = 0
        self._live = _Kept()
        self._rolling = _Kept()
        self._tables: tuple[tuple[int, ...], tuple[dict[str, list[Reading]], ...]] | None = None

    def reading(self, metric: str, window: str, scope: str) -> Reading:
        """The figure as of now."""
        board = self._state.board
        definition = DEFINITIONS.get(metric)
        if board is None or definition is None:
            return Reading(metric=metric, window=window, scope=scope, why=UNDEFINED if board else NO_SOURCE)
        rolling = window in WINDOWS_MS and not definition.momentary and not scope.startswith("segment:")
        kept = self._rolling if rolling else self._live
        kept.hold((board.began_at, board.bucket, board.ended_at) if rolling else (self.version, board.now))
        found = kept.readings.get((metric, window, scope))
        if found is None:
            found = kept.readings[metric, window, scope] = self._make(board, definition, window, scope, kept)
        return found

    def _make(self, board: Board, definition: Definition, window: str, scope: str, kept: "_Kept") -> Reading:
        reach = "show" if definition.momentary and window in WINDOWS_MS else window
        key = (reach, window, scope)
        span = kept.spans.get(key)
        if span is None:
            span = span_of(board, reach, scope)
            if isinstance(span, Span):
                span.window, span.scope = window, scope
            kept.spans[key] = span
        if isinstance(span, str):
            return Reading(metric=definition.id, window=window, scope=scope, unit=definition.unit, why=span)
        if kept.tellers is None:
            kept.tellers = list(self._state.tellers.known.values())
        return evaluate(definition, span, board.frozen if span.rolling else kept.tellers, kept.accounts)

    def tables(self, board: Board) -> tuple[dict[str, list[Reading]], ...]:
        """Segments, products and sources for the screens, made anew once in 5 s and when the show turns."""
        at = (board.began_at, board.bucket, board.ended_at, board.stretch)
        if self._tables is None or self._tables[0] != at:
            segments = list(dict.fromkeys([*board.segments, board.segment]))
            self._tables = (
                at,
                (
                    self._rows("segment:", [name for name in segments if name], SEGMENT_ROWS),
                    self._rows("product:", _shown_products(board), PRODUCT_ROWS),
                    self._rows(
                        "source:",
                        [source.via for source in board.sources if _heard_of(source.tally.totals)],
                        SOURCE_ROWS,
                    ),
                ),
            )
        return self._tables[1]

    def _rows(self, scope: str, names: list[str], metrics: tuple[str, ...]) -> dict[str, list[Reading]]:
        return {name: [self.reading(metric, "show", scope + name) for metric in metrics] for name in names}


class _Kept:
    """Readings and spans that hold until ``at`` changes."""

    __slots__ = ("accounts", "at", "readings", "spans", "tellers")

    def __init__(self) -> None:
        self.at: tuple[int, ...] = ()
        self.readings: dict[Key, Reading] = {}
        self.spans: dict[Key, Span | str] = {}
        self.tellers: list[Teller] | None = None
        self.accounts: Accounts = {}

    def hold(self, at: tuple[int, ...]) -> None:
        """Forget everything that held at another moment."""
        if at != self.at:
            self.at = at
            self.readings, self.spans, self.tellers, self.accounts = {}, {}, None, {}


def _heard_of(totals: list[int]) -> bool:
    return any(totals)


def _shown_products(board: Board) -> list[str]:
    """The ones with most clicks and orders first, when there are too many for a table."""
    if len(board.products) <= _PRODUCTS_SHOWN:
        return list(board.products)
    ranked = sorted(board.products.values(), key=lambda item: (-sum(item.tally.totals[:4]), item.product))
    return [item.product for item in ranked[:_PRODUCTS_SHOWN]]


class MetricsPicture:
    """The figures of one room as of now: for deciders ``reading`` and ``minutes_of``, for the screens ``screen``.

    It looks into the live counters, so it says what holds when it is asked; what it says of rolling windows
    changes only when 5 s of room time are over.
    """

    __slots__ = ("_maker", "_state", "now")

    def __init__(self, state: State, maker: ReadingMaker, now: int) -> None:
        self._state = state
        self._maker = maker
        self.now = now

    def reading(self, metric: str, window: str = "5m", scope: str = "room") -> Reading:
        """See ``Readings.reading``."""
        return self._maker.reading(metric, window, scope)

    def minutes_of(self, metric: str, count: int) -> list[float | None]:
        """See ``Readings.minutes_of``; at most 120."""
        board = self._state.board
        return [] if board is None else board.minutes.of(metric, min(count, KEPT))

    def showcase(self, product: str) -> Showcase | None:
        """M39: orders around start and end of a product's talks; None when there was no talk of it."""
        board = self._state.board
        found = None if board is None else board.products.get(product)
        return showcase_of(found) if found is not None and found.talks else None

    def asked(self, words: str) -> Figures:
        """The answer to a ``figures_question``: every metric, known or not."""
        window, scope = read_question(words)
        board = self._state.board
        figures = [self.reading(metric, window, scope) for metric in DEFINITIONS]
        if board is None:
            return Figures(now=self.now, window=window, scope=scope, figures=figures)
        product = scope.removeprefix("product:") if scope.startswith("product:") else ""
        return Figures(
            now=board.now,
            show=board.show,
            began_at=board.began_at,
            ended_at=board.ended_at,
            window=window,
            scope=scope,
            segments=[name for name in dict.fromkeys([*board.segments, board.segment]) if name],
            products=list(board.products),
            sources=[source.via for source in board.sources if _heard_of(source.tally.totals)],
            figures=figures,
            showcase=self.showcase(product) if product else None,
        )

    def screen(self) -> MetricsScreen:
        """What the screens draw, ready for JSON."""
        board = self._state.board
        if board is None:
            return MetricsScreen(self.now, "", 0, 0, "", [], {}, {}, {}, [])
        tiles = [self.reading(metric, window) for metric in TILES for window in ("show", "5m")]
        segments, products, sources = self._maker.tables(board)
        starts = board.minutes.starts(_MINUTES_SHOWN)
        series = [board.minutes.of(metric, len(starts)) for metric in _CHART]
        minutes = [MinuteRow(start, *values) for start, *values in zip(starts, *series, strict=True)]
        return MetricsScreen(
            now=self.now,
            show=board.show,
            began_at=board.began_at,
            ended_at=board.ended_at,
            talking=board.talking,
            tiles=tiles,
            segments=segments,
            products=products,
            sources=sources,
            minutes=minutes,
        )
