"""How often a threshold would have fired over past shows: the same detectors over what they saw then."""

import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from livecue.cues import (
    PRESETS,
    Asked,
    Counted,
    Fired,
    PastCounts,
    Place,
    how_often,
    named_presets,
    past_scenes,
)
from livecue.cues.past.body import decode, encode
from livecue.events import CueRaised, SpeechHeard
from livecue.integrations.simulator import default_demo
from tests.cues.cases import CASES, Case, reading
from tests.cues.live import Live
from tests.cues.stage import START, Stage, of_kind
from tests.cues.test_rules import answer_all, ready
from tests.folding import ROOM, TestUnit

OTHERWISE: dict[str, tuple[dict[str, float], int]] = {
    "R001": ({"below": 79}, 0),
    "R002": ({"below": 98}, 0),
    "R004": ({"below": 0.0239}, 0),
    "R005": ({"below": 0.0159}, 0),
    "R007": ({"drop": 0.49}, 0),
    "R011": ({"z": 4}, 0),
    "R012": ({"fall": 0.07}, 0),
    "R013": ({"share": 0.49}, 0),
    "R014": ({"clicks_above": 0.041}, 0),
    "R015": ({"below": 0.049}, 0),
    "R018": ({"share": 0.6}, 0),
    "R019": ({"above": 0.0231}, 0),
    "R022": ({"multiple": 0.48}, 0),
    "R023": ({"multiple": 1.52}, 0),
    "R025": ({"rise": 1.31}, 0),
    "R030": ({"below": 49}, 0),
    "R031": ({"below": 50}, 0),
    "R033": ({"below": 0}, 0),
    "R034": ({"left_s": 598}, 0),
    "R050": ({"left_s": 179}, 0),
    "R051": ({"left_s": 119}, 0),
    "R053": ({"above": 801}, 0),
    # The first question waits ten minutes, the second was asked 21 s before the end.
    "R056": ({"late_s": 60, "recover": 60}, 1),
    "R063": ({"flood": 6, "repeat": 6}, 0),
    # One said once is repeated already: floor control hears of each too.
    "R065": ({"repeat": 1}, 4),
    "R066": ({"cooldown_s": 36_000}, 1),
    "R122": ({"every_s": 1260}, 0),
}
"""Other values, and how often they fire in the show in which the preset fires twice."""
UNCOUNTED = {"R064"}
"""Whether a case is open is not among what is kept of a scene: the page says so."""


def kept(stage: Stage) -> list[tuple[int, bytes]]:
    return [(row[4], row[5]) for statement, row in stage.unit.written if "past_scenes" in statement]


def asked(rule: str, **values: float) -> Asked:
    preset = PRESETS[rule][0]
    return Asked(preset=msgspec.structs.replace(preset, values={**preset.values, **values}), currency="CNY")


def count(question: Asked, rows: list[tuple[int, bytes]]) -> Fired:
    return how_often(question, "s1", past_scenes(rows))


def show(case: Case) -> Stage:
    """Twice as the rule wants it, with a calm stretch between."""
    stage = ready(case)
    stage.feed(SpeechHeard(text="…"))
    case.fires(stage)
    stage.run(case.lead_s)
    answer_all(stage)
    stage.run(600 if case.rule != "R063" else 50, 5)
    case.recovered(stage)
    stage.run(2400, 5)
    case.fires(stage)
    stage.run(case.lead_s + 5)
    return stage


COUNTED = [case for case in CASES if case.rule not in UNCOUNTED]


@pytest.mark.parametrize("case", COUNTED, ids=lambda case: case.rule)
def test_every_rule_counts_what_really_fired_and_what_other_values_would_have(case: Case) -> None:
    stage = show(case)
    raised = [cue for cue in of_kind(stage.unit.announced, CueRaised, case.rule) if not cue.escalated_from]
    assert len({(cue.subject, cue.when) for cue in raised}) == 2
    rows = kept(stage)
    found = count(asked(case.rule), rows)
    assert (found.count, found.why) == (2, "") and found.told > 0
    values, times = OTHERWISE[case.rule]
    assert count(asked(case.rule, **values), rows).count == times


