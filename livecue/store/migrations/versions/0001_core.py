"""Journal, records of what was announced, cursors, seen keys, snapshots, outbox, failures, audit."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE journal (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, arrived INTEGER NOT NULL, source TEXT NOT NULL,
        connection TEXT NOT NULL DEFAULT '', sequence INTEGER NOT NULL DEFAULT -1,
        count INTEGER NOT NULL, blob BLOB NOT NULL,
        PRIMARY KEY (room, number))""",
    """CREATE TABLE records (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, blob BLOB NOT NULL,
        PRIMARY KEY (room, number))""",
    """CREATE TABLE cursors (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL,
        PRIMARY KEY (room))""",
    """CREATE TABLE owed (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        decider TEXT NOT NULL, since INTEGER NOT NULL, attempts INTEGER NOT NULL,
        next_at INTEGER NOT NULL, error TEXT NOT NULL, state BLOB NOT NULL,
        PRIMARY KEY (room, decider))""",
    """CREATE TABLE stopped (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        part TEXT NOT NULL, number INTEGER NOT NULL, error TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room))""",
    """CREATE TABLE seen (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        kind TEXT NOT NULL, key TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (room, kind, key))""",
    """CREATE TABLE snapshots (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, made_at INTEGER NOT NULL, blob BLOB NOT NULL,
        PRIMARY KEY (room, number))""",
    """CREATE TABLE outbox (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        id TEXT NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL,
        kind TEXT NOT NULL, asked_by TEXT NOT NULL, blob BLOB NOT NULL, state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL DEFAULT 0,
        made_at INTEGER NOT NULL, result TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (id))""",
    "CREATE INDEX outbox_open ON outbox (state, next_at)",
    """CREATE TABLE audit (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        number INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
        subject TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (number))""",
    """CREATE TABLE settings (
        org TEXT NOT NULL, brand TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (org, brand, name))""",
)
