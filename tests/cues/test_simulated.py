"""The proof on simulated shows: effects of 0, 10 and 30 % planted behind followed cues, over many seeds.

The short one runs always; the whole one (200 seeds, `make soak`) takes an hour.
"""

from collections import Counter

import pytest

from livecue.cues import PRESETS
from livecue.events import CueJudged
from livecue.integrations.simulator import PlantedEffect, plain_show
from tests.cues.live import Live
from tests.cues.stage import of_kind

MEASURED = [rule for rule, presets in PRESETS.items() if presets[0].judge == "series"]


def judged(seed: int, lift: float, duration_s: int) -> list[CueJudged]:
    """Judgements of the cues that the crew followed in one show; each such cue lifted its figure by ``lift``."""
    effects = [PlantedEffect(rule=rule, lift=lift) for rule in MEASURED]
    live = Live()
    simulation = live.play(plain_show(seed, duration_s=duration_s, effects=effects))
    planted = {item.cue for item in simulation.planted}
    return [
        item for item in of_kind(live.announced, CueJudged) if item.cue in planted and item.verdict != "not_followed"
    ]


def held(items: list[CueJudged], lift: float) -> list[bool]:
    return [item.low <= lift <= item.high for item in items if item.low is not None and item.high is not None]


def test_a_few_shows() -> None:
    items = [item for seed in (1, 2) for item in judged(seed, 0.0, 3600)]
    assert len(items) >= 10
    assert {item.method for item in items} <= {"ar1_forecast", "none"}
    assert sum(item.verdict == "useful" for item in items) <= 0.1 * len(items)
    assert all(item.why for item in items if item.verdict == "too_little_data")


@pytest.mark.soak
@pytest.mark.parametrize("lift", [0.0, 0.1, 0.3])
def test_two_hundred_shows(lift: float) -> None:
    # Shows of 45 minutes: a cue is judged by at most 40 minutes before it, and the whole stays within an hour.
    items = [item for seed in range(200) for item in judged(seed, lift, 2700)]
    told = held(items, lift)
    verdicts = Counter(item.verdict for item in items)
    assert len(told) > 200
    assert sum(told) / len(told) >= 0.85, f"{sum(told)} of {len(told)} intervals hold {lift}: {verdicts}"
    if not lift:
        # Of all, and of those that say anything at all.
        assert verdicts["useful"] <= 0.10 * len(items)
        assert verdicts["useful"] <= 0.10 * len(told)
