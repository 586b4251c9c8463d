"""The decider of the desk: judges every comment once, keeps what is asked and what still waits."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.desk.products import Lineup
from livecue.desk.state import DeskPicture, DeskState, Kept, picture_of
from livecue.desk.triage import shipped_model
from livecue.desk.turn import Turn, due
from livecue.errors import BadInput
from livecue.events import (
    ClockTicked,
    CommentPosted,
    Event,
    ProductDelisted,
    ProductListed,
    ProductPinned,
    ProductUnpinned,
    QuestionAnswered,
    SourceBack,
    SourceGone,
    SpeechHeard,
    TextFlagged,
    ThresholdSet,
)
from livecue.flow import RoomInfo, Unit
from livecue.reference import DESK_VERSION
from livecue.shows import ShowsPicture

_SHELF = (ProductPinned, ProductUnpinned, ProductListed, ProductDelisted)
_SPEECH = (SpeechHeard, SourceGone, SourceBack)
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode


class Desk:
    """First step of the desk: triage, hot questions, what the host should hear. Proposes, never hides by itself."""

    name: ClassVar[str] = "desk"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ClockTicked, CommentPosted, TextFlagged, QuestionAnswered, ThresholdSet, *_SHELF, *_SPEECH}
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> DeskState:
        """The first state, or the one from the snapshot. Raises ``BadInput`` on a damaged blob."""
        try:
            kept = _decode(blob) if blob else Kept()
        except msgspec.DecodeError as error:
            raise BadInput(f"snapshot of desk of room {room.room} is damaged: {error}") from error
        return DeskState(room, kept, Lineup(kept.products, kept.listed))

    def decide(self, state: DeskState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> DeskState:
        """Judge what was said, take answers; on a tick follow the show and forget what is too old."""
        if type(events[0]) is ClockTicked:
            shows: ShowsPicture | None = pictures.get("shows")
            if not due(state.kept, shows, unit.now):
                return state
            turn = Turn(state, unit)
            turn.ticked(unit.now, shows)
            return turn.state()
        turn = Turn(state, unit)
        said: list[CommentPosted] = []
        for event in events:
            if isinstance(event, CommentPosted):
                if not event.by_host:
                    said.append(event)
                continue
            if said:
                # Whatever follows may change what is shown or who waits: words are judged in their place.
                turn.comments(said)
                said = []
            if isinstance(event, TextFlagged):
                turn.flagged(event)
            elif isinstance(event, QuestionAnswered):
                turn.answered(event)
            elif isinstance(event, _SHELF):
                turn.shelf(event)
            elif isinstance(event, _SPEECH):
                turn.speech(event)
            elif isinstance(event, ThresholdSet):
                turn.threshold(event)
        if said:
            turn.comments(said)
        return turn.state()

    def rules(self, room: RoomInfo) -> str:
        """The model that judges, and the shipped bounds of what is made of its judgement."""
        return f"{shipped_model().version}.{DESK_VERSION}"

    def picture(self, state: DeskState, now: int) -> DeskPicture:
        """What the screens show at room time ``now``."""
        return picture_of(state.kept, now, state.bounds_at(now)[0])

    def dump(self, state: DeskState) -> bytes:
        """What outlives the process."""
        return _encode(state.kept)
