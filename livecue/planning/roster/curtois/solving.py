"""The benchmarks of Curtois and Qu as a mixed-integer model, and what a roster of theirs costs.

Rules at the ends of the horizon, as the data sets define them: a run of shifts or of days off that touches the first
or the last day may be shorter than the least; before and after lie as many as are needed.
"""

from collections.abc import Mapping
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from livecue.planning.roster.curtois.reading import Instance, Staff
from livecue.planning.roster.milp import Milp, Told
from livecue.planning.roster.problem import gap_of

Plan = Mapping[str, tuple[str, ...]]
"""Person to the shift of each day, "" is a day off."""


class Solved(msgspec.Struct, frozen=True):
    """The best plan found; ``plan`` is empty when there is none (``impossible``) or none was found in the time."""

    plan: dict[str, tuple[str, ...]]
    penalty: float
    bound: float
    seconds: float
    finished: bool
    impossible: bool

    @property
    def gap(self) -> float:
        """(penalty - bound) / penalty."""
        return gap_of(self.penalty, self.bound)


def solve_instance(instance: Instance, gap: float = 0.0, seconds: float = 60.0, told: Told | None = None) -> Solved:
    """The cheapest plan that keeps every hard rule, with a proven bound."""
    milp = Milp()
    works: dict[tuple[str, int, str], int] = {}
    cost: dict[tuple[str, int, str], int] = {}
    fixed_cost = 0
    for request in instance.requests:
        place = (request.person, request.day, request.shift)
        cost[place] = cost.get(place, 0) + (-request.weight if request.on else request.weight)
        fixed_cost += request.weight if request.on else 0
    for staff in instance.staff.values():
        _person(milp, instance, staff, works, cost)
    # What is wished for costs unless it is given: the sum of these costs is a column that is always one.
    milp.whole(float(fixed_cost), 1.0, 1.0)
    _covers(milp, instance, works)
    found = milp.solve(gap, seconds, told)
    plan = {}
    if len(found.values):
        plan = {
            person: tuple(
                next((s for s in instance.shifts if _chosen(found.values, works.get((person, day, s)))), "")
                for day in range(instance.days)
            )
            for person in instance.staff
        }
    penalty = float(penalty_of(instance, plan)) if plan else found.penalty
    return Solved(plan, penalty, found.bound, found.seconds, found.finished, found.infeasible)


def _chosen(values: NDArray[np.float64], column: int | None) -> bool:
    return column is not None and bool(values[column] > 0.5)


def _person(
    milp: Milp,
    instance: Instance,
    staff: Staff,
    works: dict[tuple[str, int, str], int],
    cost: Mapping[tuple[str, int, str], int],
) -> None:
    person, days = staff.person, range(instance.days)
    by_day: list[list[int]] = []
    for day in days:
        columns = []
        for shift in instance.shifts:
            if day not in staff.off and staff.most_shifts.get(shift, instance.days):
                column = milp.whole(float(cost.get((person, day, shift), 0)))
                works[person, day, shift] = column
                columns.append(column)
        by_day.append(columns)
    # On duty that day at all: rows over runs of days stay short.
    on = [milp.whole() if columns else milp.whole(high=0.0) for columns in by_day]
    for day in days:
        milp.row([(on[day], -1.0), *((c, 1.0) for c in by_day[day])], 0.0, 0.0)
    for first, second in pairwise(days):
        for name, kind in instance.shifts.items():
            before = works.get((person, first, name))
            after = [works[person, second, other] for other in kind.not_after if (person, second, other) in works]
            if before is not None and after:
                milp.at_most([before, *after], 1.0)
    for name in instance.shifts:
        mine = [works[person, day, name] for day in days if (person, day, name) in works]
        most = staff.most_shifts.get(name, instance.days)
        if len(mine) > most:
            milp.at_most(mine, float(most))
    minutes = [
        (column, float(instance.shifts[shift].minutes)) for (who, _, shift), column in works.items() if who == person
    ]
    milp.row(minutes, float(staff.least_minutes), float(staff.most_minutes))
    _runs(milp, staff, on)
    _weekends(milp, staff, on)


