"""The working copy of what is kept of a room, and the questions that wait as rows."""

from livecue.desk import tables
from livecue.desk.likeness import Others
from livecue.desk.products import Lineup
from livecue.desk.state import BUCKET_MS, MOST_WAITING, DeskState, Kept, Waiting
from livecue.events import Event, ProductCard
from livecue.flow import Unit


class Rows:
    """Mutable while it lasts. Nothing of the old state is changed."""

    def __init__(self, old: DeskState, unit: Unit) -> None:
        kept = old.kept
        self._lineup, self._room, self._unit = old.lineup, old.room, unit
        self.pinned, self.listed, self.products, self.show = kept.pinned, kept.listed, kept.products, kept.show
        self.judged, self.waiting, self.closed = dict(kept.judged), dict(kept.waiting), dict(kept.closed)
        self.clusters, self.counts = dict(kept.clusters), dict(kept.counts)
        self.beyond = dict(kept.beyond)
        self.speech_at, self.span = kept.speech_at, kept.span
        self.thresholds = kept.thresholds
        self._bounds, self._until = old.bounds_at(unit.now)
        self._own: set[str] = set()
        self._others = Others()
        self._said: list[Event] = []
        self._judgements: list[tuple[object, ...]] = []
        self._questions: list[tuple[object, ...]] = []
        self._closings: list[tuple[object, ...]] = []

    def state(self) -> DeskState:
        """Write and announce what was decided; the next state."""
        self._write()
        if self._said:
            self._unit.announce(*self._said)
        kept = Kept(
            show=self.show,
            pinned=self.pinned,
            products=self.products,
            listed=self.listed,
            judged=self.judged,
            waiting=self.waiting,
            beyond=self.beyond,
            closed=self.closed,
            clusters=self.clusters,
            counts=self.counts,
            speech_at=self.speech_at,
            span=self.span,
            thresholds=self.thresholds,
        )
        return DeskState(self._room, kept, self._lineup, self._bounds, self._until)

    def _write(self) -> None:
        unit = self._unit
        if self._judgements:
            unit.write_many(tables.SAVE_JUDGEMENT, self._judgements)
        if self._questions:
            unit.write_many(tables.SAVE_QUESTION, self._questions)
        if self._closings:
            unit.write_many(tables.CLOSE_QUESTION, self._closings)
        self._judgements, self._questions, self._closings = [], [], []

    # Questions that wait as rows.

    def _count_beyond(self, asked_at: int, by: int) -> None:
        span = asked_at // BUCKET_MS
        left = self.beyond.get(span, 0) + by
        if left > 0:
            self.beyond[span] = left
        else:
            self.beyond.pop(span, None)

    def _rows(self, statement: str, *values: object) -> dict[str, Waiting]:
        """Questions of the show that wait as rows, by comment; what this turn decided is written before it is asked."""
        self._write()
        since = self._unit.now - int(self._bounds.forget_s * 1000)
        return {
            str(comment): Waiting(cluster, text, topic, product, bool(for_host), asked_at, self.show)
            for comment, cluster, text, topic, product, for_host, asked_at in self._unit.ask(
                statement, (self._room.room, self.show, since, *values)
            )
            if comment not in self.waiting
        }

    def _waits(self, comment: str) -> Waiting | None:
        """The question that waits, in memory or as a row."""
        item = self.waiting.get(comment)
        if item is None and self.beyond:
            item = self._rows(tables.ASKED_ONE, comment).get(comment)
        return item

    def _take_in(self) -> None:
        """The oldest that wait as rows come into memory. On a tick only: however the stream was cut, the same ones."""
        found = self._rows(tables.OLDEST_ASKED, MOST_WAITING)
        if not found:
            self.beyond = {}
        for comment, item in list(found.items())[: MOST_WAITING - len(self.waiting)]:
            self.waiting[comment] = item
            self._count_beyond(item.when, -1)

    def _set_lineup(self, products: tuple[ProductCard, ...], listed: dict[str, int]) -> None:
        self.products, self.listed = products, listed
        self._lineup = Lineup(products, listed)
