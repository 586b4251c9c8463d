"""Every figure of one window and scope, by going through all the facts each time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.metrics.naive_facts import Fact, Interval, Naive

WINDOWS = {"1m": 60_000, "5m": 300_000, "15m": 900_000}
Answer = tuple[float | None, str]


class Figures:
    """The figures of one window and scope."""

    def __init__(self, naive: Naive, window: str, scope: str) -> None:
        self.n = naive
        self.window = window
        self.kind, _, self.name = scope.partition(":")
        self.edge = naive.now // 5000 * 5000
        self.rolling = window in WINDOWS
        self.low = self.edge - WINDOWS.get(window, 0)

    def inside(self, t: float, stretch: int, segment: str) -> bool:
        if self.kind == "segment":
            return segment == self.name
        if self.rolling:
            return self.low <= t < self.edge
        return self.window == "show" or stretch == self.n.stretch

    def facts(self, name: str, scoped: bool = True) -> list[Fact]:
        found = []
        for fact in self.n.facts:
            if fact.name != name or not self.inside(fact.t, fact.stretch, fact.segment):
                continue
            if fact.whole and (self.kind == "segment" or self.window != "show"):
                continue
            if scoped and self.kind == "product" and fact.product != self.name:
                continue
            if scoped and self.kind == "source" and fact.via != self.name:
                continue
            found.append(fact)
        return found

    def sum(self, name: str, scoped: bool = True) -> int:
        return sum(f.count for f in self.facts(name, scoped))

    def times(self, name: str, scoped: bool = True) -> int:
        return len(self.facts(name, scoped))

    def people(self, *names: str, scoped: bool = True) -> int | str:
        users = [f.user for name in names for f in self.facts(name, scoped)]
        return "masked_users" if "" in users else len(set(users))

    def amount(self, name: str) -> int | str:
        if any(f.foreign for n in ("created", "paid", "created_of", "paid_of") for f in self.facts(n)):
            return "mixed_currency"
        return self.sum(name)

    def spans(self) -> list[tuple[int, Interval]]:
        found = []
        for i in self.n.intervals:
            start, end = i.start, i.end
            if self.kind != "segment" and self.rolling:
                start, end = max(start, self.low), min(end, self.edge)
            if end > start and self.inside(start, i.stretch, i.segment):
                found.append((end - start, i))
        return found

    def own(self, name: str) -> str:
        """Facts of orders are kept per order, and per product as ``_of``."""
        return name + "_of" if self.kind == "product" else name

    def whole_platform(self, told: int | None, base: int) -> int | None:
        if self.window != "show" or self.kind not in ("room", "product") or told is None or told < base:
            return None
        return told - base

    def views(self) -> int:
        told = self.whole_platform(self.n.views, self.n.views_base)
        return self.times("entries", self.kind != "product") if told is None else told

    def viewers(self) -> int | str:
        told = self.whole_platform(self.n.viewers, self.n.viewers_base)
        return self.entered() if told is None else told

    def entered(self) -> int | str:
        return self.people("entries", scoped=self.kind != "product")

    def watch(self) -> tuple[int, int]:
        told = [(ms, i.online) for ms, i in self.spans() if i.online is not None]
        return sum(ms * people for ms, people in told), sum(ms for ms, _ in told)

    def grown(self, seconds: int) -> tuple[int, int] | str:
        if self.facts("masked_left"):
            return "masked_users"
        buckets = [f.t // 5000 for f in self.n.facts if f.name == "entries"]
        starts = sorted({i.start for i in self.n.intervals})
        del starts
        grown = left = 0
        for bucket in buckets:
            if self.ripe(bucket, seconds):
                grown += 1
        for entered, stay in self.n.visits:
            if stay < seconds * 1000 and self.ripe(entered // 5000, seconds):
                left += 1
        return grown, left

    def ripe(self, bucket: float, seconds: int) -> bool:
        when = (int(bucket) + 1) * 5000 + seconds * 1000
        if when > self.edge:
            return False
        if self.rolling and self.kind != "segment":
            return self.low <= when < self.edge
        if self.window == "show" and self.kind == "room":
            return True
        # In the stretch that ran then.
        ran = [(i.stretch, i.segment) for i in self.n.intervals if i.start < when <= i.end]
        return bool(ran) and self.inside(when, *ran[0])

    def peak(self) -> int | None:
        inside = []
        for t, people, stretch, segment in self.n.samples:
            if self.inside(t, stretch, segment):
                inside.append(people)
        return max(inside, default=None)


def ratio(num: Any, den: Any, factor: float = 1) -> Answer:
    for side in (num, den):
        if isinstance(side, str):
            return None, side
    return (None, "zero_denominator") if den == 0 else (num / den * factor, "")


def count(value: Any) -> Answer:
    return (None, value) if isinstance(value, str) else (value, "")


def formulas(f: Figures) -> dict[str, Callable[[], Answer]]:
    """Every metric that has a meaning in the scope of ``f``."""
    own, room = f.own, f.kind in ("room", "segment")
    paid, created = own("paid"), own("created")
    units, refunded = own("units"), own("refunded")
    money: dict[str, Callable[[], Answer]] = {
        "M03": lambda: count(f.views()),
        "M02": lambda: count(f.entered()),
        "M04": lambda: count(f.viewers()),
        "M32": lambda: ratio(f.people(paid), f.people(created)),
        "M35": lambda: ratio(f.people(paid), f.entered()),
        "M36": lambda: ratio(f.sum(units), f.views()),
        "M40": lambda: count(f.amount(created)),
        "M40.orders": lambda: count(f.times(created)),
        "M41": lambda: count(f.amount(paid)),
        "M41.orders": lambda: count(f.times(paid)),
        "M41.units": lambda: count(f.sum(units)),
        "M41.buyers": lambda: count(f.people(paid)),
        "M44": lambda: ratio(f.amount(paid), f.views(), 1000),
        "M45": lambda: ratio(f.amount(paid), f.viewers()),
        "M45.views": lambda: ratio(f.amount(paid), f.views()),
        "M46": lambda: ratio(f.amount(paid), f.people(paid)),
        "M47": lambda: ratio(f.amount(paid), f.sum(units)),
        "M48": lambda: ratio(f.amount(paid), f.times(paid)),
        "M49": lambda: ratio(f.sum(units), f.times(paid)),
    }
    if not isinstance(f.amount(paid), str):
        money |= {
            "M42": lambda: count(f.sum(paid) - f.sum(refunded)),
            "M59": lambda: ratio(f.sum(refunded), f.sum(paid)),
        }
    money["M59.orders"] = lambda: ratio(f.sum(own("refunded_orders")), f.times(paid))
    if f.kind == "source":
        return money | {"M12": lambda: ratio(f.times("entries"), f.times("entries", scoped=False))}
    talk_ms = sum(ms for ms, i in f.spans() if i.talking and (room or i.talking == f.name))
    talk_orders = f.times("talk_paid_of") if f.kind == "product" else f.times("talk_orders")
    funnel = money | {
        "M26": lambda: ratio(f.people("exposures"), f.entered()),
        "M27": lambda: ratio(f.people("clicks"), f.people("exposures")),
        "M26.people": lambda: count(f.people("exposures")),
        "M31.people": lambda: count(f.people(created)),
        "M27.people": lambda: count(f.people("clicks")),
        "M28": lambda: ratio(f.sum("clicks"), f.sum("exposures")),
        "M28.clicks": lambda: count(f.sum("clicks")),
        "M28.exposures": lambda: count(f.sum("exposures")),
        "M29": lambda: ratio(f.sum("clicks"), f.views()),
        "M30": lambda: ratio(f.people("carts"), f.people("clicks")),
        "M31": lambda: ratio(f.people(created), f.people("clicks")),
        "M33": lambda: ratio(f.people(paid), f.people("clicks")),
        "M34": lambda: ratio(f.times(paid), f.sum("clicks")),
        "M37": lambda: ratio(f.people("clicks"), f.viewers()),
        "M38": lambda: ratio(talk_orders, f.sum("talk_clicks")),
        "M39": lambda: ratio(talk_orders, talk_ms / 10_000),
        "M50": lambda: (
            ratio(f.amount(paid), 1)
            if isinstance(f.amount(paid), str)
            else ratio(f.sum("talk_paid_of"), talk_ms / 60_000)
        ),
    }
    if not room:
        return funnel
    watch, watched = f.watch()
    on_air = sum(ms for ms, i in f.spans() if i.on_air)
    spent = f.amount("ad")
    whole: dict[str, Callable[[], Answer]] = funnel | {
        "M01": lambda: count(f.sum("impressions")),
        "M01.people": lambda: count(f.sum("impressed")),
        "M05": lambda: ratio(f.entered(), f.sum("impressed")),
        "M07": lambda: count("stale" if f.peak() is None else f.peak()),
        "M08": lambda: ratio(watch, watched),
        "M09": lambda: count(on_air / 1000),
        "M10": lambda: ratio(watch / 1000, f.viewers()),
        "M10.view": lambda: ratio(watch / 1000, f.views()),
        "M10.left": lambda: ratio(f.sum("stay_s"), f.times("stays")),
        "M19": lambda: ratio(f.people("likes", "comments", "shares"), f.viewers()),
        "M19.times": lambda: ratio(f.sum("likes") + f.times("comments") + f.times("shares"), f.views()),
        "M20": lambda: ratio(f.people("comments"), f.viewers()),
        "M21": lambda: ratio(f.people("follows"), f.viewers()),
        "M21.views": lambda: ratio(f.times("follows"), f.views()),
        "M21.count": lambda: count(f.times("follows")),
        "M22": lambda: ratio(f.people("joins"), f.viewers()),
        "M23": lambda: count(f.times("joins")),
        "M25": lambda: count(f.sum("likes") + f.sum("gifts") + f.times("comments") + f.times("shares")),
        "M25.likes": lambda: count(f.sum("likes")),
        "M25.comments": lambda: count(f.times("comments")),
        "M25.shares": lambda: count(f.times("shares")),
        "M25.gifts": lambda: count(f.sum("gifts")),
        "M25.coins": lambda: count(f.sum("coins")),
        "M25.questions": lambda: count(f.times("judged_question")),
        "M25.intents": lambda: count(f.times("judged_intent")),
        "M25.complaints": lambda: count(f.times("judged_complaint")),
        "M50.hour": lambda: ratio(f.amount("paid"), on_air / 3_600_000),
        "M51": lambda: count(spent),
        "M52": lambda: ratio(f.amount("paid"), spent),
        "M58": lambda: ratio(spent, f.times("new_buyers")),
        "M77": lambda: ratio(f.sum("answer_ms") / 1000, f.times("answered")),
        "M79": lambda: ratio(f.times("due_fast"), f.times("due")),
        "M92": lambda: ratio(f.sum("late_ms") + f.sum("unseen_ms"), f.times("late_ms")),
        "M91": lambda: count(f.times("stutters")),
    }
    if not isinstance(f.amount("paid"), str):
        whole["M54"] = lambda: ratio(f.sum("paid") - f.sum("refunded"), spent)
        whole["M59.shipped"] = lambda: ratio(f.sum("refunded_shipped"), f.sum("paid"))
        whole["M59.unshipped"] = lambda: ratio(f.sum("refunded_unshipped"), f.sum("paid"))
    for seconds, count_id, rate_id in ((10, "M11", ""), (60, "M11.minute", "M13.1"), (300, "", "M13")):
        grown = f.grown(seconds)
        if isinstance(grown, str):
            answers: tuple[Answer, Answer] = ((None, grown), (None, grown))
        else:
            answers = count(grown[0] - grown[1]), ratio(grown[0] - grown[1], grown[0])
        if count_id:
            whole[count_id] = lambda answer=answers[0]: answer  # type: ignore[misc]
        if rate_id:
            whole[rate_id] = lambda answer=answers[1]: answer  # type: ignore[misc]
    if f.kind == "room":
        video = f.times("entries") and sum(1 for x in f.facts("entries") if x.via == "video")
        whole["M17"] = lambda: ratio(video, f.times("entries"))
        if f.rolling:
            whole["M14"] = lambda: leave_rate(f)
    return whole


def leave_rate(f: Figures) -> Answer:
    if f.low // 5000 <= f.n.began // 5000:
        return None, "too_early"
    online = f.n.boundary_online.get(f.low)
    if online is None:
        return None, "stale"
    return ratio(f.times("leaves"), online)
