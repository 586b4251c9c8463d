"""Presets are whole, dated, named, and say what their rule's text says."""

import re
import string
from typing import Any

import msgspec
import pytest

from livecue.cues import (
    DETECTORS,
    LIMITS,
    PRESETS,
    VALUE_NAMES,
    Place,
    Preset,
    Scene,
    Threshold,
    in_use,
    limits_in_force,
    named_presets,
    preset_in_force,
)
from livecue.errors import BadInput, Defect
from livecue.events import CommandRefused, CueRaised, ThresholdSet
from livecue.metrics import DEFINITIONS
from livecue.reference import METRICS, ROLES, RULES
from tests.cues.cases import CASES, Case, put
from tests.cues.stage import PRODUCT, Stage, of_kind

ALL = [preset for presets in PRESETS.values() for preset in presets]
NOW = 1_800_000_000_000
CNY = Place()
each = pytest.mark.parametrize("preset", ALL, ids=lambda preset: f"{preset.rule}-{preset.name}-{preset.platform}")


def test_every_detector_has_a_rule_in_the_reference_and_a_preset() -> None:
    assert {detector.rule for detector in DETECTORS} == set(PRESETS) <= set(RULES)


@each
def test_a_preset_names_what_is_known(preset: Preset) -> None:
    for metric in (*preset.metrics, preset.judge_metric, preset.judge_over):
        if metric:
            assert metric.partition(".")[0] in METRICS
            assert metric in DEFINITIONS, "computed live"
    assert {*preset.roles, *preset.escalate} <= set(ROLES)
    assert set(preset.covered_by) <= set(PRESETS)
    assert set(preset.values) <= set(VALUE_NAMES)
    assert preset.valid_from > 0 and preset.source
    assert re.search("[\u4e00-\u9fff]", preset.definition.zh) and preset.definition.en
    assert {"cooldown_s", "expiry_s", "judge_s"} <= set(preset.values)
    assert (preset.judge == "series") == bool(preset.judge_metric)
    if preset.judge != "none":
        assert preset.value("judge_s") >= 60


@each
def test_a_preset_names_its_metric_or_what_it_watches(preset: Preset) -> None:
    assert preset.metrics or preset.watches
    if preset.watches is not None:
        assert re.search("[\u4e00-\u9fff]", preset.watches.zh) and preset.watches.en


@each
def test_a_preset_has_sample_and_second_bound_or_says_why_not(preset: Preset) -> None:
    for name in ("sample", "recover"):
        assert (name in preset.values) != (name in preset.without), (preset.rule, name)
    assert set(preset.without) <= {"sample", "recover"}
    for why in preset.without.values():
        assert re.search("[\u4e00-\u9fff]", why.zh) and why.en
    assert preset.values.get("sample", 1) > 0, "a sample of nothing is none"


def test_no_rule_has_a_value_that_it_never_asks_for() -> None:
    for rule, presets in PRESETS.items():
        asked = {"cooldown_s", "expiry_s", "expiry_next_s", "judge_s", "episode"}

        class Noting(dict[str, float]):
            def __getitem__(self, name: str) -> float:
                asked.add(name)  # noqa: B023
                return super().__getitem__(name)

        for case in (item for item in CASES if item.rule == rule):
            # A room without draws and deal items asks for what the others never come to.
            plain = put(products=[msgspec.structs.replace(PRODUCT, role="hook")])
            for step in (plain, case.fires, case.under, case.recovered):
                stage = Stage()
                stage.run(5)
                step(stage)
                stage.run(case.lead_s)
                pictures = stage.pictures()
                scene = Scene(
                    now=stage.now, readings=pictures["metrics"], shows=pictures["shows"], sales=pictures["sales"],
                    heard=stage.state.kept.heard,
                )  # fmt: skip
                detect = next(item.detect for item in DETECTORS if item.rule == rule)
                first = presets[0]
                # Struct fields are not copied: the detector asks this very dict.
                detect(scene, msgspec.structs.replace(first, values=Noting(first.values)))
        assert set(presets[0].values) <= asked, (rule, set(presets[0].values) - asked)


