"""Tasks, and improvements that go from one show's debrief into the next show's plan."""

from pathlib import Path

from livecue.events import (
    CommandApplied,
    CommandRefused,
    ImprovementDecided,
    ImprovementProposed,
    ShowPlanned,
    TaskAdded,
    TaskClosed,
)
from livecue.work import Work, list_improvements
from tests.folding import ROOM, TestUnit


def test_an_improvement_is_carried_into_the_next_plan(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    work = Work(ROOM, None)
    work.fold(
        [
            ImprovementProposed(improvement="i", title="换逼单话术", role="host", show="s1", rule="R005"),
            ImprovementProposed(improvement="j", title="补库存", role="selector", show="s1"),
            ImprovementDecided(improvement="i", state="accepted", person="p", command="1"),
            ShowPlanned(command="p", show="s2", title="下一场", starts_at=0, carried=("i",)),
        ],
        unit,
    )
    # The shows say in the next round whether the plan stands.
    work = Work(ROOM, work.dump())
    work.fold([CommandApplied(command="p")], unit)
    resumed = Work(ROOM, work.dump())
    assert {i.improvement: (i.state, i.person, i.carried_to) for i in resumed.picture(0).improvements} == {
        "i": ("carried", "p", "s2"),
        "j": ("proposed", "", ""),
    }
    assert [i.improvement for i in list_improvements(unit, "r1", "s2")] == ["i"]
    assert len(list_improvements(unit, "r1", "s1")) == 2
    resumed.fold([ImprovementDecided(improvement="i", state="done", command="2")], unit)
    assert [i.improvement for i in resumed.picture(0).improvements] == ["j"]


def test_a_refused_plan_takes_nothing_up(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    work = Work(ROOM, None)
    plan = ShowPlanned(command="p", show="s2", title="下一场", starts_at=0, carried=("i",))
    work.fold([ImprovementProposed(improvement="i", title="换逼单话术", show="s1"), plan], unit)
    work.fold([CommandRefused(command="p", code="already_ran", why="")], unit)
    work.fold([CommandApplied(command="p")], unit)
    assert [(i.state, i.carried_to) for i in work.picture(0).improvements] == [("proposed", "")]
    assert [i.state for i in list_improvements(unit, "r1")] == ["proposed"]


def test_what_is_closed_cannot_be_closed_again(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    work = Work(ROOM, None)
    work.fold(
        [
            TaskAdded(task="t", title="备样", command="1"),
            TaskClosed(task="t", command="2"),
            TaskClosed(task="t", command="3"),
            TaskAdded(task="u", title="  ", command="4"),
            ImprovementDecided(improvement="none", state="done", command="5"),
        ],
        unit,
    )
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [
        ("3", "not_open"),
        ("4", "incomplete"),
        ("5", "not_open"),
    ]
    assert work.picture(0).tasks == []
