"""Tables of team."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
