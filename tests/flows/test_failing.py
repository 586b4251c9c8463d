"""Every n-th commit fails, every n-th decider fails, with every part of the product on: the rows are as without."""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from livecue.app import makers
from livecue.errors import StoreFailed
from livecue.events import ActionAsked, Event, PinProduct
from livecue.flow import Bus, Pump
from livecue.kit import ManualClock
from livecue.store import SqliteWriter
from tests.flows.killing import SKIPPED
from tests.flows.test_cuts import INFO, START, recording
from tests.folding import _template

AT_ONCE = 12
"""Events in a post."""


def play(
    path: Path,
    events: list[Event],
    writer: type[SqliteWriter] = SqliteWriter,
    probe: Callable[[str], None] | None = None,
) -> dict[str, list[str]]:
    """Every row of every table afterwards, but of those that say when a snapshot was made."""
    shutil.copy(_template(), path)
    pump = Pump(writer(path), lambda *_: (INFO, makers()), Bus(), clock=ManualClock(START), probe=probe)
    pump.start()
    for start, end in pairwise([*range(0, len(events), AT_ONCE), len(events)]):
        pump.post("r", events[start:end], source="simulator", arrived=START).result(60)
    pump.stop()
    assert pump.last_error == "" or writer is not SqliteWriter
    connection = sqlite3.connect(path)
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
            for table in tables
            if table not in SKIPPED
        }
    finally:
        connection.close()


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """A minute with a banned word, a sell-out and abuse in it; somebody asks for an action now and then."""
    found = recording()[:900]
    for place in range(100, len(found), 100):
        name = f"pin{place}"
        found.insert(place, ActionAsked(key=name, command=name, action=PinProduct(product="p02"), by="ops"))
    return found


@pytest.fixture(scope="module")
def straight(events: list[Event], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    rows = play(tmp_path_factory.mktemp("failing") / "straight.db", events)
    for table in ("journal", "comments", "comment_judgements", "cues", "outbox"):
        assert rows[table], table
    return rows


def test_every_fifth_commit_fails(tmp_path: Path, events: list[Event], straight: dict[str, list[str]]) -> None:
    class Shaky(SqliteWriter):
        commits = 0

        def commit(self) -> None:
            Shaky.commits += 1
            if Shaky.commits % 5 == 0:
                self.rollback()
                raise StoreFailed("the disk is full")
            super().commit()

    assert play(tmp_path / "a.db", events, Shaky) == straight
    assert Shaky.commits > 60


def test_every_fifth_decider_fails(tmp_path: Path, events: list[Event], straight: dict[str, list[str]]) -> None:
    calls = 0
    failed: Counter[str] = Counter()

    def probe(decider: str) -> None:
        nonlocal calls
        calls += 1
        if calls % 5 == 0:
            failed[decider] += 1
            raise RuntimeError("planted")

    assert play(tmp_path / "a.db", events, probe=probe) == straight
    assert failed.keys() == {decider.name for decider in makers()[1]}, "one of them was never hit"
