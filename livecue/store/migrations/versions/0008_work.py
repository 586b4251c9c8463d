"""Tasks and improvements."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE tasks (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        task TEXT NOT NULL, title TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
        show TEXT NOT NULL, due_at INTEGER NOT NULL, cause TEXT NOT NULL, made_at INTEGER NOT NULL,
        state TEXT NOT NULL, note TEXT NOT NULL DEFAULT '', closed_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room, task))""",
    """CREATE TABLE improvements (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        improvement TEXT NOT NULL, title TEXT NOT NULL, role TEXT NOT NULL, person TEXT NOT NULL,
        show TEXT NOT NULL, rule TEXT NOT NULL, evidence TEXT NOT NULL, due_at INTEGER NOT NULL,
        made_at INTEGER NOT NULL, state TEXT NOT NULL, carried_to TEXT NOT NULL DEFAULT '',
        note TEXT NOT NULL DEFAULT '', changed_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (room, improvement))""",
)