def test_every_rule_has_other_values() -> None:
    assert sorted({*OTHERWISE, *UNCOUNTED}) == sorted(PRESETS)


def test_what_people_decide_cannot_be_counted() -> None:
    stage = Stage()
    stage.run(60)
    found = count(asked("R064"), kept(stage))
    assert (found.count, found.why) == (None, "by_people")


def test_no_rule_asks_for_what_is_not_kept() -> None:
    for case in CASES:
        stage = ready(case)
        stage.feed(SpeechHeard(text="…"))
        case.unknown(stage)
        stage.run(20)
        found = count(asked(case.rule), kept(stage))
        assert found.why != "not_kept", case.rule


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("R001", "no_source"), ("R007", "no_source"), ("R011", "no_source"), ("R012", "no_source"),
        ("R013", "no_source"), ("R053", "no_source"), ("R056", "no_source"), ("R063", "no_source"),
        ("R066", "no_source"), ("R065", "speech_not_watched"), ("R004", "no_pitch"), ("R005", "no_pitch"),
        ("R014", "no_pitch"), ("R018", "no_pitch"), ("R019", "no_pitch"), ("R031", "no_pitch"), ("R025", "no_pitch"),
        ("R030", "no_source"),
    ],
)  # fmt: skip
def test_what_nobody_can_tell_says_why(rule: str, why: str) -> None:
    stage = Stage()
    stage.pinned, stage.stock, stage.listed, stage.spoken = "", [], {}, False
    reading("M25.comments", None)(stage)
    stage.run(60)
    found = count(asked(rule), kept(stage))
    assert (found.count, found.why) == (None, why)


@pytest.mark.parametrize(
    ("rule", "why"),
    [("R015", "too_short"), ("R033", "no_deal_item"), ("R034", "no_offers"), ("R122", "no_draws")],
)
def test_where_there_was_nothing_to_fire_on_the_count_is_zero_and_says_so(rule: str, why: str) -> None:
    stage = Stage()
    stage.pinned, stage.stock, stage.listed = "", [], {}
    stage.run(60)
    found = count(asked(rule), kept(stage))
    assert (found.count, found.why) == (0, why)


def test_no_rundown_and_another_currency() -> None:
    stage = Stage(currency="USD")
    stage.segment = ""
    stage.run(30)
    rows = kept(stage)
    assert count(Asked(preset=PRESETS["R050"][0], currency="USD"), rows).why == "not_started"
    found = count(Asked(preset=PRESETS["R001"][0], currency="USD"), rows)
    assert (found.count, found.why, found.metric) == (None, "other_currency", "M45")


def test_speech_that_nobody_listened_to_is_told_by_its_share() -> None:
    stage = Stage()
    stage.run(300, 5)
    stage.spoken = False
    stage.run(420, 5)
    found = count(asked("R065"), kept(stage))
    assert found.count == 0 and 0.55 < found.told < 0.62, "two minutes after the last words nobody can tell any more"


def test_rows_of_before_it_was_kept_when_speech_was_heard_are_read_as_before() -> None:
    stage = Stage()
    stage.run(300, 5)
    old = [(at, encode(msgspec.structs.replace(decode(body), speech_at=0))) for at, body in kept(stage)]
    assert count(asked("R065"), old).told == 1.0


def test_a_category_counts_with_its_own_values() -> None:
    case = next(case for case in CASES if case.rule == "R004")
    rows = kept(show(case))
    gentle = asked("R004", below=0.01).preset
    assert count(Asked(asked("R004").preset, "CNY", {"apparel": gentle}), rows).count == 0
    assert count(Asked(asked("R004").preset, "CNY", {"shoes": gentle}), rows).count == 2
    assert count(Asked(gentle, "CNY", {"apparel": asked("R004").preset}), rows).count == 2


def test_the_seed_fires_where_the_calibrated_one_does_not() -> None:
    stage = Stage()
    reading("M28", 0.05, scope="product:p1")(stage)
    stage.run(60)
    presets = named_presets("R004", Place(), 0)
    rows = kept(stage)
    assert count(Asked(presets["seed"], "CNY"), rows).count == 1
    assert count(Asked(presets["calibrated"], "CNY"), rows).count == 0


