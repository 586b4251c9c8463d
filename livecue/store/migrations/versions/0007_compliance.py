"""What compliance flagged: the evidence of words that were hit (compliance, section 2)."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE flags (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        flag TEXT NOT NULL, at INTEGER NOT NULL, place TEXT NOT NULL, subject TEXT NOT NULL, who TEXT NOT NULL,
        text TEXT NOT NULL, word TEXT NOT NULL, first INTEGER NOT NULL, past INTEGER NOT NULL,
        class TEXT NOT NULL, entry TEXT NOT NULL, severity TEXT NOT NULL, view TEXT NOT NULL,
        basis TEXT NOT NULL, advice TEXT NOT NULL, category TEXT NOT NULL, version TEXT NOT NULL,
        PRIMARY KEY (room, flag))""",
    "CREATE INDEX flags_by_time ON flags (room, at)",
)
