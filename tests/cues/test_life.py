"""The life of a cue: who gets it, when it must wait, how it ends, how it is judged."""

import pytest

from livecue.cues import PRESETS
from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandRefused,
    CueAnswerGiven,
    CueDelivered,
    CueDismissed,
    CueDone,
    CueExpired,
    CueJudged,
    CueRaised,
    CueSeen,
    DutyLeft,
    DutyTaken,
    Event,
    SignalNoticed,
    StockChanged,
    TextFlagged,
    ThresholdSet,
)
from livecue.sales import StockView
from tests.cues.cases import judged
from tests.cues.stage import Stage, of_kind


def low_value(stage: Stage) -> CueRaised:
    """R001 fires."""
    stage.set("M45", 50)
    said = stage.run(5)
    (cue,) = of_kind(said, CueRaised, "R001")
    return cue


def answer(stage: Stage, cue: str, what: str, reason: str = "", by: str = "host-1") -> list[Event]:
    return stage.feed(CueAnswerGiven(cue=cue, answer=what, reason=reason, by=by, command=f"{what}-{stage.now}"))


def spoken(word: str = "最有效") -> TextFlagged:
    return TextFlagged(
        where="speech",
        subject="s1",
        word=word,
        severity="block",
        entry="A1",
        advice="很多用户反馈好用",
        advice_en="say it is well liked",
    )


def test_delivered_in_the_same_tick_to_who_holds_the_role() -> None:
    stage = Stage()
    cue = low_value(stage)
    (delivered,) = of_kind(stage.unit.announced, CueDelivered)
    assert (cue.role, cue.person, cue.when) == ("host", "host-1", delivered.when)
    assert (delivered.cue, delivered.person, delivered.channel) == (cue.cue, "host-1", "stage")
    assert cue.facts["M45"] == 50 and cue.facts["bound"] == 80


def test_seen_then_done_then_judged_too_early_history() -> None:
    stage = Stage()
    cue = low_value(stage)
    said = answer(stage, cue.cue, "seen")
    assert [type(event) for event in said] == [CommandApplied, CueSeen]
    stage.run(3)
    said = answer(stage, cue.cue, "done")
    assert of_kind(said, CueDone)[0].person == "host-1" and not of_kind(said, CueSeen)
    said = stage.run(400, 5)
    (verdict,) = of_kind(said, CueJudged)
    assert (verdict.verdict, verdict.why, verdict.effect) == ("too_little_data", "short_history", None)
    assert verdict.metric == "M41"


def test_done_at_once_counts_as_seen() -> None:
    stage = Stage()
    cue = low_value(stage)
    said = answer(stage, cue.cue, "done")
    assert [type(event) for event in said] == [CommandApplied, CueSeen, CueDone]


def test_dismissed_needs_a_reason() -> None:
    stage = Stage()
    cue = low_value(stage)
    (refused,) = of_kind(answer(stage, cue.cue, "dismissed", " "), CommandRefused)
    assert refused.code == "bad_input"
    said = answer(stage, cue.cue, "dismissed", "正在抽奖")
    assert of_kind(said, CueDismissed)[0].reason == "正在抽奖"
    said = stage.run(400, 5)
    assert of_kind(said, CueJudged)[0].verdict == "not_followed"


def test_answering_twice_or_nonsense_is_refused_and_does_no_harm() -> None:
    stage = Stage()
    cue = low_value(stage)
    answer(stage, cue.cue, "done")
    before = stage.picture()
    for what in ("done", "dismissed", "seen"):
        (refused,) = answer(stage, cue.cue, what, "x")
        assert isinstance(refused, CommandRefused) and refused.code == "conflict"
    (refused,) = answer(stage, "nosuch", "done")
    assert isinstance(refused, CommandRefused) and refused.code == "not_found"
    (refused,) = answer(stage, cue.cue, "perhaps")
    assert isinstance(refused, CommandRefused) and refused.code == "bad_input"
    assert stage.picture() == before


def test_silence_expires_and_escalates_to_the_next_role() -> None:
    stage = Stage()
    cue = low_value(stage)
    said = stage.run(90)
    (expired,) = of_kind(said, CueExpired)
    assert (expired.cue, expired.escalated_to, expired.why) == (cue.cue, "floor", "silence")
    (next_cue,) = of_kind(said, CueRaised)
    assert (next_cue.role, next_cue.escalated_from, next_cue.rule) == ("floor", cue.cue, "R001")
    said = stage.run(120)
    (expired,) = of_kind(said, CueExpired)
    assert expired.escalated_to == "" and not of_kind(said, CueRaised)


