"""A simulated show in a room of its own: the demo, and rehearsals of the whole loop."""

import logging
from collections.abc import Callable, Iterator, Sequence

import msgspec

from livecue.app.driving import Driver
from livecue.app.house import App
from livecue.catalog import list_products
from livecue.errors import LiveCueError
from livecue.events import (
    OUTSIDE,
    ClockTicked,
    DebriefWritten,
    Event,
    PersonSaved,
    ProductSaved,
    RoleGranted,
    RoomRemoved,
    RoomSaved,
    ShowEnded,
    ShowPlanned,
)
from livecue.integrations.simulator import (
    BIG_OPENS_S,
    DEMO_OPENS_S,
    PERFORMS,
    PREPARES_MS,
    SOURCE,
    Scenario,
    SimulatedShow,
    big_show,
    default_demo,
)
from livecue.kit import new_id, stable_id
from livecue.shows import list_shows
from livecue.store import Reader, read_committed
from livecue.work import list_improvements

_log = logging.getLogger("livecue.app")

ROOM = "demo"
SUPPLIER = "模拟供应商"
"""Marks the invented products in the catalogue, so that they leave with the demo."""
DAY_MS = 24 * 3600 * 1000
_AFTER_MS = 20 * 60 * 1000
"""How long after the end the room's clock goes on: orders are paid and refunded, cues are judged."""


def heard_before(reader: Reader, room: str, start: int) -> Iterator[Event]:
    """What the crew and the simulation heard of a room since ``start``: its commands and announcements."""
    for number, events in read_committed(reader, room, 0):
        del number
        if any(isinstance(event, ClockTicked) and event.now < start for event in events):
            continue
        yield from (event for event in events if type(event) not in OUTSIDE and type(event) is not ClockTicked)


