"""Tables of sales."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
