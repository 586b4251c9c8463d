"""The SQLite driver: one writer with full sync, any number of readers, migrations."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from livecue.errors import BadInput, StoreFailed

Row = tuple[Any, ...]


class Reader(Protocol):
    """Reads committed rows."""

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query with ``?`` places."""
        ...


class Writer(Reader, Protocol):
    """Writes inside the open transaction."""

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, return the number of rows it changed."""
        ...

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        ...


_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA cache_size=-65536",
    "PRAGMA temp_store=MEMORY",
    # A checkpoint inside a commit costs latency; larger steps make it rarer.
    "PRAGMA wal_autocheckpoint=4000",
)


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    try:
        if read_only:
            connection = sqlite3.connect(
                f"file:{path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False
            )
            connection.execute("PRAGMA busy_timeout=5000")
        else:
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
    except sqlite3.Error as error:
        raise StoreFailed(
            f"cannot open {path}: {error}; check that the folder exists, is writable and not full"
        ) from error
    return connection


class SqliteWriter:
    """The one connection that writes. Used by the pump's thread only."""

    def __init__(self, path: Path) -> None:
        self._connection = _connect(path, read_only=False)

    def begin(self) -> None:
        """Open a transaction; raises ``StoreFailed`` when another process holds the database."""
        self._run("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make the transaction durable (fsync); raises ``StoreFailed``, then nothing of it was kept."""
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.rollback()
            raise StoreFailed(f"commit failed: {error}") from error

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
            raise StoreFailed(str(error)) from error

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, return the number of rows it changed."""
        return self._run(statement, values)

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        try:
            self._connection.executemany(statement, rows)
        except sqlite3.OperationalError as error:
            raise StoreFailed(str(error)) from error

    def close(self) -> None:
        """Close; an open transaction is lost."""
        self._connection.close()

    def _run(self, statement: str, values: Sequence[Any] = ()) -> int:
        try:
            return self._connection.execute(statement, values).rowcount
        except sqlite3.OperationalError as error:
            raise StoreFailed(str(error)) from error


class SqliteReader:
    """Reads for many threads: each gets a connection of its own, closed with ``close``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._guard = threading.Lock()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of the newest committed state."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _connect(self._path, read_only=True)
            self._local.connection = connection
            with self._guard:
                self._all.append(connection)
        try:
            return connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            raise StoreFailed(str(error)) from error

    def close(self) -> None:
        """Close every thread's connection."""
        with self._guard:
            for connection in self._all:
                connection.close()
            self._all.clear()
            self._local = threading.local()


@contextmanager
def transaction(writer: SqliteWriter) -> Iterator[SqliteWriter]:
    """A transaction that commits at the end and rolls back on any error."""
    writer.begin()
    try:
        yield writer
    except BaseException:
        writer.rollback()
        raise
    writer.commit()


def migrate(path: Path) -> None:
    """Bring the database at ``path`` to the newest schema; makes it when it is missing.

    Raises ``BadInput`` when the file is no database or newer than this program.
    """
    # Imported here: Alembic costs a third of a second that readers need not pay.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DatabaseError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    if path.exists() and _revision(path) == newest:
        return
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DatabaseError as error:
        raise BadInput(f"{path} is not a LiveCue database: {error.orig}") from error
    except CommandError as error:
        raise BadInput(f"{path} was written by a newer LiveCue: {error}; upgrade the program") from error
    finally:
        engine.dispose()


def _revision(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError:
        return None
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path} is not a LiveCue database: {error}") from error
    finally:
        connection.close()
    return str(row[0]) if row else None
