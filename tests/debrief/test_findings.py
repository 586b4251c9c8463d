"""Each rule of the debrief: fires, just under, unknown; and the presets themselves."""

import re
from typing import Any

import msgspec
import pytest

from livecue.debrief import PRESETS, DebriefBody
from livecue.debrief.body import (
    GoalLine,
    IncidentLine,
    ProductLine,
    QuestionLine,
    RuleLine,
    SegmentLine,
    SourceLine,
    UsualLine,
)
from livecue.debrief.cuelines import pooled
from livecue.debrief.findings import FINDERS
from livecue.debrief.notes import MOST_WAITING, Heard, Notes, taken_in
from livecue.debrief.words import LABELS
from livecue.events import CommentJudged, QuestionAnswered
from livecue.metrics import Reading
from livecue.reference import DOCUMENTS, METRICS, ROLES, RULES, Words

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MINUTE = 60_000


def read(metric: str, value: float | None, unit: str = "times", sample: int = 100) -> Reading:
    return Reading(
        metric=metric, window="show", value=value, unit=unit, sample=sample, why="" if value is not None else "stale"
    )


@pytest.fixture
def bare(body: DebriefBody) -> DebriefBody:
    """A debrief in which nothing is remarkable."""
    return msgspec.structs.replace(
        body,
        started_at=0,
        ended_at=60 * MINUTE,
        segments=[],
        products=[],
        sources=[],
        hosts=[],
        goals=[],
        usual=[],
        cue_rules=[],
        cues=[],
        incidents=[],
        incident_counts={},
        stuttered_ms=0,
        questions=[],
        unanswered=[],
        complaints=[],
        service=[],
        improvements=[],
    )


def fired(code: str, body: DebriefBody, **parts: Any) -> list[str]:
    """Subjects of what the rule finds; every sentence must have all its names."""
    preset = PRESETS[code]
    found = FINDERS[code](msgspec.structs.replace(body, **parts), preset)
    for item in found:
        for text in (preset.text, preset.improve):
            if text is not None:
                zh = {k: v.zh if isinstance(v, Words) else v for k, v in item.values.items()}
                text.zh.format(**zh)
                text.en.format(**zh)
    return [item.subject for item in found]


def segment(name: str, planned_min: float, took_min: float | None, gmv: float = 0, orders: float = 0) -> SegmentLine:
    planned = round(planned_min * MINUTE)
    ran = took_min is not None
    spent = None if took_min is None else took_min * 60
    return SegmentLine(
        segment=name, part="pitch", title=name, product="", host="", planned_start=MINUTE, planned_end=MINUTE + planned,
        started_at=MINUTE if ran else 0, ended_at=2 * MINUTE if ran else 0, start_drift_ms=0 if ran else None,
        length_drift_ms=round((took_min or 0) * MINUTE) - planned if ran else None, target_gmv=0, target_orders=0,
        gmv_attained=None, orders_attained=None,
        figures=[read("M09", spent, "s"), read("M41", gmv, "money"), read("M41.orders", orders, "orders")],
    )  # fmt: skip


def test_overrun_needs_somebody_who_was_squeezed(bare: DebriefBody) -> None:
    late, short, whole = segment("a", 10, 13), segment("b", 10, 9), segment("b", 10, 10)
    assert fired("overrun", bare, segments=[late, short]) == ["a"]
    assert fired("overrun", bare, segments=[late, whole]) == []
    assert fired("overrun", bare, segments=[segment("a", 10, 12.9), short]) == []
    assert fired("overrun", bare, segments=[short, late]) == []
    assert fired("overrun", bare, segments=[late, segment("c", 5, None)]) == ["a"]


def test_not_run(bare: DebriefBody) -> None:
    ran, lacking = segment("a", 10, 10), segment("b", 10, None)
    assert fired("not_run", bare, segments=[ran, lacking]) == [""]
    assert fired("not_run", bare, segments=[ran]) == []
    assert fired("not_run", bare, segments=[lacking]) == []


def test_best_segment(bare: DebriefBody) -> None:
    good, other = segment("a", 10, 10, 90_000, 20), segment("b", 10, 2, 20_000, 10)
    assert fired("best_segment", bare, segments=[good, other]) == ["b"]
    assert fired("best_segment", bare, segments=[good]) == []
    assert fired("best_segment", bare, segments=[good, segment("b", 10, 2, 20_000, 9)]) == []