class Demo:
    """The demo room: opens 40 minutes into a show, whose history went through the real loop.

    ``big``: the night of a sale instead, four hours from their beginning. A show that runs goes on as what it is.
    """

    def __init__(
        self, app: App, seed: int = 7, opens_s: int | None = None, duration_s: int | None = None, big: bool = False
    ) -> None:
        self._app = app
        self._seed = seed
        self._big = big
        self._opens_s = opens_s
        self._duration_s = duration_s
        self.rooms = frozenset({ROOM})
        self.driver: Driver | None = None
        self._source: SimulatedShow | None = None
        self._taken: set[str] = set()

    def open(self, progress: Callable[[float], None] | None = None) -> None:
        """Go on with the show that runs, or begin a new one and pump its history; ``progress`` hears 0 to 1."""
        app = self._app
        app.driven.add(ROOM)
        if ROOM not in app.rooms():
            settings = app.settings
            app.tell_house(
                RoomSaved(
                    room=ROOM,
                    org=settings.org,
                    brand=settings.brand,
                    name="小镇好物（模拟）",
                    platform="simulator",
                    nature="simulated",
                    category="",
                )
            )
        last = app.pump.room_now(ROOM).result(60)
        running = next((s for s in list_shows(app.reader, ROOM, 20) if s.status == "on_air"), None)
        if running:
            self._big = running.show == big_show(starts_at=running.starts_at, room=ROOM).show
        scenario = self._scenario(running.starts_at if running else self._new_start(last))
        self._furnish(scenario)
        since = last if running else 0
        log = app.settings.data / f"simulated-{scenario.show}.jsonl"
        source = SimulatedShow(scenario, log, since)
        if since:
            source.hear(list(heard_before(app.reader, ROOM, scenario.starts_at - PREPARES_MS - 250)))
        start = since or scenario.starts_at - PREPARES_MS - 250
        driver = Driver(app, ROOM, source, start, name=SOURCE, after_ms=_AFTER_MS, on_heard=self._heard)
        self.driver, self._source = driver, source
        app.doors[ROOM] = source.simulation
        app.capable[ROOM] = sorted(kind.__name__ for kind in PERFORMS)
        opens = scenario.starts_at + self._opening_s() * 1000
        if driver.now < opens:
            begin = driver.now

            def told(now: int) -> None:
                if progress is not None:
                    progress((now - begin) / max(1, opens - begin))

            driver.catch_up(opens, told)

    def _opening_s(self) -> int:
        """How far into its show the room opens, unless it was told."""
        return self._opens_s if self._opens_s is not None else BIG_OPENS_S if self._big else DEMO_OPENS_S

    def start(self) -> None:
        """Let the show run at the pace of the wall clock."""
        if self.driver is not None:
            self.driver.start()

    def stop(self) -> None:
        """Stop the show's clock; the next start goes on here."""
        if self.driver is not None:
            self.driver.stop()

    def set_rate(self, room: str, rate: float) -> None:
        """How many times faster than real."""
        if self.driver is not None:
            self.driver.set_rate(rate)

    def take_over(self, role: str) -> None:
        """A real person plays ``role``: the script leaves its cues to them; "" gives every role back."""
        source, driver = self._source, self.driver
        if source is None or driver is None:
            return
        for given in self._taken - {role}:
            driver.guarded(lambda given=given: source.crew.hand_back(given))  # type: ignore[misc]
        self._taken = {role} - {""}
        if role:
            driver.guarded(lambda: source.crew.take_over(role))

    def end(self, room: str) -> None:
        """End the show now."""
        show = self._app.on_air(ROOM)
        if show:
            command = new_id()
            event = ShowEnded(key=command, command=command, by="demo", show=show, reason="ended in the demo")
            self._app.pump.post(ROOM, [event], source="livecue").result(30)

    def remove(self) -> None:
        """Take the demo's room away."""
        self.stop()
        app = self._app
        org, brand = app.settings.org, app.settings.brand
        edits: list[Event] = [RoomRemoved(room=ROOM)]
        if self._source is not None:
            crew = self._source.simulation.scenario.crew
            edits += [PersonSaved(person=one.person, org=org, name=one.name, active=False) for one in crew]
        for product in list_products(app.reader, org, brand):
            if product.supplier == SUPPLIER and product.active:
                edits.append(msgspec.structs.replace(product, active=False))
        app.tell_house(*edits)
        self._app.pump.drop(ROOM).result(30)
        self._app.bus.publish(ROOM, None)
        self.rooms = frozenset()

    def _new_start(self, last: int) -> int:
        # Now less the history, so that at the usual pace the show's clock is the wall's; room time never runs back.
        wanted = self._app.clock.now_ms() - self._opening_s() * 1000
        return max(wanted, last + 60_000) // 1000 * 1000

    def _scenario(self, starts_at: int) -> Scenario:
        if self._big:
            return big_show(starts_at=starts_at, room=ROOM)
        if self._duration_s is None:
            return default_demo(self._seed, starts_at, ROOM)
        return default_demo(self._seed, starts_at, ROOM, self._duration_s)

    def _furnish(self, scenario: Scenario) -> None:
        org, brand = self._app.settings.org, self._app.settings.brand
        known = {row[0] for row in self._app.reader.rows("SELECT person FROM people WHERE org = ?", (org,))}
        edits: list[Event] = []
        for member in scenario.crew:
            if member.person not in known:
                edits.append(PersonSaved(person=member.person, org=org, name=member.name))
                edits += [
                    RoleGranted(person=member.person, role=r, org=org, brand=brand, room=ROOM) for r in member.roles
                ]
        listed = {product.card.product for product in list_products(self._app.reader, org, brand)}
        edits += [
            ProductSaved(org=org, brand=brand, card=product.card, supplier=SUPPLIER)
            for product in scenario.products
            if product.card.product not in listed
        ]
        if edits:
            self._app.tell_house(*edits)

    def _heard(self, events: Sequence[Event]) -> None:
        if any(isinstance(event, DebriefWritten) for event in events):
            try:
                self._plan_next()
            except LiveCueError as error:
                _log.error("the next show of the demo is not planned: %s", error)

    def _plan_next(self) -> None:
        """The loop closes: the next show's plan takes up what the debrief proposed."""
        if self._source is None:
            return
        scenario = self._source.simulation.scenario
        show = stable_id("next", scenario.show)
        if any(row.show == show for row in list_shows(self._app.reader, ROOM, 20)):
            return
        open_items = [i for i in list_improvements(self._app.reader, ROOM) if i.state in ("proposed", "accepted")]
        plan = scenario.plan(tuple(item.improvement for item in open_items))
        command = new_id()
        event = ShowPlanned(
            key=command,
            command=command,
            by=plan.by,
            show=show,
            title=scenario.title + " · 次日",
            starts_at=scenario.starts_at + DAY_MS,
            segments=plan.segments,
            products=plan.products,
            goals=plan.goals,
            carried=plan.carried,
        )
        self._app.pump.post(ROOM, [event], source="livecue").result(30)