def test_what_is_over_expires_without_escalation() -> None:
    stage = Stage()
    low_value(stage)
    stage.set("M45", 120)
    said = stage.run(90)
    assert of_kind(said, CueExpired)[0].why == "moot" and not of_kind(said, CueRaised)


def test_nobody_in_the_role_falls_back_and_says_so() -> None:
    stage = Stage(duty=["ops"])
    cue = low_value(stage)
    assert (cue.role, cue.person, cue.facts["meant_for"]) == ("ops", "ops-1", "host")
    nobody = Stage(duty=[])
    cue = low_value(nobody)
    assert (cue.role, cue.person, cue.facts["meant_for"]) == ("host", "", "host")


def test_duty_changes_decide_who_is_asked() -> None:
    stage = Stage(duty=["host", "floor"])
    stage.feed(DutyTaken(person="lin", role="host", name="林"))
    assert low_value(stage).person == "lin"
    other = Stage(duty=["host", "floor"])
    other.feed(DutyTaken(person="lin", role="host"), DutyLeft(person="lin", role="host"))
    assert low_value(other).person == "host-1"


def test_who_goes_off_duty_leaves_the_cue_to_the_next() -> None:
    stage = Stage(duty=["host", "floor"])
    first = low_value(stage)
    stage.feed(DutyTaken(person="lin", role="host"), DutyLeft(person="host-1", role="host"))
    said = stage.run(1)
    (expired,) = of_kind(said, CueExpired)
    (again,) = of_kind(said, CueRaised)
    assert (expired.cue, expired.why, expired.escalated_to) == (first.cue, "left_duty", "host")
    assert (again.person, again.escalated_from, again.rule) == ("lin", first.cue, "R001")
    assert of_kind(stage.run(90), CueExpired)[0].escalated_to == "floor", "the ladder begins anew"


def test_one_interrupting_cue_at_a_time_the_other_waits() -> None:
    stage = Stage()
    low_value(stage)
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=40, reserved=0, known=True)]
    said = stage.run(20)
    assert not of_kind(said, CueRaised, "R031")
    assert [item.why for item in of_kind(said, SignalNoticed, "R031")] == ["busy"]


def test_a_host_has_ninety_seconds_between_interruptions() -> None:
    stage = Stage()
    first = low_value(stage)
    answer(stage, first.cue, "done")
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=40, reserved=0, known=True)]
    said = stage.run(200)
    second = of_kind(said, CueRaised, "R031")[0]
    assert 90_000 <= second.when - first.when <= 95_000
    assert [item.why for item in of_kind(said, SignalNoticed, "R031")] == ["host_gap"]


def test_the_gap_is_a_threshold_too() -> None:
    stage = Stage()
    stage.feed(ThresholdSet(rule="limits", values={"host_gap_s": 30}, command="c1", by="ops-1"))
    first = low_value(stage)
    answer(stage, first.cue, "done")
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=40, reserved=0, known=True)]
    (second,) = of_kind(stage.run(60), CueRaised, "R031")
    assert 30_000 <= second.when - first.when <= 35_000


def test_urgent_rules_do_not_wait_and_take_the_place_of_lesser_ones() -> None:
    stage = Stage()
    first = low_value(stage)
    stage.feed(spoken())
    heard_at = stage.now
    said = stage.run(1, 0.25)
    (expired,) = of_kind(said, CueExpired)
    (urgent,) = of_kind(said, CueRaised, "R065")
    assert (expired.cue, expired.why, expired.escalated_to) == (first.cue, "superseded", "")
    assert (urgent.facts["advice"], urgent.facts["advice_en"]) == ("很多用户反馈好用", "say it is well liked")
    assert urgent.person == "host-1" and urgent.when - heard_at == 250, "within a tick of being heard"
    answer(stage, urgent.cue, "done")
    said = stage.run(400, 5)
    assert of_kind(said, CueRaised, "R001"), "what was pushed aside comes back when it still holds"


