"""How many people come, by which source, and what the platform shows and charges for it."""

from itertools import accumulate

from livecue.events import AdSpent, ImpressionsCounted
from livecue.integrations.simulator import calibration as rate
from livecue.integrations.simulator.crowd import Crowd
from livecue.integrations.simulator.engine import GRID_MS, Engine, pick, seeded, spread, wave
from livecue.integrations.simulator.levers import PART_TRAFFIC, Rates
from livecue.integrations.simulator.scenario import Scenario

_NAMES = tuple(rate.SOURCES)
_BIN_S = 10
_IMPRESSIONS_MS = 15_000
_ADS_MS = 60_000


class Traffic:
    """A Poisson process of entries whose rate is profile x slow noise x incidents x planted effects.

    Time runs in units of expected entries, so that a lift brings earlier the same people and not other ones.
    """

    def __init__(self, scenario: Scenario, engine: Engine, rates: Rates, crowd: Crowd) -> None:
        self._engine, self._rates, self._crowd = engine, rates, crowd
        self._start, self._end = scenario.starts_at, scenario.ends_at
        self._luck = seeded(scenario.seed, "arrivals")
        self._ads = seeded(scenario.seed, "ads")
        bins = scenario.duration_s // _BIN_S + 2
        trend = wave(seeded(scenario.seed, "trend"), bins, _BIN_S, rate.TREND_SD, rate.TREND_TAU_S)
        self._base = [
            rate.ARRIVALS_PER_S * scenario.traffic * level * _profile(place * _BIN_S, scenario.duration_s)
            for place, level in enumerate(trend)
        ]
        self._pushed = 1.0
        self._weights: list[float] = []
        self._total = 1.0
        self.push(1.0)
        self._saved = 0.0
        self._next = spread(self._luck, 1.0)
        self._people = dict.fromkeys(_NAMES, 0.0)
        self._paid = 0

    def push(self, factor: float) -> None:
        """The platform's own push is multiplied by ``factor``."""
        self._pushed *= factor
        weights = [share * (self._pushed if name in rate.PUSHED else 1.0) for name, (share, _) in rate.SOURCES.items()]
        self._weights = list(accumulate(weights))
        self._total = self._weights[-1]

    def start(self) -> None:
        """Begin with the show."""
        self._engine.at(self._start, self._cell)
        self._engine.at(self._start + _IMPRESSIONS_MS, self._impressions)
        self._engine.at(self._start + _ADS_MS, self._spend)

    def _cell(self, now: int, _: object) -> None:
        if not self._crowd.open:
            return
        self._engine.at(now + GRID_MS, self._cell)
        level = self._base[min(len(self._base) - 1, (now - self._start) // (_BIN_S * 1000))]
        rates = self._rates
        lift = rates.lever["arrivals"] * rates.lever["presence"]
        expected = level * self._total * lift * PART_TRAFFIC.get(rates.part, 1.0) * GRID_MS / 1000
        self._saved += expected
        while self._saved >= self._next:
            self._next += spread(self._luck, 1.0)
            name = _NAMES[pick(self._weights, self._luck.random())]
            self._people[name] += 1.0 / (rate.SOURCES[name][1] * lift)
            self._paid += name == "paid"
            self._engine.at(now + int(self._luck.random() * GRID_MS), self._crowd.arrive, name)

    def _impressions(self, now: int, _: object) -> None:
        if not self._crowd.open:
            return
        self._engine.at(now + _IMPRESSIONS_MS, self._impressions)
        for name, people in self._people.items():
            count = int(people)
            if count:
                self._people[name] -= count
                times = count + int(count * 0.25 + self._ads.random())
                self._engine.out.append(
                    ImpressionsCounted(key=self._engine.key(), at=now, times=times, people=count, via=name)
                )

    def _spend(self, now: int, _: object) -> None:
        if not self._crowd.open:
            return
        self._engine.at(now + _ADS_MS, self._spend)
        amount = int(self._paid * rate.AD_PRICE_FEN * (0.85 + 0.3 * self._ads.random()))
        self._paid = 0
        self._engine.out.append(AdSpent(key=self._engine.key(), at=now, amount=amount))


def _profile(at_s: float, duration_s: int) -> float:
    """The usual course of a show: an opening that fills in eight minutes, a plateau, a fading end."""
    opening = min(1.0, 0.5 + 0.5 * at_s / min(480.0, duration_s * 0.2))
    ending = min(1.0, 0.45 + 0.55 * (duration_s - at_s) / min(600.0, duration_s * 0.15))
    return opening * max(0.2, ending)
