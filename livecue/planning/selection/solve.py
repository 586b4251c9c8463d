"""Chooses items, lengths and phases: columns are priced into a linear programme, what can still be in the optimum goes
into a small integer programme for HiGHS, and what was left out is proved to be worse.

Every item is chosen at most once, and that is the only constraint an item has of its own: given a price for each row
(its dual), the best choice of every item is found by one matrix product. So the bound of the linear programme over
all columns is known although the solver sees a few hundred of them (Lagrangian bound), and a column whose reduced worth
is further below its item's best than the gap to a known solution cannot be in an optimum.
"""

import time
from collections.abc import Sequence

import msgspec
import numpy as np

from livecue.planning.selection.programme import Choices, Programme
from livecue.planning.selection.shrink import Floats, Ints

_ROUNDS = 60
_BATCH = 200
"""Items priced in per round at most."""
_PER_ITEM = 3
_NEAR_LOSS = 4.0
"""Scaled loss up to which other choices of a taken item are tried."""
_SMOOTH = 0.4
_BEGIN = 30
"""Items of each kind that the programme begins with."""
_EPS = 1e-7


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
    """How many choices the integer programme saw."""
    rounds: int = 0
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
    best_bound, best_duals, rounds = np.inf, np.zeros(len(problem.rows.rows)), 0
    while rounds < _ROUNDS and time.monotonic() - begin < limit_s * 0.7:
        rounds += 1
        raw, places = programme.relaxed()
        duals = problem.valid(raw)
        # Prices half way to the best known ones swing less; where they find nothing, the true ones are asked.
        for asked in (_SMOOTH * best_duals + (1 - _SMOOTH) * duals, duals) if rounds > 1 else (duals,):
            reduced = problem.reduced(asked)
            bound, _ = problem.bound(asked, reduced)
            if bound < best_bound:
                best_bound, best_duals = bound, asked
            fresh = _entering(reduced, places, programme.known)
            if fresh:
                break
        if not fresh or best_bound - programme.value <= _EPS * abs(best_bound):
            break
        programme.add(fresh)
    search = _Search(problem, programme, best_duals, begin + limit_s)
    search.run(tolerance)
    seconds, cpu_seconds = time.monotonic() - begin, time.process_time() - cpu
    prices = best_duals * problem.scale
    if search.picked is None:
        return Outcome(
            feasible=False,
            proved=search.upper == -np.inf,
            duals=prices,
            columns=search.columns,
            rounds=rounds,
            seconds=seconds,
            cpu_seconds=cpu_seconds,
        )
    upper = max(min(search.upper, search.bound), search.worth)
    return Outcome(
        feasible=True,
        picked=tuple(sorted(search.picked)),
        worth=search.worth * problem.scale,
        bound=upper * problem.scale,
        proved=upper - search.worth <= max(1e-6 * abs(search.worth), 2e-6),
        duals=prices,
        columns=search.columns,
        rounds=rounds,
        seconds=seconds,
        cpu_seconds=cpu_seconds,
    )


