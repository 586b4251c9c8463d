"""How a program that shares its rooms is doing: its own rooms by its pump, those of others by the database."""

import time

from livecue.flow.appending import Appender
from livecue.flow.pressure import Pressure
from livecue.flow.pulse import Pulse
from livecue.flow.pump import Pump
from livecue.kit import Clock
from livecue.store import SharedReader, unread

_LAGS = (
    "SELECT c.room, COALESCE((SELECT MAX(j.number) FROM journal j WHERE j.room = c.room), c.number) - c.number,"
    " COALESCE((SELECT j.arrived FROM journal j WHERE j.room = c.room AND j.number = c.number), 0) FROM cursors c"
)


class Doing:
    """What ``Inbox`` asks about the state of things; the ``Exchange`` is one."""

    def __init__(self, appender: Appender, reader: SharedReader, clock: Clock) -> None:
        self._appender = appender
        self._reader = reader
        self._clock = clock
        self.owner: Pump | None = None
        """The part that folds the rooms that are ours; None in a program without that role."""
        self._pressure = Pressure()

    @property
    def alive(self) -> bool:
        """Whether every thread runs that should."""
        return self._appender.alive and (self.owner is None or self.owner.alive)

    @property
    def waiting_events(self) -> int:
        """Events not yet appended."""
        return self._appender.waiting_events

    def backlog(self) -> int:
        """Batches of our rooms that are in the journal and not yet folded."""
        return self.owner.backlog() if self.owner is not None else 0

    def lags(self) -> dict[str, tuple[int, int]]:
        """Per room: batches that wait to be folded, and its room time (ms, 0 before the first tick).

        Of rooms of other programs from the database: their time is the arrival of what was folded last.
        """
        found = {str(room): (int(waiting), int(now)) for room, waiting, now in self._reader.rows(_LAGS)}
        if self._reader.log is not None:
            waiting = unread(self._reader, found)
            found = {room: (waiting.get(room, 0), now) for room, (_, now) in found.items()}
        return found | (self.owner.lags() if self.owner is not None else {})

    def feeds(self) -> dict[str, dict[str, int]]:
        """Of our own rooms: who owns a room hears its feeds."""
        return self.owner.feeds() if self.owner is not None else {}

    def parts(self) -> dict[str, dict[str, str]]:
        """Of our own rooms."""
        return self.owner.parts() if self.owner is not None else {}

    @property
    def pressure(self) -> Pressure:
        """How far our own rooms are behind; rooms of others hold back their senders by the lag in the database."""
        return self.owner.pressure if self.owner is not None else self._pressure

    def differing(self) -> dict[str, list[str]]:
        """What rebuilds here said otherwise than the record, by room of ours."""
        return self.owner.differing() if self.owner is not None else {}

    @property
    def folded_events(self) -> int:
        """Events folded here since the start."""
        return self.owner.folded_events if self.owner is not None else 0

    @property
    def duplicate_events(self) -> int:
        """Events folded here since the start that were there already."""
        return self.owner.duplicate_events if self.owner is not None else 0

    @property
    def committed_at(self) -> int:
        """When this program last committed something (ms); 0 before."""
        ago = time.monotonic() - self._appender.committed_at
        appended = int(self._clock.now_ms() - ago * 1000) if self._appender.committed_at else 0
        return max(appended, self.owner.committed_at if self.owner is not None else 0)

    @property
    def last_error(self) -> str:
        """What went wrong last."""
        return (self.owner.last_error if self.owner is not None else "") or self._appender.last_error

    @property
    def failing(self) -> tuple[str, int]:
        """Of what the newest transaction over our own rooms failed, by its code, and when (ms); "" once one went."""
        return self.owner.failing if self.owner is not None else ("", 0)

    @property
    def tick_s(self) -> float:
        """What it costs to tell a room of ours the time, lately (s); 0 where none can be ours."""
        return self.owner.tick_s if self.owner is not None else 0.0

    @property
    def pulse(self) -> Pulse:
        """How long things take: the appender's, whose ``answer`` is what senders feel."""
        return self._appender.pulse
