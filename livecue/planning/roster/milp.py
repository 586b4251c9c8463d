"""A mixed-integer model being built, and HiGHS on it: minimise, with progress and a way to stop."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import highspy
import msgspec
import numpy as np
from numpy.typing import NDArray

from livecue.errors import BadInput, Defect

INFINITY = math.inf
Ends = tuple[float, float]
"""Least and most of a row."""


class Step(msgspec.Struct, frozen=True):
    """How far a search is. ``penalty`` is inf while nothing is found, ``bound`` is never above the optimum."""

    penalty: float
    bound: float
    seconds: float


class Found(msgspec.Struct, frozen=True):
    """What a search ended with: ``values`` by column, empty when nothing was found."""

    values: NDArray[np.float64]
    penalty: float
    bound: float
    seconds: float
    finished: bool
    """Whether it ended by itself (optimum or gap reached), not by time or by hand."""
    infeasible: bool = False


class _Rest(msgspec.Struct, frozen=True):
    """A model without what stands: its arrays, which columns they are, the values of the others and what those cost."""

    arrays: dict[str, NDArray[Any]]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    settled: float
    broken: bool
    """What stands breaks a row by itself."""


Told = Callable[[Step], bool]
"""Called now and then; answers whether to go on."""


class Milp:
    """Columns with bounds and costs, rows with bounds; what is added stays."""

    def __init__(self) -> None:
        self._cost: list[float] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._whole: list[bool] = []
        self._row_low: list[float] = []
        self._row_high: list[float] = []
        self._starts: list[int] = [0]
        self._index: list[int] = []
        self._value: list[float] = []
        self._ready: tuple[tuple[int, int], dict[str, NDArray[Any]]] | None = None

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self._cost)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self._row_low)

    def whole(self, cost: float = 0.0, high: float = 1.0, low: float = 0.0) -> int:
        """A column of whole numbers."""
        return self._column(cost, low, high, True)

    def free(self, cost: float = 0.0, high: float = INFINITY, low: float = 0.0) -> int:
        """A column of any numbers between the bounds."""
        return self._column(cost, low, high, False)

    def _column(self, cost: float, low: float, high: float, whole: bool) -> int:
        self._cost.append(cost)
        self._low.append(low)
        self._high.append(high)
        self._whole.append(whole)
        return len(self._cost) - 1

    def row(self, terms: Iterable[tuple[int, float]], low: float = -INFINITY, high: float = INFINITY) -> int:
        """``low <= sum of coefficient * column <= high``; a column named twice counts with the sum.

        Answers the row's number.
        """
        merged: dict[int, float] = {}
        for column, factor in terms:
            merged[column] = merged.get(column, 0.0) + factor
        self._index += merged.keys()
        self._value += merged.values()
        self._starts.append(len(self._index))
        self._row_low.append(low)
        self._row_high.append(high)
        return len(self._row_low) - 1

    def at_most(self, columns: Iterable[int], most: float) -> None:
        """The columns add up to ``most`` at most."""
        self.row(((column, 1.0) for column in columns), high=most)

    def bound(self, told: Told | None = None) -> float:
        """A proven lower end of the penalty, by the relaxation; -inf when it was stopped by hand.

        It is computed from the multipliers of the rows and the bounds of the columns (weak duality), so that it holds
        however inexactly the interior point method ended.
        """
        if self.columns == 0:
            return 0.0
        solver = self._solver(relaxed=True)
        solver.setOptionValue("solver", "ipm")
        solver.setOptionValue("run_crossover", "off")
        _listen(solver, told, time.monotonic()) if told is not None else None
        solver.run()
        duals = np.array(solver.getSolution().row_dual)
        if len(duals) != self.rows or not solver.getSolution().dual_valid:
            return -INFINITY
        return self._weak_duality(duals)

    def _weak_duality(self, duals: NDArray[np.float64]) -> float:
        a = self._arrays()
        row_low, row_high = a["row_low"], a["row_high"]
        # A multiplier that leans on an end the row does not have is worth nothing.
        duals = np.where((duals > 0) & np.isinf(row_low), 0.0, duals)
        duals = np.where((duals < 0) & np.isinf(row_high), 0.0, duals)
        lengths = np.diff(np.append(a["starts"], len(a["index"])))
        products = a["value"] * np.repeat(duals, lengths)
        reduced = a["cost"] - np.bincount(a["index"], weights=products, minlength=self.columns)
        from_rows = duals * np.where(duals > 0, row_low, np.where(duals < 0, row_high, 0.0))
        end = np.where(reduced > 0, a["low"], a["high"])
        from_columns = np.where(reduced == 0.0, 0.0, reduced * np.where(reduced == 0.0, 0.0, end))
        return float(np.sum(from_rows[duals != 0.0]) + np.sum(from_columns))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        key = (self.columns, self.rows)
        if self._ready is None or self._ready[0] != key:
            self._ready = (
                key,
                {
                    "cost": np.array(self._cost),
                    "low": np.array(self._low),
                    "high": np.array(self._high),
                    "row_low": np.array(self._row_low),
                    "row_high": np.array(self._row_high),
                    "starts": np.array(self._starts[:-1], dtype=np.int32),
                    "index": np.array(self._index, dtype=np.int32),
                    "value": np.array(self._value),
                    "whole": np.array(self._whole, dtype=np.int32),
                },
            )
        return self._ready[1]

    def _solver(self, relaxed: bool = False, rest: "_Rest | None" = None, offset: float = 0.0) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        # Without this HiGHS writes to the standard output, which belongs to the caller.
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("random_seed", 1)
        a = rest.arrays if rest is not None else self._arrays()
        columns = len(a["cost"])
        solver.passModel(
            columns,
            len(a["row_low"]),
            len(a["index"]),
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            offset + (rest.settled if rest is not None else 0.0),
            a["cost"],
            a["low"],
            a["high"],
            a["row_low"],
            a["row_high"],
            a["starts"],
            a["index"],
            a["value"],
            np.zeros(columns, dtype=np.int32) if relaxed else a["whole"],
        )
        return solver

    def _rest(self, fixed: Mapping[int, float], ends: Mapping[int, Ends]) -> "_Rest":
        """What is left to decide when the columns of ``fixed`` stand: their part goes into the ends of the rows.

        What follows by itself (a sum of columns that all stand) stands too. HiGHS would find the same, but it would
        have to be handed the whole month for each window of days.
        """
        a = self._arrays()
        values, free = np.zeros(self.columns), np.ones(self.columns, dtype=np.bool_)
        places = np.fromiter(fixed.keys(), dtype=np.int64, count=len(fixed))
        values[places] = np.fromiter(fixed.values(), dtype=np.float64, count=len(fixed))
        free[places] = False
        row_low, row_high = a["row_low"].copy(), a["row_high"].copy()
        for row, (least, most) in ends.items():
            row_low[row], row_high[row] = least, most
        lengths = np.diff(np.append(a["starts"], len(a["index"])))
        row_of, index, value = np.repeat(np.arange(self.rows), lengths), a["index"], a["value"]
        while True:
            stands = np.bincount(row_of, weights=np.where(free[index], 0.0, value * values[index]), minlength=self.rows)
            open_in = np.bincount(row_of, weights=free[index], minlength=self.rows)
            # Rows of the form "total = sum" with everything but one column settled: that one follows.
            told = free[index] & ((open_in == 1) & (row_low == row_high))[row_of]
            if not told.any():
                break
            rows = row_of[told]
            values[index[told]] = (row_low[rows] - stands[rows]) / value[told]
            free[index[told]] = False
        kept = free[index]
        rows = np.flatnonzero(open_in > 0)
        columns = np.flatnonzero(free)
        number = np.zeros(self.columns, dtype=np.int32)
        number[columns] = np.arange(len(columns), dtype=np.int32)
        counts = open_in[rows].astype(np.int64)
        arrays = {
            **{name: a[name][columns] for name in ("cost", "low", "high", "whole")},
            "row_low": (row_low - stands)[rows],
            "row_high": (row_high - stands)[rows],
            "starts": np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int32)
            if len(rows)
            else np.zeros(0, np.int32),
            "index": number[index[kept]],
            "value": value[kept],
        }
        broken = np.any((stands < row_low - 1e-6) & (open_in == 0)) or np.any(
            (stands > row_high + 1e-6) & (open_in == 0)
        )
        return _Rest(arrays, columns, values, float(np.sum(a["cost"] * np.where(free, 0.0, values))), bool(broken))

    def solve(
        self,
        gap: float = 0.0,
        seconds: float = INFINITY,
        told: Told | None = None,
        *,
        fixed: Mapping[int, float] | None = None,
        ends: Mapping[int, Ends] | None = None,
        start: NDArray[np.float64] | None = None,
        offset: float = 0.0,
    ) -> Found:
        """Search until the proven gap is at most ``gap``, the time is over or ``told`` says no.

        ``fixed`` holds columns at a value, ``ends`` gives rows other bounds, ``start`` is a known good answer,
        ``offset`` is added to every penalty (a share that is settled must not widen the gap).
        """
        if self.columns == 0:
            return Found(np.zeros(0), 0.0, 0.0, 0.0, True)
        rest = self._rest(fixed or {}, ends or {}) if fixed or ends else None
        if rest is not None and rest.broken:
            return Found(np.zeros(0), INFINITY, INFINITY, 0.0, True, infeasible=True)
        if rest is not None and len(rest.columns) == 0:
            return Found(rest.values, rest.settled + offset, rest.settled + offset, 0.0, True)
        solver = self._solver(rest=rest, offset=offset)
        solver.setOptionValue("mip_rel_gap", gap)
        # Costs are whole numbers or short fractions: nothing smaller than this is a difference.
        solver.setOptionValue("mip_abs_gap", 1e-6)
        if math.isfinite(seconds):
            solver.setOptionValue("time_limit", max(0.01, seconds))
        if start is not None:
            known = highspy.HighsSolution()
            known.col_value = (start if rest is None else start[rest.columns]).tolist()
            solver.setSolution(known)
        begun = time.monotonic()
        stopped = _listen(solver, told, begun) if told is not None else [False]
        solver.run()
        found = self._found(solver, gap, time.monotonic() - begun, stopped[0])
        if rest is None or not len(found.values):
            return found
        rest.values[rest.columns] = found.values
        return msgspec.structs.replace(found, values=rest.values)

    def _found(self, solver: highspy.Highs, gap: float, seconds: float, stopped: bool) -> Found:
        status, info = solver.getModelStatus(), solver.getInfo()
        ended = highspy.HighsModelStatus
        if status in (ended.kModelError, ended.kLoadError, ended.kSolveError, ended.kPresolveError):
            raise Defect(f"HiGHS: {solver.modelStatusToString(status)}")
        if status in (ended.kUnbounded, ended.kUnboundedOrInfeasible):
            raise BadInput("the penalties have no lower end: a cost below zero is not limited by any rule")
        optimal = status == ended.kOptimal
        feasible = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        values = np.array(solver.getSolution().col_value) if feasible else np.zeros(0)
        penalty = info.objective_function_value if feasible else INFINITY
        bound = info.mip_dual_bound
        if optimal and feasible:
            # What "optimal" means, where the bound that is told lags behind it.
            bound = max(bound, penalty - max(1e-6, gap * abs(penalty)))
        infeasible = status == ended.kInfeasible
        return Found(values, penalty, bound, seconds, optimal and not stopped, infeasible)


def _listen(solver: highspy.Highs, told: Told, begun: float) -> list[bool]:
    """Ask ``told`` at every pause of the search; the answer becomes true when it was stopped by hand."""
    stopped = [False]

    def heard(event: highspy.HighsCallbackEvent) -> None:
        out = event.data_out
        step = Step(float(out.mip_primal_bound), float(out.mip_dual_bound), time.monotonic() - begun)
        if stopped[0] or not told(step):
            stopped[0] = True
            if event.data_in is not None:
                event.data_in.user_interrupt = True

    solver.cbMipInterrupt.subscribe(heard)
    solver.cbSimplexInterrupt.subscribe(heard)
    solver.cbIpmInterrupt.subscribe(heard)
    return stopped
