"""The order of what was chosen: phases follow each other, within them what an item hands on to the next counts.

A hook leaves more people to the item after it (carry-over); two of one category in a row tire. Within a phase the best
path between every first and last item is found by dynamic programming over sets, the phases are chained by their last
items: the order that comes out is the best one.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import numpy.typing as npt

from livecue.planning.selection.shrink import Floats

SAME_TIRES = 0.1
"""Share of the smaller worth that is lost when two items of one category follow each other (D)."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One chosen item as the order sees it. ``pull``: share of viewers it leaves more of; ``worth`` in minor units."""

    phase: int
    category: str
    pull: float
    worth: float


class Ordered(msgspec.Struct, frozen=True):
    """``order`` are places in the given list; ``worth`` of all hand-overs; ``proved``: no other order is worth more."""

    order: tuple[int, ...]
    worth: float
    proved: bool


def handover(first: Place, second: Place) -> float:
    """What it is worth that ``second`` follows ``first``."""
    gain = first.pull * max(second.worth, 0.0)
    if first.category and first.category == second.category:
        gain -= SAME_TIRES * max(min(first.worth, second.worth), 0.0)
    return gain


def worth_of_order(places: Sequence[Place], order: Sequence[int]) -> float:
    """All hand-overs of an order."""
    return sum(handover(places[a], places[b]) for a, b in pairwise(order))


MOST_EXACT = 12
"""Items of one phase up to which every order is weighed (2^12 sets)."""


def ordered(places: Sequence[Place]) -> Ordered:
    """The best order; of phases with more than ``MOST_EXACT`` items a good one."""
    proved = True
    chains: list[tuple[float, list[int]]] = []
    """The best order so far for every last item."""
    for phase in sorted({place.phase for place in places}):
        members = [n for n, place in enumerate(places) if place.phase == phase]
        gains = np.array([[handover(places[a], places[b]) if a != b else 0.0 for b in members] for a in members])
        if len(members) <= MOST_EXACT:
            paths = _best_paths(gains)
        else:
            proved = False
            paths = _fair_paths(gains)
        chains = _chained(places, members, paths, chains)
    if not chains:
        return Ordered((), 0.0, True)
    worth, order = max(chains, key=lambda chain: (chain[0], [-n for n in chain[1]]))
    return Ordered(tuple(order), worth, proved)


def _chained(
    places: Sequence[Place],
    members: Sequence[int],
    paths: dict[tuple[int, int], tuple[float, list[int]]],
    before: Sequence[tuple[float, list[int]]],
) -> list[tuple[float, list[int]]]:
    found: dict[int, tuple[float, list[int]]] = {}
    for (first, last), (inside, path) in paths.items():
        begin: tuple[float, list[int]] = (0.0, [])
        if before:
            begin = max(
                ((worth + handover(places[order[-1]], places[members[first]]), order) for worth, order in before),
                key=lambda chain: chain[0],
            )
        worth = begin[0] + inside
        if last not in found or worth > found[last][0]:
            found[last] = (worth, [*begin[1], *(members[n] for n in path)])
    return list(found.values())


def _best_paths(gains: Floats) -> dict[tuple[int, int], tuple[float, list[int]]]:
    """The best path through all, for every first and last item (Held and Karp, all beginnings at once)."""
    count = len(gains)
    best = np.full((1 << count, count, count), -np.inf)
    """By set, last and first item."""
    came = np.zeros((1 << count, count, count), dtype=np.int8)
    for n in range(count):
        best[1 << n, n, n] = 0.0
    for members in range(1, 1 << count):
        for last in range(count):
            bit = 1 << last
            if members & bit and members != bit:
                # Over the item before the last, for every first item.
                options = best[members ^ bit] + gains[:, last, None]
                came[members, last] = options.argmax(axis=0)
                best[members, last] = options.max(axis=0)
    found = {}
    whole = (1 << count) - 1
    for first in range(count):
        for last in range(count):
            if np.isfinite(best[whole, last, first]):
                found[first, last] = (float(best[whole, last, first]), _path(came, whole, last, first))
    return found


def _path(came: npt.NDArray[np.int8], members: int, last: int, first: int) -> list[int]:
    path = [last]
    while members != 1 << last:
        before = int(came[members, last, first])
        members ^= 1 << last
        last = before
        path.append(last)
    return path[::-1]


def _fair_paths(gains: Floats) -> dict[tuple[int, int], tuple[float, list[int]]]:
    """A good path from every first item: always what hands on most next, then moves of single items while they help."""
    found: dict[tuple[int, int], tuple[float, list[int]]] = {}
    for first in range(len(gains)):
        path, left = [first], set(range(len(gains))) - {first}
        while left:
            path.append(max(left, key=lambda n: (gains[path[-1], n], -n)))
            left.remove(path[-1])
        path = _moved(gains, path)
        worth = _along(gains, path)
        found[path[0], path[-1]] = max(found.get((path[0], path[-1]), (worth, path)), (worth, path))
    return found


def _along(gains: Floats, path: Sequence[int]) -> float:
    return float(sum(gains[a, b] for a, b in pairwise(path)))


def _moved(gains: Floats, path: list[int]) -> list[int]:
    worth, better = _along(gains, path), True
    while better:
        better = False
        for start in range(1, len(path)):
            for place in range(1, len(path)):
                other = path[:start] + path[start + 1 :]
                other.insert(place, path[start])
                if (gain := _along(gains, other)) > worth + 1e-9:
                    path, worth, better = other, gain, True
    return path
