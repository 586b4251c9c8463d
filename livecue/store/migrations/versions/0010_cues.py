"""Tables of cues."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = ()
