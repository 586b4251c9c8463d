"""Did a cue help? The minutes after it against a forecast of them from the minutes before.

Cues fire when a figure is low, and low figures rise by themselves: before and after compared plainly
would call half of all useless cues useful. So the counterfactual is a forecast. The minutes before (the
low ones that raised the cue included: a forecast that knows them also knows how such lows end) are read
as a level, a slow drift around it (AR(1); for people online, whose number has momentum, also a walk), a
step for each part of the show and noise. How large each of them is nobody knows, so a grid of possibilities
is weighed by how well each explains the minutes before. Level and scale are integrated out (Student's t),
which makes no difference between orders, money and ratios and takes overdispersion as it comes. A sudden
fall may also be an episode that ends by itself (a source gone for ten minutes): for rules about such falls
half of the belief goes to a forecast that leaves the fall out. The interval is the set of effects under
which the minutes after would not be surprising.
Measured in tests/cues/test_judge.py, argued in docs/decisions/0006-judging-a-cue.md.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from livecue.cues.presets import JUDGING

Floats = NDArray[np.float64]

METHOD = "ar1_forecast"
HISTORY = 40
"""How many minutes before the cue are looked at, at most."""

_DRIFTS = (0.65, 0.85, 0.94, 0.985)
"""Correlation of the drift from one minute to the next: from "forgotten in 2 minutes" to "hardly moves"."""
_PUSHES = (0.0, 0.6, 0.85)
"""How alike two steps in a row are, for figures that walk (people online): 0 is a plain random walk."""
_STEPS = (0.1, 1.0, 10.0)
"""Variance of such a step over variance of the noise of one minute."""
_MOST = 31.0
"""Effects are looked for up to 31 times more than expected."""
_FEW = 0.5
"""Noise of the window over its expected figure: above it (some four orders) no bell curve describes what may happen."""
_HOPELESS = 9.0
"""An interval that reaches ten times the expected figure says nothing at all, and is not shown."""
_RATIOS = (0.1, 0.45, 2.0, 9.0)
"""Variance of the drift over variance of the noise of one minute."""
_PARTS = (0.0, 0.7, 5.0)
"""Variance between parts of the show (segments, products) over variance of the noise of one minute."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a rule's cues are judged: these bounds come from its preset."""

    least_before: int = JUDGING.least_before
    """Minutes with a figure that must lie before the cue."""
    least_after: int = JUDGING.least_after
    least_detectable: float = JUDGING.least_detectable
    """An interval around zero narrower than this on both sides says "no effect"; a wider one "too little data"."""
    coverage: float = JUDGING.coverage
    episode: int = 0
    """Minutes before the cue that may be an episode ending by itself; 0 where the figure just drifts."""
    walks: bool = False
    """The figure has momentum: what falls goes on falling for a while."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. ``effect`` is relative (0.1 = 10 % more than expected); None where nothing can be said.

    ``verdict``: useful, harmful, no_effect or too_little_data, then ``why`` says what was missing.
    ``before``, ``after`` and ``expected`` are means per minute.
    """

    verdict: str
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    why: str = ""
    method: str = METHOD


def judge(
    before: Sequence[float | None],
    after: Sequence[float | None],
    gap: int = 1,
    plan: Plan = Plan(),  # noqa: B008  # frozen
    parts: Sequence[int] = (),
) -> Judgement:
    """Judge the minutes ``after`` a cue by those ``before`` it, oldest first; None is a minute without a figure.

    ``gap`` minutes lie between the two: the one in which the person acted is neither before nor after.
    ``parts`` says of each minute before, then of each after, which part of the show it belongs to (any
    numbers): parts differ, and a window that runs into the next one is judged by how much they do.
    """
    past = before[-HISTORY:]
    labels = tuple(parts[-len(past) - len(after) :]) or (0,) * (len(past) + len(after))
    known = [(place, value) for place, value in enumerate(past) if value is not None]
    later = [(place, value) for place, value in enumerate(after) if value is not None]
    if len(known) < plan.least_before:
        return Judgement(verdict="too_little_data", why="short_history")
    if len(later) < plan.least_after:
        return Judgement(verdict="too_little_data", why="short_window")
    seen = np.array([value for _, value in known], dtype=np.float64)
    observed = float(np.mean([value for _, value in later]))
    if float(seen.mean()) <= 0 or float(seen.std()) == 0:
        return Judgement(verdict="too_little_data", why="nothing_moves", after=observed)
    times = tuple(place for place, _ in known)
    ahead = tuple(len(past) + gap + place for place, _ in later)
    known_parts = tuple(labels[place] for place, _ in known)
    later_parts = tuple(labels[len(past) + place] for place, _ in later)
    forecast = _forecast(seen, times, ahead, known_parts, later_parts, plan.walks)
    calm = [place for place in times if place < len(past) - plan.episode]
    if plan.episode and len(calm) >= plan.least_before:
        forecast = _either(
            forecast,
            _forecast(seen[: len(calm)], tuple(calm), ahead, known_parts[: len(calm)], later_parts, plan.walks),
        )
    low, effect, high = _effects_at(forecast, observed, ((1 - plan.coverage) / 2, 0.5, (1 + plan.coverage) / 2))
    expected = float(forecast.weights @ forecast.means)
    noise = math.sqrt(max(0.0, float(forecast.weights @ forecast.noise_variances)))
    if noise > _FEW * max(expected, 0.0):
        return Judgement(
            verdict="too_little_data", why="few_events", after=_rounded(observed), expected=_rounded(expected)
        )
    if high > _HOPELESS:
        return Judgement(
            verdict="too_little_data", why="wide_interval", after=_rounded(observed), expected=_rounded(expected)
        )
    return Judgement(
        verdict=_verdict(low, high, plan.least_detectable),
        effect=_rounded(effect),
        low=_rounded(low),
        high=_rounded(high),
        before=_rounded(float(seen.mean())),
        after=_rounded(observed),
        expected=_rounded(expected),
        why="wide_interval" if _verdict(low, high, plan.least_detectable) == "too_little_data" else "",
    )


