"""Who owns a room, until when, and for the how manieth time."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE leases (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        owner TEXT NOT NULL, epoch INTEGER NOT NULL, until INTEGER NOT NULL,
        PRIMARY KEY (room))""",
)
