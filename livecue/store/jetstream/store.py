"""An installation whose journal is on NATS JetStream and whose everything else is in PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from livecue.errors import BadInput, Conflict
from livecue.store.jetstream.broker import Broker
from livecue.store.jetstream.link import Link
from livecue.store.jetstream.streams import Streams
from livecue.store.postgres import PostgresReader, PostgresWriter, checked
from livecue.store.programs import JOINING
from livecue.store.protocols import SharedReader, Sharer, Signaller, TransactionWriter
from livecue.store.stores import PostgresStore

if TYPE_CHECKING:
    import psycopg

    from livecue.store.jetstream.signals import NatsSignals
    from livecue.store.protocols import Row

_LIVE = "SELECT program FROM programs WHERE until >= (extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_MOVE = (
    "INSERT INTO settings (org, brand, name, value) VALUES ('', '', 'journal', %s)"
    " ON CONFLICT (org, brand, name) DO UPDATE SET value = excluded.value"
)
_BEHIND = "SELECT room FROM leases"


class _Reader(PostgresReader):
    """Takes the connection to NATS along when it is closed, unless others still have need of it."""

    def __init__(self, dsn: str, link: Link) -> None:
        super().__init__(dsn)
        self._link = link
        self._holds = True
        link.hold()

    def close(self) -> None:
        super().close()
        if self._holds:
            self._holds = False
            self._link.let_go()


class JetStreamStore(PostgresStore):
    """One database of a PostgreSQL server, and the streams of one prefix."""

    def __init__(self, dsn: str, broker: Broker) -> None:
        super().__init__(dsn)
        self._broker = broker
        self.name = f"{self.name} with the journal on {broker.name}"
        self.outside = f"NATS ({broker.prefix})"
        self._link = Link(broker)
        self._streams = Streams(self._link, dsn)
        self._nats: NatsSignals | None = None
        self._alone = False

    def journal(self) -> str:
        with contextlib.closing(checked(self.dsn)) as connection:
            if "settings" in self.tables():
                self._streams.installation = self._known(connection)
        self._link.hold()
        try:
            return self._streams.look()
        finally:
            self._link.let_go()

    def claim(self, installation: str, patient: bool = False, on_lost: Callable[[], None] | None = None) -> str:
        """A program that bears none beside it appends inside its transactions: nothing may wait in the streams."""
        own = super().claim(installation, patient, on_lost)
        try:
            reader = self.reader()
            try:
                assert reader.log is not None
                rooms = [str(room) for (room,) in reader.rows(_BEHIND)]
                cursors = {str(r): int(n) for r, n in reader.rows("SELECT room, number FROM cursors")}
                waiting = [r for r, newest in reader.log.newest(rooms).items() if newest > cursors.get(r, 0)]
            finally:
                reader.close()
            if waiting:
                raise BadInput(
                    f"{len(waiting)} rooms have batches in {self._broker.name} that are not folded yet"
                    f" ({', '.join(sorted(waiting)[:5])}): run `livecue serve` until the health page shows no lag, stop"
                    " it, and start this again"
                )
        except BaseException:
            self.release()
            raise
        self._alone = True
        return own

    def join(self, installation: str, roles: Collection[str], on_lost: Callable[[], None] | None = None) -> str:
        from livecue.store.jetstream.signals import NatsSignals

        self._alone = False
        own = self._enter(installation, roles, True, on_lost)
        assert self._program is not None
        self._nats = NatsSignals(self._link, self._program)
        return own

    def shared(self) -> tuple[Sharer, Signaller] | None:
        return (self._program, self._nats) if self._program is not None and self._nats is not None else None

    def _known(self, connection: psycopg.Connection[Row]) -> str:
        named = "SELECT value FROM settings WHERE org = '' AND brand = '' AND name = 'installation'"
        rows = connection.execute(named).fetchall()
        return str(rows[0][0]) if rows else ""

    def _place(self, connection: psycopg.Connection[Row]) -> None:
        """Put our name on the prefix, and where the journal is into the database; while nobody else writes there."""
        self._streams.installation = self._known(connection)
        self._link.open()
        self._streams.enter()
        with connection.transaction():
            connection.execute(f"SELECT pg_advisory_xact_lock({JOINING}, 2)")
            placed = self._placed(connection)
            if not placed:
                if others := connection.execute(_LIVE).fetchall():
                    raise Conflict(
                        f"{len(others)} programs run over this database with the journal in it: stop them all, then"
                        " start each with store_nats"
                    )
                connection.execute(_MOVE, (self.outside,))
        super()._place(connection)

    def writer(self) -> TransactionWriter:
        made = PostgresWriter(self.dsn)
        made.log = self._streams
        return made

    def own_writer(self) -> TransactionWriter:
        made = PostgresWriter(self.dsn, self._program)
        if not self._alone:
            made.log = self._streams
        return made

    def reader(self) -> SharedReader:
        made = _Reader(self.dsn, self._link)
        made.log = self._streams
        return made
