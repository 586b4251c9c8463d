"""The search for whole selections: which of them is best, and the proof that none is better.

What the linear programme leaves in parts is seldom which items are good but how many talks each phase holds: 8.1 here,
5.6 there. Once those counts are whole, lengths follow each other in steps of one and settle by themselves (their worth
grows ever more slowly). So the search branches on the counts of the phases first, then on those of each length in each
phase, and only then on single items; a few dozen linear programmes are enough where a search over items needs
thousands. Every one of them prices columns in until none is missing among the items that can still matter, so its bound
holds over the whole pool.
"""

import heapq
import itertools
import time

import msgspec
import numpy as np

from livecue.planning.selection.programme import DUAL, PRIMAL, Choices, Prices, Programme
from livecue.planning.selection.shrink import Floats, Ints

_WHOLE = 1e-6
_ENTERS = 1e-6
_ENOUGH = 120
"""Columns priced in at once."""
_WIDTH = 0.004
"""Share of the bound: items that lose more are not looked at until it is known that they might matter."""
_NEAR = 0.0002
"""Share of the bound that a column may lose to be in the programme from the start."""
_FIRST = 1_500
_PRICINGS = 40


class Branch(msgspec.Struct, frozen=True):
    """A bound on a sum of choices ("sum"), on an item ("item") or on a column ("column")."""

    what: str
    number: int


Node = dict[Branch, tuple[float, float]]


