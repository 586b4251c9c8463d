"""A unit over an in-memory database, to fold ledgers without a pump."""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from livecue.events import Action, ClockTicked, Event
from livecue.flow import Ledger, RoomInfo
from livecue.store import Log, Past, migrate

ROOM = RoomInfo(room="r1", org="o", brand="b", name="Room", nature="simulated")
E = TypeVar("E", bound=Event)


@cache
def _template() -> Path:
    path = Path(tempfile.mkdtemp(prefix="livecue-test-")) / "template.db"
    migrate(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    atexit.register(shutil.rmtree, path.parent, True)
    return path


class TestUnit:
    """Writes at once, remembers what was announced and asked."""

    __test__ = False
    past: Past | None = None
    log: Log | None = None

    def __init__(self, path: Path, room: str = "r1") -> None:
        shutil.copy(_template(), path)
        self.db = sqlite3.connect(path, isolation_level=None)
        self.room = room
        self.number = 1
        self.now = 1_000_000
        self.source = "test"
        self.rebuilding = False
        self.recorded: Sequence[Event] | None = None
        self.announced: list[Event] = []
        self.acted: list[Action] = []

    def write(self, statement: str, values: Sequence[Any] = ()) -> None:
        self.db.execute(statement, values)

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        self.db.executemany(statement, list(rows))

    def ask(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.db.execute(statement, values).fetchall()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self.ask(statement, values)

    def announce(self, *events: Event) -> None:
        self.announced.extend(events)

    def act(self, *actions: Action) -> None:
        self.acted.extend(actions)

    def said(self, kind: type[E]) -> list[E]:
        """Announcements of one kind."""
        return [event for event in self.announced if isinstance(event, kind)]

    def feed(self, part: Ledger, events: Sequence[Event]) -> None:
        """Fold as the pump would: room time moves with the ticks among the events."""
        for event in events:
            if isinstance(event, ClockTicked):
                self.now = event.now
            part.fold([event], self)

    def tick(self, ms: int = 250) -> ClockTicked:
        """Room time moves."""
        self.now += ms
        return ClockTicked(now=self.now)
