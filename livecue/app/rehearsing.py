"""Rehearsals: a planned show runs in a room of its own before a simulated audience; it reaches no real platform."""

import logging
import threading
from collections.abc import Sequence

from livecue.app.driving import Driver
from livecue.app.house import App, room_of_rehearsals
from livecue.errors import BadInput, LiveCueError
from livecue.events import (
    Event,
    RoleGranted,
    RoomSaved,
    ScriptRehearsed,
    ShowEnded,
    TaskClosed,
)
from livecue.flow import RoomInfo
from livecue.integrations.simulator import PERFORMS, PREPARES_MS, SOURCE, SimulatedShow, rehearsal_of
from livecue.kit import new_id
from livecue.planning.calendar import task_of
from livecue.planning.script import digest_of, rehearsals_of
from livecue.sales import list_stock
from livecue.shows import ShowRow, find_show, list_shows
from livecue.team import list_people
from livecue.web import rehearsal_row

_log = logging.getLogger("livecue.app")

_AFTER_MS = 2 * 60 * 1000
"""How long the clock goes on after the end: cues are judged, the debrief is written."""
_FASTEST = 60.0
_STEP = "rehearsal"
"""The step of the preparation that a scored rehearsal is."""


class Rehearsals:
    """One rehearsal a room at a time. What the script plays is whatever nobody of the team plays."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._guard = threading.Lock()
        self._running: dict[str, tuple[Driver, SimulatedShow, str]] = {}
        self._ends: dict[str, threading.Thread] = {}
        self._closing = False

    def start(self, show: ShowRow, room: RoomInfo, by: str, roles: Sequence[str], rate: float) -> tuple[str, str]:
        """Begin to rehearse ``show`` as it stands; ``roles`` are played by people. Gives (room, show) of the rehearsal.

        ``rate`` 0 is as fast as the machine can, played by the script alone: a look at the timing. Raises
        ``BadInput`` when one runs already or there is nothing to rehearse.
        """
        if not 0 <= rate <= _FASTEST:
            raise BadInput(f"a rehearsal runs at up to {_FASTEST:g} times the real pace")
        app, name = self._app, room_of_rehearsals(room.room)
        with self._guard:
            if name in self._running and app.on_air(name):
                raise BadInput("a rehearsal runs in this room already; end it first")
            self._let_go(name)
            app.driven.add(name)
            app.tell_house(*self._furniture(room, name))
            now = app.clock.now_ms()
            last = app.pump.room_now(name).result(60)
            start = max(now + PREPARES_MS + 1000, last + 60_000) // 1000 * 1000
            scenario = rehearsal_of(
                name, show.title, start, start % 2_000_000_011, show.segments, show.products, pieces_of(app, room),
                show.goals,
            )  # fmt: skip
            source = SimulatedShow(scenario, app.settings.data / f"rehearsed-{scenario.show}.jsonl")
            for role in roles:
                source.crew.take_over(role)
            driver = Driver(
                app, name, source, start - PREPARES_MS - 250, name=SOURCE, rate=rate or 1.0, after_ms=_AFTER_MS
            )
            app.doors[name] = source.simulation
            app.capable[name] = sorted(kind.__name__ for kind in PERFORMS)
            self._running[name] = (driver, source, scenario.show)
            app.tell_house(
                ScriptRehearsed(
                    org=room.org, brand=room.brand, room=room.room, show=show.show, rehearsal=scenario.show,
                    rehearsal_room=name, digest=digest_of(show.segments), version=show.version, person=by,
                )
            )  # fmt: skip
            if rate:
                driver.start()
            else:
                driver.run_out()
            seen_out = threading.Thread(
                target=self._see_out, args=(driver, show.show, room, scenario.show, by), daemon=True
            )
            self._ends[name] = seen_out
            seen_out.start()
        return name, scenario.show

    def wait(self, room: str) -> None:
        """Wait until the rehearsal of the room is over and counted."""
        found = self._ends.get(room_of_rehearsals(room))
        if found is not None:
            found.join()

    def running(self, room: str) -> str:
        """The rehearsal that is on air for ``room``, "" when none is."""
        return self._app.on_air(room_of_rehearsals(room))

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real."""
        found = self._running.get(room_of_rehearsals(room))
        if found is None:
            raise BadInput("no rehearsal runs in this room")
        found[0].set_rate(min(max(rate, 0.1), _FASTEST))

    def end(self, room: str) -> None:
        """End the rehearsal now; it is scored as far as it came."""
        name = room_of_rehearsals(room)
        show = self._app.on_air(name)
        if not show:
            raise BadInput("no rehearsal runs in this room")
        command = new_id()
        event = ShowEnded(key=command, command=command, by="rehearsal", show=show, reason="ended by hand")
        self._app.pump.post(name, [event], source="livecue").result(30)

    def close(self) -> None:
        """Stop every clock: the program ends."""
        self._closing = True
        with self._guard:
            for name in list(self._running):
                self._let_go(name)

    def _let_go(self, name: str) -> None:
        found = self._running.pop(name, None)
        if found is not None:
            found[0].stop()
        open_show = next((row.show for row in list_shows(self._app.reader, name, 20) if row.status == "on_air"), "")
        if open_show and name in self._app.rooms():
            # One that a stop of the program cut short: it is over, and its room is free.
            command = new_id()
            event = ShowEnded(key=command, command=command, by="rehearsal", show=open_show, reason="cut short")
            self._app.pump.post(name, [event], source="livecue").result(30)

    def _see_out(self, driver: Driver, show: str, room: RoomInfo, rehearsal: str, by: str) -> None:
        """The step of the preparation is done once the text as it stands was played whole and scored."""
        driver.wait()
        if self._closing:
            return
        app = self._app
        try:
            stands = find_show(app.reader, show)
            of_show = rehearsals_of(app.reader, room.org, room.brand, show)
            item = next((one for one in of_show if one.rehearsal == rehearsal), None)
            if stands is None or item is None:
                return
            row = rehearsal_row(app.reader, item, digest_of(stands.segments))
            if not row.current or not row.whole or row.score is None or row.score.points is None:
                return
            # No command: that the script's own step is not ticked yet does not undo what was rehearsed.
            event = TaskClosed(
                key=f"rehearsed:{rehearsal}", by=by, task=task_of(show, _STEP), note=f"rehearsed:{row.score.points}"
            )
            app.pump.post(room.room, [event], source="livecue").result(30)
        except (LiveCueError, TimeoutError) as error:
            _log.error("the rehearsal %s of %s was not counted: %s", rehearsal, show, error)

    def _furniture(self, room: RoomInfo, name: str) -> list[Event]:
        """The room of rehearsals; its people are those of the room."""
        org, brand = room.org, room.brand
        edits: list[Event] = [
            RoomSaved(
                room=name, org=org, brand=brand, name=f"{room.name} · 彩排", platform="simulator", nature="rehearsed",
                currency=room.currency, time_zone=room.time_zone, language=room.language, category=room.category,
                packs=room.packs,
            )
        ]  # fmt: skip
        for person in list_people(self._app.reader, org):
            held = {grant.role for grant in person.grants if grant.room == name}
            for role in sorted({grant.role for grant in person.grants if grant.room == room.room} - held):
                edits.append(RoleGranted(person=person.person, role=role, org=org, brand=brand, room=name))
        return edits


def pieces_of(app: App, room: RoomInfo) -> dict[str, int]:
    """SKU to the pieces that are free in the room's brand; what is not known is not in it."""
    rows = list_stock(app.reader, room.org, room.brand)
    return {row.sku: max(0, row.on_hand - row.reserved) for row in rows if row.known}
