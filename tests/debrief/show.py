"""A small show made by hand, so that every figure of its debrief can be worked out on paper; and a pump.

Room time begins at ``START``; times below are seconds after it. Three segments of 300 s are planned
(basket, tea, soap) and run 540, 120 and 240 s. 400 people enter (300 by feed, 100 by paid), one view each.

    product   clicks  people  orders  price   role     of which
    basket       200     100      20   5000   profit   feed 20
    tea          100     100       2   3000   prestige feed 2
    soap         150      75      16    990   deal     paid 16; stock 15, so the last one is short; one refunded
"""

import random
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from livecue import events as ev
from livecue.audience import Audience
from livecue.catalog import Catalog
from livecue.debrief import Debrief, DebriefBody, find_debrief
from livecue.events import ClockTicked, CommandAsked, Event, Line, ProductCard, SegmentPlan
from livecue.flow import Bus, Makers, Pump, RoomInfo
from livecue.kit import ManualClock
from livecue.metrics import Metrics, Reading
from livecue.sales import Sales
from livecue.shows import Shows
from livecue.store import SqliteReader, SqliteWriter, Writer, migrate
from livecue.team import Team
from livecue.work import Work

START = 1_790_000_040_000
LEDGERS = (Team, Catalog, Shows, Audience, Sales, Work, Metrics)
ROOM = RoomInfo(room="r1", org="o", brand="b", name="小镇好物", platform="simulator", nature="simulated")
SHOW = "show-1"
Step = tuple[float, Event]

NASTY = "高山茶 <script>alert(1)</script>"
CARDS = (
    ProductCard(product="basket", name="手工竹篮", role="profit", number=1, price=5000, skus=("basket-1",)),
    ProductCard(product="tea", name=NASTY, role="prestige", number=2, price=3000, skus=("tea-1",)),
    ProductCard(product="soap", name="橄榄皂", role="deal", number=3, price=990, skus=("soap-1",)),
)  # fmt: skip
SEGMENTS = (
    SegmentPlan(
        segment="a",
        part="pitch",
        title="竹篮讲解",
        duration_s=300,
        product="basket",
        host="p-lin",
        target_gmv=50_000,
        target_orders=10,
    ),
    SegmentPlan(
        segment="b",
        part="pitch",
        title="高山茶讲解",
        offset_s=300,
        duration_s=300,
        product="tea",
        host="阿美",
        target_gmv=60_000,
    ),
    SegmentPlan(segment="c", part="deal", title="福利皂", offset_s=600, duration_s=300, product="soap", host="p-lin"),
)
GOALS = {"M41": 200_000, "M03": 400, "M04": 500}


def at(seconds: float) -> int:
    """Room time of a moment of the show."""
    return START + round(seconds * 1000)


def plan(show: str = SHOW, starts: float = 0, carried: tuple[str, ...] = ()) -> ev.ShowPlanned:
    """The plan of the show, or of another like it."""
    return ev.ShowPlanned(
        command=f"plan-{show}",
        show=show,
        title="日常场",
        starts_at=at(starts),
        segments=SEGMENTS,
        products=CARDS,
        goals=GOALS,
        carried=carried,
    )


def played(planned: bool = True, masked: bool = False) -> list[Step]:
    """The show from its preparation to 20 s after its end at 900 s."""
    steps: list[Step] = [
        (-50, ev.StockOpened(sku=sku, quantity=pieces, product=product)) for sku, product, pieces in STOCK
    ]
    steps += [(-45, ev.DutyTaken(command="d1", person="p-ops", role="ops", name="运营小王"))]
    steps += [(-45, ev.DutyTaken(command="d2", person="p-floor", role="floor", name="场控小李"))]
    steps += [(-45, ev.DutyTaken(command="d3", person="p-lin", role="host", name="林晓"))]
    if planned:
        steps.append((-40, plan()))
        steps += [(-30, ev.ProductListed(product=card.product, number=card.number)) for card in CARDS]
    steps.append((0, ev.ShowStarted(command="start", show=SHOW, title="日常场")))
    if planned:
        steps += [
            (t, ev.SegmentStarted(command=f"s-{s}", show=SHOW, segment=s))
            for t, s in ((0, "a"), (540, "b"), (660, "c"))
        ]
    steps += traffic(masked) + sold(masked) + spoken() + broken() + cued()
    steps.append((900, ev.ShowEnded(command="end", show=SHOW)))
    return steps


STOCK = (("basket-1", "basket", 500), ("tea-1", "tea", 500), ("soap-1", "soap", 15))


