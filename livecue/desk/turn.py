"""One decision of the desk: a working copy of what is kept, changed by the events of a run, then frozen again."""

from collections.abc import Mapping, Sequence

import msgspec

from livecue.desk import tables
from livecue.desk.likeness import Others, cluster_of
from livecue.desk.products import Lineup
from livecue.desk.state import (
    BUCKET_MS,
    JUDGED,
    MOST_ASKERS,
    MOST_CLOSED,
    MOST_CLUSTERS,
    MOST_WAITING,
    Cluster,
    DeskState,
    JudgedView,
    Kept,
    Waiting,
    bounds_of,
    place_of,
)
from livecue.desk.triage import Judgement, judge
from livecue.errors import BadInput
from livecue.events import (
    SPEECH_FEED,
    CommandApplied,
    CommandRefused,
    CommentJudged,
    CommentPosted,
    Event,
    ProductCard,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpeechHeard,
    TextFlagged,
    ThresholdSet,
)
from livecue.flow import Unit
from livecue.reference import DESK, Threshold, checked_desk
from livecue.shows import ShowsPicture

HOWS = ("host", "reply", "private", "ignored")
_ALONE = "auto"
"""Answered in public by the desk itself: announced, never asked for by anybody."""
_PUBLIC = ("host", "reply", _ALONE)
"""Answers that everybody hears who asked the same."""
_QUIET = ("chat", "intent")
"""Labels whose text nobody needs again: it stands in the comment itself."""
_MOST_FLAGS = 5


def running_show(shows: ShowsPicture) -> str:
    """The show that is on air, else ""."""
    return shows.show if shows.status == "on_air" else ""


def same_lineup(products: Sequence[ProductCard], listed: Mapping[str, int], shows: ShowsPicture) -> bool:
    """Whether the ledger of shows still offers the same under the same numbers."""
    return listed == shows.listed and list(products) == shows.products


def wants_more(waiting: Mapping[str, Waiting], beyond: Mapping[int, int]) -> bool:
    """Whether questions that wait as rows are to be taken into memory: many at once, not one for each answer."""
    return bool(beyond) and len(waiting) <= MOST_WAITING // 2


def due(kept: Kept, shows: ShowsPicture | None, now: int) -> bool:
    """Whether a tick has anything to do: most have not, and there are four a second in every room."""
    if now // BUCKET_MS != kept.span or wants_more(kept.waiting, kept.beyond):
        return True
    return shows is not None and (
        kept.show != running_show(shows)
        or kept.pinned != shows.pinned
        or not same_lineup(kept.products, kept.listed, shows)
    )


