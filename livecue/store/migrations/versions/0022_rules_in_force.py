"""Under which rules a part of a room judged from which batch on: a rebuild must know that they changed."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE rules_in_force (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, part TEXT NOT NULL,
        since INTEGER NOT NULL, rules TEXT NOT NULL, PRIMARY KEY (room, part, since))""",
)
