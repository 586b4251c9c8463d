"""The rooms in the pump's memory: which are ours, which are open, which are shut, and what became of what failed."""

import logging
from collections.abc import Callable, Mapping

from livecue.errors import Defect, Elsewhere, NotFound, NotOwner, StoreFailed
from livecue.flow.folding import DeciderFailed, PartFailed
from livecue.flow.ledger import RoomInfo
from livecue.flow.owing import stop_room
from livecue.flow.room import Makers, Room
from livecue.kit import Clock
from livecue.store import LateFailure, TransactionWriter, Writer, read_cursor

_log = logging.getLogger("livecue.flow")

Rooms = Callable[[Writer, str], tuple[RoomInfo, Makers] | None]
"""Finds a room and the parts it is made of; None when there is no such room."""


class RoomBroken(Defect):
    """The room's record cannot be read by this program."""


class OpenRooms:
    """Changed by the pump's thread only, inside its transaction; others may read what they copy."""

    def __init__(
        self,
        writer: TransactionWriter,
        find: Rooms,
        clock: Clock,
        probe: Callable[[str], None] | None,
        shared: bool,
    ) -> None:
        self._writer = writer
        self._find = find
        self._clock = clock
        self.probe = probe
        self.mine: dict[str, int] | None = {} if shared else None
        """Rooms that are ours, with the epochs under which we write them; None: every room, for good."""
        self.open: dict[str, Room] = {}
        self.backlog: set[str] = set()
        """Rooms with something to fold."""
        self._broken: dict[str, RoomBroken] = {}
        """Rooms that could not be opened, and why: tried again when a person asks."""
        self.on_forgotten: Callable[[str], None] = lambda name: None

    # Whose they are.

    @property
    def shared(self) -> bool:
        """Whether other programs own rooms as well."""
        return self.mine is not None

    def is_mine(self, name: str) -> bool:
        """Whether we fold this room."""
        return self.mine is None or name in self.mine

    def take(self, rooms: Mapping[str, int]) -> None:
        """These are ours from now on, with their epochs, and no others."""
        before = self.mine or {}
        self.mine = dict(rooms)
        for name in before.keys() | rooms.keys():
            if before.get(name) != rooms.get(name):
                # Whoever had it meanwhile has written to it: what we remember is old.
                self.forget(name)
        self.backlog |= rooms.keys() - before.keys()

    def part_with(self, name: str) -> None:
        """Snapshot it for who comes after us, and forget it."""
        room = self.open.get(name)
        if room is not None and not room.stopped:
            room.snapshot(self._writer, self._clock.now_ms())
        self.forget(name)
        if self.mine is not None:
            self.mine.pop(name, None)

    def held(self) -> dict[str, int]:
        """Rooms that the next transaction may write, with their epochs; where others own rooms too."""
        mine = self.mine or {}
        return {name: mine[name] for name in self.backlog if name in mine}

    # Open and shut.

    def room(self, name: str) -> Room:
        """The room, opened when it is not. Raises ``NotFound``, ``Elsewhere``, or why it cannot be opened."""
        room = self.open.get(name)
        if name in self._broken:
            raise self._broken[name]
        if room is None:
            if not self.is_mine(name):
                raise Elsewhere(f"room {name} belongs to another program just now; try again")
            found = self._find(self._writer, name)
            if found is None:
                raise NotFound(f"there is no room {name!r}")
            try:
                room = Room(found[0], found[1], self._writer)
            except (StoreFailed, NotOwner, LateFailure):
                # Not the room's fault: the transaction is tried again, or its statements one by one.
                raise
            except Exception as error:
                # A record that this program cannot read (an upgrade, a defect) must not end the others' rooms.
                broken = RoomBroken(f"room {name} cannot be opened: {type(error).__name__}: {error}")
                self._broken[name] = broken
                raise broken from error
            room.parts.probe = self.probe
            self.open[name] = room
        return room

    def unread(self, news: set[str]) -> None:
        """Those of ``news`` that are ours are read on from where we know them."""
        mine = {name for name in news if self.is_mine(name)}
        for name in mine & self.open.keys():
            self.open[name].behind = True
        self.backlog |= mine

    def forget(self, name: str) -> None:
        """It was removed, given away, or is made of other parts now."""
        self._broken.pop(name, None)
        self.open.pop(name, None)
        self.backlog.discard(name)
        self.on_forgotten(name)

    def forget_all(self) -> None:
        """Nothing of the transaction was kept: every room is rebuilt before it goes on."""
        self.open.clear()

    def replaced(self) -> None:
        """One of ours has another epoch by now, nobody says which: none is written before its journal has grown, and
        what is ours will be told anew (``take``)."""
        self.open.clear()
        self.backlog.clear()

    def close(self) -> None:
        """A snapshot of every room."""
        for room in self.open.values():
            if not room.stopped:
                room.snapshot(self._writer, self._clock.now_ms())

    # Failures.

    def owe(self, name: str, error: DeciderFailed) -> None:
        """A decider failed: the room goes on without it."""
        # The failed fold has left ledgers half changed: open the room anew, as of the cursor.
        self.open.pop(name, None)
        room = self.room(name)
        room.owe(error.part, self._writer, str(error), self._clock.now_ms())

    def shut(self, name: str, error: RoomBroken) -> None:
        """Leave the room shut, and say so: what stands in its journal waits until a person has it opened again."""
        found = self._find(self._writer, name)
        known = self._writer.rows("SELECT 1 FROM stopped WHERE room = ? AND part = 'opening'", (name,))
        if found is not None and not known:
            _log.critical("%s", error, exc_info=error)
            number = read_cursor(self._writer, name) + 1
            stop_room(self._writer, found[0], PartFailed("opening", error), number, self._clock.now_ms())

    def stop(self, name: str, error: PartFailed, number: int) -> None:
        """A ledger failed at batch ``number``: the room stands still there."""
        stop_room(self._writer, self.open[name].info, error, number, self._clock.now_ms())
        self.open.pop(name, None)
        self.open[name] = self.room(name)

    def resume(self, name: str) -> None:
        """Try a stopped room again: after a fix, or because a person asks."""
        self._writer.write("DELETE FROM stopped WHERE room = ?", (name,))
        self._broken.pop(name, None)
        self.open.pop(name, None)
        self.room(name)
        self.backlog.add(name)
