"""Replies to unfavourable comments (F19), one set for each brand."""

from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE reply_sets (
        org TEXT NOT NULL, brand TEXT NOT NULL, version INTEGER NOT NULL, made_by TEXT NOT NULL,
        made_at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (org, brand))""",
)
