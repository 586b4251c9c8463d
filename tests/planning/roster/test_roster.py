"""The roster's solver: what it makes keeps every hard rule, and its penalty is what the rules price."""

from itertools import product

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from livecue.errors import BadInput
from livecue.planning.roster import (
    DAY,
    Leave,
    Limits,
    Post,
    Problem,
    Roster,
    Skill,
    Wish,
    Worker,
    check,
    empties,
    price,
    solve,
    ungranted,
)
from livecue.planning.roster.problem import TIERS

CATEGORIES = ("beauty", "home")
SPANS = ((10 * 60, 14 * 60), (19 * 60, 23 * 60), (21 * 60, 25 * 60), (6 * 60, 8 * 60))


def post(name: str, day: int, span: tuple[int, int] = SPANS[1], **more: object) -> Post:
    start, end = (day * DAY + minute for minute in span)
    given: dict[str, object] = {"room": "r1", "role": "host", **more}
    return Post(post=name, day=day, start=start, end=end, **given)  # type: ignore[arg-type]


@some.composite
def problems(draw: some.DrawFn) -> Problem:
    days = draw(some.integers(2, 9))
    workers = []
    for number in range(draw(some.integers(1, 4))):
        skills = tuple(
            Skill(role, draw(some.sampled_from(("", *CATEGORIES))), draw(some.sampled_from(((), ("r1",)))))
            for role in draw(some.sets(some.sampled_from(("host", "floor")), min_size=1))
        )
        rooms = draw(some.sampled_from(((), ("r1",), ("r2",))))
        tier, most = draw(some.sampled_from(TIERS)), draw(some.sampled_from((0, 600, 2400)))
        workers.append(Worker(f"p{number}", f"P{number}", skills, tier, rooms, most))
    posts = []
    for number in range(draw(some.integers(1, 12))):
        day = draw(some.integers(0, days - 1))
        ahead = draw(some.integers(1, 3)) if day >= 3 and draw(some.booleans()) else 0
        rehearsal = ((day - ahead) * DAY + 15 * 60, (day - ahead) * DAY + 16 * 60) if ahead else None
        posts.append(
            post(
                f"x{number}",
                day,
                draw(some.sampled_from(SPANS)),
                room=draw(some.sampled_from(("r1", "r2"))),
                role=draw(some.sampled_from(("host", "floor"))),
                category=draw(some.sampled_from(("", *CATEGORIES))),
                golden=draw(some.booleans()),
                least=draw(some.sampled_from(TIERS[:3])),
                wanted=draw(some.sampled_from(TIERS)),
                rehearsal=rehearsal,
            )
        )
    who = some.sampled_from([worker.person for worker in workers])
    when = some.integers(0, days - 1)
    leaves = [Leave(draw(who), d * DAY, (d + 1) * DAY) for d in draw(some.lists(when, max_size=2))]
    wishes = [Wish(draw(who), d, draw(some.booleans()), 7) for d in draw(some.lists(when, max_size=3))]
    limits = draw(some.sampled_from((Limits(), Limits(streak_days=2, week_minutes=900, day_minutes=300))))
    return Problem(
        first="2026-12-01",
        days=days,
        workers=tuple(workers),
        posts=tuple(posts),
        leaves=tuple(leaves),
        wishes=tuple(wishes),
        free_days=(0, 5),
        limits=limits,
    )


def total(problem: Problem, roster: Roster) -> float:
    return sum(line.amount for line in price(problem, roster.chosen))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_a_roster_never_breaks_a_hard_rule(problem: Problem) -> None:
    roster = solve(problem, gap=0.0)
    assert check(problem, roster.chosen) == []
    assert roster.penalty == pytest.approx(total(problem, roster), abs=1e-3)
    assert roster.bound <= roster.penalty + 1e-3
    assert {one.post for one in empties(problem, roster.chosen)} == {p.post for p in problem.posts} - set(roster.chosen)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_no_roster_is_cheaper_than_the_solvers(problem: Problem) -> None:
    """Against trying everything, where that is few enough."""
    small = msgspec.structs.replace(problem, posts=problem.posts[:4])
    roster = solve(small, gap=0.0)
    people = ("", *(worker.person for worker in small.workers))
    best = min(
        sum(line.amount for line in price(small, chosen))
        for given_people in product(people, repeat=len(small.posts))
        for chosen in [{p.post: who for p, who in zip(small.posts, given_people, strict=True) if who}]
        if not check(small, chosen)
    )
    assert roster.penalty == pytest.approx(best, abs=1e-3)
    assert roster.bound == pytest.approx(best, abs=0.05)


