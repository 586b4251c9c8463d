"""By which a connection that lost the answer to its commit finds out what became of it, even after a crash."""

from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE marks (
        org TEXT NOT NULL, brand TEXT NOT NULL, writer TEXT NOT NULL, mark INTEGER NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (writer))""",
)
