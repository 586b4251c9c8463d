"""The course of a show: plans, start, segments, pins, the end; and what is judged, answered and cued on the way."""

from collections.abc import Sequence

from livecue.events import (
    CommentJudged,
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueRaised,
    CueSeen,
    LineupChanged,
    ProductCard,
    ProductDelisted,
    ProductPinned,
    ProductUnpinned,
    QuestionAnswered,
    RundownChanged,
    SegmentPlan,
    SegmentStarted,
    ShowEnded,
    ShowPlanned,
    ShowStarted,
    StreamEnded,
    StreamPaused,
    StreamResumed,
    StreamStarted,
)
from livecue.metrics.board import Past, board_at
from livecue.metrics.columns import KIND, ROOM
from livecue.metrics.counter import Counter, PlanNote
from livecue.metrics.online import for_next_show

_MOST_PLANS = 50
_LABELS = {"question": "questions", "intent": "intents", "complaint": "complaints"}
UNANSWERED = ("ignored",)
"""Ways of dealing with a question (``QuestionAnswered.how``) that leave the asker without an answer."""


def show_planned(counter: Counter, event: ShowPlanned) -> None:
    note = PlanNote(event.title, dict(event.goals), _products(event.segments))
    plans = counter.state.plans
    plans.pop(event.show, None)
    plans[event.show] = note
    while len(plans) > _MOST_PLANS:
        del plans[next(iter(plans))]
    _learn(counter, event.products)
    if event.show == counter.board.show:
        _use(counter, note)


def rundown_changed(counter: Counter, event: RundownChanged) -> None:
    note = counter.state.plans.setdefault(event.show, PlanNote("", {}, {}))
    note.products = _products(event.segments)
    if event.show == counter.board.show:
        _use(counter, note)
        _talk(counter)


def lineup_changed(counter: Counter, event: LineupChanged) -> None:
    _learn(counter, event.products)


def show_started(counter: Counter, event: ShowStarted) -> None:
    """Everything counts anew, but for who is present and what earlier orders still owe us."""
    old = counter.board
    if event.show == old.show and not old.ended_at:
        return
    totals, state = old.room.totals, counter.state
    paid, unpaid = old.orders.split()
    if old.show:
        # With what was recovered: refunds of these orders are taken from the whole.
        extra = old.room.extra or [0] * len(totals)

        def whole(column: str) -> int:
            return totals[ROOM[column]] + extra[ROOM[column]]

        state.past = Past(
            show=old.show,
            orders=paid,
            paid_amount=whole("paid_amount"),
            paid_orders=whole("paid_orders"),
            refunded_amount=whole("refunded_amount"),
            refunded_orders=whole("refunded_orders"),
            refunded_unshipped=whole("refunded_unshipped"),
            refunded_shipped=whole("refunded_shipped"),
        )
    else:
        for name, order in paid.items():
            state.past.orders.put(name, order)
    board = board_at(old.now, old.bucket)
    board.people = old.people.staying(lambda number: board.source(old.sources[number].via).number)
    board.show, board.title = event.show, event.title
    for name, order in unpaid:
        order.person = order.via = 0
        board.orders.put(name, order)
    board.online = for_next_show(old.online, old.later if old.ended_at else None)
    board.pinned, board.pins_told = old.pinned, old.pins_told
    board.frozen = old.frozen
    note = state.plans.get(event.show)
    counter.show(board)
    if note is not None:
        _use(counter, note)
    _talk(counter)
    counter.bind()


def show_ended(counter: Counter, event: ShowEnded) -> None:
    """The totals stand; later only payments and refunds of this show's orders move them."""
    board = counter.board
    if board.ended_at or (board.show and event.show != board.show):
        return
    if board.talking:
        _end_talk(counter)
    board.close_stretch()
    board.segment = ""
    board.ended_at = max(board.now, 1)
    board.changed = False


def segment_started(counter: Counter, event: SegmentStarted) -> None:
    board = counter.board
    if board.ended_at or event.segment == board.segment or (board.show and event.show != board.show):
        return
    board.close_stretch()
    board.open_stretch(event.segment)
    counter.bind()
    _talk(counter)