def test_urgent_after_urgent_waits_its_turn() -> None:
    stage = Stage()
    stage.feed(spoken())
    stage.left_s = 170
    said = stage.run(10)
    assert len(of_kind(said, CueRaised)) == 1 and of_kind(said, SignalNoticed, "R050")[0].why == "busy"
    answer(stage, of_kind(said, CueRaised)[0].cue, "done")
    assert of_kind(stage.run(2), CueRaised, "R050")


def test_the_offer_that_ends_is_told_to_console_and_host() -> None:
    stage = Stage()
    stage.offer_left_s = 500
    cues = of_kind(stage.run(1), CueRaised, "R034")
    assert [(cue.role, cue.person) for cue in cues] == [("console", "console-1"), ("host", "host-1")]
    assert len({cue.cue for cue in cues}) == 2 and cues[0].facts["stock"] == 500
    small = Stage(duty=["ops"])
    small.offer_left_s = 500
    assert [cue.person for cue in of_kind(small.run(1), CueRaised, "R034")] == ["ops-1"], "one person is told once"


def test_what_covers_it_keeps_the_lesser_rule_silent() -> None:
    stage = Stage()
    stage.minutes["M03"] = [*([60.0] * 26), *([10.0] * 5)]
    said = stage.run(5)
    assert [cue.rule for cue in of_kind(said, CueRaised)] == ["R007"]
    assert of_kind(said, SignalNoticed, "R011")[0].why == "covered_by:R007"


def test_a_rush_of_viewers_is_told_but_there_is_nothing_to_measure() -> None:
    for latest, metric in ((90.0, ""), (8.0, "M03")):
        stage = Stage()
        stage.minutes["M03"] = [*([40.0] * 30), latest]
        (cue,) = of_kind(stage.run(5), CueRaised, "R011")
        assert cue.metric == metric and cue.facts["direction"] == ("down" if metric else "up")


def test_sold_out_is_told_with_the_next_tick_and_judged_by_the_act() -> None:
    stage = Stage()
    stage.run(5)
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=3, reserved=3, known=True)]
    stage.feed(StockChanged(sku="p1-a", product="p1", on_hand=3, reserved=3))
    (cue,) = of_kind(stage.run(0.25, 0.25), CueRaised, "R033")
    answer(stage, cue.cue, "done", by="console-1")
    stage.listed = {}
    (verdict,) = of_kind(stage.run(300, 5), CueJudged, "R033")
    assert (verdict.verdict, verdict.method, verdict.effect) == ("useful", "condition_ended", None)


def test_not_delisted_is_no_effect() -> None:
    stage = Stage()
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=0, reserved=0, known=True)]
    (cue,) = of_kind(stage.run(5), CueRaised, "R033")
    answer(stage, cue.cue, "done", by="console-1")
    assert of_kind(stage.run(300, 5), CueJudged, "R033")[0].verdict == "no_effect"


def test_questions_climb_the_ladder() -> None:
    stage = Stage()
    judged("question")(stage)
    said = stage.run(200)
    asked = [(cue.role, round((cue.when - stage.now) / 1000 + 200)) for cue in of_kind(said, CueRaised, "R056")]
    assert [role for role, _ in asked] == ["cs", "lead", "ops"]
    assert asked[0][1] <= 20 and asked[1][1] <= 66 and asked[2][1] <= 186


def test_the_end_of_the_show_ends_and_judges_everything() -> None:
    stage = Stage()
    low_value(stage)
    stage.status = "ended"
    said = stage.run(1)
    assert of_kind(said, CueExpired)[0].why == "show_ended"
    assert of_kind(said, CueJudged)[0].why == "show_ended"
    assert not of_kind(stage.run(60), CueRaised)
    stage.status, stage.show = "on_air", "s2"
    assert len(of_kind(stage.run(5), CueRaised, "R001")) == 1
    assert stage.picture().counts.raised == 1


def test_no_rules_run_before_the_show_and_metric_rules_rest_in_a_pause() -> None:
    stage = Stage()
    stage.status, stage.stream = "planned", "unknown"
    stage.set("M45", 10)
    assert not stage.run(60, 5)
    stage.status, stage.stream = "on_air", "paused"
    assert not of_kind(stage.run(60, 5), CueRaised)


