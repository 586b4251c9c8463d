"""Which show was rehearsed by which."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE rehearsals (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        rehearsal TEXT NOT NULL, rehearsal_room TEXT NOT NULL, digest TEXT NOT NULL, version INTEGER NOT NULL,
        made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        PRIMARY KEY (rehearsal))""",
    "CREATE INDEX rehearsals_by_show ON rehearsals (show, made_at)",
)
