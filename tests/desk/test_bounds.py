"""The desk's bounds are dated presets that people set for a room, its platform or all rooms; none is a constant."""

from pathlib import Path

import msgspec
import pytest

from livecue.cues import PRESETS
from livecue.desk import judge
from livecue.events import CommandRefused, ProductCard, SpeechHeard, ThresholdSet
from livecue.reference import DESK_PRESETS, DESK_VALUES, DeskBounds, Place, Threshold, desk_bounds, desk_in_use
from tests.cues.stage import Stage as CueStage
from tests.cues.stage import of_kind
from tests.desk.test_desk import Stage

SHIPPED = DESK_PRESETS[0].values
NAMES = DeskBounds.__struct_fields__


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "desk.db")
    made.on_air()
    return made


def put(stage: Stage, command: str = "t", **values: float) -> None:
    stage.feed(ThresholdSet(rule="desk", values=values, command=command))


def test_every_bound_has_words_and_a_shipped_figure_within_what_may_be_set() -> None:
    assert set(NAMES) == set(DESK_VALUES)
    for name in NAMES:
        words, value = DESK_VALUES[name], getattr(SHIPPED, name)
        assert words.zh and words.en
        assert words.least <= value and words.most is not None and value <= words.most
    assert all(preset.mark == "D" and preset.valid_from > 0 and preset.source for preset in DESK_PRESETS)


def test_hiding_and_passing_on_follow_the_confidence_that_is_set() -> None:
    card = ProductCard(product="coat", name="大衣")
    rude, asked = "你是不是脑子有病", "这件大衣多少钱"
    (told, question) = judge([rude, asked], [card], "coat")
    assert told.hide == "abuse" and question.for_host
    strict = msgspec.structs.replace(SHIPPED, hide_from=1.0, host_from=1.0)
    (told, question) = judge([rude, asked], [card], "coat", strict)
    assert told.confidence < 1 and told.label == "abuse" and not told.hide
    assert question.label == "question" and question.confidence < 1 and not question.for_host


def test_what_is_hot_and_for_how_long(stage: Stage) -> None:
    stage.say("大衣有货吗", "a")
    assert not stage.picture.hot  # type: ignore[attr-defined]
    put(stage, hot_least=1)
    assert [item.count for item in stage.picture.hot] == [1]  # type: ignore[attr-defined]
    put(stage, "t2", hot_s=60)
    stage.later(90_000)
    assert not stage.picture.hot  # type: ignore[attr-defined]


def test_what_counts_as_the_same_question(stage: Stage) -> None:
    first, second = "主播你是哪里人呀", "主播你老家是哪里的人呢"
    stage.say(first)
    stage.say(second)
    apart = len(stage.state.kept.clusters)
    put(stage, like_from=0.05)
    stage.say("主播你家是哪里人")
    assert apart == 2 and len(stage.state.kept.clusters) == 2, "the third is like one of them"
    put(stage, "t2", like_from=1)
    stage.say("主播你家是哪里人啊哈哈哈")
    assert len(stage.state.kept.clusters) == 3


def test_how_long_a_question_waits_and_speech_is_watched(stage: Stage) -> None:
    stage.say("大衣有货吗")
    stage.feed(SpeechHeard(text="大家好"))
    put(stage, forget_s=60, speech_s=20)
    stage.later(30_000)
    assert stage.picture.waiting == 1 and stage.picture.speech == "not_watched"  # type: ignore[attr-defined]
    stage.later(60_000)
    assert stage.picture.waiting == 0  # type: ignore[attr-defined]


def test_the_order_for_the_host(stage: Stage) -> None:
    stage.say("大衣有货吗")
    stage.later(90_000)
    stage.say("大衣怎么洗", "a")
    stage.say("大衣怎么洗呀", "b")
    assert [item.count for item in stage.picture.for_host] == [1, 2]  # type: ignore[attr-defined]
    put(stage, person_s=600)
    assert [item.count for item in stage.picture.for_host] == [2, 1]  # type: ignore[attr-defined]


def test_a_restart_and_a_later_date(stage: Stage) -> None:
    later = stage.unit.now + 60_000
    stage.feed(ThresholdSet(rule="desk", values={"hot_least": 1}, command="t", valid_from=later))
    stage.say("大衣有货吗")
    assert not stage.picture.hot  # type: ignore[attr-defined]
    stage.state = stage.desk.open(stage.state.room, stage.desk.dump(stage.state))
    stage.later(60_000)
    assert len(stage.picture.hot) == 1  # type: ignore[attr-defined]
    stage.feed(ThresholdSet(rule="desk", undoes="t", command="u"))
    assert not stage.picture.hot  # type: ignore[attr-defined]


def test_layers_reset_and_the_closest_wins() -> None:
    place = Place(platform="p")
    items = (
        Threshold(rule="desk", values=(("hot_least", 5),), scope="all"),
        Threshold(rule="desk", values=(("hot_least", 4),), scope="platform", platform="p"),
        Threshold(rule="desk", values=(("hot_least", 9),), scope="platform", platform="q"),
        Threshold(rule="R001", values=(("below", 1),)),
    )
    found = desk_in_use(place, items, 10)
    assert found.bounds.hot_least == 4 and found.layers.values["hot_least"] == (4, "platform")
    assert desk_in_use(Place(), items, 10).bounds.hot_least == 5
    back = (*items, Threshold(rule="desk", scope="platform", platform="p", reset=True))
    assert desk_in_use(place, back, 10).bounds.hot_least == 5
    assert desk_bounds(place, (Threshold(rule="desk", valid_from=50),), 10)[1] == 50


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"values": {"hide_from": 1.1}}, "at most 1"),
        ({"values": {"hot_s": 0}}, "at least 30"),
        ({"values": {"below": 1}}, "hide_from"),
        ({"off": True}, "cannot be switched off"),
        ({"category": "shoes"}, "every product"),
        ({"preset": "nothing"}, "default"),
        ({"scope": "platform"}, "names it"),
    ],
)
def test_what_cannot_be_set_is_refused_once_and_changes_nothing(
    stage: Stage, change: dict[str, object], why: str
) -> None:
    event = ThresholdSet(rule="desk", command="k", **change)  # type: ignore[arg-type]
    room = CueStage()
    (refused,) = of_kind(room.feed(event), CommandRefused)
    assert why in refused.why and not room.state.kept.thresholds
    stage.feed(event)
    assert not stage.said(CommandRefused), "one answer, from who keeps the thresholds"
    assert not stage.state.kept.thresholds


def test_what_is_set_is_answered_and_kept_as_a_row_and_the_rules_stay_as_they_are() -> None:
    room = CueStage()
    said = room.feed(ThresholdSet(rule="desk", values={"hide_from": 0.9}, command="k"))
    assert [type(event).__name__ for event in said] == ["CommandApplied"]
    (row,) = [values for statement, values in room.unit.written if "INTO thresholds" in statement]
    assert row[4] == "desk" and '"hide_from":0.9' in row[7]
    assert room.state.rules.of("R001") == PRESETS["R001"][0]
    room.run(1)
    assert room.state.rules.of("R001") == PRESETS["R001"][0]
