"""The parts of a formula: what is summed, whom it counts, and what the sources must have told for it."""

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from livecue.metrics.columns import AMOUNTS, COLUMN_KINDS, CROWD_KINDS
from livecue.metrics.online import UNTOLD
from livecue.metrics.reading import EARLY, MASKED, MIXED, NO_GOAL, STALE, UNDEFINED
from livecue.metrics.spans import Span, span_of

Needs: TypeAlias = tuple[tuple[str, ...], ...]
Found: TypeAlias = int | str
"""A number, or the code why there is none."""


class Input(Protocol):
    """One side of a formula."""

    def needs(self, span: Span | None) -> Needs:
        """Groups of kinds of input, of each of which somebody must have told at least one."""
        ...

    def of(self, span: Span) -> Found:
        """The number over the span, or why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Sum:
    """Columns added up. With ``anyone``, one of their kinds being told is enough."""

    columns: tuple[str, ...]
    anyone: bool = False

    def needs(self, span: Span | None) -> Needs:
        groups = tuple(COLUMN_KINDS[column] for column in self.columns if COLUMN_KINDS[column])
        return (tuple(kind for group in groups for kind in group),) if self.anyone else groups

    def of(self, span: Span) -> Found:
        total = 0
        for column in self.columns:
            value = span.sum(column)
            if value is None:
                return UNDEFINED
            if column in AMOUNTS and span.sum("foreign"):
                return MIXED
            total += value
        return total


@dataclass(frozen=True, slots=True)
class Less:
    """One column less another."""

    column: str
    less: str

    def needs(self, span: Span | None) -> Needs:
        return (COLUMN_KINDS[self.column], COLUMN_KINDS[self.less])

    def of(self, span: Span) -> Found:
        first, second = Sum((self.column,)).of(span), Sum((self.less,)).of(span)
        if isinstance(first, str):
            return first
        return second if isinstance(second, str) else first - second


@dataclass(frozen=True, slots=True)
class People:
    """Different people; unknown as soon as one of them was masked."""

    crowd: str

    def needs(self, span: Span | None) -> Needs:
        return (CROWD_KINDS[self.crowd],)

    def of(self, span: Span) -> Found:
        value = span.people(self.crowd)
        if value is None:
            return UNDEFINED
        return MASKED if span.sum("masked_" + self.crowd) else value


@dataclass(frozen=True, slots=True)
class Entered:
    """People who entered: the room where the scope is a product, the source where it is a traffic source."""

    def needs(self, span: Span | None) -> Needs:
        return (("enter",),)

    def of(self, span: Span) -> Found:
        return People("entered").of(span.base)


@dataclass(frozen=True, slots=True)
class Views:
    """Views: over the whole show the platform's counter where there is one, else the entries that were told."""

    def needs(self, span: Span | None) -> Needs:
        return (("enter",),) if platform_total(span, "views") is None else (("views",),)

    def of(self, span: Span) -> Found:
        told = platform_total(span, "views")
        return Sum(("entries",)).of(span.base) if told is None else told


@dataclass(frozen=True, slots=True)
class Viewers:
    """Viewers: over the whole show the platform's counter where there is one, else the different people who entered."""

    def needs(self, span: Span | None) -> Needs:
        return (("enter",),) if platform_total(span, "viewers") is None else (("viewers",),)

    def of(self, span: Span) -> Found:
        told = platform_total(span, "viewers")
        return People("entered").of(span.base) if told is None else told


@dataclass(frozen=True, slots=True)
class Platform:
    """The platform's own total since the show began; of no other span."""

    counter: str

    def needs(self, span: Span | None) -> Needs:
        return ((self.counter,),)

    def of(self, span: Span) -> Found:
        if span is not span.base or not span.whole:
            return UNDEFINED
        told = platform_total(span, self.counter)
        return STALE if told is None else told


@dataclass(frozen=True, slots=True)
class OnlineNow:
    """People in the room at this moment, whatever the window."""

    def needs(self, span: Span | None) -> Needs:
        return (("online", "leave"),)

    def of(self, span: Span) -> Found:
        if span.sum("online") is None:
            return UNDEFINED
        board = span.board
        now = board.online.now(board.now, board.people.in_room)
        return STALE if now == UNTOLD or board.ended_at else now


@dataclass(frozen=True, slots=True)
class Peak:
    """The most people in the room at once."""

    def needs(self, span: Span | None) -> Needs:
        return (("online", "leave"),)

    def of(self, span: Span) -> Found:
        if span.sum("online") is None:
            return UNDEFINED
        peak = span.peak()
        return STALE if peak == UNTOLD else peak


@dataclass(frozen=True, slots=True)
class OnlineBefore:
    """People in the room when the span began."""

    def needs(self, span: Span | None) -> Needs:
        return (("online", "leave"),)

    def of(self, span: Span) -> Found:
        if span.sum("online") is None or span.whole:
            return UNDEFINED
        online = span.first("online")
        if online is None:
            return EARLY
        return STALE if online == UNTOLD else online


@dataclass(frozen=True, slots=True)
class Grown:
    """Views of which we know that they lasted this long, or (``all_of``) that are old enough to know."""

    seconds: int
    all_of: bool = False

    def needs(self, span: Span | None) -> Needs:
        return (("enter",), ("leave",))

    def of(self, span: Span) -> Found:
        grown, left = span.sum(f"grown_{self.seconds}"), span.sum(f"left_{self.seconds}")
        if grown is None or left is None:
            return UNDEFINED
        if span.sum("masked_left"):
            return MASKED
        return grown if self.all_of else grown - left


@dataclass(frozen=True, slots=True)
class OfSource:
    """A column of one traffic source over the same span; the scope itself is the room."""

    via: str
    column: str

    def needs(self, span: Span | None) -> Needs:
        return (COLUMN_KINDS[self.column],)

    def of(self, span: Span) -> Found:
        if not span.window or span.scope != "room":
            return UNDEFINED
        source = span_of(span.board, span.window, "source:" + self.via)
        return source if isinstance(source, str) else Sum((self.column,)).of(source)


@dataclass(frozen=True, slots=True)
class OfRoom:
    """A column of the room over the same span; the scope itself is a traffic source."""

    column: str

    def needs(self, span: Span | None) -> Needs:
        return (COLUMN_KINDS[self.column],)

    def of(self, span: Span) -> Found:
        if not span.scope.startswith("source:"):
            return UNDEFINED
        room = span_of(span.board, span.window, "room")
        return room if isinstance(room, str) else Sum((self.column,)).of(room)


@dataclass(frozen=True, slots=True)
class Goal:
    """The target of this show's plan for a metric."""

    metric: str

    def needs(self, span: Span | None) -> Needs:
        return ()

    def of(self, span: Span) -> Found:
        if span is not span.base or not span.whole:
            return UNDEFINED
        return span.board.goals.get(self.metric, NO_GOAL)


def platform_total(span: Span | None, counter: str) -> int | None:
    """What the platform counted since the show began; None where it told nothing, or counts backwards."""
    if span is None or not span.base.whole:
        return None
    online = span.board.online
    told, base = (online.views, online.views_base) if counter == "views" else (online.viewers, online.viewers_base)
    return told - base if told != UNTOLD and told >= base else None
