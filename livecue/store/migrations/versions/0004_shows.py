"""Tables of shows."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
