"""The goal tree of a brand (R088): year, quarters, months, shows, with what each brought. Pure."""

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from livecue.planning.goals.split import Child, split

_PERIOD = re.compile(r"(\d{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
SHOW = "show:"


class Own(msgspec.Struct, frozen=True):
    """What a person set for a period: ``target`` -1 is none, ``weight`` 0 is by days or planned minutes."""

    target: int = -1
    weight: int = 0


class ShowResult(msgspec.Struct, frozen=True):
    """A show for the tree. ``day`` in its room's zone; ``brought`` None: not known; ``planned``: its plan's target."""

    room: str
    show: str
    title: str
    day: date
    minutes: int
    brought: int | None
    closed: bool
    planned: int


class Node(msgspec.Struct, frozen=True):
    """A period of the tree. Money in minor units.

    ``target`` in force; ``brought`` so far; ``reached`` M86; ``fixed``: set by hand; ``gap``: what its children do not
    carry (see ``split``); ``unknown``: shows that are over and whose sales nobody told; ``planned``: of a show, the
    target its plan has now.
    """

    period: str
    target: int
    brought: int
    reached: float | None
    fixed: bool
    weight: int
    closed: bool
    gap: int
    unknown: int
    children: list["Node"]
    title: str = ""
    room: str = ""
    planned: int = 0


def period_problem(period: str) -> str | None:
    """Why this is no period; None when it is one."""
    if period.startswith(SHOW) and len(period) > len(SHOW):
        return None
    return None if _PERIOD.fullmatch(period) else "write a period as 2026, 2026Q4, 2026-11 or show:<id>"


def span_of(period: str) -> tuple[date, date]:
    """First and last day of a year, quarter or month."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(period)
    year, quarter, month = int(found[1]), found[2], found[3]
    first, last = (
        (1, 12)
        if not quarter and not month
        else (int(month), int(month))
        if month
        else (int(quarter) * 3 - 2, int(quarter) * 3)
    )
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def tree_of(year: int, own: Mapping[str, Own], shows: Sequence[ShowResult], today: date) -> Node:
    """The tree of ``year``. Without a target of its own the year is asked nothing: every target is then 0."""
    root = own.get(str(year), Own())
    return _node(str(year), max(0, root.target), own, sorted(shows, key=lambda s: (s.day, s.show)), today)


def _parts(period: str) -> list[str]:
    if "Q" in period:
        year, quarter = period.split("Q")
        return [f"{year}-{month:02d}" for month in range(int(quarter) * 3 - 2, int(quarter) * 3 + 1)]
    return [f"{period}Q{quarter}" for quarter in range(1, 5)]


def _node(period: str, target: int, own: Mapping[str, Own], shows: Sequence[ShowResult], today: date) -> Node:
    first, last = span_of(period)
    mine = [show for show in shows if first <= show.day <= last]
    brought = sum(show.brought or 0 for show in mine)
    if "-" in period:
        children, gap = _shows(target, own, mine)
    else:
        parts = _parts(period)
        found = split(target, [_child(part, own, mine, today) for part in parts])
        gap = found.gap
        children = [_node(part, goal, own, mine, today) for part, goal in zip(parts, found.targets, strict=True)]
    set_here = own.get(period, Own())
    return Node(
        period=period, target=target, brought=brought, reached=brought / target if target else None,
        fixed=set_here.target >= 0, weight=set_here.weight or (last - first).days + 1, closed=last < today, gap=gap,
        unknown=sum(show.closed and show.brought is None for show in mine), children=children,
    )  # fmt: skip


def _child(period: str, own: Mapping[str, Own], shows: Sequence[ShowResult], today: date) -> Child:
    first, last = span_of(period)
    given = own.get(period, Own())
    brought = sum(show.brought or 0 for show in shows if first <= show.day <= last)
    return Child(given.weight or (last - first).days + 1, given.target, brought, last < today)


def _shows(target: int, own: Mapping[str, Own], shows: Sequence[ShowResult]) -> tuple[list[Node], int]:
    children = []
    for show in shows:
        given = own.get(SHOW + show.show, Own())
        children.append(Child(given.weight or max(1, show.minutes), given.target, show.brought or 0, show.closed))
    found = split(target, children)
    nodes = [
        Node(
            period=SHOW + show.show, target=goal, brought=show.brought or 0,
            reached=(show.brought or 0) / goal if goal and show.brought is not None else None,
            fixed=child.fixed >= 0, weight=child.weight, closed=show.closed, gap=0,
            unknown=int(show.closed and show.brought is None), children=[], title=show.title, room=show.room,
            planned=show.planned,
        )
        for show, child, goal in zip(shows, children, found.targets, strict=True)
    ]  # fmt: skip
    return nodes, found.gap
