"""The programs that share one PostgreSQL, and which room belongs to which of them. Times are the server's.

A program is a row that it renews. Whatever it writes, it writes under that row: every transaction locks it behind
BEGIN. A program that falls silent is struck out by any other one; from then on it can write nothing. A room belongs
to a program by a row of ``leases``: while the program lives, only the program itself gives it away, inside a
transaction of its own. The epoch rises with every change of hands.
"""

import contextlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import psycopg

from livecue.errors import Conflict, LiveCueError, NotOwner
from livecue.kit import new_id
from livecue.store.postgres import checked, connect
from livecue.store.protocols import Listed, Row, Writer
from livecue.store.statements import column_of

LEASE_MS = 3_000
"""A program that is silent for so long may be struck out."""
RENEW_S = 1.0
LOOK_S = 0.25
OUTLAST_S = 30.0
"""How long it is waited for transactions under way; a program that is stopped inside one is struck out long before."""
LEAVING_S = 4.5
"""How long one that does not stand by waits for a program that was just killed."""
SOLO = "solo"
"""Role of a program that bears no other beside it: a demo, a replay, an import."""
JOINING = 0x11FEC0E
_log = logging.getLogger("livecue.store")

_NOW = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
_ALL = f"SELECT program, roles, until < {_NOW} FROM programs ORDER BY program"
_ENTER = (
    "INSERT INTO programs (org, brand, program, roles, since, until)"
    f" VALUES ('*', '*', %s, %s, {_NOW}, {_NOW} + {LEASE_MS})"
)
_RENEW = f"UPDATE programs SET until = {_NOW} + {LEASE_MS} WHERE program = %s"
_DEAD = f"SELECT 1 FROM programs WHERE program = %s AND until < {_NOW} FOR UPDATE"
_STRIKE = "DELETE FROM programs WHERE program = %s"
_FREE = "UPDATE leases SET owner = '' WHERE owner = %s"
_ORPHANS = (
    "UPDATE leases SET owner = '' WHERE owner <> '' AND NOT EXISTS (SELECT 1 FROM programs WHERE program = owner)"
)
_END = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name = %s AND datname = current_database()"
)
_MOMENT = "SELECT clock_timestamp()"
_UNDER_WAY = (
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND application_name LIKE 'livecue%%' AND xact_start <= %s"
)
_LEASES = "SELECT room, owner, epoch FROM leases"
_NEW = (
    "INSERT INTO leases (org, brand, room, owner, epoch, until)"
    " SELECT '*', '*', room, '', 0, 0 FROM unnest(%s::text[]) AS t(room) ON CONFLICT (room) DO NOTHING"
)
_TAKE = (
    "UPDATE leases SET owner = %s, epoch = epoch + 1 WHERE owner = '' AND room = ANY(%s::text[]) RETURNING room, epoch"
)
_ALIVE = "SELECT 1 FROM programs WHERE program = %s FOR KEY SHARE"
_GIVE = "UPDATE leases SET owner = '' WHERE room = ? AND owner = ?"
CHECK = (
    "SELECT (SELECT COUNT(*) FROM unnest(%s::text[], %s::bigint[]) AS t(room, epoch) JOIN leases l"
    " ON l.room = t.room AND l.epoch = t.epoch AND l.owner = p.program) = %s"
    " FROM programs p WHERE p.program = %s FOR KEY SHARE OF p"
)
"""True while the program lives and owns every room it is about to write, under the epoch it knows. The lock keeps
whoever would strike it out (FOR UPDATE) waiting until the transaction has ended; our own renewal passes."""


