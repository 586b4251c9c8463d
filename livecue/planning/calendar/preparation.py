"""What a planned show asks to be done, as tasks with owners and deadlines; and every version of its plan, kept.

A decider of the room. Whether a plan stands is for the shows to say, in the round behind it: until then it waits here.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    CommandApplied,
    CommandRefused,
    Event,
    LineupChanged,
    RundownChanged,
    ShowCancelled,
    ShowEnded,
    ShowPlanned,
    TaskAdded,
    TaskClosed,
)
from livecue.flow import RoomInfo, Unit
from livecue.planning.calendar import tables
from livecue.planning.calendar.steps import Step, steps

KEPT = 60
"""Shows whose preparation is remembered; the oldest are forgotten first."""
_BEFORE = "start"


class Prepared(msgspec.Struct, frozen=True):
    """A show that is being prepared. ``closed``: steps that ended; ``people``: step to the person it was given to."""

    start: int
    end: int
    version: int
    tasks: bool
    host: str = ""
    closed: tuple[str, ...] = ()
    people: dict[str, str] = {}


class State(msgspec.Struct, frozen=True):
    """What waits for its answer, and the shows."""

    room: RoomInfo
    waits: ShowPlanned | RundownChanged | LineupChanged | ShowCancelled | ShowEnded | None = None
    shows: dict[str, Prepared] = {}


class PreparationPicture(msgspec.Struct, frozen=True):
    """Shows in preparation by their start."""

    shows: dict[str, int]


class Preparation:
    """Makes the tasks of the SOP when a show is planned, moves them when it is moved, drops them with it."""

    name: ClassVar[str] = "preparation"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {
            ShowPlanned, RundownChanged, LineupChanged, ShowCancelled, ShowEnded, TaskAdded, TaskClosed,
            CommandApplied, CommandRefused,
        }
    )  # fmt: skip

    def open(self, room: RoomInfo, blob: bytes | None) -> State:
        if not blob:
            return State(room)
        try:
            kept = msgspec.msgpack.decode(blob, type=State)
        except msgspec.DecodeError as error:
            raise BadInput(f"preparation: {error}") from error
        return msgspec.structs.replace(kept, room=room)

    def decide(self, state: State, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> State:
        for event in events:
            if isinstance(event, ShowPlanned | RundownChanged | LineupChanged | ShowCancelled | ShowEnded):
                state = msgspec.structs.replace(state, waits=event)
            elif isinstance(event, CommandApplied | CommandRefused):
                waits = state.waits
                if waits is not None and waits.command == event.command:
                    state = msgspec.structs.replace(state, waits=None)
                    if isinstance(event, CommandApplied):
                        state = _applied(state, waits, unit)
            elif isinstance(event, TaskAdded | TaskClosed):
                state = _task(state, event)
        return state

    def picture(self, state: State, now: int) -> PreparationPicture:
        return PreparationPicture({show: plan.start for show, plan in state.shows.items() if plan.tasks})

    def dump(self, state: State) -> bytes:
        return msgspec.msgpack.encode(state)


def task_of(show: str, step: str) -> str:
    """The id of the task that a step of a show is."""
    return f"{show}/{step}"


def _applied(
    state: State, event: ShowPlanned | RundownChanged | LineupChanged | ShowCancelled | ShowEnded, unit: Unit
) -> State:
    known = state.shows.get(event.show)
    if isinstance(event, ShowPlanned):
        hosts = sorted({item.host for item in event.segments if item.host}.union(event.hosts))
        plan = Prepared(
            start=event.starts_at, end=event.ends_at, version=(known.version if known else 0) + 1,
            tasks=event.ends_at > 0 and event.prepares, host=hosts[0] if len(hosts) == 1 else "",
            closed=known.closed if known else (), people=known.people if known else {},
        )  # fmt: skip
        _keep(state, event, plan.version, unit)
        if plan.tasks:
            _tell(state, event.show, plan, unit, steps())
        return _with(state, event.show, plan)
    if known is None:
        return state
    if isinstance(event, RundownChanged | LineupChanged):
        version = event.version or known.version
        _keep(state, event, version, unit)
        changed = msgspec.structs.replace(known, version=version)
        if isinstance(event, RundownChanged) and known.tasks and event.ends_at not in (0, known.end):
            changed = msgspec.structs.replace(changed, end=max(event.ends_at, known.end))
            _tell(state, event.show, changed, unit, [step for step in steps() if step.origin != _BEFORE])
        return _with(state, event.show, changed)
    if known.tasks:
        cancelled = isinstance(event, ShowCancelled)
        for step in steps():
            if step.id not in known.closed and (cancelled or step.origin == _BEFORE):
                outcome = "dropped" if cancelled else "missed"
                unit.announce(TaskClosed(task=task_of(event.show, step.id), outcome=outcome))
        if isinstance(event, ShowEnded):
            ended = msgspec.structs.replace(known, end=unit.now)
            _tell(state, event.show, ended, unit, [step for step in steps() if step.origin != _BEFORE])
    return msgspec.structs.replace(state, shows={name: p for name, p in state.shows.items() if name != event.show})


def _tell(state: State, show: str, plan: Prepared, unit: Unit, which: Sequence[Step]) -> None:
    english = state.room.language == "en"
    for step in which:
        if step.id in plan.closed:
            continue
        unit.announce(
            TaskAdded(
                task=task_of(show, step.id),
                title=step.en if english else step.zh,
                role=step.role,
                person=plan.people.get(step.id, plan.host if step.role == "host" else ""),
                show=show,
                due_at=step.due(plan.start, plan.end),
                cause=f"sop:{step.id}",
                after=tuple(task_of(show, first) for first in step.after),
            )
        )


def _task(state: State, event: TaskAdded | TaskClosed) -> State:
    show, _, step = event.task.rpartition("/")
    known = state.shows.get(show)
    if known is None or all(item.id != step for item in steps()):
        return state
    if isinstance(event, TaskClosed):
        closed = tuple(sorted({*known.closed, step}))
        return _with(state, show, msgspec.structs.replace(known, closed=closed))
    # A person gave the task to somebody: the next move of the show keeps them.
    return _with(state, show, msgspec.structs.replace(known, people={**known.people, step: event.person}))


def _with(state: State, show: str, plan: Prepared) -> State:
    shows = {**{name: kept for name, kept in state.shows.items() if name != show}, show: plan}
    for name in sorted(shows, key=lambda item: shows[item].start)[: max(0, len(shows) - KEPT)]:
        del shows[name]
    return msgspec.structs.replace(state, shows=shows)


def _keep(state: State, event: ShowPlanned | RundownChanged | LineupChanged, version: int, unit: Unit) -> None:
    plan: dict[str, Any] = {}
    if isinstance(event, ShowPlanned):
        plan = {
            "title": event.title,
            "starts_at": event.starts_at,
            "ends_at": event.ends_at,
            "segments": event.segments,
            "products": event.products,
            "goals": event.goals,
        }
    elif isinstance(event, RundownChanged):
        plan = {"segments": event.segments}
    else:
        plan = {"products": event.products}
    room = state.room
    row = (room.org, room.brand, room.room, event.show, version, unit.now, event.by, type(event).__name__)
    unit.write(tables.SAVE_VERSION, (*row, msgspec.json.encode(plan).decode()))
