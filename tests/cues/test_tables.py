"""The rows: every cue with its whole life, signals that became none, thresholds; each brand sees its own."""

from pathlib import Path

from livecue.cues import count_fired, list_cues, list_thresholds
from livecue.events import ClockTicked, CueAnswerGiven, CueRaised, ThresholdSet
from livecue.sales import StockView
from tests.cues.stage import Stage, of_kind
from tests.folding import TestUnit


def lived(path: Path) -> tuple[Stage, TestUnit]:
    """A room with a followed cue, a dismissed one, an escalated one and a signal kept back."""
    unit = TestUnit(path / "t.db")
    stage = Stage()
    unit.now = stage.now
    stage.unit = unit  # type: ignore[assignment]  # writes into a real database
    stage.set("M45", 50)
    (first,) = of_kind(stage.run(5), CueRaised, "R001")
    stage.stock = [StockView(sku="p1-a", product="p1", on_hand=40, reserved=0, known=True)]
    stage.run(10)
    stage.feed(CueAnswerGiven(cue=first.cue, answer="seen", command="k1", by="host-1"))
    stage.run(2)
    stage.feed(CueAnswerGiven(cue=first.cue, answer="done", command="k2", by="host-1"))
    said = stage.run(100)
    second = of_kind(said, CueRaised, "R031")[0]
    stage.feed(CueAnswerGiven(cue=second.cue, answer="dismissed", reason="还有货", command="k3", by="host-1"))
    stage.feed(ThresholdSet(rule="R001", values={"below": 60}, preset="seed", command="k4", by="ops-1"))
    stage.run(1200, 5)
    return stage, unit


def test_a_row_tells_the_whole_life(tmp_path: Path) -> None:
    stage, unit = lived(tmp_path)
    rows = {row.rule: row for row in list_cues(unit, "o", "b") if not row.escalated_from}
    first = rows["R001"]
    assert (first.room, first.show, first.role, first.person, first.state) == ("r1", "s1", "host", "host-1", "done")
    assert 0 < first.raised_at == first.delivered_at < first.seen_at < first.ended_at < first.judged_at
    assert first.seen_at + 2_000 == first.ended_at
    assert (first.verdict, first.why, first.metric, first.answered_by) == (
        "too_little_data",
        "short_history",
        "M41",
        "host-1",
    )
    assert first.facts["M45"] == 50 and first.interrupting is True
    dismissed = rows["R031"]
    assert (dismissed.state, dismissed.reason, dismissed.verdict) == ("dismissed", "还有货", "not_followed")
    escalated = [row for row in list_cues(unit, "o", "b", "r1", "s1") if row.rule == "R030"]
    assert [row.role for row in escalated] == ["ops", "supply", "selector"]
    assert escalated[2].escalated_to == "supply" and escalated[1].escalated_from == escalated[2].cue
    views = {view.cue: view for view in stage.picture().cues}
    assert all(views[row.cue].state == row.state for row in rows.values())


def test_counts_by_rule_and_show(tmp_path: Path) -> None:
    _, unit = lived(tmp_path)
    counts = {item.rule: item for item in count_fired(unit, "o", "b", "r1")}
    assert (counts["R001"].raised, counts["R001"].done, counts["R001"].useful) == (1, 1, 0)
    assert (counts["R031"].dismissed, counts["R031"].noticed) == (1, 2), "busy first, then the gap"
    assert counts["R030"].raised == 1, "an escalation is not another firing"


def test_brands_do_not_see_each_other(tmp_path: Path) -> None:
    _, unit = lived(tmp_path)
    assert not list_cues(unit, "o", "other") and not list_cues(unit, "other", "b")
    assert not count_fired(unit, "o", "other") and not list_thresholds(unit, "o", "other", "r1")
    assert not list_cues(unit, "o", "b", "r2") and not list_cues(unit, "o", "b", show="s9")
    assert len(list_cues(unit, "o", "b", limit=2)) == 2


def test_thresholds_are_kept_with_who_and_when(tmp_path: Path) -> None:
    stage, unit = lived(tmp_path)
    (row,) = list_thresholds(unit, "o", "b", "r1")
    assert (row.rule, row.preset, row.values, row.off, row.set_by) == ("R001", "seed", {"below": 60.0}, False, "ops-1")
    assert 0 < row.valid_from == row.set_at <= stage.now


def test_a_row_written_again_is_one_row(tmp_path: Path) -> None:
    stage, unit = lived(tmp_path)
    before = list_cues(unit, "o", "b")
    stage.reopen()
    stage.unit.now += 250
    stage.state = stage.cues.decide(stage.state, [ClockTicked(now=stage.now)], stage.pictures(), stage.unit)
    assert list_cues(unit, "o", "b") == before and len({row.cue for row in before}) == len(before)


def test_settings_of_one_moment_keep_their_order(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    stage = Stage()
    unit.now = stage.now
    stage.unit = unit  # type: ignore[assignment]  # writes into a real database
    for command in ("z", "m", "a", "k"):
        stage.feed(ThresholdSet(rule="R001", values={"below": 60}, command=command, by="ops-1"))
    assert [row.command for row in list_thresholds(unit, "o", "b", "r1")] == ["z", "m", "a", "k"]