class Program:
    """This program's row, from ``enter`` to ``leave`` or until another struck it out."""

    statement = CHECK

    def __init__(self, dsn: str, roles: Collection[str] = (SOLO,)) -> None:
        self._dsn = dsn
        self.roles = frozenset(roles)
        self.name = f"{socket.gethostname()}/{os.getpid()}/{new_id()}"
        self.session = _session(self.name)
        self.on_lost: Callable[[], None] = lambda: None
        self.rooms: Callable[[], Collection[str]] = tuple
        """Every room that needs an owner."""
        self.on_taken: Callable[[Mapping[str, int]], None] = lambda rooms: None
        """Rooms that are ours from now on, with their epochs."""
        self.on_asked: Callable[[Sequence[str]], Future[None]] = lambda rooms: Future()
        """Rooms that others should have: to be given away (``give``); nothing else is asked until that is done."""
        self.on_freed: Callable[[], None] = lambda: None
        """Rooms have become free that others may take."""
        self.owned: dict[str, int] = {}
        """What is ours, as of the last look."""
        self.others: tuple[Listed, ...] = ()
        """The other programs that live, as of the last look."""
        self._giving: Future[None] | None = None
        self._entered = False
        self._sharing = False
        self._back_at = -LEASE_MS / 1000
        """When the server came back after it was away, by the monotonic clock."""
        self._stop = threading.Event()
        self._look = threading.Event()
        self._thread: threading.Thread | None = None

    # Coming and going.

    def enter(self, patient: bool, name: str) -> None:
        """Become one of the programs; ``patient`` waits while another bears none beside it, or we bear none.

        Raises ``Conflict`` otherwise.
        """
        until = time.monotonic() + LEAVING_S
        said = False
        while not self._stop.is_set():
            try:
                with contextlib.closing(checked(self._dsn)) as connection:
                    connection.execute("SET lock_timeout = '500ms'")
                    connection.execute("SET idle_in_transaction_session_timeout = '2s'")
                    while not self._stop.is_set():
                        who = self._try(connection)
                        if not who:
                            self._entered = True
                            self._thread = threading.Thread(target=self._loop, name="programs", daemon=True)
                            self._thread.start()
                            return
                        if not patient and time.monotonic() > until:
                            raise Conflict(
                                f"another LiveCue runs on {name} ({who.rpartition('/')[0]}); stop it, or give this one"
                                " a database of its own (store_dsn)"
                            )
                        if patient and not said:
                            _log.warning("standing by: %s runs on %s", who.rpartition("/")[0], name)
                            said = True
                        self._stop.wait(LOOK_S)
            except psycopg.Error as error:
                if not patient and time.monotonic() > until:
                    raise
                _log.warning("standing by: %s", error)
                self._stop.wait(LOOK_S)

    def _try(self, connection: "psycopg.Connection[Row]") -> str:
        """Enter unless somebody stands in the way: who that is, "" when nobody does."""
        for program, _, is_dead in connection.execute(_ALL).fetchall():
            if is_dead:
                strike(connection, str(program))
        try:
            with connection.transaction():
                connection.execute(f"SELECT pg_advisory_xact_lock({JOINING}, 2)")
                for program, roles, _ in connection.execute(_ALL).fetchall():
                    if SOLO in (roles, *self.roles):
                        return str(program)
                connection.execute(_ENTER, (self.name, ",".join(sorted(self.roles))))
                connection.execute(_ORPHANS)
        except psycopg.errors.LockNotAvailable:
            return "a program that is just starting//"
        _log.info("%s takes part as %s", self.name, ", ".join(sorted(self.roles)))
        return ""

    def leave(self) -> None:
        """Give everything up at once, so that others need not wait."""
        self._stop.set()
        self._look.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        if self._entered:
            with contextlib.suppress(psycopg.Error, LiveCueError), contextlib.closing(connect(self._dsn)) as connection:
                connection.execute("SET lock_timeout = '500ms'")
                with connection.transaction():
                    connection.execute(_STRIKE, (self.name,))
                    connection.execute(_FREE, (self.name,))
                self.on_freed()
        self._entered = False

    # The thread.

    def start(self) -> None:
        """Begin to share: the parts that hear of it are in their places."""
        self._sharing = True
        self._look.set()

    def look(self) -> None:
        """Something may have changed: look now rather than soon."""
        self._look.set()

    def _loop(self) -> None:
        connection: psycopg.Connection[Row] | None = None
        renewed = time.monotonic()
        first = True
        while not self._stop.is_set():
            self._look.wait(LOOK_S)
            self._look.clear()
            if self._stop.is_set():
                break
            try:
                if connection is None or connection.closed:
                    connection = connect(self._dsn)
                    # A lost renewal costs a second, never a wrong owner: no need to wait for the disk.
                    connection.execute("SET synchronous_commit = off")
                    connection.execute("SET lock_timeout = '500ms'")
                    connection.execute("SELECT set_config('application_name', %s, false)", (self.session,))
                    if not first:
                        # The server was away for all: nobody could renew, and nobody is silent for that.
                        self._back_at, renewed = time.monotonic(), 0.0
                    first = False
                if time.monotonic() - renewed >= RENEW_S:
                    if connection.execute(_RENEW, (self.name,)).rowcount == 0:
                        _log.critical("another LiveCue struck this one out while it was silent: it stops")
                        self.on_lost()
                        break
                    renewed = time.monotonic()
                if self._sharing:
                    self._share(connection)
            except (psycopg.Error, LiveCueError) as error:
                if not self._stop.is_set():
                    _log.warning("the other programs cannot be seen: %s", error)
                    self._stop.wait(LOOK_S)
        if connection is not None:
            connection.close()

    def _share(self, connection: "psycopg.Connection[Row]") -> None:
        alive = []
        for program, roles, is_dead in connection.execute(_ALL).fetchall():
            if is_dead and program != self.name and time.monotonic() - self._back_at > LEASE_MS / 1000:
                if strike(connection, str(program)):
                    _log.warning("%s is silent: its rooms are free", program)
                    self.on_freed()
            else:
                alive.append(Listed(str(program), frozenset(str(roles).split(","))))
        self.others = tuple(one for one in alive if one.program != self.name)
        if self._giving is not None and self._giving.done():
            self._giving = None
            # Committed: others may take them at once.
            self.on_freed()
        if "pump" in self.roles and self._giving is None:
            self._balance(connection, [one.program for one in alive if "pump" in one.roles])

    def _balance(self, connection: "psycopg.Connection[Row]", pumps: list[str]) -> None:
        wanted = set(self.rooms())
        leases = {str(room): (str(owner), int(epoch)) for room, owner, epoch in connection.execute(_LEASES).fetchall()}
        if lacking := wanted - leases.keys():
            connection.execute(_NEW, (column_of(sorted(lacking), "text"),))
            leases |= {room: ("", 0) for room in lacking}
        mine = {room: epoch for room, (owner, epoch) in leases.items() if owner == self.name}
        share = share_of(self.name, pumps, len(wanted))
        free = sorted(room for room in wanted if not leases[room][0])
        if free and len(mine) < share:
            # Each begins at its own place, so that two do not reach for the same ones.
            first = pumps.index(self.name) * len(free) // len(pumps)
            chosen = (free[first:] + free[:first])[: share - len(mine)]
            with connection.transaction():
                if connection.execute(_ALIVE, (self.name,)).fetchall():
                    taken = connection.execute(_TAKE, (self.name, column_of(chosen, "text"))).fetchall()
                    mine |= {str(room): int(epoch) for room, epoch in taken}
        if mine != self.owned:
            _log.info("%s owns %s of %s rooms", self.name, len(mine), len(wanted))
        self.owned = mine
        self.on_taken(mine)
        gone = mine.keys() - wanted
        if gone or len(mine) > share:
            self._giving = self.on_asked([*gone, *sorted(mine.keys() & wanted)[max(0, share) :]])

    # What transactions ask.

    def values(self, holding: Mapping[str, int]) -> tuple[Any, ...]:
        """The values of ``CHECK`` for rooms and their epochs."""
        rooms, epochs = list(holding), list(holding.values())
        return column_of(rooms, "text"), column_of(epochs, "bigint"), len(rooms), self.name

    def lost(self) -> NotOwner:
        """What a transaction says that finds no row."""
        return NotOwner("another LiveCue owns the rooms by now; nothing of this was kept, send it again")

    def give(self, writer: Writer, rooms: Sequence[str]) -> None:
        """Give rooms away, inside a transaction under our row."""
        writer.write_many(_GIVE, [(room, self.name) for room in rooms])

    def outlast(self, patience_s: float = OUTLAST_S) -> None:
        """Return when every transaction of any program has ended that had begun before.

        An epoch that has risen since stops those that begin from now on, not one that asked before.
        Raises ``Conflict`` when one does not end.
        """
        until = time.monotonic() + patience_s
        with contextlib.closing(connect(self._dsn)) as connection:
            moment = connection.execute(_MOMENT).fetchall()[0]
            while connection.execute(_UNDER_WAY, moment).fetchall()[0][0]:
                if time.monotonic() > until:
                    raise Conflict("another LiveCue has been writing for too long; it is tried again")
                time.sleep(0.02)

    def leads(self, role: str) -> bool:
        """Whether this program is the one that does what only one of a role should do."""
        return role in self.roles and all(role not in one.roles or self.name < one.program for one in self.others)


def share_of(program: str, pumps: Sequence[str], rooms: int) -> int:
    """How many of ``rooms`` a pump should own: as even as it goes, the first ones of the alphabet take the rest."""
    if program not in pumps:
        return 0
    return rooms // len(pumps) + (sorted(pumps).index(program) < rooms % len(pumps))


def strike(connection: "psycopg.Connection[Row]", program: str) -> bool:
    """Strike a silent program out and free its rooms; False when it lives or holds on just now."""
    try:
        with connection.transaction():
            if not connection.execute(_DEAD, (program,)).fetchall():
                return False
            connection.execute(_STRIKE, (program,))
            connection.execute(_FREE, (program,))
    except psycopg.errors.LockNotAvailable:
        # A program that was stopped inside a transaction would hold everybody up: the server ends its sessions.
        connection.execute(_END, (_session(program),))
        return False
    return True


def _session(program: str) -> str:
    """How a program's connections are called on the server."""
    return "livecue/" + program.rpartition("/")[2]
