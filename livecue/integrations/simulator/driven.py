"""A simulated show as one stream: audience, platform and crew together, in the shape a driver of room time wants."""

from collections.abc import Sequence
from pathlib import Path

from livecue.events import Event
from livecue.integrations.simulator.crew import Crew
from livecue.integrations.simulator.scenario import Scenario
from livecue.integrations.simulator.simulation import Simulation


class SimulatedShow:
    """``simulation`` and ``crew`` side by side. Give ``hear`` every applied command and announcement of the room.

    After a restart open it on the same ``log`` with ``since`` the room time reached: ``step`` and ``commands`` then
    leave out what came before it.
    """

    def __init__(self, scenario: Scenario, log: Path | None = None, since: int = 0) -> None:
        self.simulation = Simulation(scenario, log)
        self.crew = Crew(scenario, since)
        if since:
            self.simulation.step(since)

    def step(self, until: int) -> list[Event]:
        """Outside events before room time ``until``, each once."""
        return self.simulation.step(until)

    def commands(self, until: int) -> list[Event]:
        """What the scripted crew does before ``until``."""
        return self.crew.step(until)

    def hear(self, events: Sequence[Event]) -> None:
        """What was applied and announced in the room, in order."""
        for event in events:
            self.simulation.hear(event)
            self.crew.hear(event)

    @property
    def over(self) -> bool:
        """Whether the show has ended and everybody has left."""
        return self.simulation.over
