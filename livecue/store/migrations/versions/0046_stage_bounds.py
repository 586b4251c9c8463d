"""What a brand set of the bounds of the stages."""

from alembic import op

revision = "0046"
down_revision = "0045"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE stage_bounds (
        org TEXT NOT NULL, brand TEXT NOT NULL, command TEXT NOT NULL, body TEXT NOT NULL, set_at INTEGER NOT NULL,
        set_by TEXT NOT NULL,
        PRIMARY KEY (org, brand, command))""",
)
