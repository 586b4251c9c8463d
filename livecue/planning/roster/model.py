"""The roster as a mixed-integer model.

Posts that differ by nothing but the room form a group, and a person has one column for all rooms of a group that are
strange to them and one for each room they know: the same rosters with a fraction of the columns. Whoever stands in
the first kind is given any room of the group that is left, which costs the same (``Model.read``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from livecue.planning.roster.cliques import covers
from livecue.planning.roster.milp import INFINITY, Ends, Milp
from livecue.planning.roster.problem import Limits, Post, Problem, Worker, limits_of
from livecue.planning.roster.rules import (
    WEEK,
    Piece,
    Share,
    clash,
    leaves_of,
    pieces_of,
    shares,
    steps_below,
    unfit,
    wished,
)

Span = tuple[int, int, int]
"""(day, start, end): the same stretch of work whatever the post."""


@dataclass
class Group:
    """Posts that differ by their room alone."""

    posts: list[Post]
    empty: int = -1
    """The column that counts the posts nobody fills."""
    columns: list[int] = field(default_factory=list)
    by_room: dict[str, list[int]] = field(default_factory=dict)

    @property
    def like(self) -> Post:
        """Any of them."""
        return self.posts[0]


@dataclass(frozen=True)
class Choice:
    """What a column says: the person fills a post of the group, in a known room or (room "") in any other."""

    person: str
    group: int
    room: str


@dataclass(frozen=True)
class FairRow:
    """A row that holds somebody near their fair share, from above or from below."""

    row: int
    fair: float
    tolerance: float
    over: bool


class Model:
    """The model of a problem, and how to read its answer."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.milp = Milp()
        self.groups = _grouped(problem)
        self.choices: dict[int, Choice] = {}
        self._leaves = leaves_of(problem)
        self._shares = shares(problem)
        self._wishes: dict[str, list[int]] = {}
        for place, wish in enumerate(problem.wishes):
            self._wishes.setdefault(wish.person, []).append(place)
        for group in self.groups:
            cost = problem.costs.empty
            pinned = group.like.post in problem.pinned
            group.empty = self.milp.whole(cost, 0.0 if pinned else float(len(group.posts)))
        self.columns_of: dict[str, list[int]] = {}
        self.fair_rows: list[FairRow] = []
        for worker in problem.workers:
            self._person(worker)
        for group in self.groups:
            self.milp.row(
                [(group.empty, 1.0), *((c, 1.0) for c in group.columns)], float(len(group.posts)), len(group.posts)
            )
            for room, columns in group.by_room.items():
                there = sum(post.room == room for post in group.posts)
                if len(columns) > there:
                    self.milp.at_most(columns, there)

    def _person(self, worker: Worker) -> None:
        problem, mine = self.problem, self.columns_of.setdefault(worker.person, [])
        leaves = self._leaves.get(worker.person, ())
        for place, group in enumerate(self.groups):
            post = group.like
            holder = problem.pinned.get(post.post)
            if holder is not None and holder != worker.person:
                continue
            # Posts of a group differ by room alone, and so does who may stand there.
            fit = (
                {p.room for p in group.posts}
                if holder is not None
                else {p.room for p in group.posts if not unfit(worker, p, leaves, problem.limits)}
            )
            if not fit:
                continue
            cost = float(problem.costs.tier * steps_below(worker, post, post.wanted))
            strange = problem.costs.strange_room if worker.rooms else 0
            anywhere = fit == {p.room for p in group.posts}
            known = fit & set(worker.rooms) if anywhere else fit
            for room in sorted(known):
                extra = strange if room not in worker.rooms else 0
                mine.append(self._choose(Choice(worker.person, place, room), cost + extra))
            if anywhere and known != fit:
                mine.append(self._choose(Choice(worker.person, place, ""), cost + strange))
        if mine:
            self._rules(worker, mine)
        self._fairness(mine, self._shares[worker.person])
        self._wish(worker.person, mine)

    def _choose(self, choice: Choice, cost: float) -> int:
        column = self.milp.whole(cost)
        self.choices[column] = choice
        group = self.groups[choice.group]
        group.columns.append(column)
        if choice.room:
            group.by_room.setdefault(choice.room, []).append(column)
        return column

    def post_of(self, column: int) -> Post:
        """A post of the column's group; all but its room holds for the column."""
        return self.groups[self.choices[column].group].like

    def is_pinned(self, choice: Choice) -> bool:
        """Whether the choice was made by hand."""
        return self.groups[choice.group].like.post in self.problem.pinned

    def day_of(self, column: int) -> int:
        """The first day on which the column asks for work: that of the rehearsal, where there is one."""
        return pieces_of(self.post_of(column))[0].day

    @property
    def decides(self) -> NDArray[np.bool_]:
        """Which columns are choices."""
        found = np.zeros(self.milp.columns, dtype=np.bool_)
        found[list(self.choices)] = True
        return found

    def fair_ends(self, days: int) -> dict[int, Ends]:
        """Bounds of the rows of fairness when only the first ``days`` are filled: the share in proportion."""
        part = days / self.problem.days
        return {
            row.row: (-INFINITY, row.fair * part + row.tolerance)
            if row.over
            else (max(0.0, row.fair * part - row.tolerance), INFINITY)
            for row in self.fair_rows
        }

    def _rules(self, worker: Worker, mine: list[int]) -> None:
        limits, columns = limits_of(worker, self.problem.limits), self._spans(mine)
        pieces = {span: Piece(*span, "") for span in columns}
        # Every rule but the skill speaks of the stretch of work, not of the post: one column for it keeps rows short.
        works = {span: self._sum_of(some) for span, some in columns.items()}
        clique_of = covers(tuple(sorted(works)), lambda a, b: bool(clash(pieces[a], pieces[b], limits)), _near)
        for clique in clique_of:
            if len(clique) > 1:
                self.milp.at_most((works[span] for span in clique), 1.0)
        days: dict[int, list[Span]] = {}
        for span in sorted(works):
            days.setdefault(span[0], []).append(span)
        self._day_and_week(days, works, limits)
        self._streak(days, works, pieces, limits)
        most = float(worker.most_minutes)
        if most and sum(span[2] - span[1] for span in works) > most:
            self.milp.row(((column, float(span[2] - span[1])) for span, column in works.items()), high=most)

    def _spans(self, mine: Iterable[int]) -> dict[Span, list[int]]:
        spans: dict[Span, list[int]] = {}
        for column in mine:
            for piece in pieces_of(self.post_of(column)):
                spans.setdefault((piece.day, piece.start, piece.end), []).append(column)
        return spans

    def _sum_of(self, columns: list[int]) -> int:
        if len(columns) == 1:
            return columns[0]
        total = self.milp.free(0.0, 1.0)
        self.milp.row([(total, -1.0), *((column, 1.0) for column in columns)], 0.0, 0.0)
        return total

    def _day_and_week(self, days: Mapping[int, list[Span]], works: Mapping[Span, int], limits: Limits) -> None:
        for first in days:
            window = [span for d in range(first, first + WEEK) for span in days.get(d, ())]
            for some, most in ((days[first], limits.day_minutes), (window, limits.week_minutes)):
                # Two of a day are kept apart by a clique; a row is needed only where more might fit.
                if sum(span[2] - span[1] for span in some) > most and _heaviest(some) > most:
                    self.milp.row(((works[span], float(span[2] - span[1])) for span in some), high=float(most))

    def _streak(
        self, days: Mapping[int, list[Span]], works: Mapping[Span, int], pieces: Mapping[Span, Piece], limits: Limits
    ) -> None:
        worked: dict[int, list[tuple[int, float]]] = {}
        for day, some in days.items():
            if all(clash(pieces[a], pieces[b], limits) for place, a in enumerate(some) for b in some[place + 1 :]):
                worked[day] = [(works[span], 1.0) for span in some]
                continue
            there = self.milp.free(0.0, 1.0)
            for span in some:
                self.milp.row([(there, 1.0), (works[span], -1.0)], low=0.0)
            worked[day] = [(there, 1.0)]
        for first in sorted(worked):
            window = [worked.get(d, []) for d in range(first, first + limits.streak_days + 1)]
            if all(window):
                self.milp.row((term for terms in window for term in terms), high=float(limits.streak_days))

    def _fairness(self, mine: list[int], share: Share) -> None:
        costs, free = self.problem.costs, set(self.problem.free_days)
        posts = [(column, self.post_of(column)) for column in mine]
        hours = [(c, sum(piece.minutes for piece in pieces_of(post)) / 60) for c, post in posts]
        golden = [(c, 1.0) for c, post in posts if post.golden]
        weekend = [(c, 1.0) for c, post in posts if post.day in free]
        for terms, fair, tolerance, cost in (
            (hours, share.hours, costs.hours_tolerance, costs.hours),
            (golden, share.golden, costs.slots_tolerance, costs.golden),
            (weekend, share.weekend, costs.slots_tolerance, costs.weekend),
        ):
            if not cost:
                continue
            # The upper ends are never reached; without them a bound could not be proved from multipliers.
            over = self.milp.free(float(cost), sum(factor for _, factor in terms))
            row = self.milp.row([*terms, (over, -1.0)], high=fair + tolerance)
            self.fair_rows.append(FairRow(row, fair, tolerance, over=True))
            if fair > tolerance:
                under = self.milp.free(float(cost), fair)
                row = self.milp.row([*terms, (under, 1.0)], low=fair - tolerance)
                self.fair_rows.append(FairRow(row, fair, tolerance, over=False))

    def _wish(self, person: str, mine: list[int]) -> None:
        for place in self._wishes.get(person, ()):
            wish = self.problem.wishes[place]
            hit = [c for c in mine if wished(wish.day, wish.start, wish.end, self.post_of(c))]
            missed = self.milp.free(float(wish.weight), 1.0)
            if wish.on:
                self.milp.row([(missed, 1.0), *((c, 1.0) for c in hit)], low=1.0)
                continue
            for columns in self._spans(hit).values():
                self.milp.row([(missed, 1.0), *((c, -1.0) for c in columns)], low=0.0)

    def read(self, values: NDArray[np.float64]) -> dict[str, str]:
        """Post to person, of an answer whose columns are whole."""
        chosen: dict[str, str] = {}
        for place in range(len(self.groups)):
            self._read_group(place, values, chosen)
        return chosen

    def _read_group(self, place: int, values: NDArray[np.float64], chosen: dict[str, str]) -> None:
        group = self.groups[place]
        left = list(group.posts)
        anywhere = []
        for column in group.columns:
            if values[column] < 0.5:
                continue
            choice = self.choices[column]
            if not choice.room:
                anywhere.append(choice.person)
                continue
            post = next(post for post in left if post.room == choice.room)
            left.remove(post)
            chosen[post.post] = choice.person
        for person, post in zip(anywhere, left, strict=False):
            chosen[post.post] = person


def _grouped(problem: Problem) -> list[Group]:
    groups: dict[object, Group] = {}
    for post in problem.posts:
        alike: object = (
            post.role, post.category, post.day, post.start, post.end, post.golden, post.least, post.wanted,
            post.rehearsal,
        )  # fmt: skip
        if post.post in problem.pinned:
            alike = post.post
        groups.setdefault(alike, Group([])).posts.append(post)
    return list(groups.values())


def _near(first: Span, second: Span) -> bool:
    return second[0] - first[0] <= 2


def _heaviest(spans: list[Span]) -> int:
    """At least as much as one person can work in these, one stretch at a time."""
    total, end = 0, -1
    for _, start, stop in sorted(spans, key=lambda span: span[1]):
        if stop > end:
            total += stop - max(start, end)
            end = stop
    return total
