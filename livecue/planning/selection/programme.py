"""The selection as a programme: worths and rows with what people force or forbid, and its columns in HiGHS."""

from collections.abc import Sequence

import highspy
import numpy as np

from livecue.planning.selection.rows import Rows
from livecue.planning.selection.shrink import Bools, Floats, Ints

_DEAR = 1e4
"""Cost of a unit of a hard row in the linear programme; worths are scaled to at most 100."""


class Choices:
    """The problem: worths (items, choices), rows, what a person forbids or forces."""

    def __init__(self, values: Floats, rows: Rows, allowed: Bools | None = None, forced: Ints | None = None) -> None:
        self.scale = float(np.abs(values).max()) / 100 if values.size else 1.0
        self.scale = self.scale or 1.0
        self.values = values / self.scale
        if allowed is not None:
            self.values = np.where(allowed, self.values, -np.inf)
        self.rows = rows
        self.penalty = rows.penalty / self.scale
        self.forced = np.zeros(len(values), dtype=bool)
        if forced is not None:
            self.forced[forced] = True

    def reduced(self, duals: Floats) -> Floats:
        """Worth of every choice less the price of the rows it uses."""
        found: Floats = self.values - self.rows.price(duals)
        return found

    def bound(self, duals: Floats, reduced: Floats) -> tuple[float, Floats]:
        """The Lagrangian bound and the best of every item in it."""
        best = reduced.max(axis=1, initial=-np.inf)
        share = np.where(self.forced, best, np.maximum(best, 0.0))
        right = np.where(duals >= 0, self.rows.high, self.rows.low)
        paid = duals != 0
        return float(duals[paid] @ right[paid]) + float(share.sum()), share

    def valid(self, duals: Floats) -> Floats:
        """Prices within what makes the bound one: no price on an open side, none above the penalty."""
        duals = np.where(np.isinf(self.rows.high), np.minimum(duals, 0.0), duals)
        duals = np.where(np.isinf(self.rows.low), np.maximum(duals, 0.0), duals)
        limit = np.where(np.isinf(self.penalty), 1e30, self.penalty)
        return np.clip(duals, -limit, limit)


class Programme:
    """Columns in HiGHS: rows first, then one row per item that has a column."""

    def __init__(self, problem: Choices) -> None:
        self.problem = problem
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.highs.silent()
        self.highs.setOptionValue("threads", 1)
        self.value = 0.0
        """Worth of the linear programme over the columns so far."""
        self.columns: list[tuple[int, int]] = []
        self.known: set[tuple[int, int]] = set()
        self.item_row: dict[int, int] = {}
        rows = problem.rows
        empty_i, empty_f = np.array([], dtype=np.int32), np.array([], dtype=float)
        for number in range(len(rows.rows)):
            self.highs.addRow(_finite(rows.low[number]), _finite(rows.high[number]), 0, empty_i, empty_f)
        # Slack: what is missing below (+1) and what is too much above (-1), each at its penalty; hard rows have a dear
        # one for the linear programme, so that it always has a solution.
        self.slacks = 0
        for number in range(len(rows.rows)):
            soft = np.isfinite(problem.penalty[number])
            cost = float(problem.penalty[number]) if soft else _DEAR
            for sign, bound in ((1.0, rows.low[number]), (-1.0, rows.high[number])):
                if np.isfinite(bound):
                    self.highs.addCol(
                        cost, 0.0, highspy.kHighsInf, 1, np.array([number], dtype=np.int32), np.array([sign])
                    )
                    self.slacks += 1

    def add(self, chosen: Sequence[tuple[int, int]]) -> None:
        """Add choices as columns between 0 and 1."""
        rows, highs = self.problem.rows, self.highs
        fresh = [pair for pair in chosen if pair not in self.known]
        if not fresh:
            return
        new = [item for item in dict.fromkeys(item for item, _ in fresh) if item not in self.item_row]
        first = highs.getNumRow()
        self.item_row.update((item, first + number) for number, item in enumerate(new))
        nothing, count = np.zeros(0, dtype=np.int32), len(new)
        low = self.problem.forced[new].astype(float) if new else np.zeros(0)
        highs.addRows(count, low, np.ones(count), 0, np.zeros(count, dtype=np.int32), nothing, np.zeros(0))
        places = np.array(fresh, dtype=np.int64)
        item_rows = np.array([self.item_row[item] for item, _ in fresh], dtype=np.int64)
        starts, index, value = rows.columns(places, item_rows)
        count = len(fresh)
        highs.addCols(
            count,
            -self.problem.values[places[:, 0], places[:, 1]],
            np.zeros(count),
            np.ones(count),
            len(index),
            starts.astype(np.int32),
            index.astype(np.int32),
            value,
        )
        self.columns.extend(fresh)
        self.known.update(fresh)

    def relaxed(self) -> tuple[Floats, Floats]:
        """Price of each row, and of each item's place."""
        self.highs.run()
        self.value = -float(self.highs.getInfo().objective_function_value)
        duals = -np.array(self.highs.getSolution().row_dual)
        places = np.zeros(len(self.problem.values))
        for item, row in self.item_row.items():
            places[item] = duals[row] if self.problem.forced[item] else max(duals[row], 0.0)
        return duals[: len(self.problem.rows.rows)], places

    def taken(self) -> list[int]:
        """Items that the linear programme takes, wholly or in part."""
        values = np.array(self.highs.getSolution().col_value)[self.slacks :]
        return sorted({item for (item, _), value in zip(self.columns, values, strict=False) if value > 1e-6})

    def integral(
        self, columns: Sequence[tuple[int, int]], known: Sequence[tuple[int, int]] | None, limit_s: float
    ) -> tuple[list[tuple[int, int]] | None, float]:
        """Best selection among ``columns``, beginning from ``known``; None when hard rows cannot hold or time is over.
        Second: upper bound over them, -inf when there is none."""
        programme = Programme(self.problem)
        programme.harden()
        programme.add([*columns, *(known or ())])
        highs = programme.highs
        first = programme.slacks
        count = len(programme.columns)
        if count:
            highs.changeColsIntegrality(
                count,
                np.arange(first, first + count, dtype=np.int32),
                np.array([highspy.HighsVarType.kInteger] * count),
            )
        for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6), ("time_limit", limit_s)):
            highs.setOptionValue(option, value)
        if known:
            self._begin_from(programme, known)
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            proved = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
            return None, -np.inf if proved else np.inf
        values = np.array(highs.getSolution().col_value)[first:]
        picked = [pair for pair, value in zip(programme.columns, values, strict=True) if value > 0.5]
        bound = -info.mip_dual_bound if count else -info.objective_function_value
        return picked, bound

    def _begin_from(self, programme: "Programme", known: Sequence[tuple[int, int]]) -> None:
        """Tell HiGHS a selection that holds; it works out the slack."""
        chosen = set(known)
        places = [programme.slacks + n for n, pair in enumerate(programme.columns)]
        values = [1.0 if pair in chosen else 0.0 for pair in programme.columns]
        programme.highs.setSolution(len(places), np.array(places, dtype=np.int32), np.array(values))

    def harden(self) -> None:
        """Hard rows are hard from now on."""
        number = 0
        for row in range(len(self.problem.rows.rows)):
            hard = np.isinf(self.problem.penalty[row])
            for bound in (self.problem.rows.low[row], self.problem.rows.high[row]):
                if np.isfinite(bound):
                    if hard:
                        self.highs.changeColBounds(number, 0.0, 0.0)
                    number += 1


def _finite(value: float) -> float:
    return highspy.kHighsInf if value == np.inf else -highspy.kHighsInf if value == -np.inf else float(value)
