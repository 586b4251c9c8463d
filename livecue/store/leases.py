"""Who owns the rooms of a PostgreSQL: a row with an epoch, renewed while the owner lives, checked in every transaction.

The row of ``house`` stands for every room: one program pumps, others stand by. Times are the server's.
"""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable

import psycopg

from livecue.errors import Conflict, LiveCueError, NotOwner
from livecue.kit import new_id
from livecue.store.postgres import checked, connect
from livecue.store.protocols import Row

LEASE_MS = 3_000
"""An owner that is silent for so long may be replaced."""
RENEW_S = 1.0
LOOK_S = 0.2
LEAVING_S = 4.5
"""How long one that does not stand by waits for an owner that was just killed."""
_log = logging.getLogger("livecue.store")

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_FIRST = (
    "INSERT INTO leases (org, brand, room, owner, epoch, until)"
    f" VALUES ('*', '*', 'house', %s, 1, {_NOW} + {LEASE_MS}) ON CONFLICT (room) DO NOTHING RETURNING epoch"
)
_LOOK = f"SELECT owner, until < {_NOW} FROM leases WHERE room = 'house'"
_LOCK = f"SELECT 1 FROM leases WHERE room = 'house' AND owner = %s AND until < {_NOW} FOR UPDATE"
_TAKE = (
    f"UPDATE leases SET owner = %s, epoch = epoch + 1, until = {_NOW} + {LEASE_MS} WHERE room = 'house' RETURNING epoch"
)
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = %s AND datname = current_database()"
)
_RENEW = f"UPDATE leases SET until = {_NOW} + {LEASE_MS} WHERE room = 'house' AND owner = %s AND epoch = %s"
_LEAVE = "UPDATE leases SET until = 0 WHERE room = 'house' AND owner = %s AND epoch = %s"
CHECK = "SELECT epoch FROM leases WHERE room = 'house' AND owner = %s AND epoch = %s FOR KEY SHARE"
"""One row while the lease is ours. Its lock keeps a taker (FOR UPDATE) out until the transaction has ended, and lets
our own renewal (no key changes) pass."""


class Lease:
    """Ownership of every room, from ``take`` to ``leave`` or until somebody else took it."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self.owner = f"{socket.gethostname()}/{os.getpid()}/{new_id()}"
        self.epoch = 0
        self.statement = CHECK
        self.session = _session(self.owner)
        self.on_lost: Callable[[], None] = lambda: None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def take(self, patient: bool, name: str) -> None:
        """Become the owner; ``patient`` stands by until the present one is gone. Raises ``Conflict`` otherwise."""
        until = time.monotonic() + LEAVING_S
        said = False
        while not self._stop.is_set():
            try:
                with contextlib.closing(checked(self._dsn)) as connection:
                    connection.execute("SET lock_timeout = '500ms'")
                    while not self._stop.is_set():
                        epoch = self._try(connection)
                        if epoch:
                            self.epoch = epoch
                            _log.info("%s owns every room (epoch %s)", self.owner, epoch)
                            self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)
                            self._thread.start()
                            return
                        who = self._who(connection)
                        if not patient and time.monotonic() > until:
                            raise Conflict(
                                f"another LiveCue runs on {name} ({who}); stop it, or give this one a database of its"
                                " own (store_dsn)"
                            )
                        if patient and not said:
                            _log.warning("standing by: %s owns the rooms of %s", who, name)
                            said = True
                        self._stop.wait(LOOK_S)
            except psycopg.Error as error:
                if not patient:
                    raise
                _log.warning("standing by: %s", error)
                self._stop.wait(LOOK_S)

    def _try(self, connection: "psycopg.Connection[Row]") -> int:
        rows = connection.execute(_LOOK).fetchall()
        if not rows:
            rows = connection.execute(_FIRST, (self.owner,)).fetchall()
            return int(rows[0][0]) if rows else 0
        owner, is_over = rows[0]
        if not is_over:
            return 0
        try:
            with connection.transaction():
                if not connection.execute(_LOCK, (owner,)).fetchall():
                    return 0
                return int(connection.execute(_TAKE, (self.owner,)).fetchall()[0][0])
        except psycopg.errors.LockNotAvailable:
            # A program that was stopped inside a transaction would hold everybody up: the server ends its sessions.
            connection.execute(_END, (_session(str(owner)),))
            return 0

    def _who(self, connection: "psycopg.Connection[Row]") -> str:
        rows = connection.execute("SELECT owner FROM leases WHERE room = 'house'").fetchall()
        return str(rows[0][0]).rpartition("/")[0] if rows else ""

    def _renew(self) -> None:
        connection: psycopg.Connection[Row] | None = None
        while not self._stop.wait(RENEW_S):
            try:
                if connection is None or connection.closed:
                    connection = connect(self._dsn)
                    # A lost renewal costs a second, never a wrong owner: no need to wait for the disk.
                    connection.execute("SET synchronous_commit = off")
                    connection.execute("SELECT set_config('application_name', %s, false)", (self.session,))
                renewed = connection.execute(_RENEW, (self.owner, self.epoch)).rowcount
            except (psycopg.Error, LiveCueError) as error:
                _log.warning("the lease cannot be renewed: %s", error)
                continue
            if renewed == 0 and not self._stop.is_set():
                _log.critical("another LiveCue took the rooms over while this one was silent: it stops")
                self.on_lost()
                break
        if connection is not None:
            connection.close()

    def values(self) -> tuple[str, int]:
        """Owner and epoch, for ``CHECK``."""
        return self.owner, self.epoch

    def lost(self) -> NotOwner:
        """What a transaction that found no row says."""
        return NotOwner("another LiveCue owns the rooms by now; nothing of this was kept, send it again")

    def leave(self) -> None:
        """Give the rooms up at once, so that the next one need not wait."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        if self.epoch:
            with contextlib.suppress(psycopg.Error, LiveCueError), contextlib.closing(connect(self._dsn)) as connection:
                connection.execute("SET lock_timeout = '500ms'")
                connection.execute(_LEAVE, (self.owner, self.epoch))
        self.epoch = 0


def _session(owner: str) -> str:
    """How an owner's connections are called on the server."""
    return "livecue/" + owner.rpartition("/")[2]
