"""Everything an installation keeps, copied into an empty place of either kind, and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from livecue.errors import BadInput, StoreFailed
from livecue.store.journal import HOUSE, append_batches, last_number
from livecue.store.migrating import newest_revision, tables
from livecue.store.protocols import TransactionWriter, transaction
from livecue.store.restored import HOLD, MARK

if TYPE_CHECKING:
    from livecue.store.stores import Store

OF_THE_PLACE = frozenset({"leases", "programs", "turns", "frames", "streams", "marks"})
"""What belongs to the running programs and not to what they keep: it does not move."""


def copy_store(source: Store, target: Store, progress: Callable[[int, int], None] | None = None) -> dict[str, int]:
    """Copy every row into the empty ``target`` in one transaction; rows by table, counted in both afterwards.

    ``progress`` hears (rows done, rows in all). Raises ``BadInput`` when there is nothing to copy or the target holds
    rows already, ``StoreFailed`` when a count differs: then the target is left as it was.
    """
    if not source.exists():
        raise BadInput(f"{source.name} holds no LiveCue")
    target.migrate()
    reader = source.reader()
    try:
        revision = str(reader.rows("SELECT version_num FROM alembic_version")[0][0])
        if revision != newest_revision():
            raise BadInput(
                f"{source.name} is of another version of LiveCue ({revision}): start this version on it once, then copy"
            )
        names = [name for name in tables() if name not in OF_THE_PLACE]
        columns = source.layout()
        total = sum(int(reader.rows(f"SELECT COUNT(*) FROM {name}")[0][0]) for name in names)
    finally:
        reader.close()
    writer = target.writer()
    copied: dict[str, int] = {}
    try:
        with transaction(writer):
            for name in names:
                if writer.rows(f"SELECT 1 FROM {name} LIMIT 1"):
                    raise BadInput(f"{target.name} holds rows already ({name}); name an empty place")
            done = 0
            queries = [f"SELECT {', '.join(columns[name])} FROM {name}" for name in names]
            for name, pages in zip(names, source.pages(queries), strict=True):
                statement = (
                    f"INSERT INTO {name} ({', '.join(columns[name])}) VALUES ({','.join('?' * len(columns[name]))})"
                )
                copied[name] = 0
                for page in pages:
                    writer.write_many(statement, page)
                    copied[name] += len(page)
                    done += len(page)
                    if progress is not None:
                        progress(done, max(done, total))
            batches, moved = _outside(source, writer)
            copied["journal"] += batches
            for name in names:
                found = int(writer.rows(f"SELECT COUNT(*) FROM {name}")[0][0])
                found += moved if name == "settings" else 0
                if found != copied[name]:
                    raise StoreFailed(
                        f"{name}: {copied[name]} rows left {source.name} and {found} arrived; nothing was kept"
                    )
    finally:
        writer.close()
    return copied


def _outside(source: Store, writer: TransactionWriter) -> tuple[int, int]:
    """Put what stands only in a journal outside of the source behind what the table holds.

    How many batches, and how many rows were taken out of the settings: where it is copied to, the journal is a table.
    """
    reader = source.reader()
    count = 0
    try:
        if reader.log is None:
            return 0, 0
        for org, brand, room in [("*", "*", HOUSE), *writer.rows("SELECT org, brand, room FROM rooms ORDER BY room")]:
            last = last_number(writer, room)
            for batch in reader.log.read(room, last, 1 << 62):
                append_batches(writer, org, brand, [batch])
                count += 1
    finally:
        reader.close()
    return count, writer.write("DELETE FROM settings WHERE org = '' AND brand = '' AND name = 'journal'")


def hold_actions(store: Store) -> int:
    """Hold every open action until a person releases it; returns how many."""
    writer = store.writer()
    try:
        with transaction(writer):
            writer.write(MARK)
            return writer.write(HOLD)
    finally:
        writer.close()
