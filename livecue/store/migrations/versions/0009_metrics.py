"""Tables of metrics."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
