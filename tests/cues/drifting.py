"""Rooms whose figures drift by themselves: cues fire when they are low, a crew follows some, effects are planted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MINUTES = 150
WINDOW = 5
"""Minutes over which a planted effect lasts."""


@dataclass(frozen=True)
class Followed:
    """The minutes around a cue that was done. The minute of the act lies between them."""

    before: Sequence[float | None]
    after: Sequence[float | None]


def followed_cues(seed: int, effect: float, money: bool = False) -> list[Followed]:
    """One show: level, drift (AR(1) on the log), trend and overdispersion are drawn anew for each seed.

    A cue fires when the mean of 5 minutes is 25 % under that of the show so far: when the figure is low by
    bad luck or on its way through a trough. The crew does 7 of 10, in the next minute; then the rate
    is ``1 + effect`` times what it would have been for ``WINDOW`` minutes. ``money``: each order is an amount.
    """
    chance = np.random.default_rng([seed, round(effect * 100), int(money)])
    base, drift = chance.uniform(6, 60), chance.uniform(0.7, 0.97)
    spread, dispersion = chance.uniform(0.1, 0.4), chance.choice([0.0, 6.0, 20.0])
    steps = chance.normal(0, spread * np.sqrt(1 - drift**2), MINUTES)
    log_rate, level = np.empty(MINUTES), chance.normal(0, spread)
    for minute in range(MINUTES):
        level = drift * level + steps[minute]
        log_rate[minute] = level
    rate = base * np.exp(log_rate + chance.uniform(-0.3, 0.3) * np.linspace(-0.5, 0.5, MINUTES))
    figures: list[float | None] = []
    seen: list[Followed] = []
    acted, rests_until = -1, 25
    for minute in range(MINUTES):
        lifted = 0 <= acted < minute <= acted + WINDOW
        mean = rate[minute] * (1 + effect if lifted else 1)
        if dispersion:
            mean *= chance.gamma(dispersion, 1 / dispersion)
        orders = int(chance.poisson(mean))
        figures.append(float(chance.lognormal(4, 0.8, orders).sum()) if money else float(orders))
        if acted >= 0 and minute == acted + WINDOW:
            seen.append(Followed(figures[:acted], figures[acted + 1 :]))
            acted, rests_until = -1, minute + 10
        known = np.array(figures, dtype=float)
        if acted < 0 and minute >= rests_until and known[-5:].mean() < 0.75 * known.mean():
            if chance.random() < 0.7:
                acted = minute + 1
            else:
                rests_until = minute + 10
    return seen
