"""Where things are kept: database, journal, records, snapshots, audit, backup."""

from livecue.store.audit import AuditRow, AuditSearch, Word, append_audit, audit_choices, broken_link, list_audit
from livecue.store.backup import backup, restore
from livecue.store.copying import copy_store
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
from livecue.store.migrating import migrate
from livecue.store.protocols import (
    LateFailure,
    Reader,
    Row,
    SharedReader,
    TransactionWriter,
    Writer,
    transaction,
)
from livecue.store.snapshots import Snapshot, read_snapshots, save_snapshot
from livecue.store.sqlite import SqliteReader, SqliteWriter
from livecue.store.stores import Store, store_at

__all__ = [
    "HOUSE",
    "AuditRow",
    "AuditSearch",
    "Batch",
    "LateFailure",
    "Reader",
    "Record",
    "Row",
    "SharedReader",
    "Snapshot",
    "SqliteReader",
    "SqliteWriter",
    "Store",
    "TransactionWriter",
    "Word",
    "Writer",
    "append_audit",
    "append_batches",
    "audit_choices",
    "backup",
    "broken_link",
    "copy_store",
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
    "store_at",
    "transaction",
]