def product(name: str, **figures: float | None) -> ProductLine:
    names = {"clicks": "M28.clicks", "rate": "M34", "gmv": "M41", "orders": "M41.orders", "refunded": "M59"}
    return ProductLine(product=name, name=name, role="deal", figures=[read(names[k], v) for k, v in figures.items()])


@pytest.mark.parametrize(
    ("clicks", "rate", "says"),
    [
        (400, 0.02, True),
        (99, 0.0, False),
        (400, 0.031, False),  # not below 0.6 of the median
        (100, 0.029, False),  # so few clicks may do that by chance
        (None, 0.02, False),
        (400, None, False),
    ],
)
def test_weak_product(bare: DebriefBody, clicks: float | None, rate: float | None, says: bool) -> None:
    others = [product("p", clicks=1000, rate=0.05), product("q", clicks=1000, rate=0.06)]
    weak = product("weak", clicks=clicks, rate=rate)
    assert fired("weak_product", bare, products=[*others, weak]) == (["weak"] if says else [])
    assert fired("weak_product", bare, products=[others[0], weak]) == []


def test_goods(bare: DebriefBody) -> None:
    best = product("a", gmv=900, orders=10)
    assert fired("best_product", bare, products=[best, product("b", gmv=100, orders=50)]) == ["a"]
    assert fired("best_product", bare, products=[product("a", gmv=900, orders=9)]) == []
    assert fired("best_product", bare, products=[product("a", gmv=None, orders=9)]) == []
    assert fired("refunds", bare, products=[product("a", refunded=0.1, orders=20, gmv=5)]) == ["a"]
    assert fired("refunds", bare, products=[product("a", refunded=0.1, orders=19, gmv=5)]) == []
    assert fired("refunds", bare, products=[product("a", refunded=0.099, orders=20, gmv=5)]) == []
    assert fired("refunds", bare, products=[product("a", refunded=None, orders=20, gmv=5)]) == []
    for role, listed, says in (("deal", 60, True), ("hook", 60, True), ("profit", 60, False), ("deal", 59, False)):
        line = ProductLine(product="a", name="a", role=role, sold_out_at=MINUTE, sold_out_listed_ms=listed * 1000)
        assert fired("sold_out_listed", bare, products=[line]) == (["a"] if says else [])
    for sold_out_at, says in ((50 * MINUTE, True), (50 * MINUTE + 1, False), (0, False)):
        line = ProductLine(product="a", name="a", role="hook", sold_out_at=sold_out_at)
        assert fired("sold_out_early", bare, products=[line]) == (["a"] if says else [])


def source(via: str, gpm: float | None, share: float, views: float) -> SourceLine:
    return SourceLine(
        via=via, figures=[read("M44", gpm, "money/1000_views"), read("M12", share, "ratio"), read("M03", views)]
    )


@pytest.mark.parametrize(
    ("line", "weak", "strong"),
    [
        (source("feed", 50.0, 0.1, 200), True, False),
        (source("feed", 51.0, 0.1, 200), False, False),
        (source("feed", 50.0, 0.09, 200), False, False),
        (source("feed", 50.0, 0.5, 199), False, False),
        (source("feed", None, 0.5, 900), False, False),
        (source("video", 150.0, 0.01, 200), False, True),
        (source("video", 149.0, 0.01, 200), False, False),
        (source("unknown", 300.0, 0.01, 200), False, False),
    ],
)
def test_sources(bare: DebriefBody, line: SourceLine, weak: bool, strong: bool) -> None:
    money = [read("M44", 100.0, "money/1000_views")]
    assert fired("weak_source", bare, money=money, sources=[line]) == ([line.via] if weak else [])
    assert fired("strong_source", bare, money=money, sources=[line]) == ([line.via] if strong else [])
    assert fired("weak_source", bare, money=[read("M44", None)], sources=[line]) == []


def test_a_source_is_told_per_thousand_views_once(bare: DebriefBody) -> None:
    body = msgspec.structs.replace(
        bare, money=[read("M44", 100.0, "money/1000_views")], sources=[source("feed", 50.0, 0.5, 200)]
    )
    (found,) = FINDERS["weak_source"](body, PRESETS["weak_source"])
    for name in ("gpm", "whole"):
        said = found.values[name]
        assert isinstance(said, Words)
        assert "1,000" not in said.en and "千次" not in said.zh


