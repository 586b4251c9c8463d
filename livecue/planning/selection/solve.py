"""Chooses items, lengths and phases: columns are priced into a linear programme, then a search over how many talks each
phase holds brings the best selection and its proof.

Every item is chosen at most once, and that is the only constraint an item has of its own: given a price for each row
(its dual), the best choice of every item is found by one matrix product. So the bound of the linear programme over
all columns is known although the solver sees a few thousand of them (Lagrangian bound), and a column whose reduced
worth is further below its item's best than the gap to a known solution cannot be in an optimum.
"""

import time
from collections.abc import Sequence

import msgspec
import numpy as np

from livecue.planning.selection.programme import Choices, Programme
from livecue.planning.selection.shrink import Floats, Ints
from livecue.planning.selection.tree import Tree, top

_ROUNDS = 60
_BATCH = 200
"""Items priced in per round at most."""
_PER_ITEM = 3
_SMOOTH = 0.4
_PROMISING = 3_000
"""Items looked at between two looks at all of them."""
_BEGIN = 8
"""Items of each kind that the programme begins with."""
_EPS = 1e-7
_PROVED = 1e-6
"""A gap of this share of the worth is rounding."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """``picked`` are (item, choice) with choice = length * phases + phase; ``worth`` after penalties, in minor units.

    ``bound``: no selection is worth more. ``feasible`` False: hard rows contradict each other.
    """

    feasible: bool
    picked: tuple[tuple[int, int], ...] = ()
    worth: float = 0.0
    bound: float = 0.0
    proved: bool = False
    duals: Floats | None = None
    """Price of each row: what one more unit of its right side is worth."""
    columns: int = 0
    """How many choices the linear programme saw."""
    rounds: int = 0
    nodes: int = 0
    """Linear programmes of the search."""
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    @property
    def gap(self) -> float:
        """(bound - worth) over worth."""
        return (self.bound - self.worth) / max(abs(self.worth), 1e-9)


def worth_of(problem: Choices, picked: Sequence[tuple[int, int]]) -> float | None:
    """Scaled worth after penalties; None when a hard row is broken."""
    use = problem.rows.use(picked)
    short = np.maximum(problem.rows.low - use, 0.0)
    over = np.maximum(use - problem.rows.high, 0.0)
    off = short + over
    hard = np.isinf(problem.penalty)
    if (off[hard] > 1e-6).any():
        return None
    return float(sum(problem.values[item, choice] for item, choice in picked)) - float(
        (off[~hard] * problem.penalty[~hard]).sum()
    )


def solve(problem: Choices, limit_s: float = 10.0, tolerance: float = 0.0) -> Outcome:
    """The best selection with its proof, or the best found in ``limit_s`` with the gap that is left.

    With a ``tolerance`` it stops as soon as the gap (a share of the worth) is proved to be no wider.
    """
    begin, cpu = time.monotonic(), time.process_time()
    programme = Programme(problem)
    programme.add(_first(problem))
    bound, duals, rounds = _relax(problem, programme, begin + limit_s * 0.7)
    tree = Tree(problem, duals, begin + limit_s, limit_s)
    tree.run(max(tolerance, _PROVED))
    picked, worth, upper = tree.picked, -np.inf, min(tree.upper, bound)
    if picked is None and tree.upper > -np.inf:
        # Time is over without any selection: what the solver itself finds among the columns is better than none.
        programme = tree.programme
        pairs = np.stack([programme.item, programme.choice], axis=1)
        picked, _ = programme.integral(pairs, None, max(1.0, limit_s * 0.3))
    if picked is not None:
        found = worth_of(problem, picked)
        picked, worth = (picked, found) if found is not None else (None, worth)
    told = Outcome(
        feasible=picked is not None,
        proved=picked is None and tree.upper == -np.inf,
        duals=duals * problem.scale,
        columns=len(tree.programme.item),
        rounds=rounds,
        nodes=tree.nodes,
        seconds=time.monotonic() - begin,
        cpu_seconds=time.process_time() - cpu,
    )
    if picked is None:
        return told
    upper = max(upper, worth)
    return msgspec.structs.replace(
        told,
        picked=tuple(sorted(picked)),
        worth=worth * problem.scale,
        bound=upper * problem.scale,
        proved=upper - worth <= max(_PROVED * abs(worth), 2e-6),
    )


def _relax(problem: Choices, programme: Programme, until: float) -> tuple[float, Floats, int]:
    """Price columns in until none is missing; the bound, the prices that give it, rounds.

    Most rounds look at the most promising items only; the others are asked again when those have nothing more to give.
    """
    best_bound, best_duals, rounds = np.inf, np.zeros(len(problem.rows.rows)), 0
    among: Ints | None = None
    while rounds < _ROUNDS and (rounds == 0 or time.monotonic() < until):
        rounds += 1
        prices = programme.relaxed()
        duals = problem.valid(prices.rows)
        places = np.where(problem.forced, prices.places, np.maximum(prices.places, 0.0))
        fresh = np.zeros((0, 2), dtype=np.int64)
        if among is not None:
            fresh = _entering(problem.reduced(duals, among), places[among], programme, among)
        if not len(fresh):
            among = None
            # Prices half way to the best known ones swing less; where they find nothing, the true ones are asked.
            for asked in (_SMOOTH * best_duals + (1 - _SMOOTH) * duals, duals) if rounds > 1 else (duals,):
                reduced = problem.reduced(asked)
                bound, _ = problem.bound(asked, reduced)
                if bound < best_bound:
                    best_bound, best_duals = bound, asked
                fresh = _entering(reduced, places, programme)
                if len(fresh):
                    among = top(reduced.max(axis=1, initial=-np.inf) - places, _PROMISING)
                    break
        if not len(fresh) or best_bound - prices.value <= _EPS * abs(best_bound):
            break
        programme.add(fresh)
    return best_bound, best_duals, rounds


def _first(problem: Choices) -> Ints:
    """Columns to begin with: the best of every choice, for every row the best of its items, all of what is forced."""
    values, rows = problem.values, problem.rows
    best = values.max(axis=1, initial=-np.inf)
    # Enough of every kind of item (alike in all constraints but those of suppliers and categories).
    kind = rows.kind
    order = np.lexsort((-best, kind))
    starts = np.concatenate([[True], kind[order][1:] != kind[order][:-1]])
    place = np.arange(len(order)) - np.maximum.accumulate(np.where(starts, np.arange(len(order)), 0))
    some = order[(place < _BEGIN) & np.isfinite(best[order])]
    spread = np.zeros(values.shape[1], dtype=bool)
    # Every third choice, the first and the last among them: short and long talks in every phase.
    spread[::3] = spread[-1:] = True
    pairs = [np.argwhere(np.isfinite(values[some]) & spread)]
    pairs[0][:, 0] = some[pairs[0][:, 0]]
    for choice in range(values.shape[1]):
        items = top(values[:, choice], 8)
        pairs.append(np.stack([items, np.full(len(items), choice)], axis=1))
    forced = np.flatnonzero(problem.forced)
    pairs.append(np.argwhere(np.isfinite(values[forced])))
    pairs[-1][:, 0] = forced[pairs[-1][:, 0]]
    return np.concatenate(pairs)


def _entering(reduced: Floats, places: Floats, programme: Programme, among: Ints | None = None) -> Ints:
    """Choices that are worth more than their price: the best few of the items that gain most."""
    items = top(reduced.max(axis=1, initial=-np.inf) - places, _BATCH, _EPS)
    gain = reduced[items] - places[items][:, None]
    few = np.argsort(-gain, axis=1)[:, :_PER_ITEM]
    row, choice = np.repeat(np.arange(len(items)), few.shape[1]), few.ravel()
    named = items if among is None else among[items]
    kept = (gain[row, choice] > _EPS) & ~programme.known[named[row], choice]
    return np.stack([named[row[kept]], choice[kept]], axis=1)
