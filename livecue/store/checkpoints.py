"""Moves what was committed from SQLite's log into the file beside the writer, so that commits need not wait for it.

Whoever commits the page that makes the log too long has to move all of it, with two syncs: a commit in ten took many
times as long as the others. The reader of the log does not keep the writer waiting, and works on another core.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable

from livecue.errors import LiveCueError

_log = logging.getLogger("livecue.store")


class Checkpoints:
    """A thread that is started when it is first needed. ``connect`` opens a connection of its own."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None

    def due(self) -> None:
        """Much was committed since the last time."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
            self._thread.start()
        self._wake.set()

    def stop(self) -> None:
        """End the thread: whoever closes last moves the rest."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        connection: sqlite3.Connection | None = None
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stopping:
                break
            try:
                # A file that is held just now is tried again when there is more to move.
                connection = connection or self._connect()
                # Passive: waits for nobody, and moves what no reader still needs where it is.
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            except (sqlite3.Error, LiveCueError) as error:
                # The writer moves it when the log has grown to its own bound, and says what is wrong.
                _log.warning("the log was not moved: %s", error)
        if connection is not None:
            connection.close()
