"""Activities of a brand, kept whole."""

from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE activities (
        org TEXT NOT NULL, brand TEXT NOT NULL, activity TEXT NOT NULL, version INTEGER NOT NULL,
        starts_on TEXT NOT NULL, ends_on TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (org, brand, activity))""",
)