HOST = Worker("an", "安", (Skill("host", "beauty"),), "potential")


def one(posts: tuple[Post, ...], *workers: Worker, **more: object) -> Problem:
    return Problem(first="2026-12-01", days=10, workers=workers or (HOST,), posts=posts, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("posts", "rule"),
    [
        ((post("a", 0, category="home"),), "skill"),
        ((post("a", 0, least="head"),), "ladder"),
        ((post("a", 3),), "away"),
        ((post("a", 0), post("b", 0, SPANS[2])), "overlap"),
        ((post("a", 0, SPANS[2]), post("b", 1, SPANS[3])), "rest"),
        ((post("a", 0, (480, 800)), post("b", 0, (900, 1200))), "day"),
        ((post("a", 5, rehearsal=(4 * DAY + 900, 4 * DAY + 960)),), "rehearsal"),
        ((post("a", 5, rehearsal=(3 * DAY + 900, 3 * DAY + 960)),), "away"),
        (tuple(post(f"d{d}", d) for d in (4, 5, 6, 7)), "streak"),
        (tuple(post(f"d{d}", d) for d in (4, 5, 7, 8)), "week"),
    ],
)
def test_every_rule_is_named_with_person_and_post(posts: tuple[Post, ...], rule: str) -> None:
    limits = Limits(streak_days=3, week_minutes=900 if rule == "week" else 5000)
    problem = one(posts, leaves=(Leave("an", 3 * DAY, 4 * DAY),), limits=limits)
    broken = check(problem, {p.post: "an" for p in posts})
    assert (rule, "an") in {(v.rule, v.person) for v in broken}
    left = empties(problem, solve(problem, gap=0.0).chosen)
    assert left and rule in {reason.rule for empty in left for reason in empty.reasons}


def test_hours_of_a_contract_are_kept() -> None:
    worker = msgspec.structs.replace(HOST, most_minutes=480)
    problem = one(tuple(post(f"d{d}", d) for d in (0, 2, 4)), worker)
    assert {v.rule for v in check(problem, {"d0": "an", "d2": "an", "d4": "an"})} == {"hours"}
    assert len(solve(problem, gap=0.0).chosen) == 2


def test_the_same_person_comes_to_the_rehearsal_two_days_ahead() -> None:
    """Whoever rehearses in the afternoon of day 0 cannot hold the show of that time elsewhere."""
    show = post("show", 2, rehearsal=(15 * 60, 16 * 60))
    other = post("other", 0, (14 * 60, 18 * 60), room="r2")
    problem = one((show, other), HOST, Worker("bo", "波", (Skill("host"),), "head"))
    chosen = solve(problem, gap=0.0).chosen
    assert set(chosen) == {"show", "other"} and chosen["show"] != chosen["other"]


def test_what_is_held_by_hand_stays_and_is_refused_when_it_breaks_a_rule() -> None:
    posts = (post("a", 0), post("b", 0, room="r2"))
    workers = (HOST, Worker("bo", "波", (Skill("host"),), "head"))
    held = one(posts, *workers, pinned={"b": "an"})
    assert solve(held, gap=0.0).chosen == {"a": "bo", "b": "an"}
    with pytest.raises(BadInput, match="overlap of an"):
        solve(one(posts, *workers, pinned={"a": "an", "b": "an"}), gap=0.0)


def test_nobody_for_a_role_is_said() -> None:
    (empty,) = empties(one((post("a", 0, role="cs"),)), {})
    assert [reason.rule for reason in empty.reasons] == ["nobody"]