class Tree:
    """Searches from the prices of the whole linear programme; ``run`` leaves the best selection and the bound in it."""

    def __init__(self, problem: Choices, duals: Floats, until: float, grace_s: float = 0.0) -> None:
        """``grace_s``: how much longer it may look for a first selection."""
        self.problem, self.until, self.grace_s = problem, until, grace_s
        reduced = problem.reduced(duals)
        self.bound, share = problem.bound(duals, reduced)
        loss = share[:, None] - reduced
        loss[problem.forced] = np.where(np.isfinite(reduced[problem.forced]), 0.0, np.inf)
        self._loss = loss
        self._least = loss.min(axis=1, initial=np.inf)
        # A few columns, those that lose least: what else is needed is priced in.
        self.programme = Programme(problem)
        flat = np.where(loss < _NEAR * max(abs(self.bound), 1e-9), -loss, -np.inf).ravel()
        near = top(flat, _FIRST + int(np.isfinite(loss[problem.forced]).sum()))
        self.programme.add(np.stack(np.divmod(near, loss.shape[1]), axis=1))
        self._among = np.zeros(0, dtype=np.int64)
        self._applied: Node = {}
        self._slack = 0.0
        self.picked: list[tuple[int, int]] | None = None
        self.worth = -np.inf
        self.upper = self.bound
        self.nodes = 0

    def run(self, tolerance: float) -> None:
        """Find the best selection; stop when the gap is no wider than ``tolerance``, or when time is over."""
        width = _WIDTH * max(abs(self.bound), 1e-9)
        while True:
            self._among = np.flatnonzero(self._least < width)
            self.upper = self._search(tolerance)
            # What was not looked at loses at least the width.
            rest = self.bound - width if len(self._among) < np.isfinite(self._least).sum() else -np.inf
            if self.upper > self.worth + self._slack or rest <= self.worth + self._slack or self._late():
                self.upper = max(self.upper, min(rest, self.bound))
                return
            width = (self.bound - self.worth) * 1.01 if self.picked is not None else np.inf

    def _late(self) -> bool:
        return time.monotonic() > self.until + (self.grace_s if self.picked is None else 0.0)

    def _search(self, tolerance: float) -> float:
        """Walk the tree; the bound that is left over the items looked at."""
        count = itertools.count()
        heap: list[tuple[float, int, Node]] = [(-self.bound, next(count), {})]
        while heap:
            node = heapq.heappop(heap)
            if -node[0] <= self.worth + self._slack:
                return self.worth
            # From the most promising node down to a selection, the other halves wait.
            here: tuple[float, Node] | None = (-node[0], node[2])
            while here is not None:
                if self._late():
                    return max(here[0], *(-bound for bound, _, _ in heap), self.worth)
                here, other = self._visit(*here)
                if other is not None:
                    heapq.heappush(heap, (-other[0], next(count), other[1]))
            if self.picked is not None:
                self._slack = max(tolerance * abs(self.worth), 2e-6)
        return self.worth

    def _visit(self, bound: float, node: Node) -> tuple[tuple[float, Node] | None, tuple[float, Node] | None]:
        """Solve one node; its two halves, the likelier first, or nothing."""
        if bound <= self.worth + self._slack:
            return None, None
        self.nodes += 1
        value = self._bound_at(node)
        if value <= self.worth + self._slack:
            return None, None
        shares, kept = self.programme.shares()
        if not kept:
            # Hard rows cannot hold here: their slack is dearer than any item.
            return None, None
        branch, at = self._split(shares)
        if branch is None:
            self._keep(shares, value)
            return None, None
        low, high = node.get(branch, (-np.inf, np.inf) if branch.what == "sum" else (0.0, 1.0))
        down = (value, {**node, branch: (low, float(np.floor(at)))})
        up = (value, {**node, branch: (float(np.ceil(at)), high)})
        return (down, up) if at - np.floor(at) < 0.5 else (up, down)

    def _bound_at(self, node: Node) -> float:
        """Solve the node's linear programme over the items looked at; its bound."""
        self._apply(node)
        simplex, value = DUAL, np.inf
        for _ in range(_PRICINGS):
            prices = self.programme.relaxed(simplex)
            fresh, missing = self._entering(prices, node)
            value = min(value, prices.value + missing)
            if value <= self.worth + self._slack or not len(fresh):
                break
            self.programme.add(fresh)
            simplex = PRIMAL
        return value

    def _entering(self, prices: Prices, node: Node) -> tuple[Ints, float]:
        """Choices that this node's prices make worth a column, and by how much the bound stands above its programme."""
        among, programme = self._among, self.programme
        free = ~self.problem.forced
        places = np.where(free, np.maximum(prices.places, 0.0), prices.places)
        shut = []
        for branch, (low, high) in node.items():
            if branch.what == "item":
                places[branch.number] = prices.places[branch.number]
                if high < low + 0.5 and low < 0.5:
                    shut.append(branch.number)
        reduced = self.problem.reduced(prices.rows, among, prices.sums)
        gain = np.where(programme.known[among], -np.inf, reduced) - places[among][:, None]
        if shut:
            gain[np.isin(among, shut)] = -np.inf
        best = gain.max(axis=1, initial=-np.inf)
        missing = float(best[best > 0].sum())
        rows = top(best, _ENOUGH, _ENTERS)
        choice = gain[rows].argmax(axis=1) if len(rows) else np.zeros(0, dtype=np.int64)
        return np.stack([among[rows], choice], axis=1), missing

    def _split(self, shares: Floats) -> tuple[Branch | None, float]:
        """What to branch on and its value; None when everything is whole."""
        programme, problem = self.programme, self.problem
        by_choice = np.bincount(programme.choice, shares, problem.values.shape[1])
        sums = problem.sums @ by_choice
        broken = np.abs(sums - np.round(sums)) > _WHOLE
        if broken[: problem.phases].any():
            # The phase with the fewest talks first: one more or less moves most there.
            number = int(np.where(broken[: problem.phases], sums[: problem.phases], np.inf).argmin())
            return Branch("sum", number), float(sums[number])
        if broken.any():
            part = np.abs(sums - np.round(sums))
            return Branch("sum", int(part.argmax())), float(sums[part.argmax()])
        items = np.bincount(programme.item, shares, len(problem.values))
        for what, values in (("item", items), ("column", shares)):
            part = np.abs(values - np.round(values))
            if len(part) and part.max() > _WHOLE:
                number = int(part.argmax())
                return Branch(what, number), float(values[number])
        return None, 0.0

    def _keep(self, shares: Floats, value: float) -> None:
        if value > self.worth:
            # Whatever loses more than what is left of the gap is out of the question from now on.
            self._among = self._among[self._least[self._among] < self.bound - value + _WHOLE]
            taken = np.flatnonzero(shares > 0.5)
            programme = self.programme
            self.worth = value
            self.picked = list(zip(programme.item[taken].tolist(), programme.choice[taken].tolist(), strict=True))

    def _apply(self, node: Node) -> None:
        """Bring the programme's bounds from the last node to this one."""
        for branch in [branch for branch in self._applied if branch not in node]:
            self._bounds(branch, None)
        for branch, bounds in node.items():
            if self._applied.get(branch) != bounds:
                self._bounds(branch, bounds)
        self._applied = node

    def _bounds(self, branch: Branch, bounds: tuple[float, float] | None) -> None:
        programme, highs = self.programme, self.programme.highs
        if branch.what == "sum":
            highs.changeRowBounds(programme.first_sum + branch.number, *(bounds or (-np.inf, np.inf)))
        elif branch.what == "item":
            low = float(self.problem.forced[branch.number])
            highs.changeRowBounds(int(programme.item_row[branch.number]), *(bounds or (low, 1.0)))
        else:
            highs.changeColBounds(int(programme.at[branch.number]), *(bounds or (0.0, np.inf)))


def top(column: Floats, count: int, above: float = -np.inf) -> Ints:
    """Places of the highest finite values, at most ``count``, those above ``above`` only."""
    places = np.flatnonzero(np.isfinite(column) & (column > above))
    if len(places) > count:
        places = places[np.argpartition(-column[places], count - 1)[:count]]
    return places