@pytest.mark.parametrize(
    ("views", "usual", "code"),
    [(115, 100, "traffic_up"), (114, 100, ""), (85, 100, "traffic_down"), (86, 100, ""), (50, None, ""), (None, 9, "")],
)
def test_traffic_against_earlier_shows(bare: DebriefBody, views: float | None, usual: float | None, code: str) -> None:
    lines = [UsualLine(actual=read("M03", views), usual=usual, shows=3)]
    for name in ("traffic_up", "traffic_down"):
        assert fired(name, bare, usual=lines) == ([""] if name == code else [])


def test_interaction_against_earlier_shows(bare: DebriefBody) -> None:
    for rate, says in ((0.08, True), (0.081, False), (None, False)):
        lines = [UsualLine(actual=read("M19", rate, "ratio"), usual=0.1, shows=3)]
        assert fired("interaction_down", bare, usual=lines) == ([""] if says else [])


def test_goals(bare: DebriefBody) -> None:
    for attained, reached, missed in (
        (1.0, True, False),
        (0.95, False, False),
        (0.89, False, True),
        (None, False, False),
    ):
        lines = [GoalLine(metric="M41", target=100, actual=read("M41", 1, "money"), attained=attained)]
        assert fired("goal_reached", bare, goals=lines) == (["M41"] if reached else [])
        assert fired("goal_missed", bare, goals=lines) == (["M41"] if missed else [])


def test_words(bare: DebriefBody) -> None:
    def line(count: int, answered: int) -> QuestionLine:
        return QuestionLine(topic="price", product="p", count=count, answered=answered, share=1, texts=["多少钱"])

    assert fired("unanswered", bare, unanswered=[line(5, 0), line(10, 6)]) == ["price:p"]
    other = msgspec.structs.replace(line(9, 0), topic="other")
    assert fired("unanswered", bare, unanswered=[other]) == []
    assert fired("complaints", bare, complaints=[line(5, 0), line(4, 0)]) == ["price:p"]
    assert fired("complaints", bare, complaints=[other]) == ["other:p"]
    assert fired("complaints", bare, complaints=[msgspec.structs.replace(other, product="")]) == []
    for first, sample, says in ((61.0, 10, True), (60.0, 10, False), (61.0, 9, False), (None, 10, False)):
        service = [read("M77", first, "s", sample)]
        assert fired("slow_replies", bare, service=service) == ([""] if says else [])
    spoken = IncidentLine(kind="blocked_word", when=1, subject="最", text=Words("", ""))
    assert fired("blocked_words", bare, incidents=[spoken], incident_counts={"blocked_word": 1}) == [""]
    assert fired("blocked_words", bare) == []


def rule(name: str = "R001", **parts: Any) -> RuleLine:
    base = {"given": 3, "followed": 3, "dismissed": 0, "unanswered": 0, "escalated": 0, "verdicts": {}, "metric": "M45"}
    return RuleLine(rule=name, **{**base, **parts})


def test_cues(bare: DebriefBody) -> None:
    good: dict[str, Any] = {"verdicts": {"useful": 1}, "measured": 3, "effect": 0.2, "low": 0.1, "high": 0.3}
    assert fired("cue_helped", bare, cue_rules=[rule(**good)]) == ["R001"]
    assert fired("cue_helped", bare, cue_rules=[rule(**{**good, "low": -0.1})]) == []
    assert fired("cue_helped", bare, cue_rules=[rule(**{**good, "effect": None})]) == []
    assert fired("cue_no_effect", bare, cue_rules=[rule(verdicts={"no_effect": 2, "harmful": 1})]) == ["R001"]
    assert fired("cue_no_effect", bare, cue_rules=[rule(verdicts={"no_effect": 2, "too_little_data": 1})]) == []
    assert fired("cue_no_effect", bare, cue_rules=[rule(verdicts={"no_effect": 3, "useful": 1}, followed=4)]) == []
    assert fired("cue_no_effect", bare, cue_rules=[rule(verdicts={"no_effect": 3}, metric="")]) == []
    assert fired("cue_unanswered", bare, cue_rules=[rule(followed=0, unanswered=3)]) == ["R001"]
    assert fired("cue_unanswered", bare, cue_rules=[rule(followed=0, unanswered=2)]) == []
    assert fired("cue_unanswered", bare, cue_rules=[rule(followed=0, dismissed=1, unanswered=3)]) == []


