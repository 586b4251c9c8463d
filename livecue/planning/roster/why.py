"""Why a post is empty or a wish not granted, and who could stand there: each person under the first rule that keeps
them from it."""

from collections.abc import Mapping

import msgspec

from livecue.planning.roster.problem import RULES, Empty, Leave, Post, Problem, Reason, Violation, Wish, Worker
from livecue.planning.roster.rules import check_person, has_skill, leaves_of, pieces_of, steps_below, wished

FREE = "free"
"""Not a rule: somebody could stand here, the solver thought it too dear or has not looked."""
NOBODY = "nobody"
"""Nobody in the team holds the role at all."""


class Candidate(msgspec.Struct, frozen=True):
    """A person for a post: what would be broken, and what they have so far."""

    person: str
    violations: tuple[Violation, ...]
    minutes: int
    """Working time in the roster without this post."""
    short: int
    """Steps of the host ladder below the one wanted."""
    strange: bool
    unwanted: bool
    """They wished not to work then."""


def candidates(problem: Problem, chosen: Mapping[str, str], post: Post) -> list[Candidate]:
    """Everybody who holds the role, the fit first, then those with least to do."""
    held: dict[str, list[Post]] = {}
    for other in problem.posts:
        person = chosen.get(other.post)
        if person and other.post != post.post:
            held.setdefault(person, []).append(other)
    leaves = leaves_of(problem)
    found: list[Candidate] = []
    for worker in problem.workers:
        if not any(skill.role == post.role for skill in worker.skills):
            continue
        mine, away = held.get(worker.person, []), leaves.get(worker.person, [])
        before = set(check_person(worker, mine, away, problem.limits, problem.days))
        after = check_person(worker, [*mine, post], away, problem.limits, problem.days)
        fresh = sorted((v for v in after if v not in before), key=lambda v: (RULES.index(v.rule), v.day))
        found.append(
            Candidate(
                worker.person,
                tuple(fresh),
                sum(piece.minutes for one in mine for piece in pieces_of(one)),
                steps_below(worker, post, post.wanted),
                bool(worker.rooms and post.room and post.room not in worker.rooms),
                any(
                    w.person == worker.person and not w.on and wished(w.day, w.start, w.end, post)
                    for w in problem.wishes
                ),
            )
        )
    return sorted(found, key=lambda c: (len(c.violations), c.short, c.strange, c.unwanted, c.minutes, c.person))


DEARER = "dearer"
"""Not a rule: it could be granted, and costs more elsewhere than the wish weighs (or nobody searched since)."""
NO_PLACE = "no_place"
"""Nothing is to be filled then that they could fill."""
NOBODY_ELSE = "nobody_else"
"""Nobody else could take the place they hold."""


class Ungranted(msgspec.Struct, frozen=True):
    """A wish the roster does not meet, and why: a rule, ``dearer``, ``no_place`` or ``nobody_else``."""

    wish: str
    person: str
    day: int
    on: bool
    weight: int
    reason: str
    post: str = ""
    """The place they hold against their wish."""
    start: int = 0
    end: int = 0


def ungranted(problem: Problem, chosen: Mapping[str, str], most: int = 500) -> list[Ungranted]:
    """The wishes that are not met as the roster stands, by day and person; of very many the first ``most``."""
    held: dict[str, list[Post]] = {worker.person: [] for worker in problem.workers}
    workers = {worker.person: worker for worker in problem.workers}
    by_day: dict[int, list[Post]] = {}
    for post in problem.posts:
        held.get(chosen.get(post.post, ""), []).append(post)
        for day in {piece.day for piece in pieces_of(post)}:
            by_day.setdefault(day, []).append(post)
    leaves = leaves_of(problem)
    found: list[Ungranted] = []
    for wish in sorted(problem.wishes, key=lambda w: (w.day, w.person, w.wish)):
        worker = workers.get(wish.person)
        if worker is None or len(found) == most:
            continue
        mine = held[wish.person]
        hit = next((post for post in mine if wished(wish.day, wish.start, wish.end, post)), None)
        if (hit is None) != wish.on:
            continue
        if hit is None:
            places = [p for p in by_day.get(wish.day, ()) if wished(wish.day, wish.start, wish.end, p)]
            reason = _why_not_on(problem, worker, mine, leaves.get(wish.person, []), places)
        else:
            reason = _why_not_off(problem, wish, hit, held, leaves)
        found.append(
            Ungranted(
                wish.wish, wish.person, wish.day, wish.on, wish.weight, reason, hit.post if hit else "", wish.start,
                wish.end,
            )
        )  # fmt: skip
    return found


def _why_not_on(problem: Problem, worker: Worker, mine: list[Post], away: list[Leave], places: list[Post]) -> str:
    places = [post for post in places if has_skill(worker, post)]
    if not places:
        return NO_PLACE
    before = set(check_person(worker, mine, away, problem.limits, problem.days))
    first: set[str] = set()
    for post in places:
        fresh = [v for v in check_person(worker, [*mine, post], away, problem.limits, problem.days) if v not in before]
        if not fresh:
            return DEARER
        first.add(min(fresh, key=lambda v: RULES.index(v.rule)).rule)
    return min(first, key=[str(rule) for rule in RULES].index)


def _why_not_off(
    problem: Problem, wish: Wish, hit: Post, held: Mapping[str, list[Post]], leaves: Mapping[str, list[Leave]]
) -> str:
    if hit.post in problem.pinned:
        return "pinned"
    for other in problem.workers:
        if other.person == wish.person or not has_skill(other, hit):
            continue
        mine, away = held[other.person], leaves.get(other.person, [])
        before = set(check_person(other, mine, away, problem.limits, problem.days))
        if set(check_person(other, [*mine, hit], away, problem.limits, problem.days)) <= before:
            return DEARER
    return NOBODY_ELSE


def empties(problem: Problem, chosen: Mapping[str, str], most: int = 200) -> list[Empty]:
    """The posts nobody fills, with reasons; of very many the first ``most``."""
    known = {worker.person for worker in problem.workers}
    found: list[Empty] = []
    for post in problem.posts:
        if chosen.get(post.post) in known:
            continue
        if len(found) == most:
            break
        by_rule: dict[str, list[str]] = {}
        for one in candidates(problem, chosen, post):
            by_rule.setdefault(one.violations[0].rule if one.violations else FREE, []).append(one.person)
        if not by_rule:
            by_rule[NOBODY] = []
        order = (*RULES, FREE, NOBODY)
        reasons = sorted(by_rule.items(), key=lambda item: order.index(item[0]))
        found.append(Empty(post.post, tuple(Reason(rule, tuple(people)) for rule, people in reasons)))
    return found
