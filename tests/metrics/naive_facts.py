"""The same figures the slow and plain way, from the list of events: shares nothing with the ledger.

Every event is stamped with the newest tick before it. A figure is then computed by going through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from livecue import events as ev
from tests.metrics.naive_orders import NaiveOrders, OrderSeen


@dataclass
class Fact:
    """Something counted once: when (ms), in which stretch and segment, for which product and source."""

    name: str
    t: float
    stretch: int
    segment: str
    count: int = 1
    user: str | None = None
    product: str = ""
    via: str = ""
    foreign: bool = False
    whole: bool = False
    """Part of the show, of no window and no segment."""


@dataclass
class Interval:
    """Between two moments nothing changed."""

    start: int
    end: int
    stretch: int
    segment: str
    on_air: bool
    online: int | None
    talking: str


class Naive(NaiveOrders):
    """Goes through the events once to stamp and sort them; every question goes through the facts."""

    def __init__(self, events: Iterable[ev.Event], currency: str = "CNY") -> None:
        self.currency = currency
        self.told: list[tuple[str, int]] = []
        self.users_via: dict[str, str] = {}
        self.skus: dict[str, str] = {}
        self.present: dict[str, int] = {}
        self.masked_present = 0
        self.online: tuple[int, int] | None = None
        self.views: int | None = None
        self.viewers: int | None = None
        self.views_base = self.viewers_base = 0
        self.leaves_told = False
        self.now = 0
        self.show = ""
        self.pinned, self.pins = "", False
        self.paid_before: set[str] = set()
        self.planned: dict[str, dict[str, str]] = {}
        self.reset(0)
        events = list(events)
        first = next((i for i, e in enumerate(events) if isinstance(e, ev.ClockTicked)), None)
        if first is None:
            return
        tick = events[first]
        assert isinstance(tick, ev.ClockTicked)
        self.now = self.began = tick.now
        for event in [*events[:first], *events[first + 1 :]]:
            if isinstance(event, ev.ClockTicked):
                self.tick(event.now)
            else:
                self.see(event)

    def reset(self, now: int) -> None:
        self.began = now
        self.unseen = 0
        self.facts: list[Fact] = []
        self.intervals: list[Interval] = []
        self.samples: list[tuple[float, int, int, str]] = []
        self.boundary_online: dict[int, int | None] = {}
        self.stretch = 0
        self.stretch_at = 0
        self.stretch_online: int | None = None
        self.segment = ""
        self.visits: list[tuple[int, int]] = []
        self.orders: dict[str, OrderSeen] = {}
        self.on_air = True
        self.talking = ""
        self.talks: dict[str, list[list[int]]] = {}
        self.questions: dict[str, int] = {}
        self.fast: set[str] = set()
        self.pending_due: list[tuple[str, int]] = []
        self.masked_left: list[tuple[int, int, str]] = []

    # Time.

    def online_at(self, now: int) -> int | None:
        if self.online is not None:
            return self.online[0] if now - self.online[1] <= 60_000 else None
        return len(self.present) + self.masked_present if self.leaves_told else None

    def tick(self, now: int) -> None:
        if now <= self.now:
            return
        if self.unseen and now - self.now > 250:
            self.fact("unseen_ms", count=self.unseen * (now - self.now - 250))
        self.unseen = 0
        edges = [b for b in range((self.now // 5000 + 1) * 5000, now + 1, 5000)]
        for moment in [*edges, now]:
            if moment > self.now:
                people = self.online_at(self.now)
                end = moment
                if self.online is not None and people is not None:
                    end = min(moment, self.online[1] + 60_000)
                state = (self.stretch, self.segment, self.on_air)
                if end > self.now:
                    self.intervals.append(Interval(self.now, end, *state, people, self.talking))
                if moment > end:
                    self.intervals.append(Interval(end, moment, *state, None, self.talking))
                self.now = moment
            edge = moment in edges
            people = self.online_at(moment)
            inside = moment - 0.5 if edge else moment
            if people is not None:
                self.samples.append((inside, people, self.stretch, self.segment))
                if edge:
                    self.samples.append((moment, people, self.stretch, self.segment))
            if edge:
                self.boundary_online[moment] = people
            for comment, asked in list(self.pending_due):
                if moment > asked + 15_000:
                    self.pending_due.remove((comment, asked))
                    self.fact("due", t=inside)
                    if comment in self.fast:
                        self.fact("due_fast", t=inside)
                        self.fast.discard(comment)

    def fact(self, name: str, **more: Any) -> None:
        more.setdefault("t", self.now)
        self.facts.append(Fact(name, stretch=self.stretch, segment=self.segment, **more))

    # Events.

    def see(self, event: ev.Event) -> None:
        kind = type(event).__name__
        handler = getattr(self, "on_" + kind, None)
        if handler is not None:
            handler(event)

    def tell(self, kind: str) -> None:
        self.told.append((kind, self.now))

    def on_ShowPlanned(self, e: ev.ShowPlanned) -> None:
        self.planned[e.show] = {s.segment: s.product for s in e.segments if s.product}
        for card in e.products:
            for sku in card.skus:
                self.skus[sku] = card.product

    def on_ShowStarted(self, e: ev.ShowStarted) -> None:
        unpaid = {k: o for k, o in self.orders.items() if not o.paid}
        # What was paid in the show before stays its own; of earlier shows nothing is remembered.
        earlier: set[str] = set() if self.show else self.paid_before
        self.paid_before = {k for k, o in self.orders.items() if o.paid} | earlier
        self.show = e.show
        visits = dict.fromkeys(self.present, -1)
        self.reset(self.now)
        self.present = visits
        for order in unpaid.values():
            order.via = order.user = ""
        self.orders = unpaid
        if self.views is not None:
            self.views_base = self.views
        if self.viewers is not None:
            self.viewers_base = self.viewers
        self.talk()

    def on_SegmentStarted(self, e: ev.SegmentStarted) -> None:
        if e.segment == self.segment:
            return
        self.stretch += 1
        self.segment = e.segment
        self.stretch_at = self.now
        self.talk()

    def on_ProductPinned(self, e: ev.ProductPinned) -> None:
        self.pins = True
        if self.pinned == e.product:
            return
        self.pinned = e.product
        if not self.segment:
            self.stretch += 1
            self.stretch_at = self.now
        self.talk()

    def on_ProductUnpinned(self, e: ev.ProductUnpinned) -> None:
        self.pins = True
        if self.pinned == e.product:
            self.pinned = ""
            self.talk()

    def talk(self) -> None:
        product = self.pinned if self.pins else self.planned.get(self.show, {}).get(self.segment, "")
        if product == self.talking:
            return
        if self.talking:
            self.talks[self.talking][-1][1] = self.now
        self.talking = product
        if product:
            self.talks.setdefault(product, []).append([self.now, 0])

    def in_talk(self, product: str) -> bool:
        talks = self.talks.get(product, [])
        return bool(talks) and (not talks[-1][1] or self.now - talks[-1][1] <= 60_000)

    def on_StreamPaused(self, e: ev.StreamPaused) -> None:
        self.on_air = False

    def on_StreamResumed(self, e: ev.StreamResumed) -> None:
        self.on_air = True

    def on_ViewerEntered(self, e: ev.ViewerEntered) -> None:
        self.tell("enter")
        self.fact("entries", user=e.user, via=e.via or "unknown")
        if e.user:
            self.present[e.user] = self.now
            self.users_via[e.user] = e.via or "unknown"
        else:
            self.masked_present += 1

    def on_ViewerLeft(self, e: ev.ViewerLeft) -> None:
        self.tell("leave")
        self.leaves_told = True
        self.fact("leaves")
        if e.stay_s >= 0:
            self.tell("stay")
            self.fact("stays")
            self.fact("stay_s", count=e.stay_s)
        if e.user:
            entered = self.present.pop(e.user, None)
            if entered is None or entered < 0:
                return
        else:
            self.masked_present = max(0, self.masked_present - 1)
            if e.stay_s < 0:
                self.fact("masked_left")
                return
            entered = self.now - e.stay_s * 1000
            if entered < self.began:
                return
        self.visits.append((entered, self.now - entered))

    def on_OnlineCounted(self, e: ev.OnlineCounted) -> None:
        if e.online >= 0:
            self.tell("online")
            self.online = (e.online, self.now)
            self.samples.append((self.now, e.online, self.stretch, self.segment))
        if e.views >= 0:
            self.tell("views")
            self.views = e.views
        if e.viewers >= 0:
            self.tell("viewers")
            self.viewers = e.viewers

    def on_ImpressionsCounted(self, e: ev.ImpressionsCounted) -> None:
        if e.times >= 0:
            self.tell("impress")
            self.fact("impressions", count=e.times)
        if e.people >= 0:
            self.tell("impress_people")
            self.fact("impressed", count=e.people)

    def on_LikeGiven(self, e: ev.LikeGiven) -> None:
        self.tell("like")
        self.fact("likes", count=e.count, user=e.user)

    def on_CommentPosted(self, e: ev.CommentPosted) -> None:
        if not e.by_host:
            self.tell("comment")
            self.fact("comments", user=e.user)
            self.moment(e.at)

    def moment(self, at: int) -> None:
        if at and abs(self.now + 250 - at) < 3_600_000:
            self.tell("moment")
            self.fact("late_ms", count=max(0, self.now + 250 - at))
            self.unseen += 1

    def on_RoomShared(self, e: ev.RoomShared) -> None:
        self.tell("share")
        self.fact("shares", user=e.user)

    def on_GiftSent(self, e: ev.GiftSent) -> None:
        self.tell("gift")
        self.fact("gifts", count=e.count)
        self.fact("coins", count=e.coins)

    def on_UserFollowed(self, e: ev.UserFollowed) -> None:
        self.tell("follow")
        self.fact("follows", user=e.user)

    def on_FanClubJoined(self, e: ev.FanClubJoined) -> None:
        self.tell("join")
        self.fact("joins", user=e.user)

    def on_ProductExposed(self, e: ev.ProductExposed) -> None:
        self.tell("expose")
        self.fact("exposures", count=e.count, user=e.user, product=e.product)

    def on_ProductClicked(self, e: ev.ProductClicked) -> None:
        self.tell("click")
        self.fact("clicks", count=e.count, user=e.user, product=e.product)
        if e.product == self.talking:
            self.fact("talk_clicks", count=e.count, product=e.product)

    def on_CartAdded(self, e: ev.CartAdded) -> None:
        self.tell("cart")
        self.fact("carts", user=e.user, product=e.product)

    def on_AdSpent(self, e: ev.AdSpent) -> None:
        self.tell("spend")
        self.fact("ad", count=e.amount)

    def on_StreamStuttered(self, e: ev.StreamStuttered) -> None:
        self.tell("stutter")
        self.fact("stutters")

    # Words.

    def on_CommentJudged(self, e: ev.CommentJudged) -> None:
        self.tell("judge")
        self.fact("judged_" + e.label)
        due = [comment for comment, _ in self.pending_due]
        if e.label == "question" and e.comment not in self.questions and e.comment not in due:
            self.questions[e.comment] = self.now
            self.pending_due.append((e.comment, self.now))

    def on_QuestionAnswered(self, e: ev.QuestionAnswered) -> None:
        if e.how == "ignored" or e.comment not in self.questions:
            return
        asked = self.questions.pop(e.comment)
        self.tell("answer")
        self.fact("answered")
        self.fact("answer_ms", count=self.now - asked)
        if self.now - asked <= 15_000:
            self.fast.add(e.comment)
