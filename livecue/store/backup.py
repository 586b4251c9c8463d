"""Backup while running, and restore with every action held."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from livecue.errors import BadInput, StoreFailed
from livecue.store.migrating import migrate
from livecue.store.restored import HOLD, MARK


def backup(path: Path, target: Path, progress: Callable[[int, int], None] | None = None) -> None:
    """Copy the database at ``path`` to ``target`` in a consistent state, while it is in use.

    ``progress`` hears (pages done, pages in all). An existing target is refused, and a folder that is not there.
    """
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {target.parent}; make it first, or name another place")
    if target.exists():
        raise BadInput(f"{target} exists already; name a new file")
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    part = target.with_suffix(target.suffix + ".part")
    try:
        copy = sqlite3.connect(part)
        try:
            source.backup(
                copy,
                pages=2000,
                progress=lambda _status, left, total: progress(total - left, total) if progress else None,
            )
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
        os.replace(part, target)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise StoreFailed(f"backup failed: {error}") from error
    finally:
        source.close()


def restore(source: Path, path: Path, progress: Callable[[int, int], None] | None = None) -> int:
    """Put the backup ``source`` in place of ``path`` and hold every open action until a person releases it.

    ``progress`` hears (pages done, pages in all). Returns the number of held actions. An existing database is
    kept beside it as ``*.before-restore`` (``-2``, ``-3``, ... where that is there already).
    Raises ``BadInput`` when the backup is damaged; then nothing is changed.
    """
    if not source.is_file():
        raise BadInput(f"{source} does not exist")
    part = path.with_suffix(".restoring")
    part.unlink(missing_ok=True)
    origin = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
    try:
        verdict = origin.execute("PRAGMA integrity_check").fetchone()
        if verdict is None or verdict[0] != "ok":
            raise BadInput(f"{source} is damaged: {verdict[0] if verdict else 'empty'}")
        copy = sqlite3.connect(part)
        try:
            origin.backup(
                copy,
                pages=2000,
                progress=lambda _status, left, total: progress(total - left, total) if progress else None,
            )
        finally:
            copy.close()
    except sqlite3.DatabaseError as error:
        part.unlink(missing_ok=True)
        raise BadInput(f"{source} is no backup of LiveCue: {error}") from error
    finally:
        origin.close()
    migrate(part)
    held = sqlite3.connect(part, isolation_level=None)
    try:
        count = held.execute(HOLD).rowcount
        held.execute(MARK)
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        held.execute("PRAGMA journal_mode=DELETE")
    finally:
        held.close()
    if path.exists():
        _keep(path)
    for tail in ("-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)
        Path(f"{part}{tail}").unlink(missing_ok=True)
    os.replace(part, path)
    return int(count)


def _keep(path: Path) -> None:
    """Move the database that is replaced aside, whole: what only its log holds is written into it first."""
    try:
        old = sqlite3.connect(path, isolation_level=None)
        try:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            old.close()
    except sqlite3.DatabaseError:
        # It may be damaged, which is why it is replaced: it is kept as it lies, with its log.
        pass
    kept = path.with_suffix(path.suffix + ".before-restore")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_suffix(f"{path.suffix}.before-restore-{number}")
    log = Path(f"{path}-wal")
    if log.exists() and log.stat().st_size:
        os.replace(log, f"{kept}-wal")
    os.replace(path, kept)