def test_thresholds_by_hand_by_preset_and_by_category() -> None:
    stage = Stage()
    stage.set("M28", 0.05, scope="product:p1")
    assert not of_kind(stage.run(10), CueRaised)
    said = stage.feed(ThresholdSet(rule="R004", preset="seed", command="c1", by="ops-1"))
    assert of_kind(said, CommandApplied)
    assert of_kind(stage.run(10), CueRaised, "R004")[0].facts["bound"] == 0.1
    other = Stage()
    other.set("M28", 0.05, scope="product:p1")
    other.feed(ThresholdSet(rule="R004", values={"below": 0.06}, category="apparel", command="c1", by="ops-1"))
    assert of_kind(other.run(10), CueRaised, "R004")[0].facts["bound"] == 0.06
    off = Stage()
    off.set("M45", 10)
    off.feed(ThresholdSet(rule="R001", off=True, command="c1", by="ops-1"))
    assert not of_kind(off.run(30), CueRaised)
    later = Stage()
    later.set("M45", 10)
    later.feed(ThresholdSet(rule="R001", values={"below": 5}, command="c1", valid_from=later.now + 60_000))
    assert of_kind(later.run(10), CueRaised, "R001")


@pytest.mark.parametrize(
    "wrong",
    [
        ThresholdSet(rule="R003", values={"below": 1}),
        ThresholdSet(rule="R001", values={"bellow": 1}),
        ThresholdSet(rule="R001", values={"below": float("nan")}),
        ThresholdSet(rule="R001", values={"below": -1}),
        ThresholdSet(rule="R004", preset="best"),
    ],
)
def test_a_wrong_threshold_is_refused_and_says_what_is_right(wrong: ThresholdSet) -> None:
    stage = Stage()
    (refused,) = stage.feed(wrong)
    assert isinstance(refused, CommandRefused) and refused.code == "bad_input"
    assert "it has" in refused.why or "with one" in refused.why or "at least" in refused.why
    assert not stage.state.kept.thresholds


def test_money_of_another_currency_waits_for_a_value_of_its_own() -> None:
    stage = Stage(currency="IDR")
    stage.set("M45", 10)
    assert not of_kind(stage.run(10), CueRaised)
    assert ("R001", "other_currency") in {(item.rule, item.why) for item in stage.picture().suspended}
    stage.feed(ThresholdSet(rule="R001", values={"below": 150_000, "recover": 180_000}, command="c1"))
    assert of_kind(stage.run(10), CueRaised, "R001")


def test_a_platform_has_its_own_preset_in_the_data() -> None:
    stage = Stage(platform="tiktok")
    assert stage.state.rules.of("R056").value("late_s") == 60
    assert Stage(platform="douyin").state.rules.of("R056").value("late_s") == 15


def test_calibrated_is_the_start_and_the_seed_one_click_away() -> None:
    for rule in ("R004", "R005"):
        assert [preset.name for preset in PRESETS[rule]][:2] == ["calibrated", "seed"]


def test_repeated_banned_words_go_to_floor_control_too() -> None:
    stage = Stage()
    for word in ("最有效", "第一", "顶级"):
        stage.feed(spoken(word))
        stage.run(2)
    cues = of_kind(stage.unit.announced, CueRaised, "R065")
    assert [(cue.role, cue.subject) for cue in cues] == [("host", ""), ("floor", "repeated")]
    view = next(view for view in stage.picture().cues if view.role == "host")
    assert view.merged == 2 and view.facts["word"] == "最有效、第一、顶级"


def test_what_must_be_checked_goes_quietly_to_floor_control() -> None:
    stage = Stage()
    stage.feed(TextFlagged(where="speech", subject="s1", word="原价", severity="warn", entry="P"))
    (cue,) = of_kind(stage.run(1), CueRaised, "R065")
    assert (cue.role, cue.interrupting) == ("floor", False)


def test_a_damaged_snapshot_is_said() -> None:
    stage = Stage()
    with pytest.raises(BadInput, match="damaged"):
        stage.cues.open(stage.info, b"\xc1\xc1")


def test_the_screens_draw_as_low_what_the_room_calls_low() -> None:
    stage = Stage()
    stage.run(1)
    assert stage.picture().low_stock == 50
    stage.feed(ThresholdSet(rule="R030", values={"below": 20, "recover": 30}, command="c1", by="ops-1"))
    stage.run(1)
    assert stage.picture().low_stock == 20
