"""Who closed a task; "" where nobody told."""

from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ("ALTER TABLE tasks ADD COLUMN closed_by TEXT NOT NULL DEFAULT ''",)
