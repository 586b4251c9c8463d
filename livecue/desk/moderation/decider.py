"""The decider of moderation: nothing on a comment or its writer leaves past the law's line. It never acts by itself."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.desk.moderation.presets import preset_at
from livecue.desk.moderation.state import Kept, ModerationPicture, ModerationState, picture_of
from livecue.desk.moderation.turn import Turn
from livecue.errors import BadInput
from livecue.events import (
    ActionDone,
    ActionFailed,
    ActionReleased,
    ActionUncertain,
    ClockTicked,
    CommentHidden,
    CommentJudged,
    CommentPinned,
    CommentPosted,
    CommentShown,
    CommentUnpinned,
    Event,
    ModerationAsked,
    ViewerMuted,
    ViewerUnmuted,
)
from livecue.flow import RoomInfo, Unit

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Kept).decode
_PLATFORM = (CommentHidden, CommentShown, CommentPinned, CommentUnpinned, ViewerMuted, ViewerUnmuted)
_FATE = (ActionDone, ActionFailed, ActionUncertain, ActionReleased)


class Moderation:
    """Checks what people ask for, keeps its trail, and tells accounts that spam from crowds that are excited."""

    name: ClassVar[str] = "moderation"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset(
        {ClockTicked, CommentPosted, CommentJudged, ModerationAsked, *_PLATFORM, *_FATE}
    )

    def open(self, room: RoomInfo, blob: bytes | None) -> ModerationState:
        """The first state, or the one from the snapshot. Raises ``BadInput`` on a damaged blob."""
        try:
            return ModerationState(room, _decode(blob) if blob else Kept())
        except msgspec.DecodeError as error:
            raise BadInput(f"snapshot of moderation of room {room.room} is damaged: {error}") from error

    def decide(
        self, state: ModerationState, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit
    ) -> ModerationState:
        """Note what is said, answer what is asked; look at the crowd on the tick."""
        turn = Turn(state, unit)
        for event in events:
            if isinstance(event, CommentPosted):
                turn.said(event)
            elif isinstance(event, CommentJudged):
                turn.judged(event)
            elif isinstance(event, ClockTicked):
                turn.ticked(pictures.get("shows"))
            elif isinstance(event, ModerationAsked):
                turn.asked(event)
            elif isinstance(event, _PLATFORM):
                turn.told(event)
            elif isinstance(event, _FATE):
                turn.fate(event)
        return turn.state()

    def picture(self, state: ModerationState, now: int) -> ModerationPicture:
        """What the screens show at room time ``now``."""
        return picture_of(state.kept, preset_at(now).reasons, now)

    def dump(self, state: ModerationState) -> bytes:
        """What outlives the process."""
        return _encode(state.kept)
