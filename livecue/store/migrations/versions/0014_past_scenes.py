"""What the rules saw of a show, every 5 s, to try thresholds on; and for whom beyond the room one was set."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE past_scenes (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (room, show, at))""",
    "ALTER TABLE thresholds ADD COLUMN scope TEXT NOT NULL DEFAULT 'room'",
    "ALTER TABLE thresholds ADD COLUMN platform TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE thresholds ADD COLUMN is_reset INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE thresholds ADD COLUMN undoes TEXT NOT NULL DEFAULT ''",
)