def _runs(milp: Milp, staff: Staff, on: list[int]) -> None:
    days = len(on)
    for first in range(days - staff.most_in_row):
        milp.at_most(on[first : first + staff.most_in_row + 1], float(staff.most_in_row))
    for length in range(1, staff.least_in_row):
        # Off, ``length`` shifts, off: too short a run.
        for day in range(days - length - 1):
            inner = [(column, -1.0) for column in on[day + 1 : day + 1 + length]]
            milp.row([(on[day], 1.0), *inner, (on[day + 1 + length], 1.0)], low=1.0 - length)
    for length in range(1, staff.least_off_in_row):
        for day in range(days - length - 1):
            inner = [(column, -1.0) for column in on[day + 1 : day + 1 + length]]
            milp.row([(on[day], 1.0), *inner, (on[day + 1 + length], 1.0)], high=1.0)


def _weekends(milp: Milp, staff: Staff, on: list[int]) -> None:
    weekends = []
    for saturday in range(5, len(on), 7):
        worked = milp.free(0.0, 1.0)
        for column in on[saturday : saturday + 2]:
            milp.row([(worked, 1.0), (column, -1.0)], low=0.0)
        weekends.append(worked)
    if len(weekends) > staff.most_weekends:
        milp.at_most(weekends, float(staff.most_weekends))


def _covers(milp: Milp, instance: Instance, works: Mapping[tuple[str, int, str], int]) -> None:
    for cover in instance.covers:
        there = [
            works[person, cover.day, cover.shift]
            for person in instance.staff
            if (person, cover.day, cover.shift) in works
        ]
        under = milp.whole(float(cover.under), float(cover.wanted))
        over = milp.whole(float(cover.over), float(len(instance.staff)))
        milp.row([*((c, 1.0) for c in there), (under, 1.0), (over, -1.0)], float(cover.wanted), float(cover.wanted))


def penalty_of(instance: Instance, plan: Plan) -> int:
    """What a plan costs: requests that are left, and people too few and too many."""
    total = 0
    for request in instance.requests:
        given = plan[request.person][request.day] == request.shift
        total += request.weight if given != request.on else 0
    for cover in instance.covers:
        there = sum(days[cover.day] == cover.shift for days in plan.values())
        total += cover.under * max(0, cover.wanted - there) + cover.over * max(0, there - cover.wanted)
    return total


def broken_rules(instance: Instance, plan: Plan) -> list[str]:
    """Every hard rule a plan breaks, as "person: rule"; empty for a plan that may stand."""
    found = []
    for person, days in plan.items():
        found += [f"{person}: {rule}" for rule in _broken(instance, instance.staff[person], days)]
    return found


def _broken(instance: Instance, staff: Staff, days: tuple[str, ...]) -> list[str]:
    found = [f"day off {day}" for day in staff.off if days[day]]
    for first, second in pairwise(days):
        if first and second in instance.shifts[first].not_after:
            found.append(f"{second} after {first}")
    for shift, most in staff.most_shifts.items():
        if days.count(shift) > most:
            found.append(f"more than {most} of {shift}")
    minutes = sum(instance.shifts[shift].minutes for shift in days if shift)
    if not staff.least_minutes <= minutes <= staff.most_minutes:
        found.append(f"{minutes} minutes")
    for begin, end in _stretches(days):
        length, inside = end - begin, begin > 0 and end < len(days)
        if days[begin]:
            if length > staff.most_in_row:
                found.append(f"{length} shifts in a row")
            if inside and length < staff.least_in_row:
                found.append(f"only {length} shifts in a row")
        elif inside and length < staff.least_off_in_row:
            found.append(f"only {length} days off in a row")
    weekends = sum(any(days[day : day + 2]) for day in range(5, len(days), 7))
    if weekends > staff.most_weekends:
        found.append(f"{weekends} weekends")
    return found


def _stretches(days: tuple[str, ...]) -> list[tuple[int, int]]:
    """[begin, end) of every run of working days and of days off."""
    ends = [day for day in range(1, len(days)) if bool(days[day]) != bool(days[day - 1])]
    starts = [0, *ends]
    return list(zip(starts, [*ends, len(days)], strict=True))