class Turn:
    """Mutable while it lasts; ``state`` freezes it. Nothing of the old state is changed."""

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

    # What viewers say.

    def comments(self, comments: Sequence[CommentPosted]) -> None:
        """Judge, each once; ``pinned`` and the lineup are those of this moment."""
        texts = [comment.text for comment in comments]
        told = self._recalled(comments) or judge(texts, self._lineup, self.pinned, self._bounds)
        for comment, said in zip(comments, told, strict=True):
            self._take(comment, said)
        for comment, said in zip(comments[-JUDGED:], told[-JUDGED:], strict=True):
            self.judged[comment.key] = JudgedView(
                said.label, said.topic, said.product, said.confidence, said.hide != "", said.hide, said.for_host
            )
        if len(self.judged) > JUDGED:
            self.judged = dict(list(self.judged.items())[-JUDGED:])

    def _recalled(self, comments: Sequence[CommentPosted]) -> list[Judgement]:
        """What was said of them then, when a room is rebuilt that another model judged; else nothing."""
        if self._unit.recorded is None:
            return []
        then = {event.comment: event for event in self._unit.recorded if isinstance(event, CommentJudged)}
        if any(comment.key not in then for comment in comments):
            return []
        said = [then[comment.key] for comment in comments]
        return [Judgement(e.label, e.topic, e.product, e.confidence, e.for_host, e.reason) for e in said]

    def _take(self, comment: CommentPosted, told: Judgement) -> None:
        key, now, room = comment.key, self._unit.now, self._room
        label, hide = told.label, told.hide
        quiet = label in _QUIET and not hide
        self._said.append(
            CommentJudged(
                comment=key,
                label=label,
                text="" if quiet else comment.text,
                user="" if quiet else comment.user,
                product=told.product,
                topic=told.topic,
                confidence=told.confidence,
                hidden=hide != "",
                for_host=told.for_host,
                when=now,
                reason=hide,
            )
        )
        self._judgements.append(
            (
                room.org, room.brand, room.room, self.show, now, key,
                label, told.topic, told.product, told.confidence, hide, told.for_host,
            )
        )  # fmt: skip
        self.counts[label] = self.counts.get(label, 0) + 1
        if label == "question":
            self._ask(comment, told)

    def _ask(self, comment: CommentPosted, told: Judgement) -> None:
        now, room, topic, product = self._unit.now, self._room, told.topic, told.product
        name = cluster_of(
            comment.key, comment.text, topic, product, self.clusters, self._others, self._bounds.like_from
        )
        cluster = self._cluster(name) or Cluster(topic, product, comment.text, now, {}, {})
        if name not in self.clusters:
            self._make_place()
            self.clusters[name] = cluster
            self._own.add(name)
            self._others.add(name, cluster)
        span = now // BUCKET_MS
        user = comment.user
        if not user or user not in cluster.askers:
            cluster.counts[span] = cluster.counts.get(span, 0) + 1
        if user and (user in cluster.askers or len(cluster.askers) < MOST_ASKERS):
            cluster.askers.setdefault(user, span)
        self._questions.append(
            (
                room.org, room.brand, room.room, self.show, now, comment.key,
                topic, product, name, comment.text, told.for_host,
            )
        )  # fmt: skip
        if told.hide:
            return
        # Whoever asks while others wait as rows waits behind them: the oldest come first.
        if self.beyond or len(self.waiting) >= MOST_WAITING:
            self._count_beyond(now, 1)
        else:
            self.waiting[comment.key] = Waiting(name, comment.text, topic, product, told.for_host, now, self.show)

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

    def _cluster(self, name: str) -> Cluster | None:
        """The cluster, as a copy of this turn's own that may be filled."""
        cluster = self.clusters.get(name)
        if cluster is not None and name not in self._own:
            cluster = msgspec.structs.replace(cluster, counts=dict(cluster.counts), askers=dict(cluster.askers))
            self.clusters[name] = cluster
            self._own.add(name)
        return cluster

    def _make_place(self) -> None:
        if len(self.clusters) < MOST_CLUSTERS:
            return
        # The quarter nobody asked for longest goes at once: one look over all of them for many new ones.
        clusters = self.clusters
        # Spans are counted in the order of time: the last one is the newest.
        newest = sorted((next(reversed(cluster.counts), 0), name) for name, cluster in clusters.items())
        for _, name in newest[: MOST_CLUSTERS // 4]:
            del clusters[name]
        self._others.clear()

    # What the team and its tools say.

    def flagged(self, event: TextFlagged) -> None:
        """Compliance marks a comment: the judgement beside it shows the word."""
        view = self.judged.get(event.subject) if event.where == "comment" else None
        if view is not None and event.word not in view.flagged and len(view.flagged) < _MOST_FLAGS:
            self.judged[event.subject] = msgspec.structs.replace(view, flagged=(*view.flagged, event.word))

    def answered(self, event: QuestionAnswered) -> None:
        """A person dealt with a comment; a public answer is one to all who wait with the same question."""
        item = self._waits(event.comment)
        refused = self._refusal(event, item)
        if refused is not None:
            self._said.append(refused)
            return
        self._said.append(CommandApplied(command=event.command))
        self._close(event.comment, item, event)
        if item is None or event.how not in _PUBLIC:
            self._forget_closed()
            return
        alike = {comment: other for comment, other in self.waiting.items() if other.cluster == item.cluster}
        if self.beyond:
            alike |= self._rows(tables.ASKED_ALIKE, item.cluster)
        for comment, other in alike.items():
            self._close(comment, other, event)
            # Who counts waits hears of each comment by the same word as of the one a person answered.
            self._said.append(QuestionAnswered(comment=comment, how=event.how, by=event.by))
        self._forget_closed()
        self.clusters.pop(item.cluster, None)
        self._others.clear()

    def _refusal(self, event: QuestionAnswered, item: Waiting | None) -> CommandRefused | None:
        if event.how not in HOWS and (event.how != _ALONE or event.command):
            return CommandRefused(command=event.command, code="bad_how", why=f"how is one of {', '.join(HOWS)}")
        if event.comment in self.closed:
            return CommandRefused(
                command=event.command, code="already_answered", why="somebody has dealt with this comment already"
            )
        if item is None and event.comment not in self.judged:
            return CommandRefused(
                command=event.command,
                code="unknown_comment",
                why="this comment is not among the newest and does not wait for an answer; answer it on the platform",
            )
        return None

    def _close(self, comment: str, item: Waiting | None, event: QuestionAnswered) -> None:
        state = "ignored" if event.how == "ignored" else "answered"
        if item is not None:
            if self.waiting.pop(comment, None) is None:
                self._count_beyond(item.when, -1)
            self._closings.append(
                (state, event.how, self._unit.now, event.by, self._room.room, item.show, item.when, comment)
            )
            self.counts[state] = self.counts.get(state, 0) + 1
        self.closed[comment] = state

    def _forget_closed(self) -> None:
        for old in list(self.closed)[:-MOST_CLOSED]:
            del self.closed[old]

    def shelf(self, event: ProductPinned | ProductUnpinned | ProductListed | ProductDelisted) -> None:
        """The platform shows, lists or takes away a product."""
        if isinstance(event, ProductPinned):
            self.pinned = event.product
        elif isinstance(event, ProductUnpinned):
            if self.pinned == event.product:
                self.pinned = ""
        else:
            listed = {product: number for product, number in self.listed.items() if product != event.product}
            if isinstance(event, ProductListed) and event.number:
                listed = {product: number for product, number in listed.items() if number != event.number}
                listed[event.product] = event.number
            self._set_lineup(self.products, listed)

    def speech(self, event: SpeechHeard | SourceGone | SourceBack) -> None:
        """Whether somebody listens to the host."""
        if isinstance(event, SpeechHeard):
            self.speech_at = self._unit.now
        elif event.feed == SPEECH_FEED:
            self.speech_at = self._unit.now if isinstance(event, SourceBack) else 0

    def threshold(self, event: ThresholdSet) -> None:
        """Somebody set the desk's bounds. Who keeps every threshold answers; what is refused there changes nothing."""
        if event.rule != DESK:
            return
        item = Threshold(
            rule=event.rule, values=tuple(sorted(event.values.items())), preset=event.preset, category=event.category,
            off=event.off, valid_from=event.valid_from or self._unit.now,
            scope=event.scope,  # type: ignore[arg-type]  # checked below
            platform=event.platform, reset=event.reset, undoes=event.undoes, command=event.command,
        )  # fmt: skip
        if item.undoes and not any(known.command == item.undoes for known in self.thresholds):
            return
        try:
            checked_desk(item, place_of(self._room))
        except BadInput:
            return
        self.thresholds = (*self.thresholds, item)
        self._bounds, self._until = bounds_of(self._room, self.thresholds, self._unit.now)

    # Time.

    def ticked(self, now: int, shows: ShowsPicture | None) -> None:
        """Take over what the ledger of shows says; forget what is too old."""
        if shows is not None:
            self._follow(shows)
        span = now // BUCKET_MS
        if span != self.span:
            self.span = span
            self._forget(now)
        if wants_more(self.waiting, self.beyond):
            self._take_in()

    def _follow(self, shows: ShowsPicture) -> None:
        show = running_show(shows)
        if show != self.show:
            self.show = show
            self.waiting, self.beyond, self.clusters, self.counts = {}, {}, {}, {}
            self._own.clear()
            self._others.clear()
        self.pinned = shows.pinned
        if not same_lineup(self.products, self.listed, shows):
            self._set_lineup(tuple(shows.products), dict(shows.listed))

    def _forget(self, now: int) -> None:
        for comment, item in list(self.waiting.items()):
            if now - item.when <= self._bounds.forget_s * 1000:
                break
            del self.waiting[comment]
        end = int(now - self._bounds.forget_s * 1000)
        self.beyond = {span: count for span, count in self.beyond.items() if (span + 1) * BUCKET_MS > end}
        oldest = int(now - self._bounds.hot_s * 1000) // BUCKET_MS + 1
        for name, cluster in list(self.clusters.items()):
            if any(span < oldest for span in cluster.counts):
                self._thin(name, cluster, oldest)

    def _thin(self, name: str, cluster: Cluster, oldest: int) -> None:
        counts = {span: count for span, count in cluster.counts.items() if span >= oldest}
        if not counts:
            del self.clusters[name]
            self._others.clear()
            return
        self.clusters[name] = msgspec.structs.replace(
            cluster,
            counts=counts,
            askers={user: span for user, span in cluster.askers.items() if span >= oldest},
            since=max(cluster.since, min(counts) * BUCKET_MS),
        )
        self._own.add(name)

    def _set_lineup(self, products: tuple[ProductCard, ...], listed: dict[str, int]) -> None:
        self.products, self.listed = products, listed
        self._lineup = Lineup(products, listed)
