"""The ledger of what is to be done in one room: tasks, and the improvements that go from show to show."""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandAsked,
    CommandRefused,
    Event,
    ImprovementDecided,
    ImprovementProposed,
    ShowPlanned,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import RoomInfo, Unit
from livecue.store import Reader
from livecue.work import tables

STATES = {"accepted", "rejected", "done", "carried"}
_OPEN = {"proposed", "accepted", "carried"}


class Task(msgspec.Struct, frozen=True):
    """An open task; ``due_at`` room ms, 0 is none."""

    task: str
    title: str
    role: str
    person: str
    show: str
    due_at: int
    cause: str
    made_at: int
    after: tuple[str, ...] = ()
    """Tasks that must be done first."""


class TaskRow(Task, frozen=True):
    """A task as kept; ``state`` open or how it ended: done, dropped, missed ..."""

    state: str = "open"
    note: str = ""
    closed_at: int = 0
    closed_by: str = ""
    """The person; "" where nobody told."""

    @property
    def of_case(self) -> bool:
        """Whether a case of public opinion (R064) or a traffic emergency (R009) asked for it."""
        return self.cause.startswith(("R064 ", "R009 "))


class Improvement(msgspec.Struct, frozen=True):
    """An item of the improvement list F07. ``carried_to`` is the show whose plan takes it up."""

    improvement: str
    title: str
    role: str
    person: str
    show: str
    rule: str
    evidence: str
    due_at: int
    made_at: int
    state: str = "proposed"
    carried_to: str = ""
    note: str = ""
    title_zh: str = ""
    """In both languages what a debrief proposed; "" where a person wrote it."""
    title_en: str = ""
    evidence_zh: str = ""
    evidence_en: str = ""


class WorkPicture(msgspec.Struct, frozen=True):
    """What is open, oldest first."""

    tasks: list[Task]
    improvements: list[Improvement]


class _Asked(msgspec.Struct, frozen=True):
    """A plan that was asked for and not answered yet."""

    command: str
    show: str
    carried: tuple[str, ...]


class _State(msgspec.Struct):
    tasks: dict[str, Task] = {}
    improvements: dict[str, Improvement] = {}
    asked: _Asked | None = None


