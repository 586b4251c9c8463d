"""One recording cut into batches in fifty random ways gives byte-identical cues, with every part of the product on."""

import random
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from livecue.app import makers
from livecue.events import ClockTicked, Event, encode_event
from livecue.flow import RoomInfo
from livecue.flow.room import Room
from livecue.integrations.simulator import (
    BannedWord,
    ComplaintFlood,
    Crew,
    RudeComments,
    SellOut,
    Simulation,
    Slump,
    plain_show,
)
from livecue.store import Batch, SqliteWriter, append_batches
from tests.folding import _template

INFO = RoomInfo(room="r", org="main", brand="main", name="R", platform="p", nature="simulated")
START = 1_790_000_000_000
SECONDS = 120
CUTS = 50


def recording() -> list[Event]:
    """Two minutes with much going wrong."""
    incidents = (
        BannedWord(at_s=20, text="全网最低价，绝对最有效"),
        SellOut(at_s=40, product="p03", over_s=20),
        RudeComments(at_s=60, people=3),
        ComplaintFlood(at_s=80, product="p01", people=14, duration_s=30),
        Slump(at_s=90, duration_s=100),
    )
    scenario = plain_show(21, START, 1200, incidents=incidents, room="r")
    simulation, crew = Simulation(scenario), Crew(scenario)
    events: list[Event] = []
    for now in range(START - 3000, START + SECONDS * 1000, 250):
        commands = crew.step(now + 250)
        for command in commands:
            simulation.hear(command)
        events += [*commands, *simulation.step(now + 250), ClockTicked(now=now + 250)]
    return events


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteWriter]:
    path: Path = tmp_path_factory.mktemp("cuts") / "a.db"
    shutil.copy(_template(), path)
    made = SqliteWriter(path)
    yield made
    made.close()


def cues_of(writer: SqliteWriter, events: list[Event], cuts: list[int]) -> list[bytes]:
    """What the deciders announced, in order."""
    writer.begin()
    try:
        room = Room(INFO, makers(), writer)
        said: list[bytes] = []
        bounds = [0, *cuts, len(events)]
        for number, (start, end) in enumerate(pairwise(bounds), 1):
            batch = Batch(room="r", number=number, arrived=START, source="simulator", events=events[start:end])
            append_batches(writer, "main", "main", [batch])
            said += [
                encode_event(e) for e in room.fold(batch, writer)[2] if type(e).__name__.startswith(("Cue", "Signal"))
            ]
        return said
    finally:
        writer.rollback()


def test_fifty_cuts_give_the_same_cues(writer: SqliteWriter) -> None:
    events = recording()
    whole = cues_of(writer, events, [])
    assert sum(b'"CueRaised"' in item for item in whole) >= 4
    for seed in range(CUTS):
        rng = random.Random(seed)
        cuts = sorted(rng.sample(range(1, len(events)), rng.choice([1, 7, 60, 400])))
        assert cues_of(writer, events, cuts) == whole, f"cut number {seed}"
