"""The hard rules as pure functions: what may not stand in a roster, whoever made it."""

from collections.abc import Iterable, Mapping

import msgspec

from livecue.planning.roster.problem import (
    DAY,
    RULES,
    TIERS,
    Cost,
    Leave,
    Limits,
    Post,
    Problem,
    Violation,
    Worker,
    limits_of,
)

WEEK = 7


class Piece(msgspec.Struct, frozen=True):
    """A stretch of work of one person."""

    day: int
    start: int
    end: int
    post: str

    @property
    def minutes(self) -> int:
        """Its length."""
        return self.end - self.start


def pieces_of(post: Post) -> tuple[Piece, ...]:
    """The shift, and the rehearsal it asks for; a rehearsal belongs to the day on which it begins."""
    shift = Piece(post.day, post.start, post.end, post.post)
    if post.rehearsal is None:
        return (shift,)
    start, end = post.rehearsal
    return (Piece(start // DAY, start, end, post.post), shift)


def has_skill(worker: Worker, post: Post) -> bool:
    """Whether the person can fill the role in that category and may do so in that room."""
    return any(
        s.role == post.role
        and (not post.category or s.category in ("", post.category))
        and (not s.rooms or not post.room or post.room in s.rooms)
        for s in worker.skills
    )


def steps_below(worker: Worker, post: Post, wanted: str) -> int:
    """How many steps of the host ladder the person stands below ``wanted``; 0 for other roles than host."""
    if post.role != "host" or not wanted:
        return 0
    return max(0, TIERS.index(wanted) - TIERS.index(worker.tier))


def clash(first: Piece, second: Piece, limits: Limits) -> str:
    """The rule by which one person cannot do both, "" when they can."""
    if first.start < second.end and second.start < first.end:
        return "overlap"
    if first.day == second.day:
        return "day" if first.minutes + second.minutes > limits.day_minutes else ""
    early, late = (first, second) if first.day < second.day else (second, first)
    return "rest" if late.start - early.end < limits.rest_minutes else ""


def unfit(worker: Worker, post: Post, leaves: Iterable[Leave], limits: Limits) -> list[Violation]:
    """What keeps a person from a post whatever else they do: skill, ladder, away, a rehearsal too late."""
    found = []
    if not has_skill(worker, post):
        found.append(Violation("skill", worker.person, post.post, post.day))
    elif short := steps_below(worker, post, post.least):
        found.append(Violation("ladder", worker.person, post.post, post.day, value=short))
    for piece in pieces_of(post):
        if any(leave.start < piece.end and piece.start < leave.end for leave in leaves):
            found.append(Violation("away", worker.person, post.post, piece.day))
    if post.rehearsal is not None:
        ahead = post.day - post.rehearsal[0] // DAY
        if ahead < limits.rehearsal_days:
            found.append(
                Violation("rehearsal", worker.person, post.post, post.day, value=ahead, limit=limits.rehearsal_days)
            )
    return found


def check(problem: Problem, chosen: Mapping[str, str], only: Iterable[str] | None = None) -> list[Violation]:
    """Every hard rule that ``chosen`` (post to person) breaks, for all people or ``only`` those named.

    People or posts that the problem does not know are violations of ``skill``: nobody there can fill them.
    """
    posts = {post.post: post for post in problem.posts}
    workers = {worker.person: worker for worker in problem.workers}
    leaves = leaves_of(problem)
    wanted = None if only is None else set(only)
    held: dict[str, list[Post]] = {}
    found: list[Violation] = []
    for post_id, person in chosen.items():
        if wanted is not None and person not in wanted:
            continue
        post = posts.get(post_id)
        if post is None:
            continue
        if person not in workers:
            found.append(Violation("skill", person, post_id, post.day))
            continue
        held.setdefault(person, []).append(post)
    for person, mine in held.items():
        found += check_person(workers[person], mine, leaves.get(person, ()), problem.limits, problem.days)
    return sorted(found, key=lambda v: (v.day, v.person, RULES.index(v.rule), v.post, v.other))


def leaves_of(problem: Problem) -> dict[str, list[Leave]]:
    """The times away of each person."""
    found: dict[str, list[Leave]] = {}
    for leave in problem.leaves:
        found.setdefault(leave.person, []).append(leave)
    return found


def check_person(
    worker: Worker, posts: Iterable[Post], leaves: Iterable[Leave], limits: Limits, days: int
) -> list[Violation]:
    """The hard rules one person breaks with these posts; their own limits are rules too."""
    limits = limits_of(worker, limits)
    held = list(posts)
    away = list(leaves)
    found = [violation for post in held for violation in unfit(worker, post, away, limits)]
    pieces = sorted((p for post in held for p in pieces_of(post)), key=lambda p: (p.start, p.end, p.post))
    found += _pairs(worker.person, pieces, limits)
    minutes: dict[int, int] = {}
    for piece in pieces:
        minutes[piece.day] = minutes.get(piece.day, 0) + piece.minutes
    found += _sums(worker, minutes, pieces, limits)
    return found


def _pairs(person: str, pieces: list[Piece], limits: Limits) -> list[Violation]:
    found = []
    for place, late in enumerate(pieces):
        for early in reversed(pieces[:place]):
            # Pieces are sorted by start: only those that may still reach into the rest are of interest.
            if late.day - early.day > 2:
                break
            if early.post == late.post:
                continue
            rule = clash(early, late, limits)
            if rule == "overlap":
                found.append(Violation("overlap", person, late.post, late.day, other=early.post))
            elif rule == "rest":
                rest = late.start - early.end
                found.append(
                    Violation("rest", person, late.post, late.day, rest, limits.rest_minutes, other=early.post)
                )
    return found


def _sums(worker: Worker, minutes: Mapping[int, int], pieces: list[Piece], limits: Limits) -> list[Violation]:
    found: list[Violation] = []
    last_of = {piece.day: piece.post for piece in pieces}
    run = 0
    for day in sorted(minutes):
        if minutes[day] > limits.day_minutes:
            found.append(Violation("day", worker.person, last_of[day], day, minutes[day], limits.day_minutes))
        week = sum(minutes.get(d, 0) for d in range(day - WEEK + 1, day + 1))
        if week > limits.week_minutes:
            found.append(Violation("week", worker.person, last_of[day], day, week, limits.week_minutes))
        run = run + 1 if day - 1 in minutes else 1
        if run > limits.streak_days:
            found.append(Violation("streak", worker.person, last_of[day], day, run, limits.streak_days))
    total = sum(minutes.values())
    if worker.most_minutes and total > worker.most_minutes:
        last = pieces[-1]
        found.append(Violation("hours", worker.person, last.post, last.day, total, worker.most_minutes))
    return found


class Share(msgspec.Struct, frozen=True):
    """What falls to one person when all is shared out evenly; ``hours`` in hours, the others in shifts."""

    hours: float
    golden: float
    weekend: float


def shares(problem: Problem) -> dict[str, Share]:
    """Everybody's fair share: the work of each role, split by days not away among those who hold it.

    Somebody with two roles counts half in each. A contract's hours are the most that is expected.
    """
    leaves = leaves_of(problem)
    roles: dict[str, dict[str, float]] = {}
    for worker in problem.workers:
        mine = {skill.role for skill in worker.skills}
        away = {d for leave in leaves.get(worker.person, ()) for d in range(leave.start // DAY, -(-leave.end // DAY))}
        there = sum(1 for d in range(problem.days) if d not in away)
        for role in mine:
            roles.setdefault(role, {})[worker.person] = there / len(mine)
    totals = {worker.person: [0.0, 0.0, 0.0] for worker in problem.workers}
    free = set(problem.free_days)
    for role, weights in roles.items():
        whole = sum(weights.values())
        if not whole:
            continue
        posts = [post for post in problem.posts if post.role == role]
        sums = (
            sum(piece.minutes for post in posts for piece in pieces_of(post)) / 60,
            sum(post.golden for post in posts),
            sum(post.day in free for post in posts),
        )
        for person, weight in weights.items():
            for place, amount in enumerate(sums):
                totals[person][place] += amount * weight / whole
    found = {}
    for worker in problem.workers:
        hours, golden, weekend = totals[worker.person]
        most = worker.most_minutes / 60
        # Less work at all is less of every kind.
        part = most / hours if most and hours > most else 1.0
        found[worker.person] = Share(round(hours * part, 2), round(golden * part, 2), round(weekend * part, 2))
    return found


def price(problem: Problem, chosen: Mapping[str, str]) -> list[Cost]:
    """Every line of the penalty of a roster; their sum is what the solver minimises."""
    costs = problem.costs
    workers = {worker.person: worker for worker in problem.workers}
    lines: list[Cost] = []
    held: dict[str, list[Post]] = {worker.person: [] for worker in problem.workers}
    for post in problem.posts:
        person = chosen.get(post.post, "")
        worker = workers.get(person)
        if worker is None:
            lines.append(Cost("empty", "", post.post, costs.empty))
            continue
        held[person].append(post)
        if short := steps_below(worker, post, post.wanted):
            lines.append(Cost("tier", person, post.post, costs.tier * short, short))
        if worker.rooms and post.room not in worker.rooms:
            lines.append(Cost("strange_room", person, post.post, costs.strange_room))
    for wish in problem.wishes:
        if wish.person not in held:
            continue
        hit = next((post for post in held[wish.person] if wished(wish.day, wish.start, wish.end, post)), None)
        if (hit is None) == wish.on:
            lines.append(Cost("wish", wish.person, hit.post if hit else "", wish.weight, wish.day))
    return [line for line in (*lines, *_fairness(problem, held)) if line.amount]


def wished(day: int, start: int, end: int, post: Post) -> bool:
    """Whether a wish speaks of a post: work on its day (a rehearsal is work), and where the wish names a part of the
    day, work that overlaps it."""
    return any(piece.day == day and (not end or (piece.start < end and start < piece.end)) for piece in pieces_of(post))


def _fairness(problem: Problem, held: Mapping[str, list[Post]]) -> list[Cost]:
    costs, free = problem.costs, set(problem.free_days)
    lines = []
    for person, share in shares(problem).items():
        mine = held[person]
        hours = sum(piece.minutes for post in mine for piece in pieces_of(post)) / 60
        golden = sum(post.golden for post in mine)
        weekend = sum(post.day in free for post in mine)
        for kind, amount, fair, tolerance, cost in (
            ("hours", hours, share.hours, costs.hours_tolerance, costs.hours),
            ("golden", golden, share.golden, costs.slots_tolerance, costs.golden),
            ("weekend", weekend, share.weekend, costs.slots_tolerance, costs.weekend),
        ):
            over = max(0.0, abs(amount - fair) - tolerance)
            lines.append(Cost(kind, person, "", round(over * cost, 4), round(amount)))  # type: ignore[arg-type]
    return lines