def test_a_stopped_search_gives_what_it_has() -> None:
    problem = one(tuple(post(f"d{d}", d) for d in range(10)))
    roster = solve(problem, tell=lambda progress: False)
    assert check(problem, roster.chosen) == []


def test_many_days_are_searched_in_windows_and_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("livecue.planning.roster.searching.WHOLE", 60)
    posts = tuple(post(f"{room}{d}", d, room=room) for d in range(10) for room in ("r1", "r2"))
    workers = tuple(Worker(f"p{n}", f"P{n}", (Skill("host"),), "head", ("r1",) if n % 2 else ()) for n in range(4))
    seen: list[float] = []
    problem = one(posts, *workers)
    roster = solve(problem, gap=0.02, seconds=30, tell=lambda p: seen.append(p.seconds) is None)
    assert check(problem, roster.chosen) == [] and len(roster.chosen) == len(posts)
    assert roster.finished and roster.gap <= 0.02 and seen


def test_what_a_person_is_limited_to_is_a_rule_and_never_looser_than_the_rosters() -> None:
    posts = tuple(post(f"d{d}", d) for d in range(4))
    free = one(posts)
    assert len(solve(free, gap=0.0).chosen) == 4
    for own, rule in (({"week_minutes": 500}, "week"), ({"streak_days": 2}, "streak")):
        bound = one(posts, msgspec.structs.replace(HOST, **own))
        chosen = solve(bound, gap=0.0).chosen
        assert len(chosen) == (2 if rule == "week" else 3) and check(bound, chosen) == []
        assert rule in {v.rule for v in check(bound, {p.post: "an" for p in posts})}
    strict = one(posts, msgspec.structs.replace(HOST, week_minutes=99_999), limits=Limits(week_minutes=500))
    assert len(solve(strict, gap=0.0).chosen) == 2


def test_wishes_that_are_not_met_are_named_with_their_reason() -> None:
    bo = Worker("bo", "波", (Skill("host"),), "potential")
    posts = (post("a", 0), post("b", 1), post("c", 2))
    wishes = (
        Wish("an", 0, on=False, weight=20, wish="w1"),
        Wish("an", 3, on=True, weight=20, wish="w2"),
        Wish("bo", 1, on=True, weight=1, start=DAY + 8 * 60, end=DAY + 9 * 60, wish="w3"),
        Wish("bo", 0, on=False, weight=30, wish="w4"),
        Wish("an", 2, on=True, weight=20, wish="w5"),
    )
    problem = one(posts, HOST, bo, wishes=wishes, leaves=(Leave("an", 2 * DAY, 3 * DAY),))
    chosen = solve(problem, gap=0.0).chosen
    assert chosen["a"] == "an"
    told = {row.wish: (row.reason, row.post) for row in ungranted(problem, chosen)}
    assert told == {"w1": ("dearer", "a"), "w2": ("no_place", ""), "w3": ("no_place", ""), "w5": ("away", "")}
    alone = one(posts, HOST, wishes=wishes[:1])
    assert [(row.wish, row.reason) for row in ungranted(alone, {"a": "an"})] == [("w1", "nobody_else")]
    held = one(posts, HOST, bo, wishes=wishes[:1], pinned={"a": "an"})
    assert [row.reason for row in ungranted(held, {"a": "an"})] == ["pinned"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_every_wish_is_met_priced_or_named(problem: Problem) -> None:
    chosen = solve(problem, gap=0.0).chosen
    priced = [(line.person, line.value) for line in price(problem, chosen) if line.kind == "wish"]
    assert sorted(priced) == sorted((row.person, row.day) for row in ungranted(problem, chosen))


def test_a_rehearsal_on_a_day_off_is_work() -> None:
    rehearsed = post("s", 5, rehearsal=(2 * DAY + 900, 2 * DAY + 960))
    problem = one((rehearsed,), wishes=(Wish("an", 2, on=False, weight=5, wish="w"),))
    assert [(row.wish, row.post) for row in ungranted(problem, {"s": "an"})] == [("w", "s")]
