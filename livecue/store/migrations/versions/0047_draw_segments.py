"""Whose planned draw a held one was: each is held once."""

from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ("ALTER TABLE held_draws ADD COLUMN segment TEXT NOT NULL DEFAULT ''",)
