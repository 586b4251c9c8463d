"""The ledger of figures: folds events into counters, shows them as a picture, keeps minutes and totals as rows."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import msgspec

from livecue import events as ev
from livecue.errors import BadInput
from livecue.events import ClockTicked, Event, decode_events, encode_events
from livecue.flow import RoomInfo, Unit, answered, await_answer
from livecue.metrics import many, money, running
from livecue.metrics.board import Board, board_at, from_plain, to_plain
from livecue.metrics.columns import SHAPE
from livecue.metrics.counter import Counter, State
from livecue.metrics.definitions import DEFINITIONS
from livecue.metrics.passing import pass_time
from livecue.metrics.picture import MetricsPicture, ReadingMaker
from livecue.metrics.rows import save_minute, save_past, save_totals
from livecue.metrics.tally import BUCKET_MS

Counts = Callable[[Counter, Any], None]

_COMMANDS: dict[type[Event], Counts] = {
    ev.ShowPlanned: running.show_planned,
    ev.RundownChanged: running.rundown_changed,
    ev.LineupChanged: running.lineup_changed,
    ev.ShowStarted: running.show_started,
    ev.ShowEnded: running.show_ended,
    ev.SegmentStarted: running.segment_started,
    ev.QuestionAnswered: running.question_answered,
}
"""What people ask for: it counts once its owner has applied it."""

_RECOVERED: dict[type[Event], Counts] = {
    ev.ViewerEntered: Counter.entry_recovered,
    ev.LikeGiven: Counter.like_given,
    ev.CommentPosted: Counter.comment_posted,
    ev.RoomShared: Counter.room_shared,
    ev.GiftSent: Counter.gift_sent,
    ev.UserFollowed: Counter.user_followed,
    ev.FanClubJoined: Counter.club_joined,
    ev.ProductExposed: Counter.product_exposed,
    ev.ProductClicked: Counter.product_clicked,
    ev.CartAdded: Counter.cart_added,
    ev.ImpressionsCounted: Counter.impressions_counted,
    ev.AdSpent: Counter.ad_spent,
    ev.StreamStuttered: Counter.stuttered,
    ev.OrderCreated: money.order_created,
    ev.OrderPaid: money.order_paid,
    ev.OrderCancelled: money.order_cancelled,
    ev.OrderRefunded: money.order_refunded,
}
"""What may be brought later: it counts in totals, not in windows."""

_RUNNING: dict[type[Event], Counts] = {
    **_RECOVERED,
    ev.ViewerEntered: Counter.viewer_entered,
    ev.ViewerLeft: Counter.viewer_left,
    ev.OnlineCounted: Counter.online_counted,
    ev.StreamStarted: running.stream_changed,
    ev.StreamPaused: running.stream_changed,
    ev.StreamResumed: running.stream_changed,
    ev.StreamEnded: running.stream_changed,
    ev.ProductPinned: running.product_pinned,
    ev.ProductUnpinned: running.product_unpinned,
    ev.ProductDelisted: running.product_unpinned,
    ev.CommentJudged: running.comment_judged,
    ev.CueRaised: running.cue_raised,
    ev.CueDelivered: running.cue_delivered,
    ev.CueSeen: running.cue_acknowledged,
    ev.CueDone: running.cue_acknowledged,
    ev.CueDismissed: running.cue_acknowledged,
    ev.CueExpired: running.cue_expired,
}
_ENDED: dict[type[Event], Counts] = {
    **dict.fromkeys(_RUNNING, lambda counter, event: None),
    ev.OrderPaid: money.order_paid,
    ev.OrderCancelled: money.order_cancelled,
    ev.OrderRefunded: money.order_refunded,
    ev.ViewerEntered: Counter.presence_entered,
    ev.ViewerLeft: Counter.presence_left,
    ev.OnlineCounted: Counter.online_counted_after,
    ev.StreamStarted: running.stream_started_after,
}
"""After the end the totals stand: only what is owed to this show's orders counts, and who stays for the next."""

_encode = msgspec.msgpack.Encoder(enc_hook=to_plain).encode
_decode = msgspec.msgpack.Decoder(State, dec_hook=from_plain).decode


def recovered(source: str) -> bool:
    """Whether a batch holds what ``sync`` brought later."""
    return source == "sync" or source.endswith("/sync")


