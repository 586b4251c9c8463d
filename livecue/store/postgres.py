"""The PostgreSQL driver: the same statements, sent together and told apart.

A statement whose count nobody needs waits and travels with the next ones (pipeline); many rows are one statement over
``unnest``. PostgreSQL flushes before a commit is answered (``synchronous_commit``).
"""

import contextlib
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

import psycopg
from psycopg import errors, pq
from psycopg.abc import Buffer
from psycopg.types.numeric import FloatDumper, IntDumper, NumericBinaryLoader

from livecue.errors import BadInput, Defect, LiveCueError, StoreFailed
from livecue.kit import new_id
from livecue.store.protocols import LateFailure, Log, Past, Row
from livecue.store.statements import Many, column_of, listed, many_of, places

OLDEST = 150000
"""PostgreSQL 15, as libpq counts."""
_WAITING = 2_000
"""Statements that wait at most before they are sent."""
_FEW = 4
"""Fewer rows than this are statements of their own."""
_IDLE = 8
"""Connections a reader keeps."""
_ASKING_S = 60.0
"""How long the server is asked what became of a commit whose answer was lost."""
_PASSING = ("08", "40", "53", "57", "58", "25P03", "55P03")
"""SQLSTATE classes that may heal by themselves: connection, conflict, resources, operator, system."""


_MARK = "UPDATE marks SET mark = %s WHERE writer = %s"
"""A number of our own that commits with the transaction, should the answer to its commit be lost. The server's number
of a transaction would not do: what a crash forgot of them is given out again, to others."""
_OWN_MARK = (
    "INSERT INTO marks (org, brand, writer, mark, at) VALUES ('*', '*', %s, 0,"
    " (extract(epoch FROM clock_timestamp()) * 1000)::bigint) ON CONFLICT (writer) DO NOTHING"
)
_OLD_MARKS = (
    "DELETE FROM marks WHERE writer IN (SELECT writer FROM marks"
    " WHERE at < (extract(epoch FROM clock_timestamp()) * 1000)::bigint - 2592000000 LIMIT 100 FOR UPDATE SKIP LOCKED)"
    " AND writer <> %s"
)
"""Those that killed programs left behind a month ago."""


class _Whole(IntDumper):
    """Integers and truths without a type: the server takes the column's, as SQLite would."""

    oid = 0

    def dump(self, obj: Any) -> Buffer | None:
        return str(int(obj)).encode()


class _Float(FloatDumper):
    oid = 0

    def dump(self, obj: Any) -> Buffer | None:
        # SQLite keeps no NaN: it becomes NULL there too.
        return None if obj != obj else super().dump(obj)


class _Sum(NumericBinaryLoader):
    """Sums of integers are integers."""

    def load(self, data: Buffer) -> Any:
        found = super().load(data)
        return int(found) if found == found.to_integral_value() and found.as_tuple().exponent == 0 else float(found)


def connect(dsn: str) -> "psycopg.Connection[Row]":
    """A connection in autocommit. Raises ``StoreFailed`` that says what to do; never says the password."""
    try:
        connection = psycopg.connect(
            dsn, autocommit=True, connect_timeout=5, application_name="livecue", keepalives_idle=5, keepalives_count=3
        )
    except psycopg.ProgrammingError as error:
        raise BadInput(
            f"store_dsn cannot be read ({error}); write it as postgresql://user:password@host:5432/database"
        ) from None
    except psycopg.OperationalError as error:
        raise StoreFailed(
            f"cannot reach PostgreSQL: {_first(error)}; check host, port, user, password and database in store_dsn"
            " (LIVECUE_STORE_DSN), and that the server runs"
        ) from None
    connection.prepared_max = 500
    for kind in (int, bool):
        connection.adapters.register_dumper(kind, _Whole)
    connection.adapters.register_dumper(float, _Float)
    connection.adapters.register_loader("numeric", _Sum)
    return connection


def checked(dsn: str) -> "psycopg.Connection[Row]":
    """A connection to a server that can hold us. Raises ``BadInput`` naming what is wrong with it."""
    connection = connect(dsn)
    version = connection.info.server_version
    encoding = connection.info.parameter_status("server_encoding")
    wrong = ""
    if version < OLDEST:
        wrong = f"PostgreSQL {version // 10000} is too old: LiveCue needs 15 or newer; upgrade the server"
    elif encoding != "UTF8":
        wrong = f"the database keeps {encoding}: make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0"
    elif connection.execute("SELECT pg_is_in_recovery()").fetchall()[0][0]:
        wrong = "this server is a standby and takes no writes: name the primary in store_dsn"
    if wrong:
        connection.close()
        raise BadInput(wrong)
    return connection