def stream_changed(counter: Counter, event: StreamStarted | StreamPaused | StreamResumed | StreamEnded) -> None:
    """The clock of the live duration runs only while the room is on air (M09)."""
    board = counter.board
    board.on_air = isinstance(event, StreamStarted | StreamResumed)
    if isinstance(event, StreamStarted):
        board.online.new_broadcast()


def stream_started_after(counter: Counter, event: StreamStarted) -> None:
    """Between two shows: the platform's counters begin anew for the next one."""
    del event
    counter.board.later.new_broadcast()


def product_pinned(counter: Counter, event: ProductPinned) -> None:
    board = counter.board
    board.pins_told = True
    if board.pinned == event.product:
        return
    board.pinned = event.product
    if not board.segment and not board.ended_at:
        board.open_stretch("")
        counter.bind()
    _talk(counter)


def product_unpinned(counter: Counter, event: ProductUnpinned | ProductDelisted) -> None:
    board = counter.board
    board.pins_told |= isinstance(event, ProductUnpinned)
    if board.pinned == event.product:
        board.pinned = ""
        _talk(counter)


def _talk(counter: Counter) -> None:
    """The talk is of the pinned product; where the platform never pins, of the segment's product."""
    board = counter.board
    product = board.pinned if board.pins_told else board.segment_products.get(board.segment, "")
    if board.ended_at or product == board.talking:
        return
    if board.talking:
        _end_talk(counter)
    board.talking = product
    if product:
        counter.product(product).start(counter.now)
        if product in board.aligning:
            board.aligning.remove(product)


def _end_talk(counter: Counter) -> None:
    board = counter.board
    board.product(board.talking).ended_at = max(counter.now, 1)
    board.aligning.append(board.talking)
    board.talking = ""


def _use(counter: Counter, note: PlanNote) -> None:
    counter.board.title = counter.board.title or note.title
    counter.board.goals = note.goals
    counter.board.segment_products = note.products


def _products(segments: tuple[SegmentPlan, ...]) -> dict[str, str]:
    return {segment.segment: segment.product for segment in segments if segment.product}


def _learn(counter: Counter, products: tuple[ProductCard, ...]) -> None:
    counter.state.skus.learn(products)


# What is judged, answered and cued. These are our own words, whoever's events they answer.


def comment_judged(counter: Counter, event: CommentJudged) -> None:
    comments_judged(counter, (event,))


def comments_judged(counter: Counter, events: Sequence[CommentJudged]) -> None:
    """As ``comment_judged`` for each."""
    counter.own[KIND["judge"]] = counter.now
    totals, now = counter.totals, counter.now
    totals[ROOM["judged"]] += len(events)
    labels = [event.label for event in events]
    for label, column in _LABELS.items():
        totals[ROOM[column]] += labels.count(label)
    asked = counter.board.waits.asked
    for event in events:
        if event.label == "question":
            asked(event.comment, now)


def question_answered(counter: Counter, event: QuestionAnswered) -> None:
    if event.how in UNANSWERED:
        return
    waited = counter.board.waits.answered(event.comment, counter.now)
    if waited is not None:
        counter.own[KIND["answer"]] = counter.now
        counter.totals[ROOM["answered"]] += 1
        counter.totals[ROOM["answer_ms"]] += waited


def cue_raised(counter: Counter, event: CueRaised) -> None:
    counter.board.waits.cue_raised(event.cue, counter.now)


def cue_delivered(counter: Counter, event: CueDelivered) -> None:
    waited = counter.board.waits.cue_delivered(event.cue, counter.now)
    if waited is not None:
        counter.own[KIND["deliver"]] = counter.now
        counter.totals[ROOM["delivered"]] += 1
        counter.totals[ROOM["deliver_ms"]] += waited


def cue_acknowledged(counter: Counter, event: CueSeen | CueDone | CueDismissed) -> None:
    waited = counter.board.waits.cue_acknowledged(event.cue, counter.now)
    if waited is not None:
        counter.own[KIND["acknowledge"]] = counter.now
        counter.totals[ROOM["acknowledged"]] += 1
        counter.totals[ROOM["acknowledge_ms"]] += waited


def cue_expired(counter: Counter, event: CueExpired) -> None:
    counter.board.waits.cue_expired(event.cue)
