"""Connections that platforms push to, and the nonces of the pushes that were taken lately."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE push_connections (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, connection TEXT NOT NULL,
        integration TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, settings TEXT NOT NULL,
        only_rooms TEXT NOT NULL, made_at INTEGER NOT NULL,
        taken INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0, replayed INTEGER NOT NULL DEFAULT 0,
        elsewhere INTEGER NOT NULL DEFAULT 0, last_at INTEGER NOT NULL DEFAULT 0,
        error TEXT NOT NULL DEFAULT '', error_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (connection))""",
    "CREATE UNIQUE INDEX push_connections_by_address ON push_connections (address)",
    "CREATE UNIQUE INDEX push_connections_by_name ON push_connections (room, name)",
    """CREATE TABLE push_nonces (
        org TEXT NOT NULL, brand TEXT NOT NULL, connection TEXT NOT NULL, nonce TEXT NOT NULL,
        until INTEGER NOT NULL, PRIMARY KEY (connection, nonce))""",
)
