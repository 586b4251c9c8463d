"""What the pump sends to screens: each room's news, not more often than a screen can use."""

import time
from collections.abc import Mapping

from livecue.flow.bus import Bus, Frame
from livecue.flow.pressure import Pressure
from livecue.flow.pump.rooms import OpenRooms
from livecue.flow.room import Room
from livecue.flow.screen import Painter, encode_whole

SHOW_MS = 50
"""At most this often a room's screens are sent news."""


class Showing:
    """``rates``: room to the rate of its clock. Used by the pump's thread only."""

    def __init__(self, bus: Bus, rooms: OpenRooms, pressure: Pressure, rates: Mapping[str, float]) -> None:
        self._bus = bus
        self._rooms = rooms
        self._pressure = pressure
        self._rates = rates
        self._shown: dict[str, int] = {}
        self.news: set[str] = set()
        """Rooms with news that no screen has seen yet."""
        self._painters: dict[str, Painter] = {}
        rooms.on_forgotten = self._forget

    def _forget(self, name: str) -> None:
        # A painter holds the parts of the room that it painted last.
        self.news.discard(name)
        self._painters.pop(name, None)
        self._shown.pop(name, None)

    def show(self) -> None:
        """Send the news to those who watch; never while it may be undone."""
        wall = time.monotonic_ns() // 1_000_000
        spacing = self._spacing()
        for name in list(self.news):
            room = self._rooms.open.get(name)
            if room is None or not self._bus.wanted(name):
                self.news.discard(name)
            elif wall - self._shown.get(name, 0) >= spacing:
                self.news.discard(name)
                self._shown[name] = wall
                self._bus.publish(name, self.frame(room))

    def rest_s(self) -> float:
        """Seconds until the next room may be sent its news; half a second when none waits."""
        if not self.news:
            return 0.5
        soonest = min(self._shown.get(name, 0) for name in self.news) + self._spacing()
        return max(0.0, soonest - time.monotonic_ns() / 1e6) / 1000

    def _spacing(self) -> int:
        """Milliseconds between two frames of a room: more when many rooms have news at once."""
        return max(SHOW_MS, SHOW_MS * len(self.news) // 10)

    def frame(self, room: Room) -> Frame:
        """The room's sections as they are now."""
        name = room.info.room
        painter = self._painters.setdefault(name, Painter())
        return painter.frame_of(room, self._rates.get(name, 1.0), self._pressure.busy_s)

    def whole(self, room: Room) -> bytes:
        """The room's whole picture as JSON, as it is now."""
        return encode_whole(room, self._rates.get(room.info.room, 1.0), self._pressure.busy_s)
