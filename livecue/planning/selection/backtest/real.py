"""Back-test on products that real hosts sold: one host is left out, the others teach what sells.

The file has no exposure and no time, so "hit" is by sales alone (top fifth within category and host) and the hosts are
the only thing that can be held out. Its rate must not stand beside a rate per exposure as if both were one.
"""

import csv
import gzip
import random
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from livecue.errors import BadInput
from livecue.planning.selection.presets import PRESETS
from livecue.planning.selection.shrink import Floats, Ints, numbered, shrunk

_BANDS = 5
_SHARES = (0.0, 0.02, 0.10, 0.25)
"""Lower bounds of commission bands."""
_COLUMNS = ("Goods_category", "Retailing_price_(YUAN)", "Commission_rate", "Sales_amount", "Name")


class SoldItem(msgspec.Struct, frozen=True):
    """A product that a host sold; money in yuan as the file tells it, an estimate by a third party."""

    host: str
    category: str
    price: float
    commission: float
    sales: float


class HostResult(msgspec.Struct, frozen=True):
    """One host held out: how many items were proposed, how many of them were hits."""

    host: str
    items: int
    proposed: int
    hits: int
    base: float
    """Share of hits among all: what a blind choice gets."""


class RealResult(msgspec.Struct, frozen=True):
    """Hit rates over all hosts by method, and of each host; ``low`` and ``high``: 90 % by drawing hosts anew."""

    hosts: tuple[HostResult, ...]
    rate: float
    low: float
    high: float
    blind: float
    dearest: float
    """Proposing what costs most."""
    best_paid: float
    """Proposing what pays the highest commission."""
    items: int
    left_out: int
    """Items of categories with too few of them at a host to have a top fifth."""


def read_sold(path: Path) -> list[SoldItem]:
    """Read the file (CSV, may be gzipped). Raises ``BadInput`` when it lacks a column or a figure cannot be read."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from error
    rows = csv.DictReader(text.splitlines())
    lacking = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
    if lacking:
        raise BadInput(f"{path.name} lacks the columns {', '.join(lacking)}")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            found.append(
                SoldItem(
                    host=row["Name"],
                    category=row["Goods_category"],
                    price=float(row["Retailing_price_(YUAN)"]),
                    commission=float(row["Commission_rate"].rstrip("%")) / 100,
                    sales=float(row["Sales_amount"]),
                )
            )
        except ValueError as error:
            raise BadInput(f"{path.name}, row {number}: {error}") from error
    return found


def real_backtest(items: Sequence[SoldItem], seed: int = 1) -> RealResult:
    """Hold out every host in turn. Known before the show: category, price within the host's category, commission."""
    kept, hit, cells = _labelled(items)
    hosts, names = numbered([item.host for item in kept])
    weights = np.ones(len(kept))
    groups, _ = numbered(cells)
    price = np.array([item.price for item in kept])
    commission = np.array([item.commission for item in kept])
    results, blind, dear, paid, taken = [], 0.0, 0.0, 0.0, 0
    chance = random.Random(seed)
    tie = np.array([chance.random() for _ in kept]) * 1e-9
    for number, name in enumerate(names):
        held = hosts == number
        # What the other hosts' items of the same kind came to, shrunk towards all.
        count = int(groups.max()) + 1
        tries = np.bincount(groups[~held], weights[~held], count).astype(np.float64)
        hits = np.bincount(groups[~held], hit[~held], count).astype(np.float64)
        rates = shrunk(hits, tries, np.zeros(count, dtype=np.int64), PRESETS.hit.top_share, 10.0, 200.0)
        mine = np.flatnonzero(held)
        size = max(round(PRESETS.hit.top_share * len(mine)), 1)

        def best(score: Floats, mine: Ints = mine, size: int = size) -> float:
            order = np.argsort(-(score[mine] + tie[mine]), kind="stable")[:size]
            return float(hit[mine[order]].sum())

        got = best(rates.mean[groups])
        dear, paid = dear + best(price), paid + best(commission)
        blind += float(hit[mine].mean()) * size
        taken += size
        results.append(HostResult(name, len(mine), size, round(got), float(hit[mine].mean())))
    whole = sum(result.hits for result in results) / taken
    low, high = _interval(results, chance)
    return RealResult(
        hosts=tuple(results), rate=whole, low=low, high=high, blind=blind / taken, dearest=dear / taken,
        best_paid=paid / taken, items=len(kept), left_out=len(items) - len(kept),
    )  # fmt: skip


def _labelled(items: Sequence[SoldItem]) -> tuple[list[SoldItem], Floats, list[str]]:
    """Items that can be judged, whether each is a hit, and its kind (category, price band, commission band)."""
    members: dict[tuple[str, str], list[SoldItem]] = {}
    for item in items:
        members.setdefault((item.host, item.category), []).append(item)
    kept: list[SoldItem] = []
    hit: list[float] = []
    cells: list[str] = []
    for group in members.values():
        if len(group) < PRESETS.hit.least_in_category:
            continue
        size = max(int(PRESETS.hit.top_share * len(group)), 1)
        bound = sorted((item.sales for item in group), reverse=True)[size - 1]
        prices = np.array([item.price for item in group])
        rank = np.searchsorted(np.sort(prices), prices, side="left") / len(prices)
        for item, place in zip(group, rank, strict=True):
            kept.append(item)
            hit.append(float(item.sales >= bound and item.sales > 0))
            band = sum(item.commission >= share for share in _SHARES)
            cells.append(f"{item.category}|{min(int(place * _BANDS), _BANDS - 1)}|{band}")
    if not kept:
        raise BadInput("no category of any host has enough items to have a top fifth")
    return kept, np.array(hit), cells


def _interval(results: Sequence[HostResult], chance: random.Random) -> tuple[float, float]:
    rates = []
    for _ in range(1000):
        drawn = chance.choices(results, k=len(results))
        rates.append(sum(result.hits for result in drawn) / sum(result.proposed for result in drawn))
    rates.sort()
    return rates[49], rates[949]
