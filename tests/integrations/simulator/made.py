"""What the simulator's tests share: shows stepped to their end, and their events by kind."""

from functools import cache
from typing import TypeVar

from livecue.events import CommandApplied, Event
from livecue.integrations.simulator import Books, Crew, Scenario, Simulation, default_demo

START = 1_790_000_000_000
E = TypeVar("E", bound=Event)


def run(scenario: Scenario, step_ms: int = 10**9, until_s: float | None = None) -> tuple[list[Event], Simulation]:
    """The whole show, or its first ``until_s`` seconds, without a crew."""
    simulation = Simulation(scenario)
    last = scenario.ends_at + 30_000 if until_s is None else scenario.starts_at + int(until_s * 1000)
    now = scenario.starts_at
    events: list[Event] = []
    while now < last:
        now = min(last, now + step_ms)
        events += simulation.step(now)
    return events, simulation


@cache
def demo() -> tuple[list[Event], Books]:
    """The demo, led by its crew, made once for all tests."""
    scenario = default_demo(7, START)
    simulation, crew = Simulation(scenario), Crew(scenario)
    events: list[Event] = []
    now = START - 3000
    while now < scenario.ends_at + 30_000:
        now += 1000
        for command in crew.step(now):
            simulation.hear(command)
            simulation.hear(CommandApplied(command=getattr(command, "command", "")))
        events += simulation.step(now)
    return events, simulation.books()


def of(events: list[Event], kind: type[E]) -> list[E]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]
