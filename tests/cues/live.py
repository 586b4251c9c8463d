"""A simulated show through the ledgers and ``Cues``, without a database: the loop's rounds and nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

from livecue.compliance import Compliance
from livecue.cues import Cues, CuesState
from livecue.desk import Desk
from livecue.desk.opinion import Opinion
from livecue.events import ClockTicked, Event
from livecue.flow import RoomInfo
from livecue.integrations.simulator import PREPARES_MS, Crew, Scenario, Simulation
from livecue.metrics import Metrics
from livecue.sales import Sales
from livecue.shows import Shows


class Quiet:
    """A unit that keeps no rows: what the ledgers ask for shared rows is answered with nothing."""

    def __init__(self) -> None:
        self.room, self.number, self.now, self.source, self.rebuilding = "r1", 1, 0, "simulator", False
        self.announced: list[Event] = []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None: ...

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None: ...

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return []

    def announce(self, *events: Event) -> None:
        self.announced.extend(events)

    def act(self, *actions: Any) -> None: ...


class Live:
    """One room; with ``words`` its comments and speech are judged too. ``announced`` is everything announced so far."""

    def __init__(self, words: bool = False, unit: Any = None) -> None:
        info = RoomInfo(room="r1", org="o", brand="b", nature="simulated")
        self.ledgers: list[Any] = [Shows(info, None), Sales(info, None), Metrics(info, None)]
        self.cues, self.desk = Cues(), Desk()
        self._deciders: list[Any] = [self.cues]
        self._states: dict[str, Any] = {"cues": self.cues.open(info, None)}
        if words:
            self.ledgers.insert(2, Compliance(info, None))
            opinion = Opinion()
            self._deciders += [self.desk, opinion]
            self._states |= {"desk": self.desk.open(info, None), "opinion": opinion.open(info, None)}
        self.pictures: dict[str, Any] = {}
        self.unit = unit or Quiet()
        self.announced: list[Event] = []

    @property
    def state(self) -> CuesState:
        state: CuesState = self._states["cues"]
        return state

    def fold(self, events: Sequence[Event]) -> list[Event]:
        """One run and its rounds; what was announced."""
        said: list[Event] = []
        ticks = [event for event in events if isinstance(event, ClockTicked)]
        if ticks:
            self.unit.now = ticks[-1].now
        told: list[tuple[object, Event]] = [(None, event) for event in events]
        while told:
            following: list[tuple[object, Event]] = []
            for part in self.ledgers:
                items = [event for teller, event in told if teller is not part and type(event) in part.kinds]
                if items:
                    self.unit.announced = []
                    part.fold(items, self.unit)
                    following += [(part, event) for event in self.unit.announced]
            if ticks:
                self.pictures = {part.name: part.picture(self.unit.now) for part in self.ledgers}
            for decider in self._deciders:
                items = [event for teller, event in told if teller is not decider and type(event) in decider.kinds]
                if items:
                    self.unit.announced = []
                    known = self._states[decider.name]
                    self._states[decider.name] = decider.decide(known, items, self.pictures, self.unit)
                    following += [(decider, event) for event in self.unit.announced]
            said += [event for _, event in following]
            told = following
        self.announced += said
        return said

    def play(self, scenario: Scenario, until_s: float | None = None, step_ms: int = 1000) -> Simulation:
        """The whole show with its crew, or its first ``until_s`` seconds, in ticks of ``step_ms``."""
        simulation, crew = Simulation(scenario), Crew(scenario)
        last = scenario.ends_at + 600_000 if until_s is None else scenario.starts_at + int(until_s * 1000)
        now = scenario.starts_at - PREPARES_MS - 1000
        while now < last:
            now += step_ms
            commands = crew.step(now)
            for batch in ([*commands, *simulation.step(now)], [ClockTicked(now=now)]):
                if batch:
                    for event in [*commands, *self.fold(batch)]:
                        simulation.hear(event)
                        crew.hear(event)
                    commands = []
        return simulation