def pooled(judgements: Sequence[tuple[float, float, float]]) -> tuple[float, float, float] | None:
    """Effect of a rule over its cues, each as (effect, low, high), by random effects at 90 %; None below three cues.

    Pooled as logarithms of the ratio: there the intervals are about even on both sides, and a low figure
    does not weigh more for being low.
    """
    if len(judgements) < 3:
        return None
    ratios = np.log(np.maximum(1 + np.array(judgements), 0.01))
    effects = ratios[:, 0]
    spreads = np.maximum(ratios[:, 2] - ratios[:, 1], 1e-6) / (2 * _NORMAL_95)
    weights = 1 / spreads**2
    mean = float(weights @ effects / weights.sum())
    excess = float(weights @ (effects - mean) ** 2) - (len(effects) - 1)
    between = max(0.0, excess / float(weights.sum() - (weights**2).sum() / weights.sum()))
    weights = 1 / (spreads**2 + between)
    mean = float(weights @ effects / weights.sum())
    half = _NORMAL_95 / math.sqrt(float(weights.sum()))
    middle, low, high = (_rounded(math.expm1(value)) for value in (mean, mean - half, mean + half))
    return middle, low, high


_NORMAL_95 = 1.6449


class _Forecast(msgspec.Struct, frozen=True):
    """The mean of the minutes ahead, under each possibility of the grid: a Student's t each."""

    weights: Floats
    means: Floats
    drift_variances: Floats
    """Of the mean ahead, from not knowing level and drift."""
    noise_variances: Floats
    """Of the mean ahead, from the noise of its minutes."""
    freedom: int


def _forecast(
    seen: Floats,
    times: tuple[int, ...],
    ahead: tuple[int, ...],
    parts: tuple[int, ...],
    later: tuple[int, ...],
    walks: bool,
) -> _Forecast:
    grid = _grid(times, ahead, parts, later, walks)
    # Generalised least squares with a flat level and an unknown scale, under every possibility at once.
    level_precision = grid.inverses.sum(axis=(1, 2))
    levels = (grid.inverses @ seen).sum(axis=1) / level_precision
    residuals = seen[None, :] - levels[:, None]
    weighted = np.einsum("gij,gj->gi", grid.inverses, residuals)
    squares = np.einsum("gi,gi->g", residuals, weighted)
    freedom = len(seen) - 1
    scales = squares / freedom
    log_likelihood = -0.5 * (grid.log_determinants + np.log(level_precision) + freedom * np.log(squares))
    weights = np.exp(log_likelihood - log_likelihood.max())
    means = levels + np.einsum("gi,gi->g", grid.links, weighted)
    unexplained = 1 - np.einsum("gi,gij->g", grid.links, grid.inverses)
    drift = grid.own - np.einsum("gi,gij,gj->g", grid.links, grid.inverses, grid.links)
    return _Forecast(
        weights=weights / weights.sum(),
        means=means,
        drift_variances=scales * (np.maximum(drift, 0) + unexplained**2 / level_precision),
        # Noise grows with the figure, as it does for counts: a strong product is noisier than the show's mean.
        noise_variances=scales / len(ahead) * np.maximum(means / float(seen.mean()), 0.25),
        freedom=freedom,
    )


