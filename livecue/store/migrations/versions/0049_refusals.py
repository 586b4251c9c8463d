"""Who wants no messages is known by a keyed mark, which outlives the buyer's id; what was decided about questions that
are asked often."""

from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE installation_keys (
        org TEXT NOT NULL, brand TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (org, brand, name))""",
    """CREATE TABLE message_refusals (
        org TEXT NOT NULL, brand TEXT NOT NULL, mark TEXT NOT NULL, at INTEGER NOT NULL,
        PRIMARY KEY (org, brand, mark))""",
    """CREATE TABLE hot_lines (
        org TEXT NOT NULL, brand TEXT NOT NULL, line TEXT NOT NULL, product TEXT NOT NULL, topic TEXT NOT NULL,
        decision TEXT NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL, room TEXT NOT NULL, show TEXT NOT NULL,
        segment TEXT NOT NULL, reason TEXT NOT NULL, asked INTEGER NOT NULL, asked_all INTEGER NOT NULL,
        since INTEGER NOT NULL, until INTEGER NOT NULL, made_by TEXT NOT NULL, made_at INTEGER NOT NULL,
        PRIMARY KEY (org, brand, line))""",
    "CREATE INDEX hot_lines_of ON hot_lines (org, brand, product, topic, made_at)",
)
