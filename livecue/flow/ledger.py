"""What the pump asks of those who remember (ledgers) and those who decide (deciders)."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

import msgspec

from livecue.events import Event
from livecue.flow.unit import Unit


class RoomInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a room is; ``nature`` real, simulated, replayed or rehearsed."""

    room: str
    org: str
    brand: str
    name: str = ""
    platform: str = ""
    nature: str = "real"
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    category: str = ""
    packs: tuple[str, ...] = ()
    account: str = ""
    """The platform's account whose room it is, as the team calls it; "" is not told."""


class Ledger(Protocol):
    """Remembers one kind of thing for one room. A class with these names is what ``app`` lists.

    ``fold`` sees the events of its ``kinds`` in journal order and must come to the same state however
    the stream was cut: no other clock than ``unit.now``, no randomness, nothing read from outside but
    by ``unit.ask``. It may change itself in place: after a failed transaction the pump drops the room
    and rebuilds it. A ledger never folds its own announcement.
    """

    name: ClassVar[str]
    kinds: ClassVar[frozenset[type[Event]]]

    def __init__(self, room: RoomInfo, blob: bytes | None) -> None:
        """Open empty, or from what ``dump`` gave. Raises ``BadInput`` on a damaged blob."""
        ...

    def fold(self, events: Sequence[Event], unit: Unit) -> None:
        """Remember; write rows through ``unit``; announce what others must know."""
        ...

    def picture(self, now: int) -> Any:
        """A frozen msgspec Struct of what deciders and screens need; cheap, made once a tick."""
        ...

    def dump(self) -> bytes:
        """The state as bytes for the snapshot."""
        ...


@runtime_checkable
class Ruled(Protocol):
    """A ledger or decider whose verdicts hang on data that may change between two batches: a word pack, a model.

    While a room is rebuilt, batches judged under other rules give it ``unit.recorded``; that it would say
    otherwise today is no difference.
    """

    name: ClassVar[str]

    def rules(self, room: RoomInfo) -> str:
        """Version of the rules now in force; cheap, it is asked for every batch."""
        ...


class Decider(Protocol):
    """Decides for one room. Its state is an immutable value that is swapped after the commit."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[type[Event]]]

    def open(self, room: RoomInfo, blob: bytes | None) -> Any:
        """The first state, or the one from the snapshot."""
        ...

    def decide(self, state: Any, events: Sequence[Event], pictures: Mapping[str, Any], unit: Unit) -> Any:
        """Fold ``events`` (its ``kinds``, in order), announce and act through ``unit``, return the next state.

        ``pictures`` maps ledger names to their pictures; they are fresh when the events hold a
        ``ClockTicked`` and may be older otherwise, so rules run on the tick only.
        """
        ...

    def picture(self, state: Any, now: int) -> Any:
        """A frozen Struct for the screens."""
        ...

    def dump(self, state: Any) -> bytes:
        """The state as bytes for the snapshot."""
        ...
