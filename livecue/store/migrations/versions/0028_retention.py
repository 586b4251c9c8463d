"""Legal holds, and requests to erase a person."""

from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE holds (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        hold TEXT NOT NULL, why TEXT NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        until INTEGER NOT NULL, lifted_by TEXT NOT NULL, lifted_at INTEGER NOT NULL,
        PRIMARY KEY (org, hold))""",
    # `viewer`, `platform` and `mask` are emptied when it is done: nothing then says whom it was about.
    """CREATE TABLE erasures (
        org TEXT NOT NULL, brand TEXT NOT NULL, erasure TEXT NOT NULL, asked_by TEXT NOT NULL,
        asked_at INTEGER NOT NULL, why TEXT NOT NULL, state TEXT NOT NULL, viewer TEXT NOT NULL,
        platform TEXT NOT NULL, mask TEXT NOT NULL, done_at INTEGER NOT NULL, changed TEXT NOT NULL,
        PRIMARY KEY (org, erasure))""",
)
