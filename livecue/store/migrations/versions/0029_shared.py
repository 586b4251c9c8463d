"""Programs that share the rooms of one database, what they take turns at, and the newest frame of a room."""

from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        for statement in ON_A_SERVER:
            op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE programs (
        org TEXT NOT NULL, brand TEXT NOT NULL, program TEXT NOT NULL,
        roles TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
        PRIMARY KEY (program))""",
    """CREATE TABLE turns (
        org TEXT NOT NULL, brand TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, taken INTEGER NOT NULL,
        PRIMARY KEY (kind, name))""",
    """CREATE TABLE frames (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        epoch INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, blob BLOB NOT NULL,
        PRIMARY KEY (room))""",
    "CREATE INDEX leases_by_owner ON leases (owner)",
    "ALTER TABLE outbox ADD COLUMN program TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE outbox ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0",
)

ON_A_SERVER: tuple[str, ...] = (
    # A frame is made anew at any time: it needs no journal of the server, and is compressed already.
    "ALTER TABLE frames SET UNLOGGED",
    "ALTER TABLE frames ALTER COLUMN blob SET STORAGE EXTERNAL",
    # Small rows that change all the time: room for the next version on the same page.
    "ALTER TABLE frames SET (fillfactor = 50)",
    "ALTER TABLE turns SET (fillfactor = 50)",
    "ALTER TABLE programs SET (fillfactor = 50)",
)
