"""Traffic emergencies, and the report of each show against its baseline."""

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE traffic_emergencies (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, emergency TEXT NOT NULL, show TEXT NOT NULL,
        state TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (room, emergency))""",
    """CREATE TABLE traffic_reports (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL, at INTEGER NOT NULL,
        swing REAL NOT NULL, within INTEGER NOT NULL, lowest REAL NOT NULL, outside_min INTEGER NOT NULL,
        base TEXT NOT NULL, emergencies INTEGER NOT NULL,
        PRIMARY KEY (room, show))""",
)
