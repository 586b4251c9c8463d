"""The selection as a programme: worths and rows with what people force or forbid, and its columns in HiGHS."""

from collections.abc import Sequence

import highspy
import numpy as np
import numpy.typing as npt

from livecue.planning.selection.rows import Rows
from livecue.planning.selection.shrink import Bools, Floats, Ints

_DEAR = 1e4
"""Cost of a unit of a hard row in the linear programme; worths are scaled to at most 100."""
_SLACK = 1e-6
DUAL, PRIMAL = 1, 4
"""Simplex of HiGHS: the first after bounds have moved, the second after columns have come."""


class Choices:
    """The problem: worths (items, choices), rows, what a person forbids or forces."""

    def __init__(
        self, values: Floats, rows: Rows, phases: int, allowed: Bools | None = None, forced: Ints | None = None
    ) -> None:
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
        choices = values.shape[1]
        place = np.arange(choices)
        self.sums: Floats = np.concatenate(
            [place[None, :] % max(phases, 1) == np.arange(phases)[:, None], np.eye(choices, dtype=bool)]
        ).astype(float)
        """Sums of choices that are whole in every selection: talks of each phase, then talks of each length in it."""
        self.phases = phases

    def reduced(self, duals: Floats, among: Ints | None = None, sums: Floats | None = None) -> Floats:
        """Worth of every choice less the price of the rows it uses; of the items ``among``. ``sums``: prices of the
        sums of choices."""
        values = self.values if among is None else self.values[among]
        found: Floats = values - self.rows.price(duals, among)
        if sums is not None:
            found -= sums @ self.sums
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


class Prices:
    """A linear programme solved: its worth, prices of rows and sums, and of the place of every item."""

    def __init__(self, value: float, rows: Floats, sums: Floats, places: Floats) -> None:
        self.value, self.rows, self.sums, self.places = value, rows, sums, places


