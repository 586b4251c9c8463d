"""Proposals of the selection that were kept, and which of them became a show."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE selections (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        selection TEXT NOT NULL, kind TEXT NOT NULL, made_at INTEGER NOT NULL, made_by TEXT NOT NULL,
        accepted_at INTEGER NOT NULL, accepted_by TEXT NOT NULL, brief TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (selection))""",
    "CREATE INDEX selections_by_room ON selections (room, made_at)",
    "CREATE INDEX selections_by_brand ON selections (org, brand, accepted_at)",
)
