"""Debriefs, one row a show."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE debriefs (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, title TEXT NOT NULL,
        started_at INTEGER NOT NULL, ended_at INTEGER NOT NULL,
        written_at INTEGER NOT NULL, revised_at INTEGER NOT NULL,
        improvements INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (room, show))""",
    "CREATE INDEX debriefs_by_time ON debriefs (room, started_at)",
)
