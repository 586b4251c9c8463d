"""Judgements of comments, and questions with what became of them."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


# Keys begin with room and time: a busy show appends at one place instead of writing all over the table.
STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE comment_judgements (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        judged_at INTEGER NOT NULL, comment TEXT NOT NULL,
        label TEXT NOT NULL, topic TEXT NOT NULL, product TEXT NOT NULL,
        confidence REAL NOT NULL, reason TEXT NOT NULL, for_host INTEGER NOT NULL,
        PRIMARY KEY (room, judged_at, comment))""",
    """CREATE TABLE questions (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        asked_at INTEGER NOT NULL, comment TEXT NOT NULL,
        topic TEXT NOT NULL, product TEXT NOT NULL, cluster TEXT NOT NULL, text TEXT NOT NULL,
        for_host INTEGER NOT NULL, state TEXT NOT NULL,
        how TEXT NOT NULL DEFAULT '', answered_at INTEGER NOT NULL DEFAULT 0, answered_by TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (room, show, asked_at, comment))""",
)
