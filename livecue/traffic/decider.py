"""The decider of the traffic emergency (R007, R009, R010): notices, prepares, follows; people verify and act."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    Event,
    TaskClosed,
    TrafficPlanSet,
    TrafficStepAsked,
    TrafficVerified,
    WakeGroup,
)
from livecue.flow import RoomInfo, Unit
from livecue.traffic.machine import ENDS, Emergency, Look
from livecue.traffic.turn import Turn


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that outlives the process."""

    groups: tuple[WakeGroup, ...] = ()
    places: tuple[str, ...] = ()
    extra_budget: int = 0
    break_even: float = 0.0
    woken: dict[str, int] = {}
    show: str = ""
    began_at: int = 0
    slots: dict[int, float] = {}
    shows: int = 0
    """How many like shows the slots are made of."""
    minute: int = 0
    under: int = 0
    """Minutes in a row under the line."""
    outside: int = 0
    lowest: float = -1.0
    heard: float = 0.0
    expected: float = 0.0
    """Entries so far, and those of the baseline for the same slots."""
    slot: int = 0
    look: Look = Look()
    emergencies: tuple[Emergency, ...] = ()
    reported: str = ""


class TrafficState(msgspec.Struct, frozen=True):
    """The room and what is kept of it."""

    room: RoomInfo
    kept: Kept


class SourceView(msgspec.Struct, frozen=True):
    """A source of entries: the last 5 minutes beside the 10 before (as 5); None unknown."""

    via: str
    now: float | None
    before: float | None


class TrafficPicture(msgspec.Struct, frozen=True):
    """What the screens show: the figures, what is prepared, the open emergency."""

    look: Look
    emergency: Emergency | None
    groups: tuple[WakeGroup, ...]
    places: tuple[str, ...]
    extra_budget: int
    break_even: float
    like_shows: int
    line: float
    past: int
    """Emergencies of this show that are over."""


class Traffic:
    """Detect against the baseline, verify the source, prepare diversion and waking, recover, report."""

    name: ClassVar[str] = "traffic"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ClockTicked, TrafficPlanSet, TrafficVerified, TrafficStepAsked, TaskClosed}
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> TrafficState:
        """The first state, or the one from the snapshot. Raises ``BadInput`` on a damaged blob."""
        try:
            return TrafficState(room, msgspec.msgpack.decode(blob, type=Kept) if blob else Kept())
        except msgspec.DecodeError as error:
            raise BadInput(f"snapshot of traffic of room {room.room} is damaged: {error}") from error

    def decide(
        self, state: TrafficState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> TrafficState:
        """Read the figures on the tick; apply what people decide."""
        turn = Turn(state.room, state.kept, pictures, unit)
        for event in events:
            if isinstance(event, ClockTicked):
                turn.ticked()
            elif isinstance(event, TaskClosed):
                turn.task(event)
            else:
                turn.asked(event)  # type: ignore[arg-type]  # one of the commands
        return state if turn.kept is state.kept else TrafficState(state.room, turn.kept)

    def picture(self, state: TrafficState, now: int) -> TrafficPicture:
        """What the screens show."""
        from livecue.traffic.presets import preset_at

        kept = state.kept
        mine = [item for item in kept.emergencies if item.show == kept.show]
        return TrafficPicture(
            kept.look,
            next((item for item in mine if item.state not in ENDS), None),
            kept.groups,
            kept.places,
            kept.extra_budget,
            kept.break_even,
            kept.shows,
            preset_at(now).line,
            sum(item.state in ENDS for item in mine),
        )

    def dump(self, state: TrafficState) -> bytes:
        """What outlives the process."""
        return msgspec.msgpack.encode(state.kept)
