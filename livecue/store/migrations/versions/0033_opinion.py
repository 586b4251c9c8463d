"""What was asked for on comments, and cases of public opinion."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE moderation_acts (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, act TEXT NOT NULL, show TEXT NOT NULL,
        at INTEGER NOT NULL, by_person TEXT NOT NULL, kind TEXT NOT NULL, comment TEXT NOT NULL,
        viewer TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL, verdict TEXT NOT NULL, code TEXT NOT NULL,
        evidence TEXT NOT NULL, criticism INTEGER NOT NULL, state TEXT NOT NULL, settled_at INTEGER NOT NULL,
        second_by TEXT NOT NULL,
        PRIMARY KEY (room, act))""",
    "CREATE INDEX moderation_acts_by_time ON moderation_acts (org, room, at)",
    """CREATE TABLE opinion_cases (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL, case_id TEXT NOT NULL, show TEXT NOT NULL,
        state TEXT NOT NULL, level INTEGER NOT NULL, topic TEXT NOT NULL, product TEXT NOT NULL,
        since INTEGER NOT NULL, ended_at INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (room, case_id))""",
)
