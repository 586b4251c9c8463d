"""Where things are kept: database, journal, records, snapshots, audit, backup."""

from livecue.store.audit import AuditRow, append_audit, broken_link, list_audit
from livecue.store.backup import backup, restore
from livecue.store.journal import (
    HOUSE,
    Batch,
    Record,
    append_batches,
    last_number,
    read_batches,
    read_committed,
    read_cursor,
    read_records,
    save_cursor,
    save_record,
)
from livecue.store.snapshots import Snapshot, read_snapshots, save_snapshot
from livecue.store.sqlite import Reader, Row, SqliteReader, SqliteWriter, Writer, migrate, transaction

__all__ = [
    "HOUSE",
    "AuditRow",
    "Batch",
    "Reader",
    "Record",
    "Row",
    "Snapshot",
    "SqliteReader",
    "SqliteWriter",
    "Writer",
    "append_audit",
    "append_batches",
    "backup",
    "broken_link",
    "last_number",
    "list_audit",
    "migrate",
    "read_batches",
    "read_committed",
    "read_cursor",
    "read_records",
    "read_snapshots",
    "restore",
    "save_cursor",
    "save_record",
    "save_snapshot",
    "transaction",
]