def _first(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def passing(error: psycopg.Error, connection: "psycopg.Connection[Row]") -> bool:
    """Whether the same may go well later: nothing is wrong with the statement itself."""
    if connection.closed:
        return True
    return (error.sqlstate or "08").startswith(_PASSING)


def _clean(values: Sequence[Any]) -> Sequence[Any]:
    """PostgreSQL keeps no NUL in a text: it becomes its visible sign."""
    if any(type(value) is str and "\x00" in value for value in values):
        return [value.replace("\x00", "␀") if type(value) is str else value for value in values]
    return values


class Guard(Protocol):
    """What is asked at the start of every transaction: nothing of it is kept when the answer is not true."""

    statement: str
    session: str
    """How the connection is called on the server, so that who takes over can end it."""

    def values(self, holding: Mapping[str, int]) -> Sequence[Any]:
        """The values of the statement, for rooms and their epochs."""
        ...

    def lost(self) -> LiveCueError:
        """What is raised then."""
        ...


class PostgresWriter:
    """The one connection that writes. Used by the pump's thread only; it connects again by itself."""

    past: Past | None = None
    log: Log | None = None

    def __init__(self, dsn: str, guard: "Guard | None" = None) -> None:
        self._dsn = dsn
        self._guard = guard
        self._connection = checked(dsn)
        self._tables: dict[str, dict[str, str]] = {}
        self._many: dict[str, Many | None] = {}
        self._waiting: list[tuple[str, Sequence[Any]]] = []
        self._name = new_id()
        self._marked = 0
        """The mark of the newest transaction; it rises with each."""
        self.one_by_one = False
        self.holding: Mapping[str, int] = {}
        self._prepare()

    def _prepare(self) -> None:
        connection = self._connection
        if connection.execute("SHOW synchronous_commit").fetchall()[0][0] == "off":
            # What is answered is durable, whatever the server's habit.
            connection.execute("SET synchronous_commit = on")
        if self._guard is not None:
            connection.execute("SELECT set_config('application_name', %s, false)", (self._guard.session,))
        # Away before it is read again: a table that was made since is known.
        self._tables.clear()
        self._many.clear()
        for table, column, kind in connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema()"
        ).fetchall():
            self._tables.setdefault(table, {})[column] = kind
        if "marks" in self._tables:
            connection.execute(_OWN_MARK, (self._name,))

    def begin(self) -> None:
        """Open a transaction; raises ``StoreFailed`` when the server cannot be reached."""
        if self._connection.closed:
            self._connection = checked(self._dsn)
            self._prepare()
        self._marked += 1
        self._waiting = [("BEGIN", ()), (_MARK, (self._marked, self._name))]
        if self._guard is not None:
            self._waiting.append((self._guard.statement, self._guard.values(self.holding)))
        self.one_by_one = False

    def commit(self) -> None:
        """Make the transaction durable; raises ``StoreFailed``, then nothing of it was kept.

        When the connection breaks just then, the server is asked what became of the transaction.
        """
        self._send()
        try:
            self._connection.execute("COMMIT")
        except psycopg.Error as error:
            broken = self._connection.closed
            self.rollback()
            if broken and self._was_kept():
                return
            raise StoreFailed(f"commit failed: {_first(error)}") from error

    def _was_kept(self) -> bool:
        until = time.monotonic() + _ASKING_S
        while True:
            try:
                self._connection = checked(self._dsn)
                self._prepare()
                # Locked: a transaction that the server has not ended yet is waited for.
                self._connection.execute("SET lock_timeout = '1s'")
                rows = self._connection.execute(
                    "SELECT mark FROM marks WHERE writer = %s FOR UPDATE", (self._name,)
                ).fetchall()
                self._connection.execute("SET lock_timeout = 0")
                return bool(rows and rows[0][0] == self._marked)
            except (StoreFailed, psycopg.Error):
                pass
            if time.monotonic() > until:
                # Not a StoreFailed: trying again could store it twice. Rooms are opened anew from what is there.
                raise Defect(f"the server is gone, and what became of transaction {self._marked} is not known")
            time.sleep(0.2)

    def rollback(self) -> None:
        """Give the transaction up, if one is open."""
        self._waiting = []
        self.one_by_one = False
        connection = self._connection
        if connection.closed or connection.info.transaction_status == pq.TransactionStatus.IDLE:
            return
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def savepoint(self, name: str) -> None:
        """Mark a place to go back to."""
        self._put(f"SAVEPOINT {name}")

    def release(self, name: str) -> None:
        """Keep what came since the savepoint; a statement of it that failed is told now at the latest."""
        self._put(f"RELEASE {name}")
        self._send()

    def back_to(self, name: str) -> None:
        """Undo what came since the savepoint, and remove it."""
        if any(sql == f"SAVEPOINT {name}" for sql, _ in self._waiting):
            # The savepoint itself has not left yet.
            place = next(place for place, (sql, _) in enumerate(self._waiting) if sql == f"SAVEPOINT {name}")
            del self._waiting[place:]
            return
        self._waiting = [(f"ROLLBACK TO {name}", ()), (f"RELEASE {name}", ())]
        self._send()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows, as seen inside the transaction."""
        many = listed(statement)
        if many is None:
            cursor = self._send((places(statement), _clean(values)))
        else:
            first, behind = many.first, many.first + many.length
            texts = column_of(values[first:behind], "text")
            cursor = self._send((many.statement, [*_clean(values[:first]), texts, *_clean(values[behind:])]))
        return cursor.fetchall() if cursor.description else []

    def write(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run one statement, return the number of rows it changed."""
        return self._send((places(statement), _clean(values))).rowcount

    def put(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Let one statement wait; it is sent before anything is read, released or committed."""
        self._put(places(statement), _clean(values))

    def write_many(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row: as columns of one statement where its form allows it."""
        items = rows if isinstance(rows, list) else list(rows)
        if len(items) >= _FEW:
            if statement not in self._many:
                self._many[statement] = many_of(statement, self._tables)
            many = self._many[statement]
            if many is not None and _differ(items, many.keys):
                columns = zip(*items, strict=True)
                self._put(many.statement, [column_of(c, kind) for c, kind in zip(columns, many.types, strict=True)])
                return
        translated = places(statement)
        for values in items:
            self._put(translated, _clean(values))

    def close(self) -> None:
        """Close; an open transaction is lost."""
        connection = self._connection
        with contextlib.suppress(psycopg.Error):
            if not connection.closed and connection.info.transaction_status == pq.TransactionStatus.IDLE:
                connection.execute("DELETE FROM marks WHERE writer = %s", (self._name,))
                connection.execute(_OLD_MARKS, (self._name,))
        connection.close()

    def _taken(self, guard: Guard) -> bool:
        with contextlib.suppress(psycopg.Error, LiveCueError), contextlib.closing(connect(self._dsn)) as other:
            return not _owned(other.execute(guard.statement.encode(), guard.values(self.holding)).fetchall())
        return False

    def _put(self, translated: str, values: Sequence[Any] = ()) -> None:
        self._waiting.append((translated, values))
        if self.one_by_one or len(self._waiting) >= _WAITING:
            self._send()

    def _send(self, last: tuple[str, Sequence[Any]] | None = None) -> "psycopg.Cursor[Row]":
        waiting, self._waiting = self._waiting, []
        connection = self._connection
        cursor = connection.cursor(binary=True)
        try:
            if len(waiting) + (last is not None) > 1:
                with connection.pipeline():
                    passed, owned = connection.cursor(), connection.cursor()
                    kept: dict[int, psycopg.Cursor[Row]] = {}
                    if self._guard is not None:
                        kept[id(self._guard.statement)] = owned
                    for statement, values in waiting:
                        kept.get(id(statement), passed).execute(statement, values, prepare=True)
                    if last is not None:
                        cursor.execute(*last, prepare=True)
            elif waiting or last is not None:
                cursor.execute(*(last or waiting[0]), prepare=True)
            first = len(waiting) > 1 and waiting[1][0] is _MARK
            if first and self._guard is not None and not _owned(owned.fetchall()):
                raise self._guard.lost()
        except (psycopg.Error, UnicodeError) as error:
            if isinstance(error, psycopg.Error) and passing(error, connection):
                raise StoreFailed(f"PostgreSQL: {_first(error)}") from error
            if len(waiting) > 1 and waiting[1][0] is _MARK and self._guard is not None and self._taken(self._guard):
                # Somebody else's batch stood where ours should: a lost lease, and no defect.
                raise self._guard.lost() from error
            if waiting and not self.one_by_one:
                raise LateFailure(_first(error)) from error
            raise
        return cursor


def _owned(rows: Sequence[Row]) -> bool:
    return bool(rows and rows[0][0])


def _differ(rows: Sequence[Sequence[Any]], keys: tuple[int, ...]) -> bool:
    return not keys or len(set(map(itemgetter(*keys), rows))) == len(rows)


class PostgresReader:
    """Reads for many threads from a few connections."""

    past: Past | None = None
    log: Log | None = None

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: list[psycopg.Connection[Row]] = []
        self._places = threading.BoundedSemaphore(_IDLE)
        self._guard = threading.Lock()

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of the newest committed state; a connection that broke is made again once."""
        with self._places:
            for last in (False, True):
                with self._guard:
                    connection = self._idle.pop() if self._idle else None
                fresh = connection is None
                if connection is None:
                    connection = connect(self._dsn)
                try:
                    cursor = connection.execute(places(statement), _clean(values), prepare=True, binary=True)
                    found = cursor.fetchall() if cursor.description else []
                except psycopg.Error as error:
                    if connection.closed:
                        if not (last or fresh):
                            PostgresReader.close(self)  # what is built on it stays open
                            continue
                        raise StoreFailed(f"PostgreSQL: {_first(error)}") from error
                    self._give_back(connection)
                    if isinstance(error, errors.OperationalError):
                        raise StoreFailed(f"PostgreSQL: {_first(error)}") from error
                    raise
                self._give_back(connection)
                return found
        raise StoreFailed("PostgreSQL does not answer")

    def _give_back(self, connection: "psycopg.Connection[Row]") -> None:
        with self._guard:
            self._idle.append(connection)

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._guard:
            while self._idle:
                self._idle.pop().close()
