"""Counting many events at a time: what comes by the thousand is counted by kind, everything else in its place.

Nine events in ten are likes, entries, comments and judgements, and within one bucket, segment and show their order
among each other cannot be seen in any figure. So a stretch of the stream in which nothing turns is taken apart by
kind: a sum and one call per crowd instead of a call an event. The result is to the byte that of the functions in
``counter``, one event after the other, and a test holds it (tests/metrics/test_against_naive.py).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from livecue.events import (
    AdSpent,
    CartAdded,
    CommentJudged,
    CommentPosted,
    Event,
    FanClubJoined,
    GiftSent,
    ImpressionsCounted,
    LikeGiven,
    OnlineCounted,
    OrderCancelled,
    OrderCreated,
    OrderPaid,
    OrderRefunded,
    ProductClicked,
    ProductExposed,
    RoomShared,
    StreamStuttered,
    UserFollowed,
    ViewerEntered,
    ViewerLeft,
)
from livecue.metrics.columns import KIND, PRODUCT, ROOM, SOURCE
from livecue.metrics.counter import Counter
from livecue.metrics.people import AWAY
from livecue.metrics.running import comments_judged

_MEET: frozenset[type[Event]] = frozenset(
    {
        LikeGiven, ViewerEntered, CommentPosted, ProductClicked, ProductExposed, CartAdded, RoomShared, UserFollowed,
        FanClubJoined, OrderCreated, OrderPaid,
    }
)  # fmt: skip
"""Whoever tells these has a number from then on."""
_FLOW: frozenset[type[Event]] = _MEET | {
    ViewerLeft, GiftSent, OnlineCounted, ImpressionsCounted, AdSpent, StreamStuttered, OrderCancelled, OrderRefunded,
    CommentJudged,
}  # fmt: skip
"""What changes neither the time nor the segment nor what is pinned. All others turn something."""
_TOGETHER = (LikeGiven, CommentPosted, ViewerEntered, ProductClicked, CommentJudged)
"""What is counted many at a time."""
_ORDERS = frozenset({OrderCreated, OrderPaid})
_MANY = 16
"""Fewer than so many are counted one by one."""

Handlers = Mapping[type[Event], Callable[[Any], None]]


def count(counter: Counter, events: Sequence[Event], handlers: Handlers) -> None:
    """Count everything; what turns something is handed to its handler in its place."""
    kinds = list(map(type, events))
    if _FLOW.issuperset(kinds):
        _count_flow(counter, events, kinds, handlers)
        return
    start = 0
    for place, kind in enumerate(kinds):
        if kind not in _FLOW:
            _count_flow(counter, events[start:place], kinds[start:place], handlers)
            handlers[kind](events[place])
            start = place + 1
    _count_flow(counter, events[start:], kinds[start:], handlers)


def _count_flow(counter: Counter, events: Sequence[Event], kinds: list[type[Event]], handlers: Handlers) -> None:
    if len(events) < _MANY or counter.board.ended_at:
        _one_by_one(events, handlers)
        return
    likes, comments, entries, clicks, judged, rest = _apart(events, kinds)
    told = (likes, comments, entries, clicks, [event for event in rest if type(event) in _MEET])
    users = [[event.user for event in found] for found in told]
    people: list[list[Any]] = [list(map(counter.numbers.get, mine)) for mine in users]
    if any(None in found for found in people):
        _meet(counter, events, users, people)
    if likes:
        _likes(counter, likes, people[0])
    if comments:
        _comments(counter, comments, people[1])
    if judged:
        comments_judged(counter, judged)
    in_place: set[type[Event]] = set()
    if entries and _may_enter_first(counter, entries, rest):
        _entries(counter, entries, people[2])
    elif entries:
        in_place.add(ViewerEntered)
    if clicks and counter.products.keys() >= {click.product for click in clicks}:
        _clicks(counter, clicks, people[3])
    elif clicks:
        # A product is met in its place, whoever clicks it or orders it first.
        in_place.add(ProductClicked)
    if in_place:
        rest = [event for event in events if type(event) in in_place or type(event) not in _TOGETHER]
    _one_by_one(rest, handlers)


def _apart(events: Sequence[Event], kinds: list[type[Event]]) -> list[list[Any]]:
    """Those of each kind that is counted many at a time, and the rest."""
    rest: list[Event] = []
    many: dict[type[Event], list[Any]] = {kind: [] for kind in _TOGETHER}
    put = {kind: many.get(kind, rest).append for kind in set(kinds)}
    for event, kind in zip(events, kinds, strict=True):
        put[kind](event)
    return [*many.values(), rest]


def _one_by_one(events: Sequence[Event], handlers: Handlers) -> None:
    for event in events:
        handlers[type(event)](event)


def _meet(counter: Counter, events: Sequence[Event], users: list[list[str]], people: list[list[Any]]) -> None:
    """Give numbers in the order of the stream, whatever is counted first; only who has none is looked at again."""
    unknown = [[place for place, number in enumerate(found) if number is None] for found in people]
    fresh = {mine[place] for mine, places in zip(users, unknown, strict=True) for place in places}
    told = [event.user for event in events if type(event) in _MEET]  # type: ignore[attr-defined]  # those have one
    for user in dict.fromkeys(filter(fresh.__contains__, told)):
        counter.people.meet(user)
    numbers = counter.numbers
    for mine, found, places in zip(users, people, unknown, strict=True):
        for place in places:
            found[place] = numbers[mine[place]]


def _likes(counter: Counter, likes: list[LikeGiven], people: list[int]) -> None:
    totals = counter.totals
    totals[ROOM["likes"]] += sum([like.count for like in likes])
    counter.told[KIND["like"]] = counter.now
    totals[ROOM["masked_engaged"]] += _unmask(people)
    counter.engaged.add(people, counter.mark, counter.stretch)


def _comments(counter: Counter, comments: list[CommentPosted], people: list[int]) -> None:
    if any([comment.by_host for comment in comments]):
        people = [person for person, comment in zip(people, comments, strict=True) if not comment.by_host]
        comments = [comment for comment in comments if not comment.by_host]
        if not comments:
            return
    totals = counter.totals
    totals[ROOM["comments"]] += len(comments)
    counter.told[KIND["comment"]] = counter.now
    counter.all_happened([comment.at for comment in comments])
    masked = _unmask(people)
    totals[ROOM["masked_engaged"]] += masked
    totals[ROOM["masked_commented"]] += masked
    counter.commented.add(people, counter.mark, counter.stretch)
    counter.engaged.add(people, counter.mark, counter.stretch)


def _may_enter_first(counter: Counter, entries: list[ViewerEntered], rest: list[Event]) -> bool:
    """Whether nothing else in the stretch looks at who is present or where from, and no source is new."""
    for event in rest:
        kind = type(event)
        if kind is ViewerLeft or (kind in _ORDERS and not event.via):  # type: ignore[attr-defined]  # those have one
            return False
    return counter.source_numbers.keys() >= {entry.via for entry in entries}


def _entries(counter: Counter, entries: list[ViewerEntered], who: list[int]) -> None:
    board, totals, people, now = counter.board, counter.totals, counter.people, counter.now
    totals[ROOM["entries"]] += len(entries)
    counter.told[KIND["enter"]] = now
    visits, vias = counter.visits, counter.vias
    sources = list(map(counter.source_numbers.__getitem__, [entry.via for entry in entries]))
    by_source: dict[int, list[int]] = {number: [] for number in set(sources)}
    came = 0
    for person, source in zip(who, sources, strict=True):
        by_source[source].append(person)
        if person:
            came += visits[person] == AWAY
            visits[person] = now
            vias[person] = source
    people.present += came
    masked = _unmask(who)
    totals[ROOM["masked_entered"]] += masked
    people.masked_present += masked
    counter.entered.add(who, counter.mark, counter.stretch)
    for source, mine in by_source.items():
        tally = counter.sources[source].tally
        if tally.token != counter.token:
            tally.turn(counter.token, board.bucket, board.stretch)
        tally.totals[SOURCE["entries"]] += len(mine)
        tally.totals[SOURCE["masked_entered"]] += _unmask(mine)
        counter.sources[source].entered.add(mine, counter.mark, counter.stretch)


def _clicks(counter: Counter, clicks: list[ProductClicked], people: list[int]) -> None:
    counter.told[KIND["click"]] = counter.now
    times: dict[str, int] = {}
    who: dict[str, list[int]] = {}
    for click, person in zip(clicks, people, strict=True):
        times[click.product] = times.get(click.product, 0) + click.count
        who.setdefault(click.product, []).append(person)
    totals = counter.totals
    for name, mine in who.items():
        product, count = counter.product(name), times[name]
        row, masked = product.tally.totals, _unmask(mine)
        totals[ROOM["clicks"]] += count
        row[PRODUCT["clicks"]] += count
        if name == counter.board.talking:
            totals[ROOM["talk_clicks"]] += count
            row[PRODUCT["talk_clicks"]] += count
        totals[ROOM["masked_clicked"]] += masked
        row[PRODUCT["masked_clicked"]] += masked
        product.clicked.add(mine, counter.mark, counter.stretch)
        counter.clicked.add(mine, counter.mark, counter.stretch)


def _unmask(people: list[int]) -> int:
    """Take out who cannot be told apart (0); how many that were."""
    masked = people.count(0)
    if masked:
        people[:] = [person for person in people if person]
    return masked
