"""Judging: the interval holds the truth, luck is not called help, and too little data is said."""

from collections import Counter
from functools import cache

import numpy as np
import pytest

from livecue.cues import Judgement, judge, pooled
from livecue.events import ClockTicked, CueAnswerGiven, CueJudged, CueRaised
from tests.cues.cases import CASES
from tests.cues.drifting import followed_cues
from tests.cues.stage import Stage, of_kind

SEEDS = 200


@cache
def judged(effect: float, money: bool = False) -> tuple[tuple[Judgement, float], ...]:
    """The first followed cue of each seed with its judgement, and the plain change from 5 minutes before to after."""
    found = []
    for seed in range(SEEDS):
        for cue in followed_cues(seed, effect, money)[:1]:
            before, after = np.array(cue.before, dtype=float), np.array(cue.after, dtype=float)
            plain = after.mean() / max(before[-5:].mean(), 1e-9) - 1
            found.append((judge(cue.before, cue.after), float(plain)))
    return tuple(found)


@pytest.mark.parametrize("effect", [0.0, 0.1, 0.3])
def test_the_interval_holds_the_planted_effect(effect: float) -> None:
    found = judged(effect)
    assert len(found) > 150, "nearly every seed has a cue that was followed"
    held = [
        low <= effect <= high for item, _ in found if (low := item.low) is not None and (high := item.high) is not None
    ]
    assert len(held) > 0.9 * len(found), "few are so uncertain that no interval is given"
    assert np.mean(held) >= 0.85


def test_what_did_nothing_is_not_called_useful() -> None:
    found = judged(0.0)
    verdicts = Counter(item.verdict for item, _ in found)
    assert verdicts["useful"] / len(found) <= 0.10
    assert verdicts["harmful"] / len(found) <= 0.10
    # The trap: low figures rise by themselves, so most useless cues look as if they had helped.
    assert np.mean([plain > 0.1 for _, plain in found]) > 0.5


def test_luck_is_not_help_in_money_either() -> None:
    found = judged(0.0, money=True)
    assert np.mean([item.verdict == "useful" for item, _ in found]) <= 0.10
    assert (
        np.mean([item.low <= 0 <= item.high for item, _ in found if item.low is not None and item.high is not None])
        >= 0.85
    )


def test_more_effect_is_seen_more_often_and_in_the_middle_right() -> None:
    none, some = judged(0.0), judged(0.3)
    useful = [np.mean([item.verdict == "useful" for item, _ in found]) for found in (none, some)]
    assert useful[1] > 3 * useful[0]
    for found, truth in ((none, 0.0), (some, 0.3)):
        middle = np.median([item.effect for item, _ in found if item.effect is not None])
        assert abs(middle - truth) < 0.08


@pytest.mark.parametrize(("effect", "least"), [(0.0, -0.1), (0.3, 0.1)])
def test_over_many_cues_a_rule_shows_its_worth(effect: float, least: float) -> None:
    found = [item for item, _ in judged(effect)]
    figures = [
        (i.effect, i.low, i.high) for i in found if i.effect is not None and i.low is not None and i.high is not None
    ]
    together = pooled(figures)
    assert together is not None
    assert together[1] - 0.03 <= effect <= together[2] + 0.03
    assert together[2] - together[1] < 0.15 and together[1] > least
    assert pooled(figures[:2]) is None


def test_a_quiet_figure_shows_a_clear_effect_and_a_clear_none() -> None:
    steady = [100.0 + (minute * 37 % 7 - 3) for minute in range(40)]
    helped = judge(steady, [130.0, 133.0, 128.0, 131.0, 130.0])
    assert helped.verdict == "useful" and helped.low is not None and helped.low > 0.2
    assert helped.effect == pytest.approx(0.3, abs=0.03)
    assert judge(steady, [100.0, 101.0, 99.0, 102.0, 98.0]).verdict == "no_effect"
    assert judge(steady, [70.0, 72.0, 71.0, 69.0, 70.0]).verdict == "harmful"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([5.0] * 5, [9.0] * 5, "short_history"),
        ([None] * 30 + [4.0, 6.0] * 5, [9.0] * 5, "short_history"),
        ([4.0, 6.0] * 10, [9.0], "short_window"),
        ([4.0, 6.0] * 10, [9.0, None, None, None, None], "short_window"),
        ([0.0] * 30, [1.0] * 5, "nothing_moves"),
        ([0.0] * 20 + [0.0, 1.0] * 5, [0.0, 1.0, 0.0, 1.0, 0.0], "few_events"),
    ],
)
def test_too_little_data_says_so(before: list[float | None], after: list[float | None], why: str) -> None:
    found = judge(before, after)
    assert (found.verdict, found.why) == ("too_little_data", why)
    assert found.verdict != "useful"


