"""Splitting a target so that the parts make the whole, to the last minor unit; and again when results come in. Pure.

The rule. A parent's target T is split over its children in order of time. A child that is over (``closed``) counts with
what it brought. What is left, R = T less all of that, less the targets that people set themselves on open children, is
shared among the other open children by weight, by largest remainder (ties to the earlier one). R below 0 gives them 0.
The target in force of a closed child is the one it had when it began: computed by the same rule from what was over
before it. So always: brought by the closed + targets of the open + ``gap`` = T, where ``gap`` is what no child carries
(all open ones are set by hand, or none is open), below 0 where more is carried or was brought than T asks.
"""

from collections.abc import Sequence

import msgspec


class Child(msgspec.Struct, frozen=True):
    """A part of a period. ``fixed`` -1: no target of its own. ``brought`` in minor units, ``closed``: no more comes."""

    weight: int
    fixed: int = -1
    brought: int = 0
    closed: bool = False


class Split(msgspec.Struct, frozen=True):
    """Targets in force, one for each child, and what no child carries."""

    targets: list[int]
    gap: int


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in whole units by ``weights`` (neither below 0), by largest remainder; they sum to ``total``.

    Weights that are all 0 count as equal. Raises ``ValueError`` below 0, or with nobody to carry a total.
    """
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("neither a total nor a weight lies below 0")
    if not weights:
        if total:
            raise ValueError("nobody to carry it")
        return []
    whole = sum(weights)
    if whole == 0:
        weights, whole = [1] * len(weights), len(weights)
    found = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for place in order[: total - sum(found)]:
        found[place] += 1
    return found


def split(total: int, children: Sequence[Child]) -> Split:
    """The targets of ``children`` (in order of time) under the rule above."""
    targets = [0] * len(children)
    # Each closed child began when those before it were over and the rest was open.
    for place, child in enumerate(children):
        if child.closed:
            targets[place] = _open_targets(total, children, place)[place]
    closed = {place for place, child in enumerate(children) if child.closed}
    open_places = [place for place in range(len(children)) if place not in closed]
    if open_places:
        now = _share(total, children, closed)
        for place in open_places:
            targets[place] = now[place]
    carried = sum(children[p].brought for p in closed) + sum(targets[p] for p in open_places)
    return Split(targets, total - carried)


def _open_targets(total: int, children: Sequence[Child], place: int) -> dict[int, int]:
    return _share(total, children, {p for p in range(place) if children[p].closed})


def _share(total: int, children: Sequence[Child], over: set[int]) -> dict[int, int]:
    """Targets of all children but those that are ``over``."""
    left = total - sum(children[p].brought for p in over)
    rest = [p for p in range(len(children)) if p not in over]
    fixed = {p: children[p].fixed for p in rest if children[p].fixed >= 0}
    free = [p for p in rest if p not in fixed]
    found = dict(fixed)
    for p, part in zip(
        free, shares(max(0, left - sum(fixed.values())) if free else 0, [children[p].weight for p in free]), strict=True
    ):
        found[p] = part
    return found
