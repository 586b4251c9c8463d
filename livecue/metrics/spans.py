"""One scope over one span of time: what every formula reads."""

from collections.abc import Callable, Mapping, Sequence

from livecue.metrics.board import Board, Source
from livecue.metrics.columns import PRODUCT, ROOM, SOURCE
from livecue.metrics.crowd import Crowd, count_of, together
from livecue.metrics.online import UNTOLD
from livecue.metrics.reading import EARLY, STALE, UNDEFINED, WINDOWS_MS
from livecue.metrics.talks import Product
from livecue.metrics.tally import BUCKET_MS, Tally

_PLACE = {window: place for place, window in enumerate(WINDOWS_MS)}


class Span:
    """Counts, people and peaks of one scope from ``since`` to ``until`` (room ms)."""

    __slots__ = (
        "_high", "_low", "_people", "_places", "base", "board", "peak", "rolling", "scope", "since", "until", "whole",
        "window",
    )  # fmt: skip

    def __init__(
        self,
        board: Board,
        places: Mapping[str, int],
        low: Sequence[int],
        high: Sequence[int],
        people: Callable[[str], int | None],
    ) -> None:
        self.board = board
        self._places, self._low, self._high, self._people = places, low, high, people
        self.base: Span = self
        """The span in which views and viewers are counted: a product's are those of the room."""
        self.window = ""
        self.scope = ""
        self.rolling = False
        self.whole = False
        """The room over the whole show: the platform's own totals may be used."""
        self.since = board.began_at
        self.until = board.now
        self.peak: Callable[[], int] = lambda: UNTOLD

    def sum(self, column: str) -> int | None:
        """The column over the span; None when the scope has no such column."""
        place = self._places.get(column)
        if place is None:
            return None
        low = self._low[place] if self._low else 0
        return (self._high[place] if self._high else 0) - low

    def first(self, column: str) -> int | None:
        """What the column stood at when the span began; None when it had not begun to count."""
        place = self._places.get(column)
        return None if place is None or not self._low else self._low[place]

    def people(self, crowd: str) -> int | None:
        """Different people of a crowd; None when the scope has no such crowd."""
        return self._people(crowd)


def span_of(board: Board, window: str, scope: str) -> Span | str:
    """The span, or the code why there is none."""
    kind, _, name = scope.partition(":")
    if window not in _PLACE and window not in ("segment", "show"):
        return UNDEFINED
    if kind == "room" and not name:
        return _room(board, window)
    if kind == "segment":
        return _segment(board, window, name)
    if kind == "product":
        return _part(board, window, board.products.get(name), PRODUCT, Product(name))
    if kind == "source":
        number = board.source_numbers.get(name)
        source = None if number is None else board.sources[number]
        return _part(board, window, source, SOURCE, Source(name, -1))
    return UNDEFINED


def _room(board: Board, window: str) -> Span | str:
    crowds, tally = board.crowds, board.room
    if window == "show":
        span = Span(board, ROOM, (), _with_extra(tally), lambda crowd: _total(crowds.get(crowd)))
        span.whole = True
        span.peak = lambda: board.online.peak
        return span
    if window == "segment":
        if not board.stretch:
            return EARLY
        span = Span(board, ROOM, tally.base, tally.totals, lambda crowd: _stretch(crowds.get(crowd), board.stretch))
        span.since = board.stretch_at
        span.peak = lambda: board.online.stretch_peak
        return span
    return _rolling(board, window, tally, crowds.get, ROOM)


def _rolling(
    board: Board,
    window: str,
    tally: Tally,
    crowd_of: Callable[[str], Crowd | None],
    places: Mapping[str, int],
) -> Span | str:
    if board.ended_at:
        return STALE
    end = board.bucket
    start = end - WINDOWS_MS[window] // BUCKET_MS
    if end <= board.began_at // BUCKET_MS:
        return EARLY
    which = _PLACE[window]

    def people(crowd: str) -> int | None:
        found = crowd_of(crowd)
        return None if found is None else found.window(which, end)

    span = Span(board, places, tally.before(start), tally.before(end), people)
    span.rolling = True
    span.since, span.until = max(start * BUCKET_MS, board.began_at), end * BUCKET_MS
    span.peak = lambda: board.online.peak_between(start, end)
    return span


def _part(
    board: Board, window: str, part: Product | Source | None, places: Mapping[str, int], empty: Product | Source
) -> Span | str:
    """A product or a traffic source; one that nothing was heard of has counted nothing."""
    found = part or empty
    tally = found.tally
    room = _room(board, window)
    if isinstance(room, str):
        return room

    def crowd_of(crowd: str) -> Crowd | None:
        return getattr(found, crowd, None) if "masked_" + crowd in places else None

    if window == "show":
        span = Span(board, places, (), _with_extra(tally), lambda crowd: _total(crowd_of(crowd)))
    elif window == "segment":
        low = tally.base if tally.stretch == board.stretch else tally.totals
        span = Span(board, places, low, tally.totals, lambda crowd: _stretch(crowd_of(crowd), board.stretch))
    else:
        rolling = _rolling(board, window, tally, crowd_of, places)
        if isinstance(rolling, str):
            return rolling
        span = rolling
    span.since, span.until, span.peak = room.since, room.until, lambda: UNTOLD
    if isinstance(found, Product):
        span.base = room
    return span


def _segment(board: Board, window: str, segment: str) -> Span | str:
    running = bool(segment) and segment == board.segment
    kept = board.segments.get(segment)
    if window in WINDOWS_MS:
        if not running:
            return STALE if kept else EARLY
        if board.now - board.stretch_at < WINDOWS_MS[window]:
            return EARLY
        return _room(board, window)
    if not running and kept is None:
        return EARLY
    room = _room(board, "segment")
    if running and kept is None:
        return room
    totals = list(kept.totals) if kept else []
    if running:
        totals = [old + new - base for old, new, base in zip(totals, board.room.totals, board.room.base, strict=True)]

    def people(crowd: str) -> int | None:
        found = board.crowds.get(crowd)
        if found is None:
            return None
        earlier = kept.people.get(crowd, b"") if kept else b""
        return count_of(together((earlier, found.those_in(board.stretch))) if running else earlier)

    span = Span(board, ROOM, (), totals, people)
    span.until = board.now if running else kept.ended_at if kept else 0
    span.since = kept.began_at if kept else board.stretch_at
    peak = max(kept.peak if kept else UNTOLD, board.online.stretch_peak if running else UNTOLD)
    span.peak = lambda: peak
    return span


def _with_extra(tally: Tally) -> Sequence[int]:
    if not tally.extra:
        return tally.totals
    return [value + more for value, more in zip(tally.totals, tally.extra, strict=True)]


def _total(crowd: Crowd | None) -> int | None:
    return None if crowd is None else crowd.total


def _stretch(crowd: Crowd | None, stretch: int) -> int | None:
    return None if crowd is None else crowd.in_stretch(stretch)