@each
def test_what_is_shipped_lies_between_the_bounds_of_what_may_be_set(preset: Preset) -> None:
    for name, value in preset.values.items():
        bounds = VALUE_NAMES[name]
        assert bounds.least <= value <= (value if bounds.most is None else bounds.most), (preset.rule, name)


@pytest.mark.parametrize("value", [0, 31, -1, float("nan")])
def test_a_span_that_cannot_be_looked_at_is_refused(value: float) -> None:
    stage = Stage()
    (said,) = stage.feed(ThresholdSet(rule="R011", values={"usual_min": value}, command="k"))
    assert isinstance(said, CommandRefused) and "usual_min" in said.why


@each
def test_the_second_bound_lies_on_the_other_side(preset: Preset) -> None:
    values = preset.values
    if "below" in values:
        assert values["recover"] >= values["below"]
    if "above" in values:
        assert values["recover"] <= values["above"]


def test_values_that_are_money_name_their_currency() -> None:
    for preset in ALL:
        money = any(METRICS[metric.partition(".")[0]].kind == "money" for metric in preset.metrics)
        assert bool(preset.currency) == (money and "below" in preset.values), preset.rule


def test_the_limit_is_ninety_seconds_until_somebody_sets_it() -> None:
    assert LIMITS.host_gap_s == 90
    changed = Threshold(rule="limits", values=(("host_gap_s", 45),), valid_from=NOW)
    assert limits_in_force((changed,), NOW - 1).host_gap_s == 90
    assert limits_in_force((changed,), NOW).host_gap_s == 45


def test_the_seeds_values_are_named_and_marked() -> None:
    stated = {
        "R001": 80,
        "R004": 0.1,
        "R005": 0.05,
        "R007": 0.5,
        "R030": 50,
        "R034": 600,
        "R050": 180,
        "R053": 800,
        "R056": 15,
    }
    for rule, value in stated.items():
        seed = named_presets(rule, CNY, NOW)["seed"]
        assert value in seed.values.values() and seed.mark == "S"
        assert value in {round(number, 3) for number in seed.values.values()}


def test_room_then_category_then_preset_by_name() -> None:
    own = Threshold(rule="R004", values=(("below", 0.04),), valid_from=NOW)
    books = Threshold(rule="R004", values=(("below", 0.05), ("sample", 50)), category="books", valid_from=NOW)
    seed = Threshold(rule="R004", preset="seed", valid_from=NOW + 10)
    now = preset_in_force("R004", CNY, (own, books), NOW)
    assert (now.value("below"), now.value("recover"), now.own) == (0.04, 0.03, True)
    assert preset_in_force("R004", CNY, (own, books), NOW, "books").value("sample") == 50
    assert preset_in_force("R004", CNY, (own, books), NOW, "food").value("below") == 0.04
    assert preset_in_force("R004", CNY, (own, books, seed), NOW).value("below") == 0.04
    later = preset_in_force("R004", CNY, (own, books, seed), NOW + 10)
    assert (later.name, later.value("below"), later.own) == ("seed", 0.1, False)
    with pytest.raises(BadInput, match="rules with one"):
        preset_in_force("R003", CNY, (), NOW)
    with pytest.raises(Defect, match="no value"):
        later.value("flood")


def test_a_recording_older_than_every_preset_is_read_with_the_oldest() -> None:
    assert preset_in_force("R001", CNY, (), 1_600_000_000_000).value("below") == 80


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_what_the_person_reads_can_be_filled_from_the_facts(case: Case) -> None:
    stage = Stage()
    stage.run(5)
    case.fires(stage)
    stage.run(case.lead_s)
    cue = next(cue for cue in of_kind(stage.unit.announced, CueRaised, case.rule) if cue.role == case.role)
    view = next(view for view in stage.picture().cues if view.cue == cue.cue)
    for text in (view.say_zh, view.say_en):
        assert text
        wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert wanted <= set(cue.facts), f"{case.rule} lacks {wanted - set(cue.facts)}"


