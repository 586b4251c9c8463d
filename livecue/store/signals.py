"""How programs over one PostgreSQL wake each other: LISTEN and NOTIFY, and the newest frame of a room as a row.

A signal may be lost (a broken connection, a killed program): whoever waits for one also looks by himself now and then.
Signals are gathered: one message carries whatever came up meanwhile.
"""

import logging
import threading
from collections.abc import Callable, Sequence

import psycopg

from livecue.errors import LiveCueError
from livecue.store.postgres import connect
from livecue.store.programs import Program
from livecue.store.protocols import Row

CHANNEL = "livecue"
PAYLOAD = 7_000
"""Bytes of one message; PostgreSQL takes just under 8,000."""
POLL_S = 0.5
_log = logging.getLogger("livecue.store")

_FRAME = (
    "INSERT INTO frames (org, brand, room, epoch, number, at, blob)"
    " SELECT '*', '*', l.room, l.epoch, %s, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, %s"
    " FROM leases l JOIN programs p ON p.program = l.owner WHERE l.room = %s AND l.owner = %s AND l.epoch = %s"
    " ON CONFLICT (room) DO UPDATE SET epoch = excluded.epoch, number = excluded.number, at = excluded.at,"
    " blob = excluded.blob WHERE frames.epoch <= excluded.epoch"
)
_READ = (
    "SELECT f.number, f.blob, (extract(epoch FROM clock_timestamp()) * 1000)::bigint - f.at"
    " FROM frames f JOIN leases l ON l.room = f.room AND l.epoch = f.epoch WHERE f.room = %s"
)


class Signals:
    """Two threads: one tells, one listens. ``on_signals`` gets the lines that others told, in order."""

    def __init__(self, dsn: str, program: Program) -> None:
        self._dsn = dsn
        self._program = program
        self._sender = program.session.rpartition("/")[2]
        self.on_signals: Callable[[Sequence[str]], None] = lambda lines: None
        self.on_poll: Callable[[], None] = lambda: None
        """Called every half second and after every new connection: look for what no signal told."""
        self._wake = threading.Condition()
        self._lines: dict[str, str] = {}
        self._frames: dict[str, tuple[int, int, bytes]] = {}
        self._stopping = False
        self._reader: psycopg.Connection[Row] | None = None
        self._threads = [
            threading.Thread(target=self._tell, name="signals-out", daemon=True),
            threading.Thread(target=self._listen, name="signals-in", daemon=True),
        ]

    def start(self) -> None:
        """Begin to tell and to listen."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Tell what waits, then end."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(5)

    def tell(self, line: str, about: str = "") -> None:
        """Tell every other program; of lines ``about`` the same that wait only the newest is told. Never waits."""
        with self._wake:
            self._lines[about or line] = line
            self._wake.notify()

    def show(self, room: str, epoch: int, number: int, frame: bytes) -> None:
        """Put a room's newest frame where others find it, and tell them (``f ROOM``). Never waits."""
        with self._wake:
            self._frames[room] = (epoch, number, frame)
            self._wake.notify()

    def frame(self, room: str) -> tuple[int, bytes, int] | None:
        """The newest frame of a room's present owner: number, frame, age in ms. For the listening thread only."""
        if self._reader is None or self._reader.closed:
            self._reader = connect(self._dsn)
        rows = self._reader.execute(_READ, (room,), prepare=True, binary=True).fetchall()
        return (int(rows[0][0]), bytes(rows[0][1]), int(rows[0][2])) if rows else None

    def _open(self) -> "psycopg.Connection[Row]":
        connection = connect(self._dsn)
        connection.execute("SELECT set_config('application_name', %s, false)", (self._program.session,))
        return connection

    def _tell(self) -> None:
        connection: psycopg.Connection[Row] | None = None
        while True:
            with self._wake:
                while not (self._lines or self._frames or self._stopping):
                    self._wake.wait()
                if self._stopping and not (self._lines or self._frames):
                    break
                lines, frames = list(self._lines.values()), dict(self._frames)
                self._lines.clear()
                self._frames.clear()
            try:
                if connection is None or connection.closed:
                    connection = self._open()
                    # What is lost here is looked for or painted anew: no need to wait for the disk.
                    connection.execute("SET synchronous_commit = off")
                self._send(connection, lines, frames)
            except (psycopg.Error, LiveCueError) as error:
                if self._stopping:
                    break
                _log.warning("%s signals and %s frames are lost: %s", len(lines), len(frames), error)
        if connection is not None:
            connection.close()

    def _send(
        self, connection: "psycopg.Connection[Row]", lines: list[str], frames: dict[str, tuple[int, int, bytes]]
    ) -> None:
        name = self._program.name
        with connection.pipeline():
            for room, (epoch, number, blob) in frames.items():
                connection.execute(_FRAME, (number, blob, room, name, epoch), prepare=True)
            for payload in payloads(self._sender, [*lines, *(f"f {room}" for room in frames)]):
                connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload), prepare=True)

    def _over(self) -> bool:
        return self._stopping

    def _listen(self) -> None:
        connection: psycopg.Connection[Row] | None = None
        while not self._stopping:
            try:
                if connection is None or connection.closed:
                    connection = self._open()
                    connection.execute(f"LISTEN {CHANNEL}")
                self.on_poll()
                for note in connection.notifies(timeout=POLL_S):
                    sender, *lines = note.payload.split("\n")
                    if sender != self._sender:
                        self.on_signals(lines)
                    if self._over():
                        break
            except (psycopg.Error, LiveCueError) as error:
                if not self._stopping:
                    _log.warning("signals of other programs are not heard: %s", error)
                    with self._wake:
                        self._wake.wait(POLL_S)
            except Exception:
                _log.exception("a signal could not be dealt with")
        for one in (connection, self._reader):
            if one is not None:
                one.close()


def payloads(sender: str, lines: Sequence[str]) -> list[str]:
    """Messages that carry the lines, each with its sender in front and short enough."""
    found: list[str] = []
    held, size = [sender], len(sender)
    for line in lines:
        length = len(line.encode()) + 1
        if size + length > PAYLOAD and len(held) > 1:
            found.append("\n".join(held))
            held, size = [sender], len(sender)
        held.append(line)
        size += length
    found.append("\n".join(held))
    return found