def traffic(masked: bool = False) -> list[Step]:
    """400 people, each once; impressions, online, spend."""

    def who(number: int) -> str:
        return "" if masked else f"u{number}"

    steps: list[Step] = [(1, ev.ImpressionsCounted(times=2000, people=1000)), (2, ev.AdSpent(amount=20_000))]
    steps += [(5 + n / 10, ev.ViewerEntered(user=who(n), via="feed")) for n in range(300)]
    steps += [(40 + n / 10, ev.ViewerEntered(user=who(300 + n), via="paid")) for n in range(100)]
    steps += [(3 + 60 * n, ev.OnlineCounted(online=online)) for n, online in enumerate((100, 200, 300, 250, 200))]
    return steps


def sold(masked: bool = False) -> list[Step]:
    """Exposures, clicks, orders: see the table above."""

    def who(number: int) -> str:
        return "" if masked else f"u{number}"

    steps: list[Step] = [(100 + n, ev.ProductExposed(product="basket", user=who(n))) for n in range(200)]
    steps += [(110 + n, ev.ProductClicked(product="basket", user=who(n), count=2)) for n in range(100)]
    steps += [(545 + n, ev.ProductClicked(product="tea", user=who(n))) for n in range(100)]
    steps += [(665 + n, ev.ProductClicked(product="soap", user=who(300 + n), count=2)) for n in range(75)]
    for product, sku, price, count, first, begin, via in (
        ("basket", "basket-1", 5000, 20, 0, 200, "feed"),
        ("tea", "tea-1", 3000, 2, 50, 600, "feed"),
        ("soap", "soap-1", 990, 16, 300, 700, "paid"),
    ):
        for n in range(count):
            lines = (Line(sku=sku, product=product, price=price),)
            order, user = f"{product}-{n}", who(first + n)
            steps.append((begin + n, ev.OrderCreated(order=order, amount=price, user=user, lines=lines, via=via)))
            steps.append((begin + n + 0.3, ev.OrderPaid(order=order, amount=price, user=user, lines=lines, via=via)))
    steps.append((800, ev.OrderRefunded(order="soap-0", amount=990, refund="re-1", sku="soap-1", quantity=1)))
    return steps


def spoken() -> list[Step]:
    """8 questions about the size of the basket, 2 of them answered; 5 complaints; a banned word twice."""

    def judged(name: str, label: str, topic: str, text: str, product: str = "") -> Event:
        return ev.CommentJudged(comment=name, label=label, topic=topic, text=text, product=product)

    def flagged(name: str, where: str) -> Event:
        return ev.TextFlagged(
            where=where, subject=name, word="最有效", severity="block", entry="A1", basis="广告法 第九条(三)"
        )

    steps: list[Step] = [
        (300 + n, judged(f"q{n}", "question", "size_colour", f"多大的{n % 2}？", "basket")) for n in range(8)
    ]
    steps += [(320 + n, ev.QuestionAnswered(command=f"qa{n}", comment=f"q{n}", how="host")) for n in range(2)]
    steps.append((325, ev.QuestionAnswered(command="qa-ignored", comment="q3", how="ignored")))
    steps.append((330, judged("q9", "question", "price", "打我电话 13812345678")))
    steps += [(340 + n, judged(f"c{n}", "complaint", "logistics", "还没发货")) for n in range(5)]
    steps.append((350, judged("h1", "chat", "", "哈哈")))
    steps += [(410 + n, flagged(f"sp{n}", "speech")) for n in range(2)]
    steps.append((415, flagged("x", "comment")))
    return steps


def broken() -> list[Step]:
    """Three stutters (two of them close together) and a feed that is gone for 45 s."""
    steps: list[Step] = [(t, ev.StreamStuttered(ms=800)) for t in (420, 430, 600)]
    steps += [(500, ev.SourceGone(feed="speech")), (545, ev.SourceBack(feed="speech", gap_ms=45_000))]
    return steps


def cued() -> list[Step]:
    """R005 followed three times without effect, R012 never answered, R001 useful, once only after an escalation."""
    steps: list[Step] = []
    for n in range(3):
        t = 150 + 100 * n
        steps += cue(f"n{n}", "R005", "host", t, "done", "no_effect", (0.01, -0.1, 0.12))
        steps += cue(f"u{n}", "R012", "host", t + 5, "silence", "not_followed", None)
        if n:
            steps += cue(f"g{n}", "R001", "host", t + 10, "done", "useful", (0.2, 0.1, 0.3))
    steps += cue("g0", "R001", "host", 160, "silence", "not_followed", None)
    steps += cue("g0b", "R001", "floor", 195, "done", "useful", (0.3, 0.15, 0.45), origin="g0")
    steps += cue("x0", "R050", "host", 500, "dismissed", "not_followed", None)
    return steps


