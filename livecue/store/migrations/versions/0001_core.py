"""Tables of core."""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
