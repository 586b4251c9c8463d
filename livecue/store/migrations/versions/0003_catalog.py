"""Tables of catalog."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
