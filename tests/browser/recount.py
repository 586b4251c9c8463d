"""The figures of a show counted again out of the journal, by code that shares nothing with ``livecue.metrics``.

Written from docs/en/metrics.md alone. Every event counts at the room time of the newest tick before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from livecue import events as ev
from livecue.store import SqliteReader, read_batches, read_committed

ROLLING = {"1m": 60_000, "5m": 300_000, "15m": 900_000}
GRAIN = 5_000
"""Rolling windows end with the last full 5 s."""
COUNT_HOLDS = 60_000
"""The platform's online count is worth nothing when it is older."""
HELD_FOR = 15 * 60_000
"""An unpaid order keeps its pieces for so long."""


@dataclass
class Order:
    """One order, as its events tell it."""

    user: str = ""
    lines: tuple[ev.Line, ...] = ()
    amount: int = 0
    created_at: int = 0
    created: bool = False
    paid: bool = False
    closed: bool = False
    held: dict[str, int] = field(default_factory=dict)
    refunds: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """Something that happened at room time ``t``: ``count`` times by ``user``."""

    name: str
    t: int
    count: int = 1
    user: str = ""
    product: str = ""


class Recount:
    """The newest show of a room up to a journal number, or up to the tick of a room time."""

    def __init__(self, database: Path, room: str, upto: int | None = None, until: int | None = None) -> None:
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        self.orders: dict[str, Order] = {}
        self._holding: dict[str, Order] = {}
        """Those that may hold pieces."""
        self.stock: dict[str, int] = {}
        self.samples: list[tuple[int, int]] = []
        """(room time, people online) as the platform told it."""
        self.views = self.viewers = self.views_before = self.viewers_before = 0
        self.now = self.began = self.ended = 0
        self.show = ""
        self.told: set[str] = set()
        """Kinds of event that this room ever heard: what nobody told of is unknown, not nothing."""
        seen: set[tuple[str, str]] = set()
        reader = SqliteReader(database)
        try:
            for batch in read_batches(reader, room, 0, upto):
                for event in batch.events:
                    if isinstance(event, ev.ClockTicked):
                        self.now = max(self.now, event.now)
                        self._let_go()
                        if until is not None and event.now >= until:
                            return
                        continue
                    told = (type(event).__name__, event.key)
                    if event.key and told in seen:
                        continue
                    seen.add(told)
                    self._see(event)
        finally:
            reader.close()

    # What happened.

    def _see(self, event: ev.Event) -> None:
        name = type(event).__name__
        self.told.add(name)
        if isinstance(event, ev.ShowStarted):
            self.show, self.began, self.ended = event.show, self.now, 0
            self.facts.clear()
            self.samples.clear()
            self.orders = {number: order for number, order in self.orders.items() if not order.paid}
            self.views_before, self.viewers_before = self.views, self.viewers
        elif isinstance(event, ev.ShowEnded):
            if event.show == self.show:
                self.ended = self.now
        elif name in _STOCK or name in _ORDERS:
            getattr(self, "_" + name)(event)
        elif not self.ended and name in _COUNTED:
            _COUNTED[name](self, event)

    def _fact(self, name: str, count: int = 1, user: str = "", product: str = "") -> None:
        self.facts[name].append(Fact(name, self.now, count, user, product))

    def _online(self, event: ev.OnlineCounted) -> None:
        if event.online >= 0:
            self.samples.append((self.now, event.online))
        if event.views >= 0:
            self.views = event.views
        if event.viewers >= 0:
            self.viewers = event.viewers

    # Orders and stock.

    def _StockOpened(self, event: ev.StockOpened) -> None:
        self.stock[event.sku] = event.quantity

    def _StockAdjusted(self, event: ev.StockAdjusted) -> None:
        self.stock[event.sku] = self.stock.get(event.sku, 0) + event.delta

    def reserved(self, sku: str) -> int:
        """Pieces promised to unpaid orders."""
        return sum(order.held.get(sku, 0) for order in self._holding.values())

    def _let_go(self) -> None:
        for number, order in list(self._holding.items()):
            if not order.held:
                del self._holding[number]
            elif self.now - order.created_at >= HELD_FOR:
                order.held = {}

    def _OrderCreated(self, event: ev.OrderCreated) -> None:
        if event.order in self.orders:
            return
        order = self.orders[event.order] = Order(event.user, event.lines, event.amount, self.now)
        for line in event.lines:
            if self.stock.get(line.sku, 0) - self.reserved(line.sku) >= line.quantity:
                order.held[line.sku] = line.quantity
                self._holding[event.order] = order
        if not self.ended:
            order.created = True
            self._money("created", order)

    def _OrderPaid(self, event: ev.OrderPaid) -> None:
        order = self.orders.get(event.order)
        if order is None:
            order = self.orders[event.order] = Order(event.user, event.lines, event.amount, self.now)
        if order.paid:
            return
        for line in order.lines:
            free = self.stock.get(line.sku, 0) - self.reserved(line.sku) + order.held.get(line.sku, 0)
            if free >= line.quantity:
                self.stock[line.sku] -= line.quantity
        order.held, order.paid = {}, True
        # An order that was made after the show belongs to no show.
        if order.created or not self.ended:
            if not order.created:
                order.created = True
                self._money("created", order)
            self._money("paid", order)
            self._fact("units", sum(line.quantity for line in order.lines))

    def _OrderCancelled(self, event: ev.OrderCancelled) -> None:
        order = self.orders.get(event.order)
        if order is not None and not order.paid:
            order.held, order.closed = {}, True

    def _OrderRefunded(self, event: ev.OrderRefunded) -> None:
        order = self.orders.get(event.order)
        if order is None or event.refund in order.refunds:
            return
        if event.restock and event.sku in self.stock:
            self.stock[event.sku] += event.quantity
        if not order.refunds:
            self._fact("refunded_orders")
        order.refunds[event.refund] = event.amount
        self._fact("refunded", event.amount)

    def _money(self, name: str, order: Order) -> None:
        self._fact(name, order.amount, order.user)
        self._fact(name + "_orders")
        worth: dict[str, int] = defaultdict(int)
        for line in order.lines:
            worth[line.product] += line.quantity * line.price
        for product, amount in worth.items():
            self._fact(name + "_of", amount, order.user, product)

    # Questions.

    def span(self, window: str) -> tuple[int, int]:
        """From and until when facts count in a window."""
        if window == "show":
            return self.began, 1 << 60
        edge = self.now // GRAIN * GRAIN
        return edge - ROLLING[window], edge

    def _in(self, window: str, name: str, product: str = "") -> list[Fact]:
        low, high = self.span(window)
        return [fact for fact in self.facts[name] if low <= fact.t < high and (not product or fact.product == product)]

    def total(self, window: str, *names: str, product: str = "") -> int:
        """Counts or minor units together."""
        return sum(fact.count for name in names for fact in self._in(window, name, product))

    def people(self, window: str, *names: str, product: str = "") -> int:
        """Different people."""
        return len({fact.user for name in names for fact in self._in(window, name, product)})

    def watched_ms(self, window: str) -> int:
        """Time watched by everybody together: the platform's online count over time."""
        low, high = self.span(window)
        low, high = max(low, self.began), min(high, self.ended or self.now)
        total = 0
        for place, (since, people) in enumerate(self.samples):
            following = self.samples[place + 1][0] if place + 1 < len(self.samples) else high
            start, end = max(since, low), min(following, since + COUNT_HOLDS, high)
            total += max(0, end - start) * people
        return total

    def figures(self, window: str) -> dict[str, Fraction | None]:
        """Metric id to its figure in the table's unit (money in minor units).

        None is "nothing to divide by", or "nobody told of it": a room that never heard of a refund does not know what
        is left after refunds.
        """
        whole = window == "show"

        def total(*names: str) -> int:
            return self.total(window, *names)

        def people(*names: str) -> int:
            return self.people(window, *names)

        views = self.views - self.views_before if whole else total("entered")
        viewers = self.viewers - self.viewers_before if whole else people("entered")
        paid, orders, units, buyers = total("paid"), total("paid_orders"), total("units"), people("paid")
        clicks, clickers, entered = total("clicked"), people("clicked"), people("entered")
        watched = Fraction(self.watched_ms(window), 1000)
        low, high = self.span(window)
        peak = max((n for t, n in self.samples if low <= t < high), default=0)
        counts: dict[str, int] = {
            "M01": total("shown"), "M02": entered, "M03": views, "M04": viewers,
            "M23": total("joined"), "M25": total("liked", "commented", "shared", "gifts"), "M25.likes": total("liked"),
            "M25.comments": total("commented"), "M25.shares": total("shared"), "M25.gifts": total("gifts"),
            "M25.coins": total("coins"), "M21.count": total("followed"), "M27.people": clickers,
            "M26.people": people("exposed"), "M28.clicks": clicks, "M28.exposures": total("exposed"),
            "M31.people": people("created"), "M40": total("created"), "M40.orders": total("created_orders"),
            "M41": paid, "M41.orders": orders, "M41.units": units, "M41.buyers": buyers,
            "M42": paid - total("refunded"), "M51": total("spent"),
        }  # fmt: skip
        if whole:
            counts["M07"] = peak
        if not self.ended:
            counts["M06"] = self.samples[-1][1]
        shares: dict[str, tuple[int | Fraction, int | Fraction]] = {
            "M05": (entered, total("shown_to")), "M10": (watched, viewers), "M10.view": (watched, views),
            "M19": (people("liked", "commented", "shared"), viewers),
            "M19.times": (total("liked", "commented", "shared"), views),
            "M20": (people("commented"), viewers), "M21": (people("followed"), viewers),
            "M21.views": (total("followed"), views), "M22": (people("joined"), viewers),
            "M26": (people("exposed"), entered), "M27": (clickers, people("exposed")),
            "M28": (clicks, total("exposed")), "M29": (clicks, views), "M30": (people("carted"), clickers),
            "M31": (people("created"), clickers), "M32": (buyers, people("created")), "M33": (buyers, clickers),
            "M34": (orders, clicks), "M35": (buyers, entered), "M36": (units, views), "M37": (clickers, viewers),
            "M44": (paid * 1000, views), "M45": (paid, viewers), "M45.views": (paid, views), "M46": (paid, buyers),
            "M47": (paid, units), "M48": (paid, orders), "M49": (units, orders), "M52": (paid, total("spent")),
            "M54": (paid - total("refunded"), total("spent")), "M59": (total("refunded"), paid),
            "M59.orders": (total("refunded_orders"), orders),
        }  # fmt: skip
        found: dict[str, Fraction | None] = {metric: Fraction(count) for metric, count in counts.items()}
        for metric, (above, below) in shares.items():
            found[metric] = Fraction(above) / Fraction(below) if below else None
        for kind, metrics in _UNKNOWN_WITHOUT.items():
            if kind not in self.told:
                found |= {metric: None for metric in metrics.split() if metric in found}
        return found

    def product(self, product: str) -> dict[str, Fraction | None]:
        """The figures of one product over the show."""

        def total(name: str) -> int:
            return self.total("show", name, product=product)

        def share(above: int, below: int) -> Fraction | None:
            return Fraction(above, below) if below else None

        def people(name: str) -> int:
            return self.people("show", name, product=product)

        return {
            "M28": share(total("clicked"), total("exposed")),
            "M33": share(people("paid_of"), people("clicked")),
            "M41": Fraction(total("paid_of")),
        }