def test_hysteresis_and_cool_down_hold_for_the_past_too() -> None:
    stage = Stage()
    for value in (30, 85, 30, 200, 30):
        reading("M45", value)(stage)
        stage.run(400, 5)
    rows = kept(stage)
    assert count(asked("R001"), rows).count == 2, "85 is between the bounds"
    assert count(asked("R001", recover=81), rows).count == 3
    assert count(asked("R001", recover=81, cooldown_s=36_000), rows).count == 1


def test_a_restart_changes_nothing() -> None:
    def run(again: bool) -> list[tuple[int, bytes]]:
        stage = Stage()
        reading("M45", 30)(stage)
        for _ in range(6):
            stage.run(7)
            if again:
                stage.reopen()
        return kept(stage)

    assert run(True) == run(False)


def test_nobodys_words_are_kept() -> None:
    for rule in ("R063", "R065", "R066", "R056"):
        stage = show(next(case for case in CASES if case.rule == rule))
        assert not any("…".encode() in body or "最有效".encode() in body for _, body in kept(stage))


def test_the_demo_is_small_and_agrees_with_what_was_raised(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    unit.db.execute("BEGIN")
    live = Live(unit=unit)
    live.play(default_demo(7), until_s=2400)
    rows: list[Any] = unit.rows("SELECT at, body FROM past_scenes ORDER BY at")
    assert len(rows) >= 470 and sum(len(body) for _, body in rows) < 1_100 * len(rows)
    for rule in ("R001", "R014", "R051"):
        fired = {(cue.subject, cue.when) for cue in of_kind(live.announced, CueRaised, rule) if not cue.escalated_from}
        found = count(asked(rule), rows)
        # By itself no rule waits for another one's cue.
        assert found.count is not None and found.count >= len(fired) > 0, rule


def answered_counts(unit: TestUnit, questions: list[Asked]) -> Counted:
    counts = PastCounts(unit, rest_s=0)
    for _ in range(400):
        found = counts.ask(ROOM, questions)
        if found.done == found.of:
            counts.close()
            return found
        time.sleep(0.005)
    raise AssertionError("never finished")


def test_counts_in_the_background_per_show_and_values(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    unit.db.close()
    import sqlite3

    unit.db = sqlite3.connect(tmp_path / "t.db", isolation_level=None, check_same_thread=False)
    plan = (
        "INSERT INTO shows (org, brand, room, show, title, status, starts_at, started_at, ended_at, version, plan)"
        " VALUES ('o', 'b', ?, ?, ?, ?, ?, ?, ?, 1, '{}')"
    )
    for number, (room, name, status) in enumerate(
        [("r1", "s1", "ended"), ("r1", "s2", "on_air"), ("r1", "old", "ended"), ("r2", "s9", "ended")]
    ):
        unit.write(plan, (room, name, name, status, START, START - number, START + 9))
    stage = show(next(case for case in CASES if case.rule == "R001"))
    save = "INSERT INTO past_scenes (org, brand, room, show, at, body) VALUES ('o','b',?,?,?,?)"
    for at, body in kept(stage):
        for room, name in (("r1", "s1"), ("r1", "s2"), ("r2", "s9")):
            unit.write(save, (room, name, at, body))
    questions = [asked("R001"), asked("R001", below=10)]
    first = PastCounts(unit, rest_s=0).ask(ROOM, questions)
    assert (first.done, first.of) == (1, 3), "the show without scenes is done: nobody can tell"
    found = answered_counts(unit, questions)
    assert [item.show for item in found.shows] == ["old", "s2", "s1"]
    by_show = {item.show: item for item in found.fired[questions[0].key]}
    assert (by_show["s1"].count, by_show["s2"].count) == (2, 2)
    assert (by_show["old"].count, by_show["old"].why) == (None, "not_kept")
    assert [item.count for item in found.fired[questions[1].key]] == [None, 0, 0]
    unit.write("UPDATE past_scenes SET body = ? WHERE show = 's1' AND at = ?", (b"\xc1", kept(stage)[3][0]))
    damaged = answered_counts(unit, questions)
    assert "damaged" in damaged.failed and damaged.done == damaged.of
