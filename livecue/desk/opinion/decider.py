"""The decider of public opinion (R063, R064): reads the signs, and keeps the flow of a case. People decide."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.desk.opinion.presets import preset_at
from livecue.desk.opinion.signs import read
from livecue.desk.opinion.state import OpinionPicture, OpinionState, State, picture_of
from livecue.desk.opinion.turn import COMMANDS, Turn
from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommentJudged,
    CommentPosted,
    Event,
    StreamPaused,
    StreamResumed,
    TaskClosed,
)
from livecue.flow import RoomInfo, Unit

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(State).decode


class Opinion:
    """Who decides, pause, statement, evidence, after-care: each step with a name under it."""

    name: ClassVar[str] = "opinion"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ClockTicked, CommentPosted, CommentJudged, StreamPaused, StreamResumed, TaskClosed, *COMMANDS}
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> OpinionState:
        """The first state, or the one from the snapshot. Raises ``BadInput`` on a damaged blob."""
        try:
            return OpinionState(room, _decode(blob) if blob else State())
        except msgspec.DecodeError as error:
            raise BadInput(f"snapshot of opinion of room {room.room} is damaged: {error}") from error

    def decide(
        self, state: OpinionState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> OpinionState:
        """Note what is said, apply what people decide; read the signs on the tick."""
        turn = Turn(state, unit)
        for event in events:
            if isinstance(event, CommentPosted):
                turn.said(event)
                continue
            if isinstance(event, CommentJudged):
                turn.judged(event)
                continue
            turn.settle()
            if isinstance(event, ClockTicked):
                turn.ticked(pictures.get("shows"))
            elif isinstance(event, StreamPaused | StreamResumed):
                turn.stream(event)
            elif isinstance(event, TaskClosed):
                turn.task(event)
            else:
                turn.asked(event)  # type: ignore[arg-type]  # one of COMMANDS
        return turn.state()

    def picture(self, state: OpinionState, now: int) -> OpinionPicture:
        """What the screens show at room time ``now``."""
        preset = preset_at(now)
        kept = state.kept
        return picture_of(kept, read(kept.complaints, kept.counts, now, preset), preset)

    def dump(self, state: OpinionState) -> bytes:
        """What outlives the process."""
        return _encode(state.kept)