def test_technical(bare: DebriefBody) -> None:
    assert fired("stutter", bare, incident_counts={"stuttered": 1}, stuttered_ms=10) == [""]
    assert fired("stutter", bare) == []
    assert fired("stock_short", bare, incident_counts={"stock_short": 1}) == [""]
    assert fired("stock_short", bare) == []
    for until, says in ((31_000, True), (30_999, False), (0, True)):
        gone = IncidentLine(kind="source_gone", when=1000, until=until, subject="f", text=Words("", ""))
        assert fired("feed_gone", bare, incidents=[gone]) == (["f"] if says else [])


def test_pooled_effects_need_three_cues_and_widen_when_they_disagree() -> None:
    assert pooled([(0.1, 0.0, 0.2)] * 2) is None
    alike, apart = pooled([(0.1, 0.0, 0.2)] * 3), pooled([(-0.4, -0.5, -0.3), (0.1, 0.0, 0.2), (0.6, 0.5, 0.7)])
    assert alike == (0.1, round(0.1 - 0.1 / 3**0.5, 6), round(0.1 + 0.1 / 3**0.5, 6))
    assert apart is not None and apart[0] == pytest.approx(0.1) and apart[2] - apart[1] > 0.5


def test_presets_are_whole() -> None:
    assert list(FINDERS) and set(FINDERS) == set(PRESETS)
    for code, preset in PRESETS.items():
        assert preset.rule in RULES or (preset.rule == "" and code.startswith("cue_")), code
        assert set(preset.owners) <= set(ROLES) and preset.owners, code
        assert set(preset.documents) <= set(DOCUMENTS), code
        assert all(metric.partition(".")[0] in METRICS for metric in preset.metrics), code
        assert preset.most > 0 and preset.due_h > 0, code
        assert (preset.improve is None) or preset.kind == "problem", code
        for words in filter(None, (preset.text, preset.improve)):
            assert CHINESE.search(words.zh) and not CHINESE.search(words.en), code
            assert set(re.findall(r"{(\w+)}", words.zh)) == set(re.findall(r"{(\w+)}", words.en)), code


def test_labels_are_in_both_languages() -> None:
    for group, names in LABELS.items():
        for name, words in names.items():
            assert words.zh or group == "unit", (group, name)
            assert not CHINESE.search(words.en) or name == "other_language", (group, name)
            assert set(re.findall(r"{(\w+)}", words.zh)) == set(re.findall(r"{(\w+)}", words.en)), (group, name)


def test_questions_that_are_too_many_to_follow_are_counted_and_said() -> None:
    """Nothing is dropped in silence: the debrief tells how many questions an answer is not known of."""
    asked = [
        Heard(n, CommentJudged(comment=f"q{n}", label="question", topic="stock")) for n in range(MOST_WAITING + 30)
    ]
    notes = taken_in(Notes(show="s"), asked)
    assert (notes.let_go, len(notes.waiting)) == (30, MOST_WAITING)
    answered = [Heard(99_999, QuestionAnswered(comment=f"q{n}", how="host")) for n in (0, 29, 30, MOST_WAITING + 29)]
    notes = taken_in(notes, answered)
    (topic,) = notes.questions.values()
    assert (topic.count, topic.answered, notes.let_go) == (MOST_WAITING + 30, 2, 30)


def test_examples_of_a_topic_are_different_questions() -> None:
    texts = ("这衣服在哪买的！", "这衣服在哪买的", "这衣服在哪买呀😄", "这件多重？", "明天几点播", "后天几点播")
    asked = [
        Heard(n, CommentJudged(comment=f"q{n}", label="question", topic="other", text=text))
        for n, text in enumerate(texts)
    ]
    (topic,) = taken_in(Notes(show="s"), asked).questions.values()
    assert (topic.count, topic.texts) == (6, ("这衣服在哪买的！", "这件多重？", "明天几点播"))
