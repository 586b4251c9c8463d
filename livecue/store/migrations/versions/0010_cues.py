"""Cues, the signals that became none, and the thresholds people set."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


STATEMENTS: tuple[str, ...] = (
    """CREATE TABLE cues (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        cue TEXT NOT NULL, show TEXT NOT NULL, rule TEXT NOT NULL, role TEXT NOT NULL,
        person TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL,
        priority INTEGER NOT NULL, interrupting INTEGER NOT NULL, channel TEXT NOT NULL,
        facts TEXT NOT NULL, merged INTEGER NOT NULL,
        escalated_from TEXT NOT NULL, escalated_to TEXT NOT NULL,
        raised_at INTEGER NOT NULL, delivered_at INTEGER NOT NULL, seen_at INTEGER NOT NULL,
        ended_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        judge_at INTEGER NOT NULL, judged_at INTEGER NOT NULL,
        answered_by TEXT NOT NULL, reason TEXT NOT NULL,
        metric TEXT NOT NULL, verdict TEXT NOT NULL,
        effect REAL, low REAL, high REAL, before_mean REAL, after_mean REAL, expected_mean REAL,
        method TEXT NOT NULL, why TEXT NOT NULL,
        PRIMARY KEY (room, cue))""",
    "CREATE INDEX cues_by_show ON cues (org, brand, room, show, raised_at)",
    """CREATE TABLE signals (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        show TEXT NOT NULL, noticed_at INTEGER NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL,
        why TEXT NOT NULL, facts TEXT NOT NULL,
        PRIMARY KEY (room, noticed_at, rule, subject))""",
    "CREATE INDEX signals_by_show ON signals (org, brand, room, show)",
    """CREATE TABLE thresholds (
        org TEXT NOT NULL, brand TEXT NOT NULL, room TEXT NOT NULL,
        command TEXT NOT NULL, rule TEXT NOT NULL, category TEXT NOT NULL, preset TEXT NOT NULL,
        changed TEXT NOT NULL, is_off INTEGER NOT NULL, valid_from INTEGER NOT NULL,
        set_at INTEGER NOT NULL, set_by TEXT NOT NULL,
        PRIMARY KEY (room, command))""",
)
