"""Random rooms: every kind of event the figures know, in any order, with ticks at any distance."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from livecue import events as ev
from livecue.events import ClockTicked, Event, Line
from livecue.flow import RoomInfo
from livecue.metrics import Metrics

ROOM = RoomInfo(room="r1", org="o", brand="b", currency="CNY")
START = 1_790_000_002_000
"""Not at the start of a bucket, on purpose."""
PRODUCTS = ("p1", "p2", "p3")
SEGMENTS = ("a", "b", "c")
VIAS = ("feed", "video", "paid", "")


class Silent:
    """A unit that keeps rows in memory and has no database."""

    room, number, rebuilding = "r1", 1, False

    def __init__(self, source: str = "sim") -> None:
        self.source = source
        self.now = 0
        self.rows: list[tuple[str, tuple[Any, ...]]] = []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        self.rows.append((statement, tuple(values)))

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self.rows.extend((statement, tuple(row)) for row in rows)

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        raise AssertionError("metrics asks nothing")

    def announce(self, *events: Event) -> None:
        raise AssertionError("metrics announces nothing")

    def act(self, *actions: Any) -> None:
        raise AssertionError("a ledger does not act")


def folded(events: Sequence[Event], source: str = "sim") -> Metrics:
    """A ledger that has folded everything at once."""
    ledger = Metrics(ROOM, None)
    ledger.fold(events, Silent(source))
    return ledger


def stream(
    seed: int,
    size: int = 300,
    masked: float = 0.0,
    longest_gap: int = 8_000,
    kinds: Sequence[str] | None = None,
    shows: int = 1,
    foreign: float = 0.0,
) -> list[Event]:
    """``masked`` is the share of events without a user; ``longest_gap`` in ms is the longest time between ticks."""
    chance = random.Random(seed)
    makers = {name: maker for name, maker in _MAKERS.items() if kinds is None or name in kinds}
    now = START
    made: list[Event] = [ev.ShowPlanned(show="s0", title="t", starts_at=0, segments=_plan(), goals={"M41": 5_000})]
    made.append(ClockTicked(now=now))
    starts = sorted(chance.sample(range(size), shows)) if shows else []
    show = ""
    for place in range(size):
        if place in starts:
            show = f"s{starts.index(place)}"
            made.append(ev.ShowStarted(show=show))
        name = chance.choice(list(makers))
        user = "" if chance.random() < masked else f"u{chance.randrange(25)}"
        made.append(makers[name](chance, user, place))
        if isinstance(made[-1], ev.SegmentStarted):
            made[-1] = ev.SegmentStarted(show=show, segment=made[-1].segment)
        elif isinstance(made[-1], ev.CommentPosted | ev.OrderPaid):
            moment = chance.choice((0, now - chance.randint(-400, 2_000), now - 9_000_000))
            made[-1] = msgspec.structs.replace(made[-1], at=moment)
        if foreign and isinstance(made[-1], ev.OrderPaid) and chance.random() < foreign:
            made.append(ev.OrderPaid(order=f"x{place}", amount=100, user=user, currency="USD"))
        if chance.random() < 0.6:
            now += chance.choice((250, 250, 500, 1_000, 4_750, 5_000, chance.randint(1, longest_gap)))
            made.append(ClockTicked(now=now))
    return made


def _plan() -> tuple[ev.SegmentPlan, ...]:
    return tuple(
        ev.SegmentPlan(segment=name, part="pitch", product=product)
        for name, product in zip(SEGMENTS, ("p1", "p2", ""), strict=True)
    )


def _line(chance: random.Random) -> Line:
    product = chance.choice(PRODUCTS)
    told = chance.random() < 0.8
    return Line(
        sku=product + "-1",
        product=product if told else "",
        quantity=chance.randint(1, 3),
        price=chance.choice((0, 500, 999)),
    )


def _created(chance: random.Random, user: str, place: int) -> Event:
    lines = tuple(_line(chance) for _ in range(chance.randint(0, 2)))
    order = f"o{chance.randrange(1 + place // 3)}"
    return ev.OrderCreated(
        order=order, amount=chance.randint(0, 3_000), user=user, via=chance.choice(VIAS), lines=lines
    )


def _paid(chance: random.Random, user: str, place: int) -> Event:
    lines = tuple(_line(chance) for _ in range(chance.randint(0, 2)))
    return ev.OrderPaid(
        order=f"o{chance.randrange(1 + place // 3)}",
        amount=chance.randint(0, 3_000),
        user=user,
        via=chance.choice(VIAS),
        lines=lines,
        new_buyer=chance.choice((None, True, False)),
    )


def _refunded(chance: random.Random, user: str, place: int) -> Event:
    return ev.OrderRefunded(
        order=f"o{chance.randrange(1 + place // 3)}",
        amount=chance.randint(0, 4_000),
        refund=chance.choice(("r1", "r2", "file:x:1", "file:x:2")),
        sku=chance.choice(("", "p1-1", "p2-1", "p9-1")),
        shipped=chance.random() < 0.5,
    )


_MAKERS: dict[str, Callable[[random.Random, str, int], Event]] = {
    "enter": lambda c, user, _: ev.ViewerEntered(user=user, via=c.choice(VIAS)),
    "enter2": lambda c, user, _: ev.ViewerEntered(user=user, via=c.choice(VIAS)),
    "leave": lambda c, user, _: ev.ViewerLeft(user=user, stay_s=c.choice((-1, 3, 40, 200, 900))),
    "online": lambda c, user, _: ev.OnlineCounted(
        online=c.choice((-1, c.randrange(500))),
        views=c.choice((-1, -1, c.randrange(5_000))),
        viewers=c.choice((-1, -1, c.randrange(4_000))),
    ),
    "impress": lambda c, user, _: ev.ImpressionsCounted(times=c.choice((-1, 90)), people=c.choice((-1, 70))),
    "like": lambda c, user, _: ev.LikeGiven(user=user, count=c.randint(1, 9)),
    "like2": lambda c, user, _: ev.LikeGiven(user=user, count=c.randint(1, 9)),
    "comment": lambda c, user, _: ev.CommentPosted(user=user, text="有吗", by_host=c.random() < 0.1),
    "share": lambda c, user, _: ev.RoomShared(user=user),
    "gift": lambda c, user, _: ev.GiftSent(user=user, count=c.randint(1, 3), coins=10),
    "follow": lambda c, user, _: ev.UserFollowed(user=user),
    "join": lambda c, user, _: ev.FanClubJoined(user=user),
    "expose": lambda c, user, _: ev.ProductExposed(product=c.choice(PRODUCTS), user=user, count=c.randint(1, 4)),
    "click": lambda c, user, _: ev.ProductClicked(product=c.choice(PRODUCTS), user=user, count=c.randint(1, 2)),
    "cart": lambda c, user, _: ev.CartAdded(product=c.choice(PRODUCTS), user=user),
    "create": _created,
    "pay": _paid,
    "refund": _refunded,
    "spend": lambda c, user, _: ev.AdSpent(amount=c.randint(1, 500)),
    "stutter": lambda c, user, _: ev.StreamStuttered(ms=100),
    "segment": lambda c, user, _: ev.SegmentStarted(show="", segment=c.choice(SEGMENTS)),
    "pin": lambda c, user, _: ev.ProductPinned(product=c.choice(PRODUCTS)),
    "unpin": lambda c, user, _: ev.ProductUnpinned(product=c.choice(PRODUCTS)),
    "pause": lambda c, user, _: ev.StreamPaused(),
    "resume": lambda c, user, _: ev.StreamResumed(),
    "judge": lambda c, user, place: ev.CommentJudged(
        comment=f"c{place // 20}", label=c.choice(("question", "question", "intent", "complaint", "chat"))
    ),
    "answer": lambda c, user, place: ev.QuestionAnswered(
        comment=f"c{max(0, place // 20 - c.randrange(2))}", how=c.choice(("reply", "host", "ignored"))
    ),
}

KINDS = tuple(_MAKERS)
"""What ``stream`` makes; a name with a 2 makes that kind come more often."""
