"""Targets sum to the minor unit, whatever is set by hand and whatever came in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livecue.planning.goals import Child, Own, ShowResult, shares, split, tree_of

MONEY = st.integers(0, 10**13)
CHILDREN = st.lists(
    st.builds(
        Child, weight=st.integers(0, 10**6), fixed=st.one_of(st.just(-1), MONEY), brought=MONEY, closed=st.booleans()
    ),
    min_size=1,
    max_size=15,
)


@given(MONEY, st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_shares_make_the_whole(total: int, weights: list[int]) -> None:
    found = shares(total, weights)
    assert sum(found) == total
    assert min(found) >= 0
    whole = sum(weights)
    if whole:
        assert all(abs(part * whole - total * weight) < whole for part, weight in zip(found, weights, strict=True))


@given(MONEY, CHILDREN)
def test_what_came_and_what_is_asked_make_the_whole(total: int, children: list[Child]) -> None:
    found = split(total, children)
    came = sum(child.brought for child in children if child.closed)
    asked = sum(goal for goal, child in zip(found.targets, children, strict=True) if not child.closed)
    assert came + asked + found.gap == total
    for goal, child in zip(found.targets, children, strict=True):
        assert goal >= 0
        if child.fixed >= 0:
            assert goal == child.fixed, "what a person set stays"
    free = [child for child in children if not child.closed and child.fixed < 0]
    fixed = sum(child.fixed for child in children if not child.closed and child.fixed >= 0)
    if free and total >= came + fixed:
        assert found.gap == 0, "whoever is open carries the rest"


@given(MONEY, CHILDREN)
def test_before_anything_is_over_the_parts_make_the_whole(total: int, children: list[Child]) -> None:
    fresh = [Child(child.weight) for child in children]
    found = split(total, fresh)
    assert sum(found.targets) == total
    assert found.gap == 0


def test_a_weak_month_is_carried_by_the_later_ones() -> None:
    months = [Child(31), Child(30), Child(31)]
    first = split(9_200_001, months).targets
    assert first == [3_100_001, 3_000_000, 3_100_000]
    after = split(9_200_001, [Child(31, brought=1_100_000, closed=True), Child(30), Child(31)])
    assert after.targets[0] == 3_100_001, "the month keeps the target it had"
    assert sum(after.targets[1:]) == 9_200_001 - 1_100_000
    assert after.gap == 0


def test_more_than_asked_leaves_nothing_to_ask() -> None:
    found = split(100, [Child(1, brought=130, closed=True), Child(1)])
    assert (found.targets, found.gap) == ([50, 0], -30)


def test_what_nobody_carries_is_said() -> None:
    found = split(100, [Child(1, fixed=30), Child(1, fixed=30)])
    assert (found.targets, found.gap) == ([30, 30], 40)


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [-1]), (1, [])])
def test_nonsense_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError):
        shares(total, weights)


@given(
    st.integers(1, 10**12),
    st.dictionaries(st.sampled_from(["2026Q1", "2026Q3", "2026-02", "2026-08", "2026-11"]), MONEY, max_size=3),
    st.lists(st.tuples(st.integers(0, 364), st.integers(1, 300), MONEY, st.booleans()), max_size=20),
    st.integers(0, 364),
)
def test_every_level_of_the_tree_makes_its_whole(
    target: int, fixed: dict[str, int], given_shows: list[tuple[int, int, int, bool]], now: int
) -> None:
    today = date(2026, 1, 1) + timedelta(days=now)
    shows = [
        ShowResult(
            "r", f"s{n}", "x", date(2026, 1, 1) + timedelta(days=day), minutes, brought if closed else None, closed, 0
        )
        for n, (day, minutes, brought, closed) in enumerate(given_shows)
    ]
    own = {"2026": Own(target), **{period: Own(goal) for period, goal in fixed.items()}}
    root = tree_of(2026, own, shows, today)
    assert root.target == target
    assert root.brought == sum(show.brought or 0 for show in shows)
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if not node.children:
            continue
        came = sum(child.brought for child in node.children if child.closed)
        asked = sum(child.target for child in node.children if not child.closed)
        assert came + asked + node.gap == node.target, node.period
        nodes += node.children


def test_the_tree_of_a_year() -> None:
    own = {"2026": Own(36_500_000), "2026-11": Own(weight=60)}
    shows = [
        ShowResult("r", "a", "甲", date(2026, 11, 3), 120, 500_000, True, 0),
        ShowResult("r", "b", "乙", date(2026, 11, 25), 60, None, False, 0),
        ShowResult("r", "c", "丙", date(2026, 11, 26), 180, None, False, 0),
    ]
    root = tree_of(2026, own, shows, date(2026, 11, 22))
    assert [node.period for node in root.children] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]
    november = root.children[3].children[1]
    assert november.weight == 60
    assert [node.title for node in november.children] == ["甲", "乙", "丙"]
    b, c = november.children[1:]
    assert b.target + c.target == november.target - 500_000
    assert c.target == pytest.approx(3 * b.target, abs=2)