class Metrics:
    """Every live metric of one room. Time is the newest ``ClockTicked``; before the first nothing counts."""

    name: ClassVar[str] = "metrics"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        (*_RUNNING, *_COMMANDS, ClockTicked, ev.CommandApplied, ev.CommandRefused, ev.SourceGone, ev.SourceBack)
    )

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = _decode(blob) if blob else State()
        except (msgspec.DecodeError, ValueError) as error:
            raise BadInput(f"the snapshot of metrics is damaged: {error}") from error
        if self._state.shape != SHAPE:
            raise BadInput("the snapshot of metrics was made by another version; the journal rebuilds it")
        self._maker = ReadingMaker(self._state)
        self._unit: Unit | None = None
        self._source = ""
        self._handlers: dict[type[Event], Callable[[Any], None]] = {}
        self._counter: Counter | None = None
        if self._state.board is not None:
            self._open(self._state.board)

    def _open(self, board: Board) -> Counter:
        counter = self._counter = Counter(self._state, board, self._room.currency)
        self._handlers.update(dict.fromkeys(_COMMANDS, self._asked))
        self._handlers[ClockTicked] = self._ticked
        self._handlers[ev.CommandApplied] = self._answered
        self._handlers[ev.CommandRefused] = self._answered
        self._handlers[ev.SourceGone] = self._gone
        self._handlers[ev.SourceBack] = self._back
        self._listen(counter)
        return counter

    def _listen(self, counter: Counter) -> None:
        counts = _ENDED if counter.board.ended_at else _RUNNING
        self._handlers.update({kind: _bound(count, counter) for kind, count in counts.items()})

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        """Count. Rows are written when a minute or the show is over."""
        self._unit = unit
        self._maker.version += 1
        try:
            counter = self._counter
            if counter is None:
                first = next((place for place, event in enumerate(events) if type(event) is ClockTicked), len(events))
                if first:
                    self._state.waiting.append((unit.source, encode_events(events[:first])))
                if first < len(events):
                    counter = self._begin(events[first])
                    events = events[first:]
            if counter is not None:
                self._count(counter, events, unit.source)
        finally:
            self._unit = None
            self._maker.version += 1

    def _begin(self, tick: Any) -> Counter:
        counter = self._open(board_at(tick.now, tick.now // BUCKET_MS))
        waiting, self._state.waiting = self._state.waiting, []
        for source, blob in waiting:
            self._count(counter, decode_events(blob), source)
        return counter

    def _count(self, counter: Counter, events: Sequence[Event], source: str) -> None:
        self._source = source
        counter.hear(source)
        if recovered(source):
            self._count_recovered(counter, events)
            return
        many.count(counter, events, self._handlers)

    def _count_recovered(self, counter: Counter, events: Sequence[Event]) -> None:
        late = [event for event in events if type(event) in _RECOVERED]
        if late and not counter.board.ended_at:
            counts = {kind: _bound(count, counter) for kind, count in _RECOVERED.items()}
            with counter.recovering():
                for event in late:
                    counts[type(event)](event)
        for event in events:
            if type(event) not in _RECOVERED or counter.board.ended_at:
                self._handlers[type(event)](event)

    # Time.

    def _ticked(self, event: ClockTicked) -> None:
        counter = self._counter
        assert counter is not None
        if event.now > counter.board.now:
            minute = counter.board.now // 60_000
            pass_time(counter, event.now, self._minute_over)
            if event.now // 60_000 != minute:
                self._after_minute(counter)

    def _minute_over(self, board: Board, minute: int, heard: bool) -> None:
        metrics = list(DEFINITIONS)
        values = [self._maker.reading(metric, "1m", "room").value for metric in metrics] if heard else None
        board.minutes.add(minute, metrics, values)
        if heard and board.show and self._unit is not None:
            save_minute(board, minute, self._maker, self._room, self._unit)

    def _after_minute(self, counter: Counter) -> None:
        board, past, unit = counter.board, self._state.past, self._unit
        assert unit is not None
        if board.ended_at and board.changed and board.show:
            board.changed = False
            save_totals(board, self._maker, self._room, unit)
        if past.changed and past.show:
            past.changed = False
            save_past(past, self._room, board.now, unit)

    # What people ask for counts when its owner says so; an event without a command id is a fact.

    def _asked(self, event: Any) -> None:
        self._apply(await_answer(self._state.asked, event))

    def _answered(self, event: ev.CommandApplied | ev.CommandRefused) -> None:
        self._apply(answered(self._state.asked, event))

    def _apply(self, event: Event | None) -> None:
        if event is None:
            return
        counter, unit = self._counter, self._unit
        assert counter is not None and unit is not None
        board, over = counter.board, counter.board.ended_at
        _COMMANDS[type(event)](counter, event)
        self._maker.version += 1
        if counter.board is not board or counter.board.ended_at != over:
            self._listen(counter)
        if counter.board.ended_at and not over and board.show:
            save_totals(board, self._maker, self._room, unit)

    # Feeds.

    def _gone(self, event: ev.SourceGone) -> None:
        counter = self._counter
        assert counter is not None
        self._state.tellers.gone(event.feed, self._source, counter.now)

    def _back(self, event: ev.SourceBack) -> None:
        counter = self._counter
        assert counter is not None
        self._state.tellers.back(event.feed, counter.now)

    # What others see.

    def picture(self, now: int) -> MetricsPicture:
        """The figures; they are made when asked for."""
        return MetricsPicture(self._state, self._maker, now)

    def dump(self) -> bytes:
        """The state as bytes for the snapshot."""
        return _encode(self._state)


def _bound(count: Counts, counter: Counter) -> Callable[[Any], None]:
    """The function with its counter, as a method where it is one: the cheapest call there is."""
    method = getattr(counter, count.__name__, None)
    return method if method is not None else partial(count, counter)