_UNKNOWN_WITHOUT = {
    "ImpressionsCounted": "M01 M05",
    "ViewerEntered": "M02 M05 M26 M35",
    "UserFollowed": "M21 M21.views M21.count",
    "FanClubJoined": "M22 M23",
    "CommentPosted": "M20 M25.comments",
    "LikeGiven": "M25.likes",
    "RoomShared": "M25.shares",
    "GiftSent": "M25.gifts M25.coins",
    "ProductExposed": "M26 M26.people M27 M28 M28.exposures",
    "ProductClicked": "M27 M27.people M28 M28.clicks M29 M30 M31 M33 M34 M37",
    "CartAdded": "M30",
    "OrderCreated": "M31 M31.people M32 M40 M40.orders",
    "OrderPaid": (
        "M32 M33 M34 M35 M36 M41 M41.orders M41.units M41.buyers M42 M44 M45 M45.views M46 M47 M48 M49 M52 M54 M59"
        " M59.orders"
    ),
    "OrderRefunded": "M42 M54 M59 M59.orders",
    "AdSpent": "M51 M52 M54",
}
"""What is unknown in a room that never heard of a kind of event."""

_STOCK = frozenset({"StockOpened", "StockAdjusted"})
_ORDERS = frozenset({"OrderCreated", "OrderPaid", "OrderCancelled", "OrderRefunded"})


