"""The search for a roster: what is independent apart, stretch by stretch of days, and a bound proved for the whole.

A month of thirty rooms is too large for one search, a week is not. So the days are filled window by window, each
window seeing what stands before it and a fair share in proportion, and afterwards windows of days are opened again as
long as the gap to the bound is too wide. The bound comes from the relaxation of the whole month at the same time, in
a thread of its own: HiGHS lets Python run meanwhile.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from livecue.errors import BadInput
from livecue.planning.roster.milp import Found, Step
from livecue.planning.roster.model import Model
from livecue.planning.roster.problem import Problem, Roster, gap_of
from livecue.planning.roster.rules import check, pieces_of, price

WHOLE = 6_000
"""Columns up to which a part is searched in one go: about what a week of thirty rooms has."""
WINDOW_GAP = 0.01
THREADS = 2


class Progress(msgspec.Struct, frozen=True):
    """How far the search is: ``penalty`` of the roster at hand, ``bound`` None until one is proved."""

    penalty: float
    bound: float | None
    seconds: float
    done: float
    """Share of the days that were looked at once."""


Tell = Callable[[Progress], bool]
"""Called some times a second; answers whether to go on."""


def solve(problem: Problem, gap: float = 0.05, seconds: float = 60.0, tell: Tell | None = None) -> Roster:
    """The best roster found until the gap is proved, the time is over or ``tell`` says no; always one that may stand.

    Raises ``BadInput`` when posts held by hand break hard rules among themselves.
    """
    wrong = check(problem, problem.pinned)
    if wrong:
        first = wrong[0]
        raise BadInput(
            f"posts held by hand break {len(wrong)} rules, the first is {first.rule} of {first.person} at {first.post}:"
            " change or release them"
        )
    return _Search(problem, gap, seconds, tell).run()


class _Part:
    """An independent part of the problem: its people share no post with other people."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = Model(problem)
        # Nobody anywhere but where they are held: it may stand, and it is the worst.
        self.values = np.zeros(self.model.milp.columns)
        self.held = {column: 1.0 for column, c in self.model.choices.items() if self.model.is_pinned(c)}
        for column in self.held:
            self.values[column] = 1.0
        self.chosen = self.model.read(self.values)
        self.penalty = total(problem, self.chosen)
        self.bound = -math.inf
        self.whole = self.model.milp.columns <= WHOLE
        self.width = problem.days if self.whole else max(1, problem.days * WHOLE // self.model.milp.columns)
        self.days_done = 0
        self.proved = False
        self.busy = False
        self.in_vain: set[int] = set()
        """First days of windows opened again since anything became better."""
        self.spent = False
        """Whether nothing is left to try: the whole was opened in vain."""

    def take(self, values: NDArray[np.float64]) -> None:
        """Keep an answer of the search."""
        self.values = values
        self.chosen = self.model.read(values)
        self.penalty = total(self.problem, self.chosen)


def total(problem: Problem, chosen: Mapping[str, str]) -> float:
    """The penalty of a roster."""
    return float(sum(line.amount for line in price(problem, chosen)))


class _Search:
    def __init__(self, problem: Problem, gap: float, seconds: float, tell: Tell | None) -> None:
        self._begun = time.monotonic()
        self._gap = gap
        self._seconds = seconds
        self._tell = tell
        self._told_at = -math.inf
        self._stopped = False
        self._lock = threading.Lock()
        self._parts = [_Part(part) for part in parts_of(problem)]

    def run(self) -> Roster:
        large = [part for part in self._parts if not part.whole]
        small = [part for part in self._parts if part.whole]
        jobs: deque[Callable[[], None]] = deque()
        # The longest first, so that the threads end together.
        for part in sorted(large, key=lambda p: -p.model.milp.columns):
            jobs += (partial(self._fill, part), partial(self._prove, part))
        jobs += (partial(self._search, part) for part in small)
        with ThreadPoolExecutor(THREADS if large else 1, "roster") as pool:
            for ended in [pool.submit(self._work, jobs) for _ in range(THREADS if large else 1)]:
                ended.result()
        chosen = {post: person for part in self._parts for post, person in part.chosen.items()}
        return Roster(chosen, self._penalty(), self._bound(), self._passed(), self._reached())

    def _work(self, jobs: deque[Callable[[], None]]) -> None:
        """One thread: what was laid out, then windows of the part that promises most."""
        try:
            while (job := self._next(jobs)) is not None:
                job()
            while self._go() and not self._reached():
                with self._lock:
                    part = self._promising()
                    if part is not None:
                        part.busy = True
                if part is None:
                    if all(p.whole or p.spent for p in self._parts):
                        return
                    time.sleep(0.05)
                    continue
                try:
                    self._reopen(part)
                finally:
                    part.busy = False
        except BaseException:
            self._stopped = True
            raise

    def _promising(self) -> _Part | None:
        """The part with most to gain of those that nobody works at; none before every part is filled and proved, for
        until then nobody knows whether more has to be searched at all."""
        large = [part for part in self._parts if not part.whole]
        if not all(part.proved and part.days_done == part.problem.days for part in large):
            return None
        open_ones = [(part.penalty - max(part.bound, 0.0), part) for part in large if not part.spent]
        most = max((gain for gain, _ in open_ones), default=0.0)
        # Where little is to be gained beside what another thread works at, waiting costs less.
        free = [(gain, part) for gain, part in open_ones if not part.busy and gain >= most / 4]
        return max(free, key=lambda one: one[0])[1] if free else None

    def _next(self, jobs: deque[Callable[[], None]]) -> Callable[[], None] | None:
        with self._lock:
            return jobs.popleft() if jobs else None

    def _passed(self) -> float:
        return time.monotonic() - self._begun

    def _penalty(self) -> float:
        return round(sum(part.penalty for part in self._parts), 4)

    def _bound(self) -> float:
        return round(sum(part.bound for part in self._parts), 4)

    def _reached(self) -> bool:
        return gap_of(self._penalty(), self._bound()) <= self._gap

    def _go(self, step: Step | None = None) -> bool:
        """Tell how far it is, not oftener than every 0.2 s; false when it is to end."""
        del step
        with self._lock:
            passed = self._passed()
            if self._stopped or passed >= self._seconds or self._reached():
                return False
            if self._tell is not None and passed - self._told_at >= 0.2:
                self._told_at = passed
                bound = self._bound()
                days = sum(part.problem.days for part in self._parts)
                done = sum(part.days_done for part in self._parts) / days if days else 1.0
                if not self._tell(Progress(self._penalty(), bound if math.isfinite(bound) else None, passed, done)):
                    self._stopped = True
                    return False
            return True

    def _prove(self, part: _Part) -> None:
        part.bound = max(part.bound, part.model.milp.bound(self._go))
        part.proved = True

    def _search(self, part: _Part) -> None:
        """A small part: one search does it."""
        left = max(0.01, self._seconds - self._passed())
        found = part.model.milp.solve(self._gap / 4, left, self._go, fixed=part.held)
        part.bound = max(part.bound, found.bound)
        self._better(part, found)
        part.days_done = part.problem.days

    def _fill(self, part: _Part) -> None:
        for first in range(0, part.problem.days, part.width):
            if not self._go():
                return
            last = min(first + part.width, part.problem.days)
            self._window(part, first, last, filling=True)
            part.days_done = last

    def _reopen(self, part: _Part) -> None:
        """Open the window again that costs most, unless it was just tried in vain."""
        by_day = [0.0] * part.problem.days
        posts = {post.post: post.day for post in part.problem.posts}
        for line in price(part.problem, part.chosen):
            if line.post:
                by_day[posts[line.post]] += line.amount
        furthest = max(0, part.problem.days - part.width)
        firsts = {*range(0, furthest, max(1, part.width // 4)), furthest}
        first = max(firsts - part.in_vain, key=lambda f: (sum(by_day[f : f + part.width]), -f))
        before = part.penalty
        self._window(part, first, min(first + part.width, part.problem.days), filling=False)
        if part.penalty < before - 1e-6:
            part.in_vain.clear()
        part.in_vain.add(first)
        if firsts <= part.in_vain:
            # The same windows again would find the same: wider ones see more, and the whole is the last.
            part.spent = part.width == part.problem.days
            part.width = min(part.problem.days, part.width + max(1, part.width // 2))
            part.in_vain.clear()

    def _window(self, part: _Part, first: int, last: int, filling: bool) -> None:
        """Decide the days [first, last); what lies outside stands as it is, and is open while the days are filled."""
        model = part.model
        fixed = dict(part.held)
        for column in model.choices:
            if column not in fixed and not first <= model.day_of(column) < last:
                fixed[column] = part.values[column]
        settled = 0.0
        for group in model.groups:
            if not first <= pieces_of(group.like)[0].day < last:
                filled = sum(part.values[column] for column in group.columns)
                settled += part.problem.costs.empty * (len(group.posts) - filled)
        found = model.milp.solve(
            WINDOW_GAP,
            max(0.5, min(self._seconds - self._passed(), self._seconds / 4)),
            self._go,
            fixed=fixed,
            ends=model.fair_ends(last) if filling and last < part.problem.days else None,
            start=None if filling else part.values,
            # What is settled must not widen the gap at which the search ends.
            offset=-settled,
        )
        self._better(part, found, even_if_worse=filling)

    def _better(self, part: _Part, found: Found, even_if_worse: bool = False) -> None:
        if not len(found.values):
            return
        before = part.values, part.chosen, part.penalty
        part.take(np.where(part.model.decides, np.round(found.values), found.values))
        if part.penalty > before[2] and not even_if_worse:
            part.values, part.chosen, part.penalty = before


def parts_of(problem: Problem) -> list[Problem]:
    """The independent parts of a problem: roles that some person can both fill belong together.

    A person of a part keeps their whole fair share: it is computed from their own roles alone, which all lie in it.
    """
    group: dict[str, str] = {}

    def root(role: str) -> str:
        while group.setdefault(role, role) != role:
            role = group[role]
        return role

    for worker in problem.workers:
        roles = [skill.role for skill in worker.skills]
        for role in roles[1:]:
            group[root(role)] = root(roles[0])
    pinned_to = {problem.pinned[post.post]: post.role for post in problem.posts if post.post in problem.pinned}
    for worker in problem.workers:
        if worker.person in pinned_to and worker.skills:
            group[root(pinned_to[worker.person])] = root(worker.skills[0].role)
    roots = {root(post.role) for post in problem.posts} | {root(s.role) for w in problem.workers for s in w.skills}
    parts = []
    for one in sorted(roots):
        workers = tuple(w for w in problem.workers if any(root(skill.role) == one for skill in w.skills))
        people = {worker.person for worker in workers}
        parts.append(
            msgspec.structs.replace(
                problem,
                workers=workers,
                posts=tuple(post for post in problem.posts if root(post.role) == one),
                leaves=tuple(leave for leave in problem.leaves if leave.person in people),
                wishes=tuple(wish for wish in problem.wishes if wish.person in people),
            )
        )
    return parts
