"""The SQLite driver: one writer with full sync, any number of readers."""

import re
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from livecue.errors import StoreFailed, StoreLocked
from livecue.store.checkpoints import Checkpoints
from livecue.store.protocols import Log, Past, Row

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    # A checkpoint inside a commit costs latency: the log is moved beside the writer, which does it itself only to
    # begin the log anew once it has grown to 64 MB, when little is left to move.
    "PRAGMA wal_autocheckpoint=16000",
)
_MOVED_ROWS = 5_000
"""After so many changed rows the log is moved into the file."""


_GROUP = 16
"""So many rows go in by one statement: a fifth less work than a statement a row, fewer hand-overs between threads."""
_VALUES = re.compile(r"^(INSERT INTO .* VALUES )(\([^()]*\))(.*)$", re.DOTALL)


@lru_cache(maxsize=256)
def _grouped(statement: str) -> str:
    """The statement for a group of rows; "" when it is no plain insert."""
    parts = _VALUES.match(statement)
    return "" if parts is None else parts[1] + ",".join([parts[2]] * _GROUP) + parts[3]


def _failed(error: sqlite3.Error, doing: str = "") -> StoreFailed:
    """The same in our words: a database that another program holds is told apart, with what to do."""
    # Extended codes hold the plain one in their lowest byte.
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreLocked(
            "another program holds the database (a tool that writes to it, a copy under way): close that program;"
            " what was answered is kept, LiveCue goes on by itself, and what was refused can be sent again"
        )
    return StoreFailed(f"{doing}{error}")


def _connect(path: Path, read_only: bool, busy_ms: int) -> sqlite3.Connection:
    try:
        if read_only:
            connection = sqlite3.connect(
                f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute(f"PRAGMA busy_timeout={busy_ms}")
        else:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            connection.execute(f"PRAGMA busy_timeout={busy_ms}")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
    except sqlite3.Error as error:
        told = _failed(error)
        if isinstance(told, StoreLocked):
            raise told from error
        raise StoreFailed(
            f"cannot open {path}: {error}; check that the folder exists, is writable and not full"
        ) from error
    return connection


class SqliteWriter:
    """The one connection that writes. Used by the pump's thread only."""

    past: Past | None = None
    log: Log | None = None
    busy_ms = 5_000
    """How long a statement waits for a database that another program holds."""

    one_by_one = False
    """Nothing ever waits here: a failure names its part anyhow."""

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path, False, self.busy_ms)
        self._checkpoints = Checkpoints(partial(_connect, path, False, 0))
        self._changes = 0
        self.holding: Mapping[str, int] = {}

    def begin(self) -> None:
        """Open a transaction; raises ``StoreFailed`` when another process holds the database."""
        self._run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the transaction durable (fsync); raises ``StoreFailed``, then nothing of it was kept."""
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            raise _failed(error, "commit failed: ") from error
        if self._connection.total_changes - self._changes >= _MOVED_ROWS:
            self._changes = self._connection.total_changes
            self._checkpoints.due()

    def rollback(self) -> None:
        """Give the transaction up, if one is open."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def savepoint(self, name: str) -> None:
        """Mark a place to go back to."""
        self._run(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        """Keep what came since the savepoint."""
        self._run(f"RELEASE {name}")

    def back_to(self, name: str) -> None:
        """Undo what came since the savepoint, and remove it."""
        self._run(f"ROLLBACK TO {name}")
        self._run(f"RELEASE {name}")

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows, as seen inside the transaction."""
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            raise _failed(error) from error

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, return the number of rows it changed."""
        return self._run(statement, values)

    def put(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run one statement."""
        self._run(statement, values)

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        left = list(rows)
        try:
            grouped = _grouped(statement) if len(left) >= _GROUP else ""
            if grouped:
                full = len(left) - len(left) % _GROUP
                self._connection.executemany(
                    grouped, [list(chain.from_iterable(left[at : at + _GROUP])) for at in range(0, full, _GROUP)]
                )
                left = left[full:]
            if left:
                self._connection.executemany(statement, left)
        except sqlite3.OperationalError as error:
            raise _failed(error) from error

    def close(self) -> None:
        """Close; an open transaction is lost."""
        self._checkpoints.stop()
        self._connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> int:
        try:
            return self._connection.execute(statement, values).rowcount
        except sqlite3.OperationalError as error:
            raise _failed(error) from error


class SqliteReader:
    """Reads for many threads: each gets a connection of its own, closed with ``close``."""

    past: Past | None = None
    log: Log | None = None
    busy_ms = 5_000

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of the newest committed state."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _connect(self._path, True, self.busy_ms)
            self._local.connection = connection
            with self._guard:
                self._all.append(connection)
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise _failed(error) from error

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()
