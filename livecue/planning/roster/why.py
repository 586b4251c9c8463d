"""Why a post is empty, and who could stand there: each person under the first rule that keeps them from it."""

from collections.abc import Mapping

import msgspec

from livecue.planning.roster.problem import RULES, Empty, Post, Problem, Reason, Violation
from livecue.planning.roster.rules import check_person, leaves_of, pieces_of, steps_below, wished

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