def cue(
    name: str,
    rule: str,
    role: str,
    t: float,
    outcome: str,
    verdict: str,
    effect: tuple[float, float, float] | None,
    origin: str = "",
) -> list[Step]:
    """The life of one cue."""
    ends: dict[str, Event] = {
        "done": ev.CueDone(cue=name, person="p-host"),
        "dismissed": ev.CueDismissed(cue=name, person="p-host", reason="正在讲价格"),
        "silence": ev.CueExpired(cue=name, why="silence"),
    }
    value, low, high = effect or (None, None, None)
    return [
        (t, ev.CueRaised(cue=name, rule=rule, role=role, metric="M41", escalated_from=origin)),
        (t + 20, ends[outcome]),
        (t + 40, ev.CueJudged(cue=name, rule=rule, verdict=verdict, metric="M41", effect=value, low=low, high=high)),
    ]


def ticked(steps: Sequence[Step], until: float, since: float = -60, every: float = 5.0) -> list[Event]:
    """The steps in order, with keys, among ticks from ``since`` to ``until``.

    Each command has a tick right behind it, as in a room whose clock ticks every 250 ms.
    """
    moments = [(t, 1, n, event) for n, (t, event) in enumerate(steps)]
    beats = {since + n * every for n in range(round((until - since) / every) + 1)}
    beats |= {t + 0.25 for t, event in steps if isinstance(event, CommandAsked)}
    moments += [(t, 0, n, ClockTicked(now=at(t))) for n, t in enumerate(sorted(beats))]
    moments.sort(key=lambda item: (item[0], item[1], item[2]))
    return [
        event if isinstance(event, ClockTicked) else msgspec.structs.replace(event, key=event.key or f"k{t}-{n}")
        for t, _, n, event in moments
        if t <= until
    ]


def cut(events: Sequence[Event], seed: int) -> list[list[Event]]:
    """The same events in batches cut anywhere."""
    dice = random.Random(seed)
    batches, start = [], 0
    while start < len(events):
        size = dice.choice((1, 2, 5, 40, 200))
        batches.append(list(events[start : start + size]))
        start += size
    return batches


class House:
    """A pump over a database with one room."""

    def __init__(self, path: Path, decider: Debrief | None = None, room: RoomInfo = ROOM) -> None:
        self.path, self.room, self.decider = path, room, decider or Debrief()
        self.clock = ManualClock(1_000)
        self.broken = False
        """The decider fails on every batch."""
        migrate(path)
        self.reader = SqliteReader(path)
        self.open()

    def open(self) -> None:
        """Start the pump, as after a restart."""

        def found(writer: Writer, room: str) -> tuple[RoomInfo, Makers]:
            return self.room, (LEDGERS, (self.decider,))

        def probe(name: str) -> None:
            if self.broken and name == "debrief":
                raise RuntimeError("broken on purpose")

        self.pump = Pump(SqliteWriter(self.path), found, Bus(), clock=self.clock, probe=probe)
        self.pump.start()

    def feed(self, *batches: Iterable[Event]) -> list[Event]:
        """Post batches; what they brought about."""
        said: list[Event] = []
        futures = [self.pump.post("r1", list(batch), source="sim", wants=True) for batch in batches]
        for future in futures:
            said += future.result(60).announced
        return said

    def forget_snapshots(self) -> None:
        """The room must be folded anew from its journal."""
        connection = sqlite3.connect(self.path)
        with connection:
            connection.execute("DELETE FROM snapshots")
        connection.close()

    def run_again(self, show: str, times: int) -> None:
        """What is kept of an ended show is kept of as many later ones besides."""
        connection = sqlite3.connect(self.path)
        with connection:
            for n in range(times):
                connection.execute(
                    "INSERT INTO metered_shows (org, brand, room, show, title, began_at, ended_at, currency) SELECT"
                    " org, brand, room, show || ?, title, began_at + ?, ended_at + ?, currency FROM metered_shows"
                    " WHERE show = ?",
                    (f"-{n}", n + 1, n + 1, show),
                )
                connection.execute(
                    "INSERT INTO show_totals (org, brand, room, show, metric, scope, value, num, den, sample, why,"
                    " as_of) SELECT org, brand, room, show || ?, metric, scope, value, num, den, sample, why, as_of"
                    " FROM show_totals WHERE show = ?",
                    (f"-{n}", show),
                )
        connection.close()

    def close(self) -> None:
        """Stop; what was answered is durable."""
        self.pump.stop()
        self.reader.close()

    def debrief(self, show: str = SHOW) -> DebriefBody:
        """The debrief that must be there."""
        found = find_debrief(self.reader, show)
        assert found is not None
        return found


def value(figures: Iterable[Reading], metric: str) -> float | None:
    """The value of a figure that must be there."""
    return next(reading for reading in figures if reading.metric == metric).value
