"""Hard constraints that contradict each other: which they are, and how far each would have to give way.

Worth does not matter here, so items that count in the same constraints are one variable ("how many of these, with this
length, in this phase"): a programme of some hundred variables, whatever the size of the pool.
"""

from collections.abc import Sequence

import highspy
import numpy as np

from livecue.planning.selection.candidate import Brief, Candidate
from livecue.planning.selection.proposal import Contradiction, Need
from livecue.planning.selection.rows import Rows
from livecue.planning.selection.shrink import Bools, Ints

_LIMIT_S = 3.0


class _Crowd:
    """Items that count alike; a forced one stands alone."""

    def __init__(self, item: int, choices: tuple[int, ...], forced: bool) -> None:
        self.item, self.choices = item, choices
        self.members: list[int] = [item]
        self.forced = forced


class Demands:
    """The hard constraints of a brief over a pool."""

    def __init__(self, items: Sequence[Candidate], brief: Brief, rows: Rows, allowed: Bools, forced: Ints) -> None:
        self.items, self.brief, self.rows = items, brief, rows
        self.forced = {int(item) for item in forced}
        self.hard = [n for n in range(rows.dense) if rows.rows[n].penalty is None]
        extremes = _extremes(brief.lengths)
        phases = len(brief.phases)
        plain = np.array([choice for choice in range(rows.choice.shape[1]) if choice // phases in extremes])
        self.crowds: list[_Crowd] = []
        known: dict[bytes, _Crowd] = {}
        for item in np.flatnonzero(allowed.any(axis=1)):
            mine = plain if int(item) not in self.forced else np.arange(rows.choice.shape[1])
            choices = tuple(int(choice) for choice in mine if allowed[item, choice])
            if int(item) in self.forced:
                self.crowds.append(_Crowd(int(item), choices, True))
                continue
            key = rows.item[item].tobytes() + bytes(str(choices), "ascii")
            crowd = known.get(key)
            if crowd is None:
                crowd = known[key] = _Crowd(int(item), choices, False)
                self.crowds.append(crowd)
            else:
                crowd.members.append(int(item))

    def least(
        self, softened: Sequence[int], unlocked: frozenset[int] = frozenset(), suppliers: bool = True
    ) -> dict[int, float] | None:
        """The use of each softened row when they give way as little as possible together, the others holding; None when
        that is not enough. ``unlocked`` items need not be in; ``suppliers`` False lifts the bound on one supplier."""
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.silent()
        for option, value in (("threads", 1), ("time_limit", _LIMIT_S), ("mip_rel_gap", 0.0)):
            highs.setOptionValue(option, value)
        nothing, rows = np.zeros(0, dtype=np.int32), self.rows
        for n in self.hard:
            highs.addRow(_open(rows.low[n]), _open(rows.high[n]), 0, nothing, np.zeros(0))
        for crowd in self.crowds:
            must = crowd.forced and crowd.item not in unlocked
            highs.addRow(1.0 if must else 0.0, self._room(crowd, suppliers), 0, nothing, np.zeros(0))
        columns = 0
        for number, crowd in enumerate(self.crowds):
            for choice in crowd.choices:
                block = rows.item[crowd.item] * rows.choice[:, choice]
                used = [place for place, n in enumerate(self.hard) if block[n]]
                index = np.array([*used, len(self.hard) + number], dtype=np.int32)
                share = np.array([*(block[self.hard[place]] for place in used), 1.0])
                highs.addCol(0.0, 0.0, highspy.kHighsInf, len(index), index, share)
                columns += 1
        highs.changeColsIntegrality(
            columns, np.arange(columns, dtype=np.int32), np.array([highspy.HighsVarType.kInteger] * columns)
        )
        for n in softened:
            for sign in (1.0, -1.0):
                place = np.array([self.hard.index(n)], dtype=np.int32)
                highs.addCol(1.0, 0.0, highspy.kHighsInf, 1, place, np.array([sign]))
        highs.run()
        if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        values = np.array(highs.getSolution().row_value)
        slack = np.array(highs.getSolution().col_value)[columns:].reshape(-1, 2)
        return {n: float(values[self.hard.index(n)] - slack[k, 0] + slack[k, 1]) for k, n in enumerate(softened)}

    def _room(self, crowd: _Crowd, suppliers: bool) -> float:
        if not (suppliers and self.brief.each_supplier):
            return float(len(crowd.members))
        counts: dict[str, int] = {}
        for item in crowd.members:
            counts[self.items[item].supplier] = counts.get(self.items[item].supplier, 0) + 1
        bound = self.brief.each_supplier
        return float(sum(count if not name else min(count, bound) for name, count in counts.items()))


def contradiction_of(demands: Demands) -> Contradiction:
    """What stands in the way. Each hard row is softened alone: where that is enough, by how much; where none is enough
    alone, the least that all have to give together."""
    needs: list[Need] = []
    for n in demands.hard:
        found = demands.least([n])
        if found is not None:
            needs += _needs(demands, found, True)
    if demands.brief.each_supplier and demands.least([], suppliers=False) is not None:
        now = demands.brief.each_supplier
        needs.append(Need(rule="each_supplier", subject="", side="high", now=now, to=now + 1, alone=True))
    for item in sorted(demands.forced):
        if demands.least([], frozenset({item})) is not None:
            needs.append(_lock(demands, item, True))
    if needs:
        return Contradiction(code="constraints", needs=tuple(needs))
    together = demands.least(demands.hard)
    if together is not None:
        return Contradiction(code="constraints", needs=tuple(_needs(demands, together, False)))
    return Contradiction(code="locks", needs=tuple(_lock(demands, item, False) for item in sorted(demands.forced)))


def _lock(demands: Demands, item: int, alone: bool) -> Need:
    return Need(rule="lock", subject=demands.items[item].product, side="lock", now=1, to=0, alone=alone)


def _needs(demands: Demands, use: dict[int, float], alone: bool) -> list[Need]:
    found = []
    for n, used in use.items():
        row = demands.rows.rows[n]
        for side, now, off in (("low", row.low, row.low - used), ("high", row.high, used - row.high)):
            if off > 1e-6:
                to = round(used, 6)
                found.append(Need(rule=row.rule, subject=row.subject, side=side, now=now, to=to, alone=alone))
    return found


def _extremes(lengths: Sequence[float]) -> set[int]:
    places = range(len(lengths))
    return {min(places, key=lengths.__getitem__), max(places, key=lengths.__getitem__)}


def _open(value: float) -> float:
    return highspy.kHighsInf if value == np.inf else -highspy.kHighsInf if value == -np.inf else float(value)