class Programme:
    """Columns in HiGHS. First the rows that any item may use, then the sums of choices (open until a search closes
    them); rows of items, suppliers and categories follow when columns need them: one that cannot bind is no row."""

    def __init__(self, problem: Choices) -> None:
        self.problem = problem
        self.highs = highs = highspy.Highs()  # type: ignore[no-untyped-call]
        highs.silent()
        highs.setOptionValue("threads", 1)
        self.item = np.zeros(0, dtype=np.int64)
        """Item of every column."""
        self.choice = np.zeros(0, dtype=np.int64)
        self.at = np.zeros(0, dtype=np.int64)
        """Its number in HiGHS; slacks lie between."""
        self.known = np.zeros(problem.values.shape, dtype=bool)
        """Which choices have a column."""
        self.item_row = np.full(len(problem.values), -1, dtype=np.int64)
        rows = problem.rows
        self.row = np.full(len(rows.rows), -1, dtype=np.int64)
        """Number in HiGHS of every row; -1 while it cannot bind."""
        self.row[: rows.dense] = np.arange(rows.dense)
        self._members = np.zeros(len(rows.rows), dtype=np.int64)
        """Items with columns, by row of a group."""
        self.first_sum, sums = rows.dense, len(problem.sums)
        low = np.concatenate([rows.low[: rows.dense], np.full(sums, -np.inf)])
        high = np.concatenate([rows.high[: rows.dense], np.full(sums, np.inf)])
        highs.addRows(len(low), _finite(low), _finite(high), 0, _ints(len(low)), _ints(0), np.zeros(0))
        self._slack: list[int] = []
        """Slacks of hard rows: dear, so that the linear programme always has a solution."""
        for number in range(rows.dense):
            self._give(number)

    def _give(self, number: int) -> None:
        """What is missing below (+1) and what is too much above (-1), each at its penalty."""
        penalty = self.problem.penalty[number]
        hard = bool(np.isinf(penalty))
        rows = self.problem.rows
        for sign, bound in ((1.0, rows.low[number]), (-1.0, rows.high[number])):
            if np.isfinite(bound) and not (sign > 0 and bound <= 0):
                if hard:
                    self._slack.append(self.highs.getNumCol())
                place = np.array([self.row[number]], dtype=np.int32)
                self.highs.addCol(_DEAR if hard else float(penalty), 0.0, highspy.kHighsInf, 1, place, np.array([sign]))

    def add(self, chosen: Ints) -> None:
        """Add choices (pairs of item and choice) as columns; those that are known stay."""
        if not len(chosen):
            return
        chosen = np.unique(chosen, axis=0)
        fresh = chosen[~self.known[chosen[:, 0], chosen[:, 1]]]
        if not len(fresh):
            return
        items, choices = fresh[:, 0], fresh[:, 1]
        new = np.unique(items)
        new = new[self.item_row[new] < 0]
        highs, problem = self.highs, self.problem
        if len(new):
            first, count = highs.getNumRow(), len(new)
            self.item_row[new] = first + np.arange(count)
            low = problem.forced[new].astype(float)
            highs.addRows(count, low, np.ones(count), 0, _ints(count), _ints(0), np.zeros(0))
            self._join(new)
        starts, index, value = problem.rows.columns(fresh)
        column = np.repeat(np.arange(len(fresh)), np.diff(np.append(starts, len(index))))
        row = self.row[index]
        own = np.arange(len(fresh))
        more = np.concatenate(
            [
                self.item_row[items],
                self.first_sum + choices % max(problem.phases, 1),
                self.first_sum + problem.phases + choices,
            ]
        )
        kept = row >= 0
        column = np.concatenate([column[kept], own, own, own])
        row = np.concatenate([row[kept], more])
        value = np.concatenate([value[kept], np.ones(len(more))])
        order = np.argsort(column, kind="stable")
        count = len(fresh)
        self.at = np.concatenate([self.at, highs.getNumCol() + own])
        highs.addCols(
            count,
            -problem.values[items, choices],
            np.zeros(count),
            np.full(count, highspy.kHighsInf),
            len(row),
            np.searchsorted(column[order], own).astype(np.int32),
            row[order].astype(np.int32),
            value[order],
        )
        self.item, self.choice = np.concatenate([self.item, items]), np.concatenate([self.choice, choices])
        self.known[items, choices] = True

    def _join(self, new: Ints) -> None:
        """Rows of suppliers and categories that so many items could break from now on."""
        rows = self.problem.rows
        groups = rows.group[new]
        np.add.at(self._members, groups[groups >= 0], 1)
        touched = np.unique(groups[groups >= 0])
        for number in touched[(self.row[touched] < 0) & (self._members[touched] > rows.high[touched])]:
            self.row[number] = self.highs.getNumRow()
            mine = self.at[(rows.group[self.item] == number).any(axis=1)]
            low, high = _finite(rows.low[[number]])[0], _finite(rows.high[[number]])[0]
            self.highs.addRow(low, high, len(mine), mine.astype(np.int32), np.ones(len(mine)))
            self._give(int(number))

    def relaxed(self, simplex: int = DUAL) -> Prices:
        """Solve the linear programme over the columns so far."""
        self.highs.setOptionValue("simplex_strategy", simplex)
        self.highs.run()
        duals = -np.array(self.highs.getSolution().row_dual)
        places = np.zeros(len(self.problem.values))
        there = np.flatnonzero(self.item_row >= 0)
        places[there] = duals[self.item_row[there]]
        rows = np.where(self.row >= 0, duals[self.row], 0.0)
        value = -float(self.highs.getInfo().objective_function_value)
        return Prices(value, rows, duals[self.first_sum : self.first_sum + len(self.problem.sums)], places)

    def shares(self) -> tuple[Floats, bool]:
        """How much of each column the linear programme takes, and whether it keeps every hard row."""
        values = np.array(self.highs.getSolution().col_value)
        kept = not bool((values[self._slack] > _SLACK).any())
        return values[self.at], kept

    def integral(
        self, columns: Ints, known: Sequence[tuple[int, int]] | None, limit_s: float
    ) -> tuple[list[tuple[int, int]] | None, float]:
        """Best selection among ``columns`` by the solver's own search; None when hard rows cannot hold or time is over.
        Second: upper bound over them, -inf when there is none."""
        programme = Programme(self.problem)
        start = np.array(known or (), dtype=np.int64).reshape(-1, 2)
        programme.add(np.concatenate([columns, start]))
        programme.harden()
        highs = programme.highs
        count = len(programme.item)
        if count:
            kinds = np.array([highspy.HighsVarType.kInteger] * count)
            highs.changeColsIntegrality(count, programme.at.astype(np.int32), kinds)
        for option, value in (("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-6), ("time_limit", limit_s)):
            highs.setOptionValue(option, value)
        highs.run()
        info = highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            proved = highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible
            return None, -np.inf if proved else np.inf
        values = np.array(highs.getSolution().col_value)[programme.at] > 0.5
        picked = list(zip(programme.item[values].tolist(), programme.choice[values].tolist(), strict=True))
        bound = -info.mip_dual_bound if count else -info.objective_function_value
        return picked, bound

    def harden(self) -> None:
        """Hard rows are hard from now on."""
        for number in self._slack:
            self.highs.changeColBounds(number, 0.0, 0.0)


def _ints(count: int) -> npt.NDArray[np.int32]:
    return np.zeros(count, dtype=np.int32)


def _finite(values: Floats) -> Floats:
    return np.clip(values, -highspy.kHighsInf, highspy.kHighsInf)