def set_(rule: str = "R001", command: str = "", **more: Any) -> Threshold:
    values = tuple((name, more.pop(name)) for name in ("below", "recover", "cooldown_s") if name in more)
    return Threshold(rule=rule, values=values, command=command, **{"valid_from": NOW, **more})


def test_the_closest_layer_wins_and_says_so() -> None:
    douyin = Place(platform="p1")
    items = (
        set_("R004", below=0.05, scope="room", cooldown_s=60),
        set_("R004", below=0.01, scope="all", recover=0.2),
        set_("R004", below=0.02, scope="platform", platform="p1"),
        set_("R004", below=0.03, scope="platform", platform="p2"),
        set_("R004", below=0.06, category="shoes"),
    )
    room = in_use("R004", douyin, items, NOW)
    assert (room.preset.value("below"), room.values_by["below"]) == (0.05, "room")
    assert (room.preset.value("recover"), room.values_by["recover"]) == (0.2, "all")
    assert "sample" not in room.values_by and room.chosen_by == ""
    assert in_use("R004", douyin, items[1:], NOW).preset.value("below") == 0.02
    assert in_use("R004", Place(platform="p3"), items[1:], NOW).preset.value("below") == 0.01
    shoes = in_use("R004", douyin, items, NOW, "shoes")
    assert (shoes.preset.value("below"), shoes.values_by["below"], shoes.values_by["cooldown_s"]) == (
        0.06,
        "category",
        "room",
    )


def test_a_reset_takes_back_one_layer_and_an_undo_one_setting() -> None:
    items = [
        set_(below=70, scope="all", command="a"),
        set_(below=60, command="b", off=True),
        set_(preset="calibrated", command="c"),
    ]
    assert (in_use("R001", CNY, items, NOW).preset.name, in_use("R001", CNY, items, NOW).chosen_by) == (
        "calibrated",
        "room",
    )
    undone = [*items, set_(undoes="c", command="d")]
    found = in_use("R001", CNY, undone, NOW)
    assert (found.preset.name, found.preset.value("below"), found.preset.off, found.off_by) == (
        "seed",
        60,
        True,
        "room",
    )
    back = in_use("R001", CNY, [*items, set_(reset=True)], NOW)
    assert (back.preset.name, back.preset.value("below"), back.preset.off, back.values_by) == (
        "seed",
        70,
        False,
        {"below": "all"},
    )
    assert in_use("R001", CNY, [*items, set_(reset=True, command="e"), set_(undoes="e")], NOW).chosen_by == "room"
    limits = [Threshold(rule="limits", values=(("host_gap_s", 45),), command="l", valid_from=NOW)]
    assert limits_in_force([*limits, set_("limits", undoes="l")], NOW).host_gap_s == 90
    assert limits_in_force([*limits, set_("limits", reset=True)], NOW).host_gap_s == 90


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scope": "world"}, "all, platform or room"),
        ({"scope": "platform"}, "names it"),
        ({"platform": "p1"}, "names it"),
        ({"scope": "all", "category": "shoes"}, "in one room"),
        ({"rule": "limits", "scope": "all"}, "in one room"),
        ({"undoes": "nothing"}, "not known here"),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(change: dict[str, Any], why: str) -> None:
    stage = Stage()
    said = stage.feed(ThresholdSet(**{"rule": "R001", "command": "k", **change}))
    (refused,) = of_kind(said, CommandRefused)
    assert why in refused.why
    assert not stage.state.kept.thresholds


def test_what_was_set_before_a_bound_was_known_is_read_within_it() -> None:
    old = Threshold(rule="R012", values=(("minutes", 0.0),), valid_from=NOW)
    least = VALUE_NAMES["minutes"].least
    assert least >= 1 and in_use("R012", CNY, [old], NOW).preset.value("minutes") == least


def test_no_wait_may_be_set_longer_than_what_was_said_is_kept() -> None:
    most = VALUE_NAMES["late_s"].most
    assert most is not None and most < LIMITS.remember_s
