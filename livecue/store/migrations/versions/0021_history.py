"""Files of the history: what has been written of the journal and of facts, and what has left the journal."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE history_files (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        kind TEXT NOT NULL, day TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
        name TEXT NOT NULL, sha TEXT NOT NULL, bytes INTEGER NOT NULL, row_count INTEGER NOT NULL,
        batches INTEGER NOT NULL, began_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
        made_from TEXT NOT NULL, written_at INTEGER NOT NULL,
        dropped_upto INTEGER NOT NULL, dropped_at INTEGER NOT NULL,
        PRIMARY KEY (room, kind, day, first))""",
)