def test_missing_minutes_are_left_out_not_counted_as_zero() -> None:
    steady: list[float | None] = [100.0 + (minute * 37 % 7 - 3) for minute in range(40)]
    holed = [None if place % 5 == 0 else value for place, value in enumerate(steady)]
    found = judge(holed, [130.0, None, 128.0, 131.0, 130.0])
    assert found.verdict == "useful" and found.after == pytest.approx(129.75)


def steady_stage() -> Stage:
    """A room of 100 people with forty steady minutes behind it."""
    stage = Stage()
    stage.minutes = {"M41": [200.0 + (minute * 37 % 7 - 3) * 2 for minute in range(40)], "M06": [100.0] * 40}
    return stage


def live(stage: Stage, begun: int, until_ms: int, lifted_from: int, lifted: int = 5) -> list[CueJudged]:
    """Go on; takings are half as much again from minute ``lifted_from`` for ``lifted`` minutes, 0 is never."""
    found: list[CueJudged] = []
    while stage.now < until_ms:
        minute = (stage.now + 5_000) // 60_000
        while begun + len(stage.minutes["M41"]) - 40 < minute:
            place = begun + len(stage.minutes["M41"]) - 40
            lift = 1.5 if lifted_from and lifted_from <= place < lifted_from + lifted else 1.0
            # The minute of the act itself is wild: it must not matter.
            stage.minutes["M41"].append(9_999.0 if place == lifted_from - 1 else 200.0 * lift)
            stage.minutes["M06"].append(100.0)
        stage.unit.now += 5_000
        known = len(stage.unit.announced)
        stage.state = stage.cues.decide(stage.state, [ClockTicked(now=stage.now)], stage.pictures(), stage.unit)
        found += of_kind(stage.unit.announced[known:], CueJudged)
    return found


def test_the_decider_judges_the_right_minutes() -> None:
    """Full minutes before the act, none of it, and the window's minutes after; per head of those online."""
    stage = steady_stage()
    stage.set("M45", 50)
    begun = stage.now // 60_000
    live(stage, begun, stage.now + 30_000, 0)
    (cue,) = of_kind(stage.unit.announced, CueRaised, "R001")
    stage.feed(CueAnswerGiven(cue=cue.cue, answer="done", by="host-1", command="k"))
    acted = stage.now // 60_000
    (verdict,) = live(stage, begun, stage.now + 420_000, acted + 1)
    assert verdict.verdict == "useful"
    assert (verdict.after, verdict.metric, verdict.method) == (3.0, "M41", "ar1_forecast")
    assert verdict.before == pytest.approx(2.0, abs=0.01)
    assert verdict.effect == pytest.approx(0.5, abs=0.05)
    assert verdict.when == (acted + 6) * 60_000 + 5_000


@pytest.mark.parametrize("rule", ["R002", "R022", "R023"])
@pytest.mark.parametrize(("lifted", "verdict"), [(10, "useful"), (0, "no_effect")])
def test_advice_on_paid_traffic_is_judged_as_any_cue_is(rule: str, lifted: int, verdict: str) -> None:
    """By the ten minutes after whoever buys traffic did as told, against what would have come anyway."""
    stage = steady_stage()
    (case,) = (one for one in CASES if one.rule == rule)
    case.fires(stage)
    begun = stage.now // 60_000
    live(stage, begun, stage.now + 30_000, 0)
    (cue,) = of_kind(stage.unit.announced, CueRaised, rule)
    assert cue.role == "adbuyer"
    stage.feed(CueAnswerGiven(cue=cue.cue, answer="done", by="adbuyer-1", command="k"))
    acted = stage.now // 60_000
    told = [one for one in live(stage, begun, stage.now + 720_000, acted + 1, lifted) if one.cue == cue.cue]
    assert [(one.verdict, one.metric) for one in told] == [(verdict, "M41")]
