"""A month of rosters: 200 people, 30 rooms, 30 days; wall clock and CPU seconds until a gap of 5 % is proved."""

import os
import resource
import time
from typing import Any

from bench.roster_made import make_problem
from livecue.planning.roster import check, empties, solve

PEOPLE, ROOMS, DAYS = 200, 30, 30
GAP, SECONDS = 0.05, 60.0


def roster() -> dict[str, Any]:
    """Search one month; other work on the machine makes the wall clock longer, the CPU seconds say what it took."""
    problem = make_problem(PEOPLE, ROOMS, DAYS)
    before = resource.getrusage(resource.RUSAGE_SELF)
    started = time.monotonic()
    # On a busy machine the gap is reached later: the time limit of the goal is not the limit of the search.
    found = solve(problem, GAP, 5 * SECONDS)
    wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "people": PEOPLE,
        "rooms": ROOMS,
        "days": DAYS,
        "places": len(problem.posts),
        "penalty": found.penalty,
        "bound": found.bound,
        "gap": round(found.gap, 4),
        "empty": len(empties(problem, found.chosen)),
        "broken_rules": len(check(problem, found.chosen)),
        "wall_s": round(wall, 1),
        "cpu_s": round(cpu, 1),
        "load_1m": round(os.getloadavg()[0], 1),
        "goal_met": found.gap <= GAP and wall <= SECONDS,
    }