class _Search:
    """From the bound to a selection: a few columns first, then all that the gap does not rule out."""

    def __init__(self, problem: Choices, programme: Programme, duals: Floats, until: float) -> None:
        self.problem, self.programme, self.until = problem, programme, until
        reduced = problem.reduced(duals)
        self.bound, share = problem.bound(duals, reduced)
        loss = share[:, None] - reduced
        loss[problem.forced] = np.where(np.isfinite(loss[problem.forced]), 0.0, np.inf)
        self.loss = loss
        self.taken = programme.taken()
        self.picked: list[tuple[int, int]] | None = None
        self.worth = -np.inf
        self.upper = np.inf
        self.columns = 0

    def run(self, tolerance: float) -> None:
        """Find the best selection, and the bound that is left."""
        flat = self.loss.ravel()
        whole = int(np.isfinite(flat).sum())
        for size in _SIZES:
            self._within(self._promising(size) if size < whole else np.flatnonzero(np.isfinite(flat)), size >= whole)
            if self.picked is not None or size >= whole:
                break
        if self.picked is None or min(self.upper, self.bound) <= self.worth + max(tolerance * abs(self.worth), _EPS):
            return
        open_columns = np.flatnonzero(flat < self.bound - self.worth + _EPS)
        if len(open_columns) > _MOST_COLUMNS:
            open_columns = self._promising(_MOST_COLUMNS)
        self._within(open_columns, False)

    def _promising(self, size: int) -> Ints:
        """About ``size`` columns: the cheapest of all, the cheapest of every choice, and every choice of the items that
        the linear programme takes: what fills the minutes is seldom what is cheapest."""
        items, choices = self.loss.shape
        cheap = [_top(-self.loss.ravel(), size // 3)]
        cheap += [
            [row * choices + choice for row in _top(-self.loss[:, choice], size // (3 * choices) + 1)]
            for choice in range(choices)
        ]
        taken = [item for item in self.taken if item < items]
        near = np.array([[item * choices + choice for choice in range(choices)] for item in taken], dtype=np.int64)
        near = near.ravel()
        flat = self.loss.ravel()
        near = near[flat[near] < _NEAR_LOSS * size / 600]
        found = np.unique(np.concatenate([near, *(np.array(part, dtype=np.int64) for part in cheap)]))
        kept: Ints = found[np.isfinite(flat[found])]
        return kept

    def _within(self, columns: Ints, whole: bool) -> None:
        """Solve over these columns; what any other column could come to bounds the rest."""
        upper = self._among(columns)
        losses = self.loss.ravel()
        if not whole:
            outside = np.ones(len(losses), dtype=bool)
            outside[columns] = False
            upper = max(upper, self.bound - float(losses[outside].min(initial=np.inf)))
        self.upper = min(upper, self.upper)

    def _among(self, columns: Ints) -> float:
        """Solve over these columns, keep what is better; the bound over them."""
        choices = self.loss.shape[1]
        pairs = [(int(place) // choices, int(place) % choices) for place in columns]
        self.columns = len(pairs)
        picked, upper = self.programme.integral(pairs, self.picked, max(0.2, self.until - time.monotonic()))
        if picked is not None:
            worth = worth_of(self.problem, picked)
            if worth is not None and worth > self.worth:
                self.picked, self.worth = picked, worth
        return upper


_SIZES = (600, 4_000, 20_000, 80_000)
_MOST_COLUMNS = 15_000


def _first(problem: Choices) -> list[tuple[int, int]]:
    """Columns to begin with: the best of every choice, for every row the best of its items, all of what is forced."""
    values, rows = problem.values, problem.rows
    best = values.max(axis=1, initial=-np.inf)
    kinds: dict[bytes, list[int]] = {}
    # Enough of every kind of item (alike in all constraints but those of suppliers and categories).
    member = rows.item > 0
    order = np.lexsort((-best, *member.T)) if member.shape[1] else np.argsort(-best)
    for item in order:
        kind = kinds.setdefault(member[item].tobytes(), [])
        if len(kind) < _BEGIN and np.isfinite(best[item]):
            kind.append(int(item))
    found: list[tuple[int, int]] = []
    for kind in kinds.values():
        for item in kind:
            found += [(item, choice) for choice in _spread(values[item])]
    for choice in range(values.shape[1]):
        found += [(item, choice) for item in _top(values[:, choice], 8)]
    for forced in np.flatnonzero(problem.forced):
        found += [(int(forced), int(choice)) for choice in np.flatnonzero(np.isfinite(values[forced]))]
    return list(dict.fromkeys(found))


def _spread(choices: Floats) -> list[int]:
    """Every third choice an item has, the first and the last among them: short and long talks in every phase."""
    places = np.flatnonzero(np.isfinite(choices))
    return [int(place) for place in places[::3]] + ([int(places[-1])] if len(places) else [])


def _top(column: Floats, count: int) -> list[int]:
    """Places of the highest finite values."""
    count = min(count, len(column))
    if not count:
        return []
    found = np.argpartition(-column, count - 1)[:count]
    return [int(place) for place in found if np.isfinite(column[place])]


def _entering(reduced: Floats, places: Floats, known: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Choices that are worth more than their price: the best few of the items that gain most."""
    gain = reduced.max(axis=1, initial=-np.inf) - places
    found = []
    for item in _top(gain, _BATCH):
        if gain[item] > _EPS:
            fresh = [choice for choice in _top(reduced[item], _PER_ITEM) if reduced[item, choice] > places[item] + _EPS]
            found += [(item, choice) for choice in fresh if (item, choice) not in known]
    return found
