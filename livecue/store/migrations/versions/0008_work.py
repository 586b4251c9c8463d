"""Tables of work."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
