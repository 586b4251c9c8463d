"""Back-test on generated shows: true rates are known, past shows tell of them by chance, the next show is judged."""

import time
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from livecue.planning.selection.candidate import ROLES, Brief, Candidate, Evidence, Phase, Rule
from livecue.planning.selection.choose import choose
from livecue.planning.selection.presets import PRESETS
from livecue.planning.selection.proposal import Proposal
from livecue.planning.selection.shrink import Floats, numbered
from livecue.planning.selection.worth import Worths

_SHARES = (0.20, 0.15, 0.40, 0.10, 0.10, 0.05)
_MARGIN = {"hook": 0.08, "deal": 0.15}
_PHASES = ((30, 400.0), (40, 700.0), (45, 1000.0), (45, 1100.0), (40, 800.0), (30, 500.0))


class World(msgspec.Struct, frozen=True):
    """A pool with what past shows told of it, and the truth behind."""

    items: list[Candidate]
    truth: list[Candidate]
    """The same items with evidence so heavy that their rates are the true ones."""
    sold: Floats
    """Paid money of all past shows: what a host remembers."""
    last: Floats
    """Paid money of the newest past show of each item."""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One way to choose, judged by the truth. ``worth`` in minor units; ``hit_rate`` of the items it chose."""

    way: str
    worth: float
    hit_rate: float
    items: int
    seconds: float
    cpu_seconds: float
    proved: bool = False
    gap: float | None = None


def world(count: int, shows: int = 30, each: int = 40, seed: int = 1) -> World:
    """A brand with ``count`` items and ``shows`` past shows of ``each`` items. All figures are drawn, none measured."""
    chance = np.random.default_rng(seed)
    roles = chance.choice(len(ROLES), count, p=_SHARES)
    price = np.exp(chance.normal(4.3, 0.8, count)) * 100
    margin = np.array([_MARGIN.get(ROLES[role], 0.45) for role in roles]) * chance.uniform(0.6, 1.4, count)
    price = np.maximum(np.where(roles < 2, price * 0.5, price), 100).astype(int)
    cost = np.maximum((price * (1 - margin)).astype(int), 1)
    category = chance.integers(0, 20, count)
    taste = np.exp(chance.normal(0, 0.25, 20))[category]
    click = np.clip(chance.beta(4, 60, count) * taste, 0.001, 0.6)
    sale = np.clip(chance.beta(2, 50, count) * taste, 0.0005, 0.6)
    back = np.clip(chance.beta(3, 20, count), 0, 0.8)
    stock = chance.choice((60, 100, 300, 1000, 5000), count)
    supplier = chance.integers(0, max(count // 40, 5), count)
    exposed, clicked, paid = (np.zeros(count) for _ in range(3))
    last = np.zeros(count)
    # Hosts show what they know: half of a show comes from what sold before, half is new.
    for _ in range(shows):
        seen = np.argsort(-(paid * price + chance.exponential(1e4, count)))[: each // 2]
        shown = np.union1d(seen, chance.integers(0, count, each - len(seen)))
        times = chance.poisson(900, len(shown))
        hits = chance.binomial(times, click[shown])
        sales = chance.poisson(hits * sale[shown])
        exposed[shown] += times
        clicked[shown] += hits
        paid[shown] += sales
        last[shown] = sales * price[shown]

    def made(click_of: Sequence[Evidence], sale_of: Sequence[Evidence], back_of: Sequence[Evidence]) -> list[Candidate]:
        return [
            Candidate(
                product=f"p{n}",
                name=f"item {n}",
                role=ROLES[roles[n]],
                category=f"c{category[n]}",
                supplier=f"s{supplier[n]}",
                price=int(price[n]),
                cost=int(cost[n]),
                stock=int(stock[n]),
                clicks=click_of[n],
                sales=sale_of[n],
                returns=back_of[n],
            )
            for n in range(count)
        ]

    heavy = 1e9
    items = made(
        [Evidence(float(clicked[n]), float(exposed[n])) for n in range(count)],
        [Evidence(float(paid[n]), float(clicked[n])) for n in range(count)],
        [Evidence(float(back[n] * paid[n] * price[n]), float(paid[n] * price[n])) for n in range(count)],
    )
    truth = made(
        [Evidence(float(click[n]) * heavy, heavy) for n in range(count)],
        [Evidence(float(sale[n]) * heavy, heavy) for n in range(count)],
        [Evidence(float(back[n]) * heavy * 1e6, heavy * 1e6) for n in range(count)],
    )
    return World(items, truth, paid * price, last)


def brief_of(most: int = 40) -> Brief:
    """A show of 230 minutes with quotas of roles, price bands, suppliers and categories."""
    return Brief(
        phases=tuple(
            Phase(phase=f"b{n}", minutes=minutes, audience=audience, golden=audience > 900)
            for n, (minutes, audience) in enumerate(_PHASES)
        ),
        lengths=(3.0, 4.0, 5.0, 6.0, 7.0, 8.0),
        least=most,
        most=most,
        each_supplier=3,
        each_category=6,
        rules=(
            Rule(rule="hook", by="role", values=("hook",), low=6, high=10),
            Rule(rule="deal", by="role", values=("deal",), low=4, high=8),
            Rule(rule="profit", by="role", values=("profit",), low=14, high=22),
            Rule(rule="prestige", by="role", values=("prestige",), low=1, high=4),
            Rule(rule="under 50", by="price", most_price=5000, low=8),
            Rule(rule="from 200", by="price", least_price=20000, high=8),
            Rule(rule="hooks early", by="role", values=("hook",), phases=("b0",), low=2, penalty=1.0),
        ),
    )


def compared(known: World, brief: Brief, limit_s: float = 20.0, tolerance: float = 0.0) -> list[Compared]:
    """The optimiser, a greedy choice, a blind one and the host's own, all judged by the true worth of the same show.

    Greedy takes the best estimate that still fits, item by item; blind takes any that fits; the host takes what sold
    most before. All three keep the hard constraints where they can, and give every item the same five minutes.
    """
    truth = Worths(known.truth, brief)
    value = truth.values
    hits = hits_of(known)
    place = {item.product: n for n, item in enumerate(known.items)}
    found = []

    def judged(way: str, picks: list[tuple[int, int, int]], begin: float, cpu: float) -> Compared:
        worth = float(sum(value[pick] for pick in picks))
        rate = float(np.mean([hits[item] for item, _, _ in picks])) if picks else 0.0
        seconds, used = time.monotonic() - begin, time.process_time() - cpu
        return Compared(way=way, worth=worth, hit_rate=rate, items=len(picks), seconds=seconds, cpu_seconds=used)

    begin, cpu = time.monotonic(), time.process_time()
    proposal = choose(known.items, brief, limit_s=limit_s, tolerance=tolerance)
    if isinstance(proposal, Proposal):
        phases = [phase.phase for phase in brief.phases]
        picks = [
            (place[pick.product], brief.lengths.index(pick.minutes), phases.index(pick.phase))
            for pick in proposal.picks
        ]
        best = judged("optimiser", picks, begin, cpu)
        gap = (proposal.bound - proposal.worth) / max(abs(proposal.worth), 1.0)
        found.append(msgspec.structs.replace(best, proved=proposal.proved, gap=gap))
    estimate = Worths(known.items, brief).values.max(axis=(1, 2))
    chance = np.random.default_rng(7)
    ways: list[tuple[str, Callable[[], Floats]]] = [
        ("greedy", lambda: estimate),
        ("host", lambda: known.last + known.sold * 1e-3),
        ("random", lambda: chance.random(len(known.items))),
    ]
    for way, score in ways:
        begin, cpu = time.monotonic(), time.process_time()
        found.append(judged(way, one_by_one(known.items, brief, score()), begin, cpu))
    return found


def one_by_one(items: Sequence[Candidate], brief: Brief, score: Floats) -> list[tuple[int, int, int]]:
    """Take items by score, each five minutes in the phase with most people that has room, quotas kept on the way."""
    length = min(range(len(brief.lengths)), key=lambda n: abs(brief.lengths[n] - 5))
    minutes = brief.lengths[length]
    room = [phase.minutes for phase in brief.phases]
    crowded = sorted(range(len(room)), key=lambda n: -brief.phases[n].audience)
    counts: dict[str, int] = {}
    quota = {rule.values[0]: rule for rule in brief.rules if rule.by == "role" and rule.penalty is None}
    # Places that other roles' least quotas will still need.
    picks: list[tuple[int, int, int]] = []
    dear = next((rule for rule in brief.rules if rule.by == "price" and rule.high is not None), None)
    for item in np.argsort(-score):
        candidate = items[int(item)]
        mine = quota.get(candidate.role)
        if mine is not None and mine.high is not None and counts.get(candidate.role, 0) >= mine.high:
            continue
        if brief.each_supplier and counts.get(f"s|{candidate.supplier}", 0) >= brief.each_supplier:
            continue
        if dear is not None and dear.high is not None and candidate.price >= dear.least_price:
            if counts.get("dear", 0) >= dear.high:
                continue
            counts["dear"] = counts.get("dear", 0) + 1
        owed = sum(
            max(int(rule.low) - counts.get(role, 0), 0) for role, rule in quota.items() if role != candidate.role
        )
        if len(picks) + owed >= brief.most and (mine is None or counts.get(candidate.role, 0) >= mine.low):
            continue
        where = next((n for n in crowded if room[n] >= minutes), None)
        if where is None:
            break
        room[where] -= minutes
        counts[candidate.role] = counts.get(candidate.role, 0) + 1
        counts[f"s|{candidate.supplier}"] = counts.get(f"s|{candidate.supplier}", 0) + 1
        picks.append((int(item), length, where))
        if len(picks) >= brief.most:
            break
    return picks


def hits_of(known: World) -> Floats:
    """M67 with the truth: the top fifth of each category by expected paid money per exposure."""
    groups, _ = numbered([item.category for item in known.truth])
    rate = np.array([i.clicks.hits / i.clicks.tries * i.sales.hits / i.sales.tries * i.price for i in known.truth])
    hit = np.zeros(len(rate))
    for group in range(int(groups.max()) + 1):
        members = np.flatnonzero(groups == group)
        size = max(int(PRESETS.hit.top_share * len(members)), 1)
        hit[members[np.argsort(-rate[members])[:size]]] = 1.0
    return hit


def made_backtest(worlds: int = 10, count: int = 600, seed: int = 1) -> dict[str, tuple[float, float, float]]:
    """By way to choose: mean hit rate, mean true worth over the host's, share of worlds in which it beat the host."""
    found: dict[str, list[tuple[float, float]]] = {}
    for number in range(worlds):
        rows = {row.way: row for row in compared(world(count, seed=seed + number), brief_of())}
        for way, row in rows.items():
            found.setdefault(way, []).append((row.hit_rate, row.worth / rows["host"].worth))
    return {
        way: (
            float(np.mean([rate for rate, _ in rows])),
            float(np.mean([times for _, times in rows])),
            float(np.mean([times > 1 for _, times in rows])),
        )
        for way, rows in found.items()
    }