def _either(one: _Forecast, other: _Forecast) -> _Forecast:
    """Half a belief in each."""
    return _Forecast(
        weights=np.concatenate([one.weights, other.weights]) / 2,
        means=np.concatenate([one.means, other.means]),
        drift_variances=np.concatenate([one.drift_variances, other.drift_variances]),
        noise_variances=np.concatenate([one.noise_variances, other.noise_variances]),
        freedom=min(one.freedom, other.freedom),
    )


class _Grid(msgspec.Struct, frozen=True):
    """What depends on the places of the minutes only, so that it is worked out once."""

    inverses: Floats
    log_determinants: Floats
    links: Floats
    """Covariance of each minute before with the mean ahead."""
    own: Floats
    """Variance of the drift's mean ahead."""


@lru_cache(maxsize=64)
def _grid(
    times: tuple[int, ...], ahead: tuple[int, ...], parts: tuple[int, ...], later: tuple[int, ...], walks: bool
) -> _Grid:
    count, places = len(times), np.array([*times, *ahead])
    labels = np.array([*parts, *later])
    same = (labels[:, None] == labels[None, :]).astype(np.float64)
    # Within a single part there is nothing to tell parts apart by.
    between = _PARTS if len({*parts, *later}) > 1 else (0.0,)
    apart = np.abs(places[:, None] - places[None, :]).astype(np.float64)
    joint = [np.zeros_like(apart) + part * same for part in between]
    joint += [ratio * drift**apart + part * same for drift in _DRIFTS for ratio in _RATIOS for part in between]
    if walks:
        joint += [ratio * _momentum(places, push) for push in _PUSHES for ratio in _STEPS]
    whole = np.stack(joint)
    stack = whole[:, :count, :count] + np.eye(count)
    return _Grid(
        inverses=np.asarray(np.linalg.inv(stack), dtype=np.float64),
        log_determinants=np.asarray(np.linalg.slogdet(stack)[1], dtype=np.float64),
        links=whole[:, :count, count:].mean(axis=2),
        own=whole[:, count:, count:].mean(axis=(1, 2)),
    )


def _momentum(places: NDArray[np.int64], push: float) -> Floats:
    """Covariance of a figure that walks, where a step is like the one before by ``push``."""
    minutes = np.arange(int(places.max()) + 1)
    steps = push ** np.abs(minutes[:, None] - minutes[None, :]).astype(np.float64)
    walk = steps.cumsum(axis=0).cumsum(axis=1)
    return np.asarray(walk[np.ix_(places, places)])


def _effects_at(forecast: _Forecast, observed: float, shares: tuple[float, ...]) -> list[float]:
    """For each of ``shares`` the effect under which the minutes after would be at least as high with that chance."""
    wanted = np.array(shares)
    low, high = np.full(len(shares), -1.0), np.full(len(shares), _MOST)
    for _ in range(32):
        middle = (low + high) / 2
        enough = _shares_above(forecast, observed, middle) >= wanted
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return [float(value) for value in (low + high) / 2]


def _shares_above(forecast: _Forecast, observed: float, effects: Floats) -> Floats:
    """Chance, for each effect, that the mean ahead raised by it exceeds ``observed``."""
    factors = 1 + effects[:, None]
    # The same again for the effect itself; below the forecast noise is not let shrink to nothing.
    variances = factors**2 * forecast.drift_variances + np.maximum(factors, 0.25) * forecast.noise_variances
    distances = (factors * forecast.means - observed) / np.sqrt(variances)
    return np.asarray(_student(distances, forecast.freedom) @ forecast.weights)


def _student(distances: Floats, freedom: int) -> Floats:
    """Distribution function of Student's t, by the normal one of a transformed argument (Wallace 1959)."""
    stretch = (8 * freedom + 1) / (8 * freedom + 3)
    normal = stretch * np.sqrt(freedom * np.log1p(distances**2 / freedom))
    # The normal tail by Abramowitz and Stegun 26.2.17, error below 1e-7.
    t = 1 / (1 + 0.2316419 * normal)
    series = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = np.exp(-(normal**2) / 2) / math.sqrt(2 * math.pi) * series
    return np.asarray(np.where(distances > 0, 1 - tail, tail))


def _verdict(low: float, high: float, least_detectable: float) -> str:
    if low > 0:
        return "useful"
    if high < 0:
        return "harmful"
    if high < least_detectable and low > -least_detectable:
        return "no_effect"
    return "too_little_data"


def _rounded(value: float) -> float:
    return round(value, 6)
