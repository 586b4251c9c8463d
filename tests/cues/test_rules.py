"""Every rule: fires, just under, unknown, small sample, hysteresis, cool-down, merged twin."""

import pytest

from livecue.cues import DETECTORS, PRESETS
from livecue.cues.scene import SMALL, Calm, Scene
from livecue.events import CueAnswerGiven, CueMerged, CueRaised, SignalNoticed
from tests.cues.cases import CASES, Case
from tests.cues.stage import Stage, of_kind

by_rule = pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)


def ready(case: Case) -> Stage:
    stage = Stage()
    stage.run(5)
    assert not of_kind(stage.unit.announced, CueRaised), "the stage is quiet by itself"
    return stage


def raised(stage: Stage, case: Case) -> list[CueRaised]:
    return [cue for cue in of_kind(stage.unit.announced, CueRaised, case.rule) if cue.role == case.role]


def answer_all(stage: Stage) -> None:
    for cue in stage.picture().cues:
        if cue.state in ("raised", "delivered", "seen"):
            stage.feed(CueAnswerGiven(cue=cue.cue, answer="done", command=f"k{cue.cue}", by=cue.person))


def test_every_rule_has_its_case() -> None:
    assert [case.rule for case in CASES] == sorted(detector.rule for detector in DETECTORS) == sorted(PRESETS)


@by_rule
def test_fires(case: Case) -> None:
    stage = ready(case)
    case.fires(stage)
    stage.run(case.lead_s)
    (cue,) = raised(stage, case)
    assert (cue.subject, cue.person) == (case.subject, f"{case.role}-1")
    assert cue.facts
    assert cue.when == stage.now or cue.when > stage.now - case.lead_s * 1000


@by_rule
def test_stays_silent_just_under(case: Case) -> None:
    stage = ready(case)
    case.under(stage)
    stage.run(case.under_s)
    assert not [cue for cue in raised(stage, case) if cue.subject == case.subject]


@by_rule
def test_unknown_suspends_and_says_why(case: Case) -> None:
    stage = ready(case)
    case.unknown(stage)
    stage.run(20)
    assert not raised(stage, case)
    suspended = [item for item in stage.picture().suspended if item.rule == case.rule]
    assert bool(suspended) == case.suspends
    assert all(item.why and item.metric for item in suspended)


@by_rule
def test_too_little_says_nothing(case: Case) -> None:
    stage = ready(case)
    case.little(stage)
    stage.run(20)
    assert not raised(stage, case)
    assert not of_kind(stage.unit.announced, SignalNoticed, case.rule)
    if case.thin:
        detect = next(item.detect for item in DETECTORS if item.rule == case.rule)
        pictures = stage.pictures()
        scene = Scene(
            now=stage.now, readings=pictures["metrics"], shows=pictures["shows"], sales=pictures["sales"],
            heard=stage.state.kept.heard,
        )  # fmt: skip
        (found,) = detect(scene, stage.state.rules.of(case.rule))
        assert isinstance(found, Calm) and found.why == SMALL and not found.recovered


@by_rule
def test_hysteresis(case: Case) -> None:
    stage = ready(case)
    case.fires(stage)
    stage.run(case.lead_s)
    answer_all(stage)
    # As long as it goes on, once is enough.
    stage.run(600 if case.rule != "R063" else 50, 5)
    assert len(raised(stage, case)) == 1
    if case.band:
        # Between the bounds it has not recovered.
        case.under(stage)
        stage.run(2400, 5)
        case.fires(stage)
        stage.run(20)
        assert len(raised(stage, case)) == 1
    case.recovered(stage)
    stage.run(2400, 5)
    case.fires(stage)
    stage.run(case.lead_s)
    assert len(raised(stage, case)) == 2


@by_rule
def test_cool_down(case: Case) -> None:
    stage = ready(case)
    cooldown_s = PRESETS[case.rule][0].values["cooldown_s"]
    case.fires(stage)
    stage.run(case.lead_s)
    answer_all(stage)
    case.recovered(stage)
    stage.run(6)
    case.fires(stage)
    stage.run(case.lead_s)
    if cooldown_s == 0:
        assert len(raised(stage, case)) == 2
        return
    assert len(raised(stage, case)) == 1
    (noticed,) = of_kind(stage.unit.announced, SignalNoticed, case.rule)
    assert noticed.why == "cool_down" and noticed.facts
    if case.rule == "R063":
        # The complaints are still fresh when their cool-down ends only if they go on.
        stage.run(cooldown_s - 80, 5)
        case.fires(stage)
    if case.rule == "R066":
        stage.run(30, 5)
        case.fires(stage)
    stage.run(cooldown_s + 100, 5)
    assert len(raised(stage, case)) == 2, "what still holds is said after the cool-down"


@by_rule
def test_a_twin_is_merged(case: Case) -> None:
    stage = ready(case)
    case.fires(stage)
    stage.run(case.lead_s)
    case.recovered(stage)
    stage.run(6)
    case.fires(stage)
    stage.run(case.lead_s)
    (cue,) = raised(stage, case)
    merged = of_kind(stage.unit.announced, CueMerged)
    assert cue.cue in {item.cue for item in merged}
    view = next(view for view in stage.picture().cues if view.cue == cue.cue)
    assert view.merged == 1 and view.state == "delivered"