def _by_user(name: str) -> Callable[[Recount, Any], None]:
    return lambda recount, event: recount._fact(name, user=event.user)


def _commented(recount: Recount, event: ev.CommentPosted) -> None:
    if not event.by_host:
        recount._fact("commented", user=event.user)


def _gift(recount: Recount, event: ev.GiftSent) -> None:
    recount._fact("gifts", event.count, event.user)
    recount._fact("coins", event.coins, event.user)


def _shown(recount: Recount, event: ev.ImpressionsCounted) -> None:
    recount._fact("shown", max(0, event.times))
    recount._fact("shown_to", max(0, event.people))


_COUNTED: dict[str, Callable[[Recount, Any], None]] = {
    "ViewerEntered": _by_user("entered"),
    "UserFollowed": _by_user("followed"),
    "FanClubJoined": _by_user("joined"),
    "RoomShared": _by_user("shared"),
    "CommentPosted": _commented,
    "GiftSent": _gift,
    "ImpressionsCounted": _shown,
    "OnlineCounted": Recount._online,
    "LikeGiven": lambda r, e: r._fact("liked", e.count, e.user),
    "ProductExposed": lambda r, e: r._fact("exposed", e.count, e.user, e.product),
    "ProductClicked": lambda r, e: r._fact("clicked", e.count, e.user, e.product),
    "CartAdded": lambda r, e: r._fact("carted", 1, e.user, e.product),
    "AdSpent": lambda r, e: r._fact("spent", e.amount),
}


def count_cues(database: Path, room: str, show_started: int, until: int) -> dict[str, int]:
    """Cues of a show out of what the room announced: given, followed, useful. Escalated, it is still the same cue."""
    first: dict[str, str] = {}
    done: set[str] = set()
    useful: set[str] = set()
    for event in _announced(database, room, show_started, until):
        if isinstance(event, ev.CueRaised):
            first[event.cue] = first.get(event.escalated_from, event.cue)
        elif isinstance(event, ev.CueDone):
            done.add(first[event.cue])
        elif isinstance(event, ev.CueJudged) and event.verdict == "useful":
            useful.add(first[event.cue])
    return {"given": len(set(first.values())), "followed": len(done), "useful": len(useful)}


def _announced(database: Path, room: str, since: int, until: int) -> Iterable[ev.Event]:
    reader = SqliteReader(database)
    try:
        now = 0
        for _, events in read_committed(reader, room, 0):
            ticks = [event.now for event in events if isinstance(event, ev.ClockTicked)]
            now = max([now, *ticks])
            if since <= now <= until:
                yield from events
    finally:
        reader.close()
