"""Shows of practice rooms: the planned show itself runs before a simulated audience; it reaches no real platform."""

import threading
from collections.abc import Sequence

from livecue.app.driving import Driver
from livecue.app.house import App
from livecue.app.rehearsing import pieces_of
from livecue.errors import BadInput
from livecue.events import DutyLeft, Event
from livecue.flow import RoomInfo
from livecue.integrations.simulator import PERFORMS, PREPARES_MS, SOURCE, SimulatedShow, rehearsal_of
from livecue.kit import new_id
from livecue.shows import ShowRow

_AFTER_MS = 2 * 60 * 1000
"""How long the audience's clock goes on after the end: cues are judged, the debrief is written."""
_FASTEST = 60.0


class Practice:
    """One show at a time in each room of nature ``rehearsed``. The script plays whatever nobody of the team plays.

    The show runs in its own room under its own id, at its planned time: the room's clock jumps there, runs as fast
    as asked, and goes on from the end of the show at the pace of the wall's. So plan, console and debrief speak of the
    same times, and the shows of a month can be run one after the other in an afternoon.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._running: dict[str, tuple[Driver, float]] = {}
        self._ends: dict[str, threading.Thread] = {}
        self._closing = False

    def start(self, show: ShowRow, room: RoomInfo, roles: Sequence[str], rate: float) -> None:
        """Begin ``show``; ``roles`` are played by people. Raises ``BadInput`` where it cannot run so."""
        app, name = self._app, room.room
        if not 0 < rate <= _FASTEST:
            raise BadInput(f"a simulated audience runs at up to {_FASTEST:g} times the real pace")
        if not self.possible(room):
            raise BadInput("only a room for practice (nature: rehearsal) has a simulated audience")
        shared = app.shared()
        if shared is not None and shared.others:
            raise BadInput(
                "several programs share the rooms here; a simulated audience needs one program that does all"
            )
        with self._guard:
            if name in self._running or app.on_air(name):
                raise BadInput("a show is on air in this room; end it first")
            # From here on the timer leaves the room's clock alone.
            app.driven.add(name)
            try:
                driver, source = self._open(show, room, rate)
            except BaseException:
                app.driven.discard(name)
                raise
            for role in roles:
                source.crew.take_over(role)
            app.doors[name] = source.simulation
            app.capable[name] = sorted(kind.__name__ for kind in PERFORMS)
            self._running[name] = (driver, rate)
            driver.start()
        people = tuple((one.person, role) for one in source.simulation.scenario.crew for role in one.roles)
        seen_out = threading.Thread(target=self._see_out, args=(name, driver, people), daemon=True)
        self._ends[name] = seen_out
        seen_out.start()

    def possible(self, room: RoomInfo) -> bool:
        """Whether shows of this room may run so: it is for practice, and no room in which another's are rehearsed."""
        return room.nature == "rehearsed" and not self._app.stages(room.room)

    def rate(self, room: str) -> float:
        """How many times faster than real the show of the room runs; 0 when none runs so."""
        found = self._running.get(room)
        return found[1] if found is not None else 0.0

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real."""
        with self._guard:
            found = self._running.get(room)
            if found is None:
                raise BadInput("no show with a simulated audience runs in this room")
            wanted = min(max(rate, 0.1), _FASTEST)
            found[0].set_rate(wanted)
            self._running[room] = (found[0], wanted)

    def wait(self, room: str) -> None:
        """Wait until the show of the room is over and its clock goes on by itself."""
        found = self._ends.get(room)
        if found is not None:
            found.join()

    def close(self) -> None:
        """Stop every clock: the program ends. A show that runs stays on air, without its audience."""
        self._closing = True
        for driver, _ in list(self._running.values()):
            driver.stop()

    def _open(self, show: ShowRow, room: RoomInfo, rate: float) -> tuple[Driver, SimulatedShow]:
        app, name = self._app, room.room
        last = app.pump.room_now(name).result(60)
        # Room time never runs back: a show whose time has passed begins now.
        starts = max(show.starts_at, last + PREPARES_MS + 1000) // 1000 * 1000
        scenario = rehearsal_of(
            name, show.title, starts, starts % 2_000_000_011, show.segments, show.products,
            pieces_of(app, room), show.goals, show=show.show,
        )  # fmt: skip
        source = SimulatedShow(scenario)
        start = starts - PREPARES_MS - 250
        return Driver(app, name, source, start, name=SOURCE, rate=rate, after_ms=_AFTER_MS), source

    def _see_out(self, name: str, driver: Driver, people: Sequence[tuple[str, str]]) -> None:
        """When the show is over its crew goes home and the room's clock goes on by itself."""
        driver.wait()
        if self._closing:
            return
        app = self._app
        events: list[Event] = []
        for person, role in people:
            command = new_id()
            events.append(DutyLeft(key=command, command=command, by=person, person=person, role=role))
        app.pump.post(name, events, source=SOURCE, arrived=driver.now).result(60)
        with self._guard:
            del self._running[name]
            app.doors.pop(name, None)
            app.capable.pop(name, None)
            app.pump.rates.pop(name, None)
            app.keep_ahead(name, driver.now)
            app.driven.discard(name)
