"""A place where an installation is kept, whichever database it is. The one file that asks which shape this is."""

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from livecue.errors import BadInput, Conflict, StoreFailed
from livecue.store.backup import backup as copy_file
from livecue.store.backup import restore as put_file
from livecue.store.jetstream import Broker
from livecue.store.migrating import migrate, newest_revision, tables, upgrade
from livecue.store.protocols import Row, SharedReader, Sharer, Signaller, TransactionWriter
from livecue.store.sqlite import SqliteReader, SqliteWriter
from livecue.store.statements import definition

if TYPE_CHECKING:
    import psycopg

    from livecue.store.programs import Program
    from livecue.store.signals import Signals

_PLACED = "FROM settings WHERE org = '' AND brand = '' AND name = 'journal'"
_LOCK = 0x11FEC0E
"""Key of the lock that lets one program at a time migrate ("livecue", as far as hex can spell)."""


class Store(Protocol):
    """Where an installation is kept."""

    name: str
    """For people: the file, or server and database; never a password."""
    shares: bool
    """Whether several programs may share it."""

    def exists(self) -> bool:
        """Whether something is kept there already."""
        ...

    def migrate(self) -> None:
        """Bring it to the newest schema; makes it when it is missing. Raises ``BadInput`` with what to do."""
        ...

    def claim(self, installation: str, patient: bool = False, on_lost: Callable[[], None] | None = None) -> str:
        """Become the one program that owns the rooms, for this installation ("" = not known yet).

        Returns the installation's id. Raises ``Conflict`` when it belongs to another one, or is in use; ``patient``
        waits until it is not. ``on_lost`` is called when another program took over while this one was silent.
        """
        ...

    def join(self, installation: str, roles: Collection[str], on_lost: Callable[[], None] | None = None) -> str:
        """Become one of the programs that share the rooms, for this installation; waits while one bears none beside it.

        Returns the installation's id; ``shared`` then says who takes part. Raises ``BadInput`` where there is only
        one program.
        """
        ...

    def shared(self) -> tuple[Sharer, Signaller] | None:
        """This program among others, and how they wake each other; None when it is the only one."""
        ...

    def release(self) -> None:
        """Let another program write."""
        ...

    def writer(self) -> TransactionWriter:
        """A connection that writes beside the owner: sessions and the like."""
        ...

    def own_writer(self) -> TransactionWriter:
        """A connection that writes as this program, after ``claim`` or ``join``: raises ``NotOwner`` once another one
        has struck it out."""
        ...

    def reader(self) -> SharedReader:
        """Connections that read."""
        ...

    def tables(self) -> list[str]:
        """The tables that are there."""
        ...

    def columns(self, table: str) -> list[str]:
        """The columns of a table, in their order."""
        ...

    def layout(self) -> dict[str, list[str]]:
        """The columns of every table that is there, asked for at once."""
        ...

    def pages(self, statements: list[str], size: int = 2_000) -> Iterator[Iterator[list[Row]]]:
        """The rows of each query in pages, all of one moment. Take every page before the next query."""
        ...

    def sound(self) -> str:
        """What is good about it, in a few words. Raises ``StoreFailed`` naming what is not."""
        ...

    def size(self) -> int:
        """Bytes that it takes; 0 while it is not there."""
        ...

    def journal(self) -> str:
        """The same of a journal that stands outside of the database; "" where the database is all."""
        ...

    def backup(self, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
        """Copy everything, in a consistent state, into an SQLite file, while it is in use."""
        ...

    def restore(self, source: Path, progress: Callable[[int, int], None] | None = None) -> int:
        """Put a backup in place; returns how many actions are held until a person releases each."""
        ...


def store_at(path: Path, dsn: str = "", broker: Broker | None = None) -> Store:
    """The database at ``dsn``, or the file at ``path`` when none is given; with a ``broker`` the journal is there."""
    if broker is None:
        return PostgresStore(dsn) if dsn else SqliteStore(path)
    if not dsn:
        raise BadInput(
            "store_nats is set and store_dsn is not: a journal on NATS needs PostgreSQL beside it for everything else"
        )
    # Imported here: it is built on this file.
    from livecue.store.jetstream.store import JetStreamStore

    return JetStreamStore(dsn, broker)


def _by_table(rows: list[Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(str(table), []).append(str(column))
    return found


class SqliteStore:
    """One file, one process; the lock of the data folder guards it."""

    shares = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = str(path)

    def exists(self) -> bool:
        return self.path.is_file()

    def migrate(self) -> None:
        migrate(self.path)

    def claim(self, installation: str, patient: bool = False, on_lost: Callable[[], None] | None = None) -> str:
        return installation

    def join(self, installation: str, roles: Collection[str], on_lost: Callable[[], None] | None = None) -> str:
        raise BadInput(
            "one database file serves one program, which does everything: leave --roles out, or keep everything in"
            " PostgreSQL (store_dsn), which several programs can share"
        )

    def shared(self) -> tuple[Sharer, Signaller] | None:
        return None

    def release(self) -> None:
        return

    def writer(self) -> TransactionWriter:
        return SqliteWriter(self.path)

    def own_writer(self) -> TransactionWriter:
        return SqliteWriter(self.path)

    def reader(self) -> SharedReader:
        return SqliteReader(self.path)

    def tables(self) -> list[str]:
        reader = self.reader()
        try:
            return [str(name) for (name,) in reader.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        finally:
            reader.close()

    def columns(self, table: str) -> list[str]:
        reader = self.reader()
        try:
            return [str(row[1]) for row in reader.rows(f"PRAGMA table_info({table})")]
        finally:
            reader.close()

    def layout(self) -> dict[str, list[str]]:
        reader = self.reader()
        try:
            return _by_table(
                reader.rows(
                    "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
                    " ORDER BY t.name, c.cid"
                )
            )
        finally:
            reader.close()

    def pages(self, statements: list[str], size: int = 2_000) -> Iterator[Iterator[list[Row]]]:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("BEGIN")
            for statement in statements:
                cursor = connection.execute(statement)
                yield iter(lambda cursor=cursor: cursor.fetchmany(size), [])  # type: ignore[misc]

    def sound(self) -> str:
        reader = self.reader()
        try:
            verdict = str(reader.rows("PRAGMA quick_check(1)")[0][0])
        except sqlite3.DatabaseError as error:
            raise StoreFailed(str(error)) from error
        finally:
            reader.close()
        if verdict != "ok":
            raise StoreFailed(verdict)
        return f"sound, {self.path.stat().st_size / 1e6:.1f} MB"

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def journal(self) -> str:
        return ""

    def backup(self, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
        copy_file(self.path, target, progress)

    def restore(self, source: Path, progress: Callable[[int, int], None] | None = None) -> int:
        return put_file(source, self.path, progress)


class PostgresStore:
    """One database of a PostgreSQL server."""

    shares = True
    outside = ""
    """Where the journal stands outside of the database: kept in it, so that every program means the same."""

    def __init__(self, dsn: str) -> None:
        # Imported here: who keeps everything in one file needs no client library.
        from psycopg.conninfo import conninfo_to_dict

        self.dsn = dsn
        try:
            said = conninfo_to_dict(dsn)
        except Exception as error:
            raise BadInput(
                f"store_dsn cannot be read ({error}); write it as postgresql://user:password@host:5432/database"
            ) from None
        self.name = f"PostgreSQL {said.get('host', 'local socket')}:{said.get('port', 5432)}/{said.get('dbname', '')}"
        self._program: Program | None = None
        self._signals: Signals | None = None

    def exists(self) -> bool:
        return "journal" in self.tables()

    def tables(self) -> list[str]:
        from livecue.store.postgres import checked

        with contextlib.closing(checked(self.dsn)) as connection:
            found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            return [str(name) for (name,) in found.fetchall()]

    def migrate(self) -> None:
        from livecue.store.postgres import checked

        revision, there = self._revision(), set(self.tables())
        wanted = set(tables())
        lacking = ", ".join(sorted(wanted - there))
        if revision == newest_revision():
            if lacking:
                raise BadInput(
                    f"{self.name} is only half there: {lacking} is lacking; restore the whole backup into an empty"
                    " database, and name that in store_dsn"
                )
            return
        if not revision and (mixed := sorted(wanted & there)):
            raise BadInput(
                f"{self.name} holds tables of the same names that LiveCue did not make whole ({', '.join(mixed[:5])});"
                " name an empty database in store_dsn (CREATE DATABASE livecue ENCODING 'UTF8' TEMPLATE template0)"
            )
        # Imported here: they cost a second that a start on the newest schema need not pay.
        from sqlalchemy import create_engine, event
        from sqlalchemy.exc import DatabaseError
        from sqlalchemy.pool import NullPool

        engine = create_engine("postgresql+psycopg://", creator=lambda: checked(self.dsn), poolclass=NullPool)

        @event.listens_for(engine, "before_cursor_execute", retval=True)
        def _typed(
            _c: object, _k: object, statement: str, values: object, _x: object, _m: object
        ) -> tuple[str, object]:
            return definition(statement), values

        @event.listens_for(engine, "connect")
        def _manual(connection: "psycopg.Connection[Row]", _record: object) -> None:
            connection.autocommit = False

        try:
            with engine.begin() as connection:
                # Two programs that start at once: the second waits, and finds nothing left to do.
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK}, 1)")
                upgrade(connection, self.name)
        except DatabaseError as error:
            raise BadInput(
                f"{self.name} cannot be brought to the newest schema: {error.orig}; the user of store_dsn must own the"
                " database, and nothing else may live in its schema. Nothing was changed"
            ) from error
        finally:
            engine.dispose()

    def _revision(self) -> str | None:
        from livecue.store.postgres import checked

        if "alembic_version" not in self.tables():
            return None
        with contextlib.closing(checked(self.dsn)) as connection:
            rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            return str(rows[0][0]) if rows else None

    def claim(self, installation: str, patient: bool = False, on_lost: Callable[[], None] | None = None) -> str:
        from livecue.store.programs import SOLO

        return self._enter(installation, (SOLO,), patient, on_lost)

    def join(self, installation: str, roles: Collection[str], on_lost: Callable[[], None] | None = None) -> str:
        from livecue.store.signals import Signals

        own = self._enter(installation, roles, True, on_lost)
        assert self._program is not None
        self._signals = Signals(self.dsn, self._program)
        return own

    def shared(self) -> tuple[Sharer, Signaller] | None:
        return (self._program, self._signals) if self._program is not None and self._signals is not None else None

    def _enter(
        self, installation: str, roles: Collection[str], patient: bool, on_lost: Callable[[], None] | None
    ) -> str:
        from livecue.store.postgres import checked
        from livecue.store.programs import Program

        with contextlib.closing(checked(self.dsn)) as connection:
            own = self._settle(connection, installation)
            self._place(connection)
        program = Program(self.dsn, roles)
        if on_lost is not None:
            program.on_lost = on_lost
        program.enter(patient, self.name)
        with contextlib.closing(checked(self.dsn)) as connection:
            if self._placed(connection) != self.outside:
                # Somebody moved the journal while we entered.
                program.leave()
                self._place(connection)
        self._program = program
        return own

    def _placed(self, connection: "psycopg.Connection[Row]") -> str:
        rows = connection.execute(f"SELECT value {_PLACED}").fetchall()
        return str(rows[0][0]) if rows else ""

    def _place(self, connection: "psycopg.Connection[Row]") -> None:
        """Raises ``Conflict`` unless the journal is where we look for it."""
        placed = self._placed(connection)
        if placed != self.outside:
            raise Conflict(
                f"the journal of {self.name} is {f'on {placed}' if placed else 'in the database itself'}, and this"
                f" program looks {f'on {self.outside}' if self.outside else 'in the database itself'}: set store_nats"
                " and store_nats_prefix in every program alike (docs: scaled, NATS)"
            )

    def _settle(self, connection: "psycopg.Connection[Row]", installation: str) -> str:
        """Whose database this is: written down by the first, compared ever after."""
        from livecue.kit import new_id

        named = "FROM settings WHERE org = '' AND brand = '' AND name = 'installation'"
        rows = connection.execute(f"SELECT value {named}").fetchall()
        if not rows:
            connection.execute(
                "INSERT INTO settings (org, brand, name, value) VALUES ('', '', 'installation', %s)"
                " ON CONFLICT (org, brand, name) DO NOTHING",
                (installation or new_id(),),
            )
            return str(connection.execute(f"SELECT value {named}").fetchall()[0][0])
        own = str(rows[0][0])
        if (
            not installation
            and connection.execute("SELECT 1 FROM journal UNION ALL SELECT 1 FROM cursors LIMIT 1").fetchall()
        ):
            raise Conflict(
                f"{self.name} belongs to installation {own}, and this data folder to none; if this program is a part"
                f" of it, set store_installation = {own!r} (LIVECUE_STORE_INSTALLATION); if not, name another database"
            )
        if installation and own != installation:
            raise Conflict(
                f"{self.name} belongs to installation {own}, this data folder to {installation}: two installations"
                " cannot share one database; name another one in store_dsn, or the folder that belongs to it in --data"
            )
        return own

    def release(self) -> None:
        if self._program is not None:
            self._program.leave()
            self._program = None

    def writer(self) -> TransactionWriter:
        from livecue.store.postgres import PostgresWriter

        return PostgresWriter(self.dsn)

    def own_writer(self) -> TransactionWriter:
        from livecue.store.postgres import PostgresWriter

        return PostgresWriter(self.dsn, self._program)

    def reader(self) -> SharedReader:
        from livecue.store.postgres import PostgresReader

        return PostgresReader(self.dsn)

    def columns(self, table: str) -> list[str]:
        reader = self.reader()
        try:
            found = reader.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
                " AND table_name = ? ORDER BY ordinal_position",
                (table,),
            )
            return [str(name) for (name,) in found]
        finally:
            reader.close()

    def layout(self) -> dict[str, list[str]]:
        reader = self.reader()
        try:
            return _by_table(
                reader.rows(
                    "SELECT c.table_name, c.column_name FROM information_schema.columns c"
                    " JOIN pg_tables t ON t.schemaname = c.table_schema AND t.tablename = c.table_name"
                    " WHERE c.table_schema = current_schema() ORDER BY c.table_name, c.ordinal_position"
                )
            )
        finally:
            reader.close()

    def pages(self, statements: list[str], size: int = 2_000) -> Iterator[Iterator[list[Row]]]:
        from livecue.store.postgres import checked

        with contextlib.closing(checked(self.dsn)) as connection:
            # It may take long and writes nothing: whoever waits for what is being written need not wait for it.
            connection.execute("SET application_name = 'copy of livecue'")
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            for place, statement in enumerate(statements):
                cursor = connection.cursor(f"pages{place}", binary=True)
                cursor.execute(statement.encode())
                yield iter(lambda cursor=cursor: cursor.fetchmany(size), [])  # type: ignore[misc]

    def sound(self) -> str:
        reader = self.reader()
        try:
            ((size, version, fsync),) = reader.rows(
                "SELECT pg_database_size(current_database()), current_setting('server_version'),"
                " current_setting('fsync')"
            )
        finally:
            reader.close()
        if fsync != "on":
            raise StoreFailed("fsync is off on this server: what is answered would not survive a power cut; set it on")
        return f"PostgreSQL {version}, {size / 1e6:.1f} MB"

    def size(self) -> int:
        from livecue.store.postgres import PostgresReader

        # Not ``reader()``: over NATS that one takes the connection to it along when it is closed.
        with contextlib.closing(PostgresReader(self.dsn)) as reader:
            ((size,),) = reader.rows("SELECT pg_database_size(current_database())")
        return int(size)

    def journal(self) -> str:
        return ""

    def backup(self, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
        from livecue.store.copying import copy_store

        if not target.parent.is_dir():
            raise BadInput(f"there is no folder {target.parent}; make it first, or name another place")
        if target.exists():
            raise BadInput(f"{target} exists already; name a new file")
        copy = SqliteStore(target)
        try:
            copy_store(self, copy, progress)
        except BaseException:
            for tail in ("", "-wal", "-shm"):
                Path(f"{target}{tail}").unlink(missing_ok=True)
            raise

    def restore(self, source: Path, progress: Callable[[int, int], None] | None = None) -> int:
        from livecue.store.copying import copy_store, hold_actions

        if not source.is_file():
            raise BadInput(f"{source} does not exist")
        copy = SqliteStore(source)
        try:
            copy.sound()
        except StoreFailed as error:
            raise BadInput(f"{source} is damaged or no backup of LiveCue: {error}") from error
        copy_store(copy, self, progress)
        return hold_actions(self)
