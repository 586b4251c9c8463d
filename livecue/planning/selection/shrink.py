"""Rates out of little evidence: shrunk towards the category, the category towards the whole pool (empirical Bayes)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Shrunk:
    """Posterior mean and standard deviation of every item's rate, and what its category's mean counted for."""

    def __init__(self, mean: Floats, deviation: Floats, group_mean: Floats, strength: Floats) -> None:
        self.mean = mean
        self.deviation = deviation
        self.group_mean = group_mean
        """By group."""
        self.strength = strength
        """By group, in tries."""


def numbered(names: Sequence[str]) -> tuple[Ints, list[str]]:
    """Groups by number, in the order of their first appearance."""
    known: dict[str, int] = {}
    numbers = [known.setdefault(name, len(known)) for name in names]
    return np.array(numbers, dtype=np.int64), list(known)


def shrunk(hits: Floats, tries: Floats, groups: Ints, assumed: float, least: float, most: float) -> Shrunk:
    """Beta-binomial rates: (s m + hits) / (s + tries), m and s by moments within the group.

    ``assumed`` is the mean where the pool has no tries at all; ``least`` and ``most`` bound s, in tries. Rates may
    pass 1 (pieces per click do): deviations are those of a Poisson rate.
    """
    count = int(groups.max()) + 1 if len(groups) else 0
    whole = float(tries.sum())
    overall = (float(hits.sum()) + assumed * least) / (whole + least)
    group_tries = np.bincount(groups, tries, count)
    group_hits = np.bincount(groups, hits, count)
    group_mean = (group_hits + least * overall) / (group_tries + least)
    strength = _strength(hits, tries, groups, group_mean, least, most)
    mean = (strength[groups] * group_mean[groups] + hits) / (strength[groups] + tries)
    deviation = np.sqrt(mean / (strength[groups] + tries))
    return Shrunk(mean, deviation, group_mean, strength)


def _strength(hits: Floats, tries: Floats, groups: Ints, group_mean: Floats, least: float, most: float) -> Floats:
    """How many tries the mean of each group is worth: what differs between items beyond chance, by moments."""
    count = len(group_mean)
    known = tries > 0
    rate = np.divide(hits, tries, out=np.zeros_like(hits), where=known)
    mean = group_mean[groups]
    weight = np.where(known, tries, 0.0)
    total = np.bincount(groups, weight, count)
    squares = np.bincount(groups, weight**2, count)
    spread = np.bincount(groups, weight * (rate - mean) ** 2, count)
    items = np.bincount(groups, known.astype(float), count)
    # E[sum w (r - m)^2] = (k - 1) m + tau^2 (sum w - sum w^2 / sum w) for Poisson noise m / w.
    base = np.divide(squares, total, out=np.zeros(count), where=total > 0)
    room = total - base
    between = np.divide(spread - np.maximum(items - 1, 0) * group_mean, room, out=np.zeros(count), where=room > 0)
    between = np.maximum(between, 1e-12)
    strength = np.clip(group_mean / between, least, most)
    return np.where(items >= 3, strength, least)
