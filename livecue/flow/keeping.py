"""Deciders that keep what the office asks for in rows, and remember nothing themselves."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from livecue.events import CommandApplied, CommandAsked, CommandRefused, Event
from livecue.flow.ledger import RoomInfo
from livecue.flow.unit import Unit


class Nothing(msgspec.Struct, frozen=True):
    """The state of a decider that has none."""


class RowsOnly(ABC):
    """Answers every command of its ``kinds``, all of which must be ``CommandAsked``; ``apply`` checks and keeps."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[type[Event]]]

    @abstractmethod
    def apply(self, event: CommandAsked, unit: Unit) -> tuple[str, str] | None:
        """Write the rows; or (code, why) of a refusal, with nothing written."""

    def open(self, room: RoomInfo, blob: bytes | None) -> Nothing:
        """There is nothing to open."""
        return Nothing()

    def decide(self, state: Nothing, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> Nothing:
        """Apply each command and say what became of it."""
        for event in events:
            assert isinstance(event, CommandAsked)
            problem = self.apply(event, unit)
            if problem is None:
                unit.announce(CommandApplied(command=event.command))
            else:
                unit.announce(CommandRefused(command=event.command, code=problem[0], why=problem[1]))
        return state

    def picture(self, state: Nothing, now: int) -> Nothing:
        """Screens read the rows."""
        return state

    def dump(self, state: Nothing) -> bytes:
        """An empty object: snapshots name every part."""
        return b"{}"
