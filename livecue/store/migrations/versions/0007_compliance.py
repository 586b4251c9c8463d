"""Tables of compliance."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
