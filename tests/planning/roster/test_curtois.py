"""The benchmarks of Curtois and Qu: small instances of ours whose optimum is counted out."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from livecue.cli import cli
from livecue.errors import BadInput
from livecue.planning.roster import Instance, broken_rules, penalty_of, read_instance, solve_instance

FOLDER = Path(__file__).parent / "instances"
NAMES = ("one_shift", "two_shifts", "three_shifts")


def instance(name: str) -> Instance:
    return read_instance((FOLDER / f"{name}.txt").read_text("utf-8"))


def weeks(found: Instance, person: str) -> tuple[np.ndarray, np.ndarray]:
    """Every plan of one person that keeps the rules: counts on each shift of each day, and the cost of requests."""
    staff, shifts = found.staff[person], list(found.shifts)
    alone = Instance(found.days, found.shifts, {person: staff}, found.requests, ())
    wishes = tuple(r for r in found.requests if r.person == person)
    counts, costs = [], []
    for days in product(("", *shifts), repeat=found.days):
        if broken_rules(alone, {person: days}):
            continue
        counts.append([int(day == shift) for day in days for shift in shifts])
        costs.append(sum(w.weight for w in wishes if (days[w.day] == w.shift) != w.on))
    return np.array(counts, dtype=np.int16), np.array(costs, dtype=np.int32)


def cheapest(found: Instance) -> int:
    """The optimum by trying everything: every plan of each person with every plan of the others."""
    shifts = list(found.shifts)
    first, *others = [weeks(found, person) for person in found.staff]
    counts, costs = others[0]
    for more_counts, more_costs in others[1:]:
        counts = (counts[:, None, :] + more_counts[None, :, :]).reshape(-1, counts.shape[1])
        costs = (costs[:, None] + more_costs[None, :]).reshape(-1)
    best = 1 << 60
    for mine, cost in zip(*first, strict=True):
        there = counts + mine
        total = costs + int(cost)
        for c in found.covers:
            one = there[:, c.day * len(shifts) + shifts.index(c.shift)]
            total = total + c.under * np.maximum(0, c.wanted - one) + c.over * np.maximum(0, one - c.wanted)
        best = min(best, int(total.min()))
    return best


@pytest.mark.parametrize("name", NAMES)
def test_the_optimum_is_that_of_trying_everything(name: str) -> None:
    found = instance(name)
    solved = solve_instance(found)
    assert solved.finished and not solved.impossible
    assert broken_rules(found, solved.plan) == []
    assert solved.penalty == penalty_of(found, solved.plan) == cheapest(found)
    assert solved.bound == pytest.approx(solved.penalty)


def test_the_command_prints_penalty_and_bound() -> None:
    ran = CliRunner().invoke(cli, ["roster", str(FOLDER / "three_shifts.txt")])
    assert ran.exit_code == 0, ran.output
    optimum = cheapest(instance("three_shifts"))
    assert f"penalty {optimum}" in ran.output
    assert f"bound {optimum}" in ran.output


def test_rules_nobody_can_keep_are_said() -> None:
    text = (FOLDER / "three_shifts.txt").read_text("utf-8").replace("2700,1350,5,1,1,1", "2700,2700,1,1,1,1")
    solved = solve_instance(read_instance(text))
    assert solved.impossible and solved.plan == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SECTION_COVER", "SECTION_COVERS", "unknown section"),
        ("A,2\n", "Z,2\n", "there is no person 'Z'"),
        ("A,2\n", "A,7\n", "day 7 lies behind the last"),
        ("A,2\n", "A,x\n", "must be a whole number"),
        ("D,480,E", "D,480,X", "there is no shift 'X'"),
        ("0,E,1,50,2\n", "0,E,1,50\n", "weight of too many is missing"),
        ("A,E=7|D=7|N=2", "A,E=7 D=7", "most shifts"),
        ("SECTION_HORIZON\n7", "SECTION_HORIZON\n0", "between 1 and"),
    ],
)
def test_a_wrong_line_is_named(old: str, new: str, said: str) -> None:
    text = (FOLDER / "three_shifts.txt").read_text("utf-8")
    assert old in text
    with pytest.raises(BadInput, match=said):
        read_instance(text.replace(old, new, 1))
