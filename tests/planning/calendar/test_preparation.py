"""The SOP's steps as tasks: made with the plan, moved with it, dropped with it; circles are refused."""

from pathlib import Path

import pytest

from livecue.events import (
    CommandApplied,
    CommandRefused,
    Event,
    RundownChanged,
    SegmentPlan,
    ShowCancelled,
    ShowEnded,
    ShowPlanned,
    TaskAdded,
    TaskClosed,
)
from livecue.planning.calendar import Preparation, steps, task_of
from livecue.work import Work, list_tasks
from tests.folding import ROOM, TestUnit

HOUR = 3_600_000
START = 1_790_000_000_000


class Room:
    """Preparation and work as the pump lets them hear each other."""

    def __init__(self, path: Path) -> None:
        self.unit = TestUnit(path)
        self.preparation = Preparation()
        self.state = self.preparation.open(ROOM, None)
        self.work = Work(ROOM, None)

    def tell(self, event: Event, applied: bool = True) -> list[Event]:
        self.unit.announced.clear()
        command = getattr(event, "command", "")
        answer = CommandApplied(command=command) if applied else CommandRefused(command=command, code="x", why="")
        self.state = self.preparation.decide(self.state, [event], {}, self.unit)
        self.state = self.preparation.decide(self.state, [answer], {}, self.unit)
        said = list(self.unit.announced)
        self.work.fold([e for e in (event, *said) if type(e) in self.work.kinds], self.unit)
        # What is remembered survives a snapshot.
        self.state = self.preparation.open(ROOM, self.preparation.dump(self.state))
        return said

    def open(self) -> dict[str, tuple[int, str]]:
        return {t.task.partition("/")[2]: (t.due_at, t.person) for t in list_tasks(self.unit, "r1", "s", closed=False)}


def plan(start: int = START, **more: object) -> ShowPlanned:
    given = {
        "command": f"p{start}",
        "show": "s",
        "title": "晚场",
        "starts_at": start,
        "ends_at": start + 2 * HOUR,
        **more,
    }
    return ShowPlanned(**given)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "t.db")


def test_a_plan_brings_its_tasks_with_owners_and_deadlines(room: Room) -> None:
    said = room.tell(plan(hosts=("小雨",)))
    assert len(said) == len(steps()) == 11
    found = room.open()
    assert found["rehearsal"] == (START - 48 * HOUR, "小雨")
    assert found["script_gate"][0] == START - 24 * HOUR
    assert found["review"][0] == START + 3 * HOUR
    assert found["data_review"][0] == START + 26 * HOUR
    tasks = {t.task: t for t in room.work.picture(0).tasks}
    assert tasks[task_of("s", "rehearsal")].after == ("s/script",)
    assert {t.role for t in tasks.values()} == {"selector", "ops", "host", "legal", "floor"}
    assert {t.cause for t in tasks.values()} == {f"sop:{step.id}" for step in steps()}


def test_moving_the_show_moves_what_is_open(room: Room) -> None:
    room.tell(plan())
    room.tell(TaskClosed(task="s/selection", command="c1"))
    room.tell(TaskAdded(task="s/script", title="脚本", role="ops", person="老王", show="s", command="c2"))
    said = room.tell(plan(START + 24 * HOUR, version=2))
    assert all(isinstance(event, TaskAdded) for event in said)
    found = room.open()
    assert "selection" not in found, "what is done stays done"
    assert found["script"] == (START + 24 * HOUR - 72 * HOUR, "老王")
    assert found["rehearsal"][0] == START - 24 * HOUR


def test_a_refused_plan_makes_nothing(room: Room) -> None:
    assert room.tell(plan(), applied=False) == []
    assert room.open() == {}
    assert room.unit.rows("SELECT * FROM plan_versions") == []


def test_plans_of_programs_bring_no_tasks(room: Room) -> None:
    assert room.tell(plan(ends_at=0)) == []
    assert room.tell(plan(prepares=False)) == []


def test_calling_off_drops_and_ending_sets_the_review(room: Room) -> None:
    room.tell(plan())
    room.tell(ShowCancelled(command="x", show="s"))
    assert room.open() == {}
    assert {t.state for t in list_tasks(room.unit, "r1", "s")} == {"dropped"}
    other = Room(Path(str(room.unit.db.execute("PRAGMA database_list").fetchone()[2]) + "2"))
    other.tell(plan())
    other.unit.now = START + 5 * HOUR
    other.tell(ShowEnded(command="e", show="s"))
    assert other.open() == {"review": (START + 6 * HOUR, ""), "data_review": (START + 29 * HOUR, "")}
    assert "missed" in {t.state for t in list_tasks(other.unit, "r1", "s")}


def test_every_version_of_a_plan_is_kept(room: Room) -> None:
    room.tell(plan())
    segment = SegmentPlan(segment="a", part="pitch", duration_s=60)
    room.tell(RundownChanged(command="r", show="s", version=2, segments=(segment,), by="老王"))
    rows = room.unit.rows("SELECT version, kind, made_by FROM plan_versions ORDER BY version")
    assert rows == [(1, "ShowPlanned", ""), (2, "RundownChanged", "老王")]


def test_circular_tasks_are_refused(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    work = Work(ROOM, None)
    work.fold(
        [
            TaskAdded(task="a", title="甲", after=("b",), command="1"),
            TaskAdded(task="b", title="乙", after=("c",), command="2"),
            TaskAdded(task="c", title="丙", after=("a",), command="3"),
            TaskAdded(task="d", title="丁", after=("d",), command="4"),
            TaskClosed(task="a", command="5"),
        ],
        unit,
    )
    assert [(e.command, e.code) for e in unit.said(CommandRefused)] == [
        ("3", "circular"),
        ("4", "circular"),
        ("5", "not_yet"),
    ]
    assert [t.task for t in list_tasks(unit, "r1")] == ["a", "b"]
    assert list_tasks(unit, "r1")[0].after == ("b",)
    work.fold([TaskClosed(task="b", command="6"), TaskClosed(task="a", command="7")], unit)
    assert work.picture(0).tasks == []


def test_a_task_that_comes_back_is_open_again(tmp_path: Path) -> None:
    unit = TestUnit(tmp_path / "t.db")
    work = Work(ROOM, None)
    work.fold([TaskAdded(task="a", title="甲"), TaskClosed(task="a"), TaskAdded(task="a", title="甲")], unit)
    assert [(t.state, t.closed_at) for t in list_tasks(unit, "r1")] == [("open", 0)]
