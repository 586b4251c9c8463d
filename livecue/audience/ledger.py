"""The ledger of the audience in one room: words and gifts are rows, unknown messages are kept and counted."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from livecue.audience import tables
from livecue.errors import BadInput
from livecue.events import CommentPosted, Event, GiftSent, UnknownSeen, ViewerEntered
from livecue.flow import RoomInfo, Unit
from livecue.store import Reader

SHOWN = 60
_MASKED_ENOUGH = 5


class CommentView(msgspec.Struct, frozen=True):
    """A comment as the screens show it; ``when`` in room ms."""

    key: str
    user: str
    name: str
    text: str
    when: int
    by_host: bool = False


class AudiencePicture(msgspec.Struct, frozen=True):
    """The newest comments, whether people are masked, and what came that nobody could translate."""

    comments: list[CommentView]
    masked: bool
    unknown_seen: dict[str, int]


class _State(msgspec.Struct):
    comments: list[CommentView] = []
    entries_masked: int = 0
    entries_named: int = 0
    unknown: dict[str, int] = {}


class Audience:
    """Remembers who said what. Names are the platform's pseudonyms and never leave the room's own screens."""

    name: ClassVar[str] = "audience"
    kinds: ClassVar[frozenset[type[Event]]] = frozenset({CommentPosted, GiftSent, UnknownSeen, ViewerEntered})

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        self._room = room
        try:
            self._state = msgspec.msgpack.decode(blob, type=_State) if blob else _State()
        except msgspec.DecodeError as error:
            raise BadInput(f"audience: {error}") from error

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        state, room = self._state, self._room
        org, brand, name, now = room.org, room.brand, room.room, unit.now
        gifts: list[tuple[object, ...]] = []
        unknown: list[tuple[object, ...]] = []
        entries = [event.user for event in events if type(event) is ViewerEntered]
        state.entries_masked += entries.count("")
        state.entries_named += len(entries) - entries.count("")
        said = [event for event in events if type(event) is CommentPosted]
        comments = [(org, brand, name, e.key, now, e.user, e.name, e.text, e.by_host) for e in said]
        state.comments += [CommentView(e.key, e.user, e.name, e.text, now, e.by_host) for e in said[-SHOWN:]]
        for event in events if len(entries) + len(said) < len(events) else ():
            if isinstance(event, GiftSent):
                gifts.append((org, brand, name, event.key, now, event.user, event.name, event.count, event.coins))
            elif isinstance(event, UnknownSeen):
                state.unknown[event.name] = state.unknown.get(event.name, 0) + 1
                unknown.append((org, brand, name, event.key, now, event.name, event.raw))
        if comments:
            unit.write_many(tables.SAVE_COMMENT, comments)
            del state.comments[:-SHOWN]
        if gifts:
            unit.write_many(tables.SAVE_GIFT, gifts)
        if unknown:
            unit.write_many(tables.SAVE_UNKNOWN, unknown)

    def picture(self, now: int) -> AudiencePicture:
        state = self._state
        masked = state.entries_masked >= _MASKED_ENOUGH and state.entries_masked > state.entries_named
        return AudiencePicture(list(state.comments), masked, dict(state.unknown))

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self._state)


def list_comments(db: Reader, room: str, before: int, limit: int) -> list[CommentView]:
    """Comments older than room time ``before``, newest first."""
    return [
        CommentView(r[0], r[1], r[2], r[3], r[4], bool(r[5]))
        for r in db.rows(tables.LIST_COMMENTS, (room, before, limit))
    ]