class Work:
    """Remembers tasks and improvements."""

    name: ClassVar[str] = "work"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            TaskAdded, TaskClosed, ImprovementProposed, ImprovementDecided, ShowPlanned, CommandApplied, CommandRefused,
        }
    )  # fmt: skip

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"work: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        for event in events:
            if isinstance(event, TaskAdded):
                self._add(event, unit)
            elif isinstance(event, TaskClosed):
                self._close(event, unit)
            elif isinstance(event, ImprovementProposed):
                self._propose(event, unit)
            elif isinstance(event, ImprovementDecided):
                self._decide(event, unit)
            elif isinstance(event, ShowPlanned):
                # Whether the plan stands is for the shows to say: in the round after this one.
                self._state.asked = _Asked(event.command, event.show, event.carried)
            elif isinstance(event, CommandApplied | CommandRefused):
                self._answered(event, unit)

    def _add(self, event: TaskAdded, unit: Unit) -> None:
        if not event.title.strip():
            return _answer(event, unit, "incomplete", "a task needs a title")
        if self._leads_back(event.task, event.after):
            return _answer(event, unit, "circular", "these tasks wait for each other; take one of them out")
        room = self._room
        made = self._state.tasks[event.task].made_at if event.task in self._state.tasks else unit.now
        task = Task(
            event.task, event.title, event.role, event.person, event.show, event.due_at, event.cause, made,
            event.after,
        )  # fmt: skip
        self._state.tasks[event.task] = task
        row = (*msgspec.structs.astuple(task)[:8], "\n".join(task.after))
        unit.write(tables.SAVE_TASK, (room.org, room.brand, room.room, *row))
        return _answer(event, unit)

    def _leads_back(self, task: str, after: Sequence[str]) -> bool:
        """Whether ``task`` waits for itself once it waits for ``after``."""
        seen: set[str] = set()
        waits = list(after)
        while waits:
            one = waits.pop()
            if one == task:
                return True
            if one not in seen and one in self._state.tasks:
                seen.add(one)
                waits.extend(self._state.tasks[one].after)
        return False

    def _close(self, event: TaskClosed, unit: Unit) -> None:
        known = self._state.tasks.get(event.task)
        first = [self._state.tasks[one] for one in (known.after if known else ()) if one in self._state.tasks]
        if first and event.outcome == "done" and event.command:
            return _answer(event, unit, "not_yet", f"first comes: {first[0].title}")
        if self._state.tasks.pop(event.task, None) is None:
            return _answer(event, unit, "not_open", "this task is closed already, or was never there")
        unit.write(tables.CLOSE_TASK, (event.outcome, event.note, unit.now, event.by, self._room.room, event.task))
        return _answer(event, unit)

    def _propose(self, event: ImprovementProposed, unit: Unit) -> None:
        if not event.title.strip():
            return _answer(event, unit, "incomplete", "an improvement needs a title")
        room = self._room
        item = Improvement(
            event.improvement, event.title, event.role, event.person, event.show, event.rule, event.evidence,
            event.due_at, unit.now, title_zh=event.title_zh, title_en=event.title_en, evidence_zh=event.evidence_zh,
            evidence_en=event.evidence_en,
        )  # fmt: skip
        self._state.improvements[event.improvement] = item
        told = msgspec.structs.astuple(item)
        unit.write(tables.SAVE_IMPROVEMENT, (room.org, room.brand, room.room, *told[:9], *told[12:]))
        return _answer(event, unit)

    def _decide(self, event: ImprovementDecided, unit: Unit) -> None:
        item = self._state.improvements.get(event.improvement)
        if item is None:
            return _answer(event, unit, "not_open", "this improvement is closed already, or was never there")
        if event.state not in STATES:
            return _answer(event, unit, "bad_state", f"decide one of {', '.join(sorted(STATES))}")
        self._move(item, event.state, event.person or item.person, event.show or item.carried_to, event.note, unit)
        return _answer(event, unit)

    def _answered(self, event: CommandApplied | CommandRefused, unit: Unit) -> None:
        asked = self._state.asked
        if asked is None or asked.command != event.command:
            return
        self._state.asked = None
        if isinstance(event, CommandRefused):
            return
        # The plan of a show names what it takes up; this closes the loop from debrief to plan.
        for improvement in asked.carried:
            item = self._state.improvements.get(improvement)
            if item is not None and item.carried_to != asked.show:
                self._move(item, "carried", item.person, asked.show, item.note, unit)

    def _move(self, item: Improvement, state: str, person: str, show: str, note: str, unit: Unit) -> None:
        moved = msgspec.structs.replace(item, state=state, person=person, carried_to=show, note=note)
        if state in _OPEN:
            self._state.improvements[item.improvement] = moved
        else:
            del self._state.improvements[item.improvement]
        unit.write(tables.DECIDE_IMPROVEMENT, (state, person, show, note, unit.now, self._room.room, item.improvement))

    def picture(self, now: int) -> WorkPicture:
        return WorkPicture(list(self._state.tasks.values()), list(self._state.improvements.values()))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


def _answer(event: CommandAsked, unit: Unit, code: str = "", why: str = "") -> None:
    if not event.command:
        return
    if code:
        unit.announce(CommandRefused(command=event.command, code=code, why=why))
    else:
        unit.announce(CommandApplied(command=event.command))


def list_tasks(db: Reader, room: str, show: str = "", closed: bool = True) -> list[TaskRow]:
    """Tasks of a room, or of one show, by deadline; those without one first."""
    return [_task_of(row) for row in db.rows(tables.LIST_TASKS, (room, show, show, int(closed)))]


def find_task(db: Reader, room: str, task: str) -> TaskRow | None:
    """One task, open or closed."""
    return next((_task_of(row) for row in db.rows(tables.FIND_TASK, (room, task))), None)


def _task_of(r: Sequence[Any]) -> TaskRow:
    return TaskRow(
        task=r[0], title=r[1], role=r[2], person=r[3], show=r[4], due_at=r[5], cause=r[6], made_at=r[7],
        after=tuple(filter(None, r[8].split("\n"))), state=r[9], note=r[10], closed_at=r[11], closed_by=r[12],
    )  # fmt: skip


def list_improvements(db: Reader, room: str, show: str | None = None) -> list[Improvement]:
    """Improvements of a room: all, or those a show brought forth or took up."""
    rows = (
        db.rows(tables.LIST_IMPROVEMENTS, (room,))
        if show is None
        else db.rows(tables.SHOW_IMPROVEMENTS, (room, show, show))
    )
    return [Improvement(*r[1:]) for r in rows]
